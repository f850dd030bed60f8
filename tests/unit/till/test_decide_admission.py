"""Admission, rule by rule: what is admitted, what is refused, in which words and with which numbers."""

from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

import pytest
from tests.support.fares import (
    ACCOUNT,
    CHANNEL,
    KEY,
    NOON_US,
    OTHER_CHANNEL,
    account,
    call,
    fixed,
    key,
    offer,
    quote,
    settling,
    state,
    voiding,
)

from farebox.domain.limits import DAY_US, MINUTE_US, Limits, Meter
from farebox.till.decide import decide
from farebox.till.operations import Admit, Admitted, Cap, NeedsLease, OutputBound, Refused, Stale
from farebox.till.state import State


def ask(in_state: State, *calls: Admit) -> list[Any]:
    return decide(in_state, calls)[1]


def refusal(in_state: State, one: Admit) -> Refused:
    [outcome] = ask(in_state, one)
    assert isinstance(outcome, Refused), outcome
    return outcome


def test_a_call_is_held_at_its_worst_price() -> None:
    """The hold, the meters and the row of an admitted call agree, on the database's time."""
    now = state(account(1000))
    one = call(quote(100, 2), fixed(50))
    writes, [outcome] = decide(now, [one])
    assert isinstance(outcome, Admitted)
    assert (outcome.hold_nano, outcome.output_tokens, outcome.offer_index) == (200, 50, 0)
    assert outcome.admitted_us == NOON_US
    [hold] = writes.holds_new
    assert (hold.amount_nano, hold.tokens_reserved, hold.channel_id) == (200, 60, CHANNEL)
    assert hold.deadline_us == NOON_US + 3600 * 1_000_000
    held = now.accounts[ACCOUNT]
    assert (held.balance_nano, held.held_nano, held.meter.open_jobs, held.meter.day_nano) == (1000, 200, 1, 200)
    assert not writes.entries


def test_calls_of_one_batch_see_each_others_holds() -> None:
    """Lesson: concurrent first requests that spend many times the budget. Ten at once, credit for three."""
    outcomes = ask(state(account(300)), *[call(quote(100)) for _ in range(10)])
    assert [type(outcome) for outcome in outcomes] == [Admitted] * 3 + [Refused] * 7
    assert {outcome.code for outcome in outcomes[3:]} == {"insufficient_credits"}


def test_lesson_hold_counts_the_output_price() -> None:
    """Lesson: a hold that ignores the output price admits what the balance cannot pay."""
    refused = refusal(state(account(1000)), call(quote(1, 10), fixed(200)))
    assert (refused.code, refused.required_nano, refused.available_nano) == ("insufficient_credits", 2001, 1000)
    assert refused.most_output_tokens == 99
    assert "0.000002001" in refused.message
    assert "0.000001" in refused.message
    assert "max_tokens to 99" in refused.message


def test_lesson_shrunk_hold_never_admits_what_is_not_paid_for() -> None:
    """Lesson: a shrunk hold that admits a $5 call with $0.01 left: with a bound from the client nothing shrinks."""
    five_dollars, one_cent = 5 * 10**9, 10**7
    assert refusal(state(account(one_cent)), call(quote(five_dollars))).code == "insufficient_credits"
    unbounded = call(quote(five_dollars, 1), OutputBound(most=4000, fixed=False, least=64))
    assert refusal(state(account(one_cent)), unbounded).most_output_tokens == 0


def test_lesson_absent_max_tokens_is_bounded_by_what_the_balance_pays() -> None:
    """Without max_tokens the bound is the smaller of the model's cap and what the balance pays, and that is held."""
    unbounded = OutputBound(most=4000, fixed=False, least=64)
    [plenty] = ask(state(account(100_000)), call(quote(100, 10), unbounded))
    assert (plenty.output_tokens, plenty.hold_nano) == (4000, 40_100)
    [little] = ask(state(account(1105)), call(quote(100, 10), unbounded))
    assert (little.output_tokens, little.hold_nano) == (100, 1100)
    refused = refusal(state(account(700)), call(quote(100, 10), unbounded))
    assert (refused.code, refused.required_nano, refused.most_output_tokens) == ("insufficient_credits", 740, 60)


