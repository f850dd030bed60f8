"""How jobs end: charges, overruns, write-offs, repeats, late settlements, voids; extensions and moves on the way."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.fares import (
    ACCOUNT,
    KEY,
    NOON_US,
    OTHER_CHANNEL,
    account,
    call,
    extending,
    fixed,
    key,
    lot,
    offer,
    quote,
    settling,
    state,
    voiding,
    with_,
)

from farebox.domain.limits import DAY_US, Limits
from farebox.domain.usage import Usage
from farebox.till.decide import decide
from farebox.till.operations import Admit, Cap, Extended, Move, Moved, NeedsLease, Operation, OutputBound, Settled
from farebox.till.state import State


def run(now: State, *operations: Operation) -> Any:
    """The answer to the last operation."""
    return decide(now, operations)[1][-1]


def admitted(now: State, hold_nano: int = 100, **changes: Any) -> Admit:
    one = call(quote(hold_nano), **changes)
    assert not hasattr(run(now, one), "code")
    return one


def test_a_settlement_charges_the_price_and_releases_the_rest() -> None:
    """Balance before less charge is balance after; the entries of the charge sum to zero and are numbered on."""
    now = state(account(1000))
    one = admitted(now, 100)
    writes, [outcome] = decide(now, [settling(one, 30)])
    assert outcome == Settled(charge_nano=30, write_off_nano=0, balance_after_nano=970)
    row = now.accounts[ACCOUNT]
    assert (row.balance_nano, row.held_nano, row.version, row.meter.open_jobs, row.meter.day_nano) == (970, 0, 2, 0, 30)
    assert [(entry.book, entry.amount_nano, entry.balance_after_nano, entry.version) for entry in writes.entries] == [
        ("customer", -30, 970, 2),
        ("revenue", 30, None, None),
    ]
    assert writes.txns[0].id == one.job_id
    assert (writes.jobs[0].status, writes.jobs[0].hold_nano, writes.jobs[0].charge_nano) == ("settled", 100, 30)
    assert writes.holds_gone == {one.job_id: ACCOUNT}


def test_a_charge_of_nothing_has_no_transaction() -> None:
    """A free job ends with a row and without entries."""
    now = state()
    one = admitted(now)
    writes, [outcome] = decide(now, [settling(one, 0)])
    assert outcome.balance_after_nano == 1000
    assert not writes.txns
    assert writes.jobs[0].status == "settled"


def test_an_overrun_cannot_eat_another_jobs_hold() -> None:
    """Above its hold a job takes only what no other hold needs, as an explicit entry; the rest is written off."""
    now = state(account(300))
    one = admitted(now, 100)
    admitted(now, 150)
    writes, [outcome] = decide(now, [settling(one, 400)])
    assert outcome == Settled(charge_nano=150, write_off_nano=250, balance_after_nano=150)
    assert [(entry.detail, entry.amount_nano, entry.balance_after_nano) for entry in writes.entries] == [
        ("", -100, 200),
        ("overrun", -50, 150),
        ("", 150, None),
    ]
    assert now.accounts[ACCOUNT].spendable_nano == 0


@given(
    balance=st.integers(100, 1_000),
    hold=st.integers(0, 100),
    other=st.integers(0, 400),
    price=st.integers(0, 2_000),
    grown=st.integers(0, 300),
)
def test_a_charge_is_the_hold_and_beyond_it_only_what_nobody_else_needs(
    balance: int, hold: int, other: int, price: int, grown: int
) -> None:
    """No more than the hold, but for an explicit overrun from free balance; the rest is the operator's write-off."""
    now = state(account(balance))
    one = admitted(now, hold)
    run(now, call(quote(min(other, balance - hold))))
    extended = run(now, extending(one, hold + grown))
    held = extended.hold_nano if isinstance(extended, Extended) else hold
    free = now.accounts[ACCOUNT].spendable_nano
    writes, [outcome] = decide(now, [settling(one, price)])
    assert outcome.charge_nano == min(price, held + free)
    assert outcome.charge_nano + outcome.write_off_nano == price
    overruns = [-entry.amount_nano for entry in writes.entries if entry.detail == "overrun"]
    assert sum(overruns) == max(0, outcome.charge_nano - held)
    assert now.accounts[ACCOUNT].spendable_nano >= 0
    assert sum(entry.amount_nano for entry in writes.entries) == 0


