"""Signals on a real database: raised from the threshold on, within the window, once; and what follows from each."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.support.conduct import Conduct
from tests.support.payment_facts import books_of, new_recharge
from tests.support.postgres import TestDatabase

from farebox.accounts.service import show_account, unfreeze
from farebox.domain.policies.risk import SIGNALS, RiskPolicy, RiskRule, Signal
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.payments.fact import PaymentFact
from farebox.payments.merging import apply_fact
from farebox.risk.signal import FROZEN_BECAUSE, list_signals
from farebox.storage.database import connect
from farebox.worker.risk_scan import RiskScan

IDS, LOGGER = IdSource(), get_logger("test")
DOLLAR = 10**9
BEFORE = timedelta(minutes=61)  # outside a window of an hour
# What makes the measure of a signal grow by one; its number makes it another one than those before.
Act = Callable[[Conduct, UUID, int, timedelta], Awaitable[Any]]
_KEY = uuid4()

_ACTS: dict[Signal, Act] = {
    "key_networks": lambda made, account, n, ago: made.trace(
        account, "call", key_id=_KEY, address=f"198.51.{n}.7", ago=ago
    ),
    "failed_payments": lambda made, account, n, ago: made.failed_payment(account, ago=ago),
    "card_testing": lambda made, account, n, ago: made.failed_payment(account, fingerprint=f"card {n}", ago=ago),
    "provider_denial": lambda made, account, n, ago: made.trace(account, "denied", ago=ago),
    "key_reported": lambda made, account, n, ago: made.report_key(account, ago=ago),
    "disposable_mail": lambda made, account, n, ago: made.join(account, f"{uuid4().hex}@mailinator.com"),
}
_SHARED: dict[Signal, Callable[[Conduct, UUID, str, timedelta], Awaitable[Any]]] = {
    "shared_payment_method": lambda made, account, what, ago: made.payment(account, fingerprint=what, ago=ago),
    "shared_device": lambda made, account, what, ago: made.trace(account, "sign_in", device=what, ago=ago),
    "shared_address": lambda made, account, what, ago: made.trace(account, "sign_up", address="203.0.113.9", ago=ago),
}
_OF_SPANS: frozenset[Signal] = frozenset({"spend_velocity", "refusal_ratio", "load"})
SOON = timedelta(seconds=5)


@pytest.fixture
async def made(database: TestDatabase) -> AsyncIterator[Conduct]:
    connection = await connect(database.app_url, application_name="test")
    yield Conduct(connection)
    await connection.close()


def _policy(signal: Signal, **terms: Any) -> RiskPolicy:
    return RiskPolicy(rules=(RiskRule(**{"signal": signal, "threshold": 3, **terms}),))


async def _scan(made: Conduct, policy: RiskPolicy) -> list[tuple[UUID, int]]:
    """A look; all signals there are by then."""
    await RiskScan(policy, IDS, LOGGER).work(made.connection)
    found = await list_signals(made.connection, None, limit=100)
    return [(each.account_id, each.measured) for each in found]


def test_every_signal_of_the_policy_is_walked_below() -> None:
    """A new signal has to be taught to these tests."""
    assert {*_ACTS, *_SHARED, *_OF_SPANS} == {*SIGNALS}


@pytest.mark.parametrize("signal", sorted(_ACTS))
async def test_a_signal_is_raised_from_its_threshold_on_once(made: Conduct, signal: Signal) -> None:
    """One below the threshold, and what was before the window, raise nothing; the threshold does, and only once."""
    account, act, policy = await made.account(), _ACTS[signal], _policy(signal)
    for n in range(5):
        if signal != "disposable_mail":
            await act(made, account, 100 + n, BEFORE)
    for n in range(2):
        await act(made, account, n, SOON)
    if signal == "key_networks":
        await made.trace(account, "call", key_id=_KEY, address="198.51.1.99")  # the same network again is none more
    if signal == "card_testing":
        await made.failed_payment(account, fingerprint="card 1")
    assert await _scan(made, policy) == []
    await act(made, account, 2, SOON)
    assert await _scan(made, policy) == [(account, 3)]
    await act(made, account, 3, SOON)
    assert await _scan(made, policy) == [(account, 3)]


@pytest.mark.parametrize("signal", sorted(_SHARED))
async def test_accounts_that_share_something_are_all_told_of(made: Conduct, signal: Signal) -> None:
    """Two of three are no circle; each of three names the others, and neither the address nor the method."""
    accounts, share, policy = [await made.account() for _ in range(3)], _SHARED[signal], _policy(signal)
    for account in accounts[:2]:
        for _ in range(2):
            await share(made, account, "the same", SOON)
    await share(made, accounts[2], "the same", BEFORE)
    assert await _scan(made, policy) == []
    await share(made, accounts[2], "the same", SOON)
    assert sorted(await _scan(made, policy)) == sorted((account, 3) for account in accounts)
    facts = {each.account_id: each.facts for each in await list_signals(made.connection, None, limit=9)}
    for account in accounts:
        assert {*facts[account]["with"]} == {str(other) for other in accounts if other != account}
        assert "the same" not in str(facts)
        assert "203.0.113" not in str(facts)


async def test_a_network_of_ipv6_has_48_bits(made: Conduct) -> None:
    """As a site has: its many addresses are one network."""
    account, key_id = await made.account(), uuid4()
    for address in ("2001:db8:1::1", "2001:db8:1:ff::1", "2001:db8:2::1", "198.51.1.1"):
        assert await _scan(made, _policy("key_networks")) == []
        await made.trace(account, "call", key_id=key_id, address=address)
    assert await _scan(made, _policy("key_networks")) == [(account, 3)]


async def test_an_address_that_pays_nothing_is_left_alone(made: Conduct) -> None:
    """Calls do not make a circle: machines of many customers share the address of one cloud."""
    for _ in range(4):
        await made.trace(await made.account(), "call", address="203.0.113.9")
    assert await _scan(made, _policy("shared_address")) == []


async def test_spend_is_measured_against_the_span_before(made: Conduct) -> None:
    """Three times the hour before; small sums raise nothing, and neither does steady spending."""
    policy = _policy("spend_velocity", threshold=300, least=2)
    sudden, steady, small, new = [await made.account() for _ in range(4)]
    for account in (sudden, steady):
        await made.job(account, charge_nano=DOLLAR, ago=BEFORE)
    await made.job(sudden, charge_nano=3 * DOLLAR - 10**7)
    await made.job(steady, charge_nano=2 * DOLLAR)
    await made.job(small, charge_nano=2 * DOLLAR - 1)
    assert await _scan(made, policy) == []
    await made.job(sudden, charge_nano=10**7)
    assert await _scan(made, policy) == [(sudden, 300)]
    await made.job(new, charge_nano=2 * DOLLAR)
    assert dict(await _scan(made, policy))[new] == 10**9


async def test_refusals_are_measured_against_calls(made: Conduct) -> None:
    """Half of at least four calls; a few refusals of somebody who just began raise nothing."""
    policy = _policy("refusal_ratio", threshold=50, least=4)
    account, few = await made.account(), await made.account()
    for _ in range(3):
        await made.refusal(few)
        await made.refusal(account, ago=BEFORE)
    for _ in range(2):
        await made.job(account)
    await made.refusal(account)
    assert await _scan(made, policy) == []
    await made.refusal(account)
    assert await _scan(made, policy) == [(account, 50)]


async def test_load_is_calls_a_minute_over_the_window(made: Conduct) -> None:
    """Two a minute over ten minutes are twenty calls, refused ones among them."""
    policy = _policy("load", threshold=2, window_minutes=10)
    account = await made.account()
    for _ in range(4):
        await made.job(account, ago=timedelta(minutes=11))
    for _ in range(15):
        await made.job(account)
    for _ in range(4):
        await made.refusal(account)
    assert await _scan(made, policy) == []
    await made.refusal(account)
    assert await _scan(made, policy) == [(account, 2)]


async def test_what_follows_is_the_rules_to_say(made: Conduct) -> None:
    """A note opens nothing; a review opens one case per account whatever signals come; the account stays as it is."""
    account = await made.account()
    for n in range(3):
        await made.failed_payment(account, fingerprint=f"card {n}")
    await _scan(made, _policy("failed_payments", action="note"))
    assert await made.connection.fetch("SELECT 1 FROM review_case") == []
    for signal in ("failed_payments", "card_testing"):
        await _scan(made, _policy(signal))
    (case,) = await made.connection.fetch("SELECT * FROM review_case")
    assert (case["kind"], case["subject"], case["account_id"]) == ("risk", f"account:{account}", account)
    assert {*case["facts"]} == {"failed_payments", "card_testing"}
    assert case["facts"]["card_testing"] == {
        "measured": 3,
        "threshold": 3,
        "window_minutes": 60,
        "methods": 3,
        "amounts": 0,
    }
    assert (await show_account(made.connection, account)).status == "active"
    kept = await list_signals(made.connection, None, limit=9)
    assert {(each.kind, each.action, each.case_id) for each in kept} == {
        ("failed_payments", "note", None),
        ("failed_payments", "review", case["id"]),
        ("card_testing", "review", case["id"]),
    }


async def test_card_testing_freezes_once(made: Conduct, database: TestDatabase) -> None:
    """However many look at once: one signal, one freeze, one mail, one line; and what is undone stays undone."""
    account = await made.account()
    for n in range(3):
        await made.failed_payment(account, fingerprint=f"card {n}")
    policy = _policy("card_testing", action="freeze")
    others = [await connect(database.app_url, application_name="test") for _ in range(4)]
    try:
        await asyncio.gather(*(RiskScan(policy, IDS, LOGGER).work(each) for each in others))
    finally:
        for each in others:
            await each.close()
    found = await show_account(made.connection, account)
    assert (found.status, found.status_reason) == ("frozen", FROZEN_BECAUSE)
    (signal,) = await list_signals(made.connection, None, limit=9)
    assert signal.has_frozen
    assert signal.case_id is not None
    actions = await made.connection.fetch("SELECT actor_kind, actor_name, action FROM audit")
    assert [tuple(row) for row in actions] == [("system", "risk", "account.freeze")]
    mails = await made.connection.fetch("SELECT kind, facts FROM mail")
    assert [tuple(row) for row in mails] == [("account_frozen", {"reason": FROZEN_BECAUSE})]
    await unfreeze(made.connection, account, "")
    assert await _scan(made, policy) == [(account, 3)]
    assert (await show_account(made.connection, account)).status == "active"


async def test_failures_are_counted_as_payment_providers_tell_them(made: Conduct) -> None:
    """One payment tried with card after card counts each card once, in any order and number of its events."""
    books = books_of()
    account = await made.account()
    recharge = await new_recharge(made.connection, books, account)
    now = await made.now()
    for card in ("one", "", "two", "one", "three"):
        failed = PaymentFact(
            provider="stripe",
            mode="live",
            occurred_at=now,
            payment_ref="pi_1",
            recharge_id=recharge.id,
            state="failed",
            currency="USD",
            fingerprint=card,
        )
        await apply_fact(made.connection, books, failed)
    assert await _scan(made, _policy("failed_payments", threshold=4)) == []
    assert await _scan(made, _policy("failed_payments")) == [(account, 3)]
    assert len(await _scan(made, _policy("card_testing"))) == 2
    (tested,) = await list_signals(made.connection, None, limit=9, kind="card_testing")
    assert tested.facts == {"methods": 3, "amounts": 1}


async def test_a_signal_comes_again_after_its_window(made: Conduct) -> None:
    """What goes on is told again, of an account that is frozen already as well, which changes nothing there."""
    account = await made.account()
    policy = _policy("card_testing", action="freeze")
    for n in range(3):
        await made.failed_payment(account, fingerprint=f"card {n}")
    await _scan(made, policy)
    await made.connection.execute("UPDATE signal SET raised_at = raised_at - interval '61 minutes'")
    assert await _scan(made, policy) == [(account, 3)] * 2
    first, second = await list_signals(made.connection, None, limit=9)
    assert {first.has_frozen, second.has_frozen} == {True, False}
    assert await made.connection.fetchval("SELECT count(*) FROM mail") == 1


async def test_a_rule_is_looked_at_as_often_as_its_window_needs(made: Conduct) -> None:
    """Sixty times per window: a rule over a month is not measured every minute."""
    account = await made.account()
    scan = RiskScan(_policy("failed_payments", window_minutes=43_200), IDS, LOGGER)
    await scan.work(made.connection)
    for _ in range(3):
        await made.failed_payment(account)
    await scan.work(made.connection)
    assert await list_signals(made.connection, None, limit=9) == []
    assert await _scan(made, _policy("failed_payments", window_minutes=43_200)) == [(account, 3)]