def test_a_bound_below_the_useful_least_is_held_whole() -> None:
    """A model whose cap lies below the useful least is not refused for it."""
    [outcome] = ask(state(account(110)), call(quote(100, 1), OutputBound(most=10, fixed=False, least=64)))
    assert (outcome.output_tokens, outcome.hold_nano) == (10, 110)


def test_a_stream_starts_with_its_first_step() -> None:
    """A stream without max_tokens holds for its first step only, or less where the balance pays less."""
    stream = OutputBound(most=4000, fixed=False, least=64, first_step=1000)
    [outcome] = ask(state(account(100_000)), call(quote(100, 10), stream, stream=True))
    assert (outcome.output_tokens, outcome.hold_nano) == (1000, 10_100)
    [less] = ask(state(account(1105)), call(quote(100, 10), stream, stream=True))
    assert less.output_tokens == 100


def test_free_output_is_not_shrunk() -> None:
    """A price per call leaves the output bound alone."""
    [outcome] = ask(state(account(100)), call(quote(100, 0), OutputBound(most=4000, fixed=False, least=64)))
    assert (outcome.output_tokens, outcome.hold_nano) == (4000, 100)


def test_test_keys_need_no_balance() -> None:
    """A test key costs nothing at admission and at the end, even if it was quoted and priced."""
    now = state(account(0, lots=[]), key(kind="test"))
    one = call(quote(100, 5), fixed(10))
    writes, [outcome, ended] = decide(now, [one, settling(one, 500)])
    assert outcome.hold_nano == 0
    assert (ended.charge_nano, ended.write_off_nano) == (0, 0)
    assert not writes.txns


STOPPED = [
    (state(key_row=key(status="revoked")), {}, "key_revoked", 0),
    (state(key_row=key(expires_us=NOON_US)), {}, "key_expired", 0),
    (state(), {"key_id": UUID(int=99)}, "invalid_api_key", 0),
    (state(key_row=key(account_id=UUID(int=98))), {}, "invalid_api_key", 0),
    (state(account(status="frozen")), {}, "account_frozen", 1),
    (state(account(status="closed")), {}, "account_frozen", 1),
    (
        state(key_row=key(cidrs=(ip_network("10.0.0.0/8"),))),
        {"address": ip_address("11.0.0.1")},
        "address_not_allowed",
        1,
    ),
    (state(key_row=key(cidrs=(ip_network("10.0.0.0/8"),))), {"address": None}, "address_not_allowed", 1),
    (state(key_row=key(models=frozenset({"other"}))), {}, "model_not_allowed", 1),
    (state(), {"offers": ()}, "no_channel_available", 1),
]


@pytest.mark.parametrize(("now", "changes", "code", "rows"), STOPPED, ids=lambda value: str(value)[:24])
def test_who_may_not_call_is_refused_and_consumes_nothing(
    now: State, changes: dict[str, Any], code: str, rows: int
) -> None:
    """Each reason has its code; a refusal is one row of the Logs (not for 401) and touches no counter."""
    writes, [outcome] = decide(now, [call(**changes)])
    assert outcome.code == code
    assert len(writes.refusals) == rows
    assert not writes.accounts
    assert not writes.holds_new
    assert now.accounts[ACCOUNT].meter.requests == 0


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3"])
def test_addresses_of_the_keys_ranges_are_allowed(address: str) -> None:
    """An IPv4 client on a dual-stack socket is the same client."""
    now = state(key_row=key(cidrs=(ip_network("fd00::/8"), ip_network("10.0.0.0/8"))))
    assert isinstance(ask(now, call(address=ip_address(address)))[0], Admitted)


def test_a_stale_quote_is_not_decided_on() -> None:
    """A revoked price or an emergency stop is in force at once: another catalogue version decides nothing."""
    assert ask(state(catalogue_version=2), call(catalogue_version=1)) == [Stale(current_version=2, now_us=NOON_US)]


@pytest.mark.parametrize(
    ("changes", "admitted"),
    [
        ({"priced_from_us": NOON_US}, True),
        ({"priced_from_us": NOON_US + 1}, False),
        ({"priced_until_us": NOON_US + 1}, True),
        ({"priced_until_us": NOON_US}, False),
        ({"group": "partners"}, False),
    ],
)
def test_a_quote_is_good_for_its_moment_and_group(changes: dict[str, Any], admitted: bool) -> None:
    """Prices change on the dot by the database's clock, and an account is quoted as its own group only."""
    (outcome,) = ask(state(), call(**changes))
    if admitted:
        assert isinstance(outcome, Admitted)
    else:
        assert outcome == Stale(current_version=1, now_us=NOON_US)