def test_promotional_credit_goes_first_and_is_no_revenue() -> None:
    """Lots are spent promotional first, earliest expiry first, oldest first; given credit goes back to its own book."""
    lots = [
        lot(100, "paid", created_us=1, number=1),
        lot(40, "grant", expires_us=NOON_US + 9, number=2),
        lot(30, "promo", number=3),
        lot(20, "promo", expires_us=NOON_US - 1, number=4),
        lot(50, "paid", expires_us=NOON_US + 5, number=5),
    ]
    now = state(account(240, lots=lots))
    writes, _ = decide(now, [one := call(quote(200)), settling(one, 160)])
    assert {row.id.int: row.remaining_nano for _, row in writes.lots.values()} == {4: 0, 3: 0, 5: 0, 2: 0, 1: 80}
    booked = {(entry.book, entry.detail): entry.amount_nano for entry in writes.entries}
    assert booked == {("customer", ""): -160, ("revenue", ""): 70, ("promo", ""): 50, ("promo", "grant"): 40}


def test_lesson_a_settlement_told_twice_charges_once() -> None:
    """Lesson: paths that run twice. The same again, or with other numbers: the first stands and is told."""
    now = state()
    one = admitted(now)
    first = run(now, settling(one, 30))
    again, other = settling(one, 30), settling(one, 77)
    writes, outcomes = decide(now, [again, other])
    assert outcomes == [with_(first, repeated=True), with_(first, repeated=True, differs=True)]
    assert (writes.txns, writes.entries, writes.jobs) == ([], [], [])
    assert now.accounts[ACCOUNT].balance_nano == 970


def test_a_void_after_a_settlement_changes_nothing() -> None:
    """Leaving the hold's context after a settlement tells the settlement again."""
    now = state()
    one = admitted(now)
    first = run(now, settling(one, 30))
    assert run(now, voiding(one)) == with_(first, repeated=True)
    assert now.accounts[ACCOUNT].balance_nano == 970


def test_a_void_releases_everything_once() -> None:
    """A voided job costs nothing, its tokens and spend count no more; its request does."""
    now = state()
    one = admitted(now)
    void = voiding(one)
    assert run(now, void) == Settled(charge_nano=0, write_off_nano=0, balance_after_nano=1000)
    assert run(now, void).repeated
    row = now.accounts[ACCOUNT]
    assert (row.held_nano, row.balance_nano, row.meter.open_jobs, row.meter.day_nano) == (0, 1000, 0, 0)
    assert (row.meter.requests, row.meter.tokens) == (1, 0)


@pytest.mark.parametrize(("price", "spendable", "charge"), [(30, 1000, 30), (500, 1000, 100), (80, 50, 50)])
def test_a_late_settlement_is_bounded_by_its_hold_and_the_balance(price: int, spendable: int, charge: int) -> None:
    """The sweeper voided it: charge min(price, hold, spendable), replace the row, write off the rest, once."""
    now = state()
    one = admitted(now, 100)
    decide(now, [voiding(one, outcome="platform_error")])
    other = admitted(now, 1000 - spendable) if spendable < 1000 else None
    writes, [outcome] = decide(now, [settling(one, price)])
    assert (outcome.charge_nano, outcome.write_off_nano) == (charge, price - charge)
    assert (writes.jobs[0].late, writes.jobs[0].status, writes.jobs[0].hold_nano) == (True, "settled", 100)
    assert run(now, settling(one, price)).repeated
    row = now.accounts[ACCOUNT]
    assert row.balance_nano == 1000 - charge
    assert row.meter.day_nano == charge + (0 if other is None else 1000 - spendable)