def test_a_new_group_is_in_force_for_the_next_admission() -> None:
    """The account's row says which group the next quote is for."""
    rows = state(account(group="partners"))
    assert ask(rows, call()) == [Stale(current_version=1, now_us=NOON_US, group="partners")]
    assert isinstance(ask(rows, call(group="partners"))[0], Admitted)


def test_a_model_has_a_rate_of_its_own_for_each_account() -> None:
    """Requests of this minute and the share of the last count, whatever they cost; other models are not touched."""
    minute = NOON_US // 60_000_000
    rows = state(account_model_minute={(ACCOUNT, "m", minute): 1, (ACCOUNT, "m", minute - 1): 1})
    first, second, other = ask(
        rows,
        call(account_model_requests=3, model="m"),
        call(account_model_requests=3, model="m"),
        call(account_model_requests=3, model="n"),
    )
    assert isinstance(first, Admitted)
    assert isinstance(second, Refused)
    assert (second.code, second.limit) == ("rate_limit_exceeded", "model_requests_per_minute")
    assert isinstance(other, Admitted)


LIMITED = [
    (Limits(requests_per_minute=3), Meter(requests=3), "rate_limit_exceeded", "requests_per_minute", 80),
    (Limits(tokens_per_minute=100), Meter(tokens=95), "rate_limit_exceeded", "tokens_per_minute", 64),
    (Limits(concurrency=2), Meter(open_jobs=2), "concurrency_limit_exceeded", "concurrency", 1),
    (Limits(daily_nano=150), Meter(day_nano=51), "spend_limit_exceeded", "daily_spend", 12 * 3600),
    (Limits(monthly_nano=150), Meter(month_nano=51), "spend_limit_exceeded", "monthly_spend", None),
    (Limits(total_nano=150), Meter(total_nano=51), "spend_limit_exceeded", "total_spend", 86_400),
]


@pytest.mark.parametrize("whose", ["key", "account"])
@pytest.mark.parametrize(("limits", "meter", "code", "limit", "wait_s"), LIMITED, ids=[row[3] for row in LIMITED])
def test_limits_of_key_and_account(
    whose: str, limits: Limits, meter: Meter, code: str, limit: str, wait_s: int | None
) -> None:
    """Each limit refuses the call that would break it, names itself and says when to come back."""
    running = _meter_at_noon(meter)
    now = (
        state(key_row=key(limits=limits, meter=running))
        if whose == "key"
        else state(account(limits=limits, meter=running))
    )
    refused = refusal(now, call(quote(100)))
    assert (refused.code, refused.limit) == (code, limit)
    assert ("API key" if whose == "key" else "account") in refused.message
    assert refused.retry_after_s is not None
    if wait_s is not None:
        assert refused.retry_after_s == wait_s


def _meter_at_noon(meter: Meter) -> Meter:
    at = Meter()
    at.roll(NOON_US)
    for name in ("requests", "tokens", "open_jobs", "day_nano", "month_nano", "total_nano"):
        setattr(at, name, getattr(meter, name))
    return at


def test_a_limit_is_reached_exactly() -> None:
    """What fits exactly is admitted; the next is not."""
    now = state(key_row=key(limits=Limits(requests_per_minute=2, daily_nano=200, concurrency=2)))
    outcomes = ask(now, call(quote(100)), call(quote(100)), call(quote(1)))
    assert [type(outcome) for outcome in outcomes] == [Admitted, Admitted, Refused]


def test_held_spend_counts_against_the_limit() -> None:
    """Spend limits count what is held: running calls cannot overspend the day together."""
    now = state(account(10_000), key(limits=Limits(daily_nano=250)))
    outcomes = ask(now, *[call(quote(100)) for _ in range(5)])
    assert [type(outcome) for outcome in outcomes] == [Admitted, Admitted, Refused, Refused, Refused]