def under(now: State, text: str = "once") -> Admit:
    return admitted(now, 100, idempotency_key=text, body_hash=b"b")


def test_a_late_settlement_charges_nothing_for_a_call_that_ran_again() -> None:
    """A swept job whose Idempotency-Key is another job's by now is the operator's write-off, not a second charge."""
    now = state()
    first = under(now)
    decide(now, [voiding(first, outcome="platform_error")])
    second = under(now)
    writes, [outcome] = decide(now, [settling(first, 30, idempotency_key="once")])
    assert (outcome.charge_nano, outcome.write_off_nano) == (0, 30)
    assert (writes.txns, writes.idempotency, writes.jobs[0].status) == ([], [], "settled")
    assert run(now, settling(second, 30, idempotency_key="once")).charge_nano == 30
    assert now.accounts[ACCOUNT].balance_nano == 970


def test_a_late_settlement_uses_its_idempotency_key_up_again() -> None:
    """Once charged after all, the call cannot be run and charged again under its key; a voided rerun is no obstacle."""
    now = state()
    first = under(now)
    decide(now, [voiding(first, outcome="platform_error")])
    second = under(now)
    decide(now, [voiding(second)])
    writes, [outcome] = decide(now, [settling(first, 30, idempotency_key="once")])
    assert outcome.charge_nano == 30
    assert [(row.job_id, row.voided) for row in writes.idempotency] == [(first.job_id, False)]
    again = call(quote(100), idempotency_key="once", body_hash=b"b")
    assert (run(now, again).code, run(now, again).job_id) == ("idempotency_conflict", first.job_id)


def test_a_job_that_was_never_admitted_is_not_charged() -> None:
    """A settlement of an admission that was lost writes a voided row, and the same again is a repeat."""
    now = state()
    stray = settling(call(), 30)
    writes, [outcome] = decide(now, [stray])
    assert (outcome.charge_nano, outcome.write_off_nano) == (0, 30)
    assert (writes.jobs[0].status, writes.jobs[0].operation.outcome) == ("voided", "platform_error")
    assert run(now, stray).repeated
    assert now.accounts[ACCOUNT].balance_nano == 1000


def test_tokens_are_corrected_while_their_minute_counts() -> None:
    """The reserved estimate becomes the real use."""
    now = state()
    one = admitted(now, bound=fixed(500))
    assert now.keys[KEY].meter.tokens == 510
    decide(now, [settling(one, 10, usage=Usage(input_tokens=8, output_tokens=20))])
    assert now.keys[KEY].meter.tokens == 28


def test_spend_counts_on_the_day_of_admission() -> None:
    """A job that ends tomorrow frees nothing of tomorrow's limit and takes nothing of it."""
    now = state(account(10_000), key(limits=Limits(daily_nano=150)))
    one = admitted(now)
    now.now_us += DAY_US
    other = admitted(now)
    decide(now, [settling(one, 20)])
    meter = now.keys[KEY].meter
    assert (meter.day_nano, meter.total_nano) == (100, 120)
    decide(now, [settling(other, 40)])
    assert (meter.day_nano, meter.month_nano, meter.total_nano) == (40, 60, 60)


def test_a_frozen_account_still_settles() -> None:
    """Freeze during a stream: what runs ends normally within its hold."""
    now = state()
    one = admitted(now)
    now.accounts[ACCOUNT].status = "frozen"
    assert run(now, settling(one, 30)).charge_nano == 30


def test_lesson_a_price_beyond_all_bounds_settles() -> None:
    """An absurd price charges what there is, writes off no more than the ledger can hold, and never fails."""
    now = state()
    one = admitted(now)
    outcome = run(now, settling(one, 10**30))
    assert outcome.charge_nano == 1000
    assert outcome.write_off_nano == 2**62