def test_an_unbounded_call_fits_itself_into_the_spend_limits() -> None:
    """Without max_tokens the hold shrinks to what limits leave; when the limit binds, it is the limit that refuses."""
    unbounded = OutputBound(most=4000, fixed=False, least=64)
    [outcome] = ask(state(account(100_000), key(limits=Limits(daily_nano=1100))), call(quote(100, 10), unbounded))
    assert outcome.output_tokens == 100
    refused = refusal(state(account(100_000), key(limits=Limits(total_nano=500))), call(quote(100, 10), unbounded))
    assert (refused.code, refused.limit, refused.available_nano) == ("spend_limit_exceeded", "total_spend", 500)


def test_an_unbounded_call_reserves_what_is_left_of_the_minute() -> None:
    """A small limit of tokens per minute admits calls without max_tokens, one after another, not side by side."""
    unbounded = OutputBound(most=4000, fixed=False, least=64)
    now = state(account(100_000), key(limits=Limits(tokens_per_minute=1000)))
    first, second = call(quote(1, 1), unbounded), call(quote(1, 1), unbounded)
    outcomes = ask(now, first, second)
    assert [type(outcome) for outcome in outcomes] == [Admitted, Refused]
    assert outcomes[0].output_tokens == 4000
    decide(now, [settling(first, 10)])
    assert isinstance(ask(now, second)[0], Admitted)


def test_free_calls_pass_spent_limits() -> None:
    """A call that costs nothing cannot exceed a limit on spend."""
    now = state(key_row=key(limits=Limits(total_nano=10), meter=Meter(total_nano=10)))
    assert isinstance(ask(now, call(quote(0)))[0], Admitted)


def test_headers_show_the_tighter_window() -> None:
    """The caller sees the limit that will stop it first."""
    now = state(account(limits=Limits(requests_per_minute=5)), key(limits=Limits(requests_per_minute=9)))
    [outcome] = ask(now, call())
    assert (outcome.requests.limit, outcome.requests.remaining, outcome.requests.reset_ms) == (5, 4, 120_000)
    assert outcome.tokens is None


def test_windows_roll_and_time_never_runs_backwards() -> None:
    """After a failover to a clock that is behind, a row's time stands still until the clock has caught up."""
    ahead = Meter()
    ahead.roll(NOON_US + MINUTE_US)
    now = state(account(meter=ahead), key(limits=Limits(requests_per_minute=1)))
    [outcome] = ask(now, call())
    assert outcome.admitted_us == NOON_US + MINUTE_US
    assert now.keys[KEY].meter.minute == now.accounts[ACCOUNT].meter.minute
    now.now_us = NOON_US + 2 * MINUTE_US + MINUTE_US - 1
    assert isinstance(ask(now, call())[0], Refused)
    now.now_us = NOON_US + 3 * MINUTE_US
    assert isinstance(ask(now, call())[0], Admitted)


# ---- idempotency ---


def test_the_same_idempotency_key_runs_once() -> None:
    """Open or settled: 409 with the job; another body: 422; after a void, or a day later: it runs anew."""
    now = state()
    first = call(idempotency_key="k", body_hash=b"a")
    again, other = call(idempotency_key="k", body_hash=b"a"), call(idempotency_key="k", body_hash=b"b")
    writes, outcomes = decide(now, [first, again, other])
    assert [getattr(outcome, "code", "") for outcome in outcomes] == [
        "",
        "idempotency_conflict",
        "idempotency_mismatch",
    ]
    assert outcomes[1].job_id == first.job_id
    assert not writes.refusals
    decide(now, [settling(first, 10)])
    assert refusal(now, again).code == "idempotency_conflict"
    now.now_us += DAY_US
    assert isinstance(ask(now, again)[0], Admitted)


def test_a_voided_call_frees_its_idempotency_key() -> None:
    """After a job that was voided the same key runs anew, and belongs to the new job from then on."""
    now = state()
    first, again = call(idempotency_key="k"), call(idempotency_key="k")
    decide(now, [first])
    writes, _ = decide(now, [voiding(first)])
    assert writes.idempotency_voided == [(ACCOUNT, "k")]
    writes, [outcome] = decide(now, [again])
    assert isinstance(outcome, Admitted)
    assert writes.idempotency[0].job_id == again.job_id


def test_a_refused_call_leaves_its_idempotency_key_free() -> None:
    """Who adds credit after a 402 can send the same call again."""
    now = state(account(10))
    one = call(quote(100), idempotency_key="k")
    assert refusal(now, one).code == "insufficient_credits"
    now.accounts[ACCOUNT].balance_nano = 1000
    assert isinstance(ask(now, one)[0], Admitted)