# ---- extend ---


def test_a_hold_grows_as_far_as_the_balance_pays() -> None:
    """A stream extends step by step; the last step is what is left, then the extension is refused."""
    now = state(account(300))
    one = admitted(now, 100)
    writes, [grown] = decide(now, [extending(one, 250)])
    assert grown == Extended(hold_nano=250)
    assert writes.holds_grown[one.job_id].amount_nano == 250
    assert run(now, extending(one, 200)) == Extended(hold_nano=250)
    assert run(now, extending(one, 400)) == Extended(hold_nano=300)
    refused = run(now, extending(one, 400))
    assert (refused.code, refused.required_nano, refused.available_nano) == ("insufficient_credits", 100, 0)
    assert run(now, settling(one, 290)).charge_nano == 290


def test_a_hold_grows_within_the_limits() -> None:
    """Spend limits and the model's cap per account bind extensions as they bind admissions."""
    now = state(account(10_000), key(limits=Limits(daily_nano=150)))
    one = admitted(now, 100)
    assert run(now, extending(one, 1000)) == Extended(hold_nano=150)
    assert run(now, extending(one, 1000)).code == "spend_limit_exceeded"
    now = state(account(10_000))
    one = admitted(now, 100, account_model_cap_nano=120)
    assert run(now, extending(one, 1000, model="m", account_model_cap_nano=120)) == Extended(hold_nano=120)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda now: setattr(now.accounts[ACCOUNT], "status", "frozen"), "account_frozen"),
        (lambda now: setattr(now.keys[KEY], "status", "revoked"), "key_revoked"),
        (lambda now: setattr(now.keys[KEY], "expires_us", NOON_US), "key_expired"),
    ],
)
def test_no_more_is_held_after_a_freeze_or_revocation(change: Any, code: str) -> None:
    """A running stream keeps its hold and gets no more; the refused extension is no row of the Logs."""
    now = state()
    one = admitted(now, 100)
    change(now)
    writes, [outcome] = decide(now, [extending(one, 200)])
    assert outcome.code == code
    assert not writes.refusals
    assert now.holds[one.job_id].amount_nano == 100


def test_an_extension_after_the_end_is_refused() -> None:
    """A job whose hold was swept holds nothing again."""
    now = state()
    one = admitted(now)
    decide(now, [voiding(one)])
    assert run(now, extending(one, 500)).code == "timeout"
    assert now.accounts[ACCOUNT].held_nano == 0


# ---- caps on the way ---


def daily(name: str, most: int = 10_000) -> Cap:
    return Cap(scope=name, most=most, daily=True)


def jobs(name: str) -> Cap:
    return Cap(scope=name, most=10, daily=False)


def test_ending_corrects_the_caps() -> None:
    """Worst cost becomes real cost, the job's place is free, the model's cap keeps the charge only."""
    capped = offer(daily("channel:a"), jobs("channel_jobs:a"), cost=quote(60))
    now = state(leases={"channel:a": 100, "channel_jobs:a": 1, "model:m": 500})
    one = admitted(now, 100, offers=(capped,), model_cap=daily("model:m"))
    assert now.leases == {"channel:a": 40, "channel_jobs:a": 0, "model:m": 400}
    writes, _ = decide(now, [settling(one, 30, offer=capped, cost_nano=25)])
    assert writes.lease_use == {"channel:a": -35, "channel_jobs:a": -1, "model:m": -70}
    assert now.leases == {"channel:a": 75, "channel_jobs:a": 1, "model:m": 470}


def test_caps_of_another_day_or_process_are_left_alone() -> None:
    """Yesterday's budget does not grow today's; a slice that this process does not have is not corrected."""
    capped = offer(daily("channel:a"), jobs("channel_jobs:a"), cost=quote(60))
    now = state(leases={"channel:a": 100, "channel_jobs:a": 1})
    one = admitted(now, 100, offers=(capped,))
    now.now_us += DAY_US
    now.leases = {"channel:a": 10, "channel_jobs:a": 0}
    writes, _ = decide(now, [settling(one, 30, offer=capped, cost_nano=25)])
    assert writes.lease_use == {"channel_jobs:a": -1}
    two = admitted(now, 100)
    writes, _ = decide(now, [settling(two, 30, offer=offer(jobs("channel_jobs:elsewhere")))])
    assert writes.lease_use == {}


@pytest.mark.parametrize("late", [settling, voiding])
def test_a_claim_comes_back_though_another_ended_the_job(late: Any) -> None:
    """A sweeper cannot correct the leases of the worker that admitted the job; that worker's own ending does, once."""
    capped = offer(daily("channel:a"), jobs("channel_jobs:a"), cost=quote(60))
    now = state(leases={"channel:a": 100, "channel_jobs:a": 1})
    one = admitted(now, 100, offers=(capped,))
    decide(now, [voiding(one, outcome="timeout")])
    assert now.leases == {"channel:a": 40, "channel_jobs:a": 0}
    end = (
        settling(one, 30, offer=capped, cost_nano=25) if late is settling else voiding(one, offer=capped, cost_nano=25)
    )
    now.claimed = {one.job_id}
    decide(now, [end])
    assert now.leases == {"channel:a": 75, "channel_jobs:a": 1}
    now.claimed = set()
    assert run(now, end).repeated
    assert now.leases == {"channel:a": 75, "channel_jobs:a": 1}


def test_a_move_takes_its_caps_along() -> None:
    """The next route is counted instead of the last; shared scopes count by the difference."""
    last = offer(daily("channel:a"), daily("provider:p"), jobs("channel_jobs:a"), cost=quote(60))
    following = offer(daily("channel:b"), daily("provider:p"), cost=quote(80), channel_id=OTHER_CHANNEL)
    leases = {"channel:a": 100, "channel:b": 100, "provider:p": 85, "channel_jobs:a": 1}
    now = state(leases=dict(leases))
    one = admitted(now, 100, offers=(last,))
    move = Move(one.job_id, ACCOUNT, KEY, last, following, 0)
    writes, [outcome] = decide(now, [move])
    assert outcome == Moved()
    assert writes.holds_moved == {one.job_id: (ACCOUNT, OTHER_CHANNEL)}
    assert now.leases == {"channel:a": 100, "channel:b": 20, "provider:p": 5, "channel_jobs:a": 1}


def test_a_move_without_room_is_refused() -> None:
    """What may be leased is asked for; what is exhausted refuses; a job that is gone does not move."""
    last, following = offer(), offer(jobs("channel_jobs:b"), channel_id=OTHER_CHANNEL)
    now = state()
    one = admitted(now)
    move = Move(one.job_id, ACCOUNT, KEY, last, following, 0)
    assert run(now, move) == NeedsLease(amounts={"channel_jobs:b": 1})
    now.exhausted = frozenset({"channel_jobs:b"})
    assert run(now, move).code == "no_channel_available"
    assert run(now, with_(move, job_id=UUID(int=9))).code == "timeout"


def test_an_extension_claims_the_models_cap() -> None:
    """The deployment's cap of a model covers what streams hold later, too."""
    cap = daily("model:m")
    now = state(leases={"model:m": 150})
    stream = OutputBound(most=100, fixed=False, least=1, first_step=50)
    one = call(quote(50, 1), stream, model_cap=cap)
    decide(now, [one])
    more = extending(one, 220, model_cap=cap)
    assert run(now, more) == NeedsLease(amounts={"model:m": 120})
    now.exhausted = frozenset({"model:m"})
    assert run(now, more) == Extended(hold_nano=150)
    assert now.leases == {"model:m": 0}
    assert run(now, more).code == "spend_limit_exceeded"
    writes, _ = decide(now, [settling(one, 120)])
    assert writes.lease_use == {"model:m": -30}