def test_a_revoked_key_learns_nothing_of_earlier_jobs() -> None:
    """401 comes before the answer of an Idempotency-Key."""
    now = state()
    decide(now, [call(idempotency_key="k")])
    now.keys[KEY].status = "revoked"
    assert refusal(now, call(idempotency_key="k")).code == "key_revoked"


def test_a_job_id_is_admitted_once() -> None:
    """An admission that was given up (a void is its tombstone) or runs already does not run again."""
    now = state()
    given_up, running = call(), call()
    decide(now, [voiding(given_up), running])
    assert [outcome.code for outcome in ask(now, given_up, running)] == ["ledger_unavailable"] * 2


# ---- caps ---


def jobs_cap(most: int = 10, name: str = "channel_jobs:a") -> Cap:
    return Cap(scope=name, most=most, daily=False)


def spend_cap(most: int = 1000, name: str = "channel:a") -> Cap:
    return Cap(scope=name, most=most, daily=True)


def test_the_first_offer_with_room_is_taken_and_counted_at_worst() -> None:
    """An exhausted route is passed over; the caps of the taken one are used at the worst cost and one job."""
    first = offer(spend_cap(name="channel:a"), cost=quote(60))
    second = offer(
        spend_cap(name="channel:b"), jobs_cap(name="channel_jobs:b"), cost=quote(70), channel_id=OTHER_CHANNEL
    )
    now = state(leases={"channel:a": 59, "channel:b": 100, "channel_jobs:b": 1}, exhausted=frozenset({"channel:a"}))
    writes, [outcome] = decide(now, [call(offers=(first, second))])
    assert outcome.offer_index == 1
    assert writes.holds_new[0].channel_id == OTHER_CHANNEL
    assert writes.lease_use == {"channel:b": 70, "channel_jobs:b": 1}
    assert now.leases == {"channel:a": 59, "channel:b": 30, "channel_jobs:b": 0}


def test_a_short_lease_is_asked_for_before_a_later_route_is_taken() -> None:
    """The order of routes is the operator's: what may still be leased is leased first, all scopes in one go."""
    preferred, fallback = offer(spend_cap(), jobs_cap()), offer(channel_id=OTHER_CHANNEL)
    model_cap = spend_cap(name="model:m")
    now = state(leases={"channel:a": 49})
    writes, [outcome] = decide(now, [call(offers=(preferred, fallback), model_cap=model_cap)])
    assert outcome == NeedsLease(amounts={"channel:a": 50, "channel_jobs:a": 1, "model:m": 100})
    assert not writes.holds_new
    assert not writes.refusals
    assert now.leases == {"channel:a": 49}


def test_exhausted_caps_refuse() -> None:
    """No route with room: 503; the model's own cap: 429; a need above the whole cap is never leased for."""
    gone = frozenset({"channel_jobs:a", "model:m"})
    assert refusal(state(exhausted=gone), call(offers=(offer(jobs_cap()),))).code == "no_channel_available"
    capped = refusal(state(exhausted=gone), call(model_cap=spend_cap(name="model:m")))
    assert (capped.code, capped.limit) == ("spend_limit_exceeded", "model_daily_spend")
    assert refusal(state(), call(offers=(offer(spend_cap(most=49)),))).code == "no_channel_available"


def test_account_model_cap() -> None:
    """An account may spend so much on a model per day, held included; settlements give back what they did not use."""
    now = state(account(10_000))
    first, second = (call(quote(100), account_model_cap_nano=150) for _ in range(2))
    outcomes = ask(now, first, second)
    assert outcomes[1].limit == "model_daily_spend_per_account"
    writes, _ = decide(now, [settling(first, 20)])
    assert list(writes.account_model_day.values()) == [-80]
    assert isinstance(ask(now, second)[0], Admitted)


def test_a_key_that_may_not_see_the_balance_is_not_told_it() -> None:
    """A 402 through a key that is barred from balances gives neither the balance nor what it would pay for."""
    refused = refusal(state(account(77), key(sees_balance=False)), call(quote(100, 1), fixed(10)))
    assert (refused.available_nano, refused.most_output_tokens, refused.required_nano) == (None, None, 110)
    assert "77" not in refused.message
