"""Second calls of a job: both count against the caps of their channels, until the one ending of the job."""

from typing import Any
from uuid import UUID

import pytest
from tests.support.fares import (
    ACCOUNT,
    KEY,
    OTHER_CHANNEL,
    account,
    call,
    offer,
    quote,
    settling,
    state,
    voiding,
    with_,
)

from farebox.domain.limits import DAY_US
from farebox.till.decide import decide
from farebox.till.operations import Admit, Cap, Hedge, Hedged, NeedsLease, OtherCall, Settled
from farebox.till.settlement import settlement_hash

FIRST = offer(
    Cap("channel:a", 1_000, daily=True),
    Cap("channel_jobs:a", 10, daily=False),
    Cap("provider_jobs:p", 10, daily=False),
    cost=quote(60),
)
SECOND = offer(
    Cap("channel:b", 1_000, daily=True),
    Cap("channel_jobs:b", 10, daily=False),
    Cap("provider_jobs:p", 10, daily=False),
    cost=quote(80),
    channel_id=OTHER_CHANNEL,
)
LEASES = {
    "channel:a": 100,
    "channel:b": 100,
    "channel_jobs:a": 1,
    "channel_jobs:b": 1,
    "provider_jobs:p": 2,
}


def hedging(job: Admit) -> Hedge:
    return Hedge(job.job_id, ACCOUNT, KEY, SECOND, 0)


def other(cost_nano: int) -> OtherCall:
    return OtherCall(OTHER_CHANNEL, "overtaken", cost_nano, SECOND, 0)


def test_both_calls_count_and_the_customer_pays_once() -> None:
    """While two calls run, both channels and twice their provider are in use; the ending leaves only what they cost."""
    now = state(account(1000), leases=dict(LEASES))
    job = call(quote(100), offers=(FIRST,))
    writes, [_, hedged] = decide(now, [job, hedging(job)])
    assert hedged == Hedged()
    assert now.leases == {
        "channel:a": 40,
        "channel:b": 20,
        "channel_jobs:a": 0,
        "channel_jobs:b": 0,
        "provider_jobs:p": 0,
    }
    assert len(writes.holds_new) == 1
    assert writes.holds_new[0].amount_nano == 100
    end = settling(job, 30, offer=FIRST, cost_nano=25, hedge=other(35))
    writes, [settled] = decide(now, [end])
    assert settled == Settled(charge_nano=30, write_off_nano=0, balance_after_nano=970)
    assert now.leases == LEASES | {"channel:a": 75, "channel:b": 65}
    assert [entry.amount_nano for entry in writes.entries] == [-30, 30]


def test_a_void_of_a_hedged_job_gives_both_back() -> None:
    """Nothing of a free ending stays counted."""
    now = state(leases=dict(LEASES))
    job = call(quote(100), offers=(FIRST,))
    decide(now, [job, hedging(job), voiding(job, offer=FIRST, hedge=other(0))])
    assert now.leases == LEASES


def test_a_hedge_without_room_or_job_is_refused() -> None:
    """What may be leased is asked for, what is exhausted refuses, and a job that has ended is sent nowhere."""
    now = state(leases=dict(LEASES) | {"channel_jobs:b": 0})
    job = call(quote(100), offers=(FIRST,))
    _, [_, needs] = decide(now, [job, hedging(job)])
    assert needs == NeedsLease(amounts={"channel_jobs:b": 1})
    now.exhausted = frozenset({"channel_jobs:b"})
    writes, [refused] = decide(now, [hedging(job)])
    assert refused.code == "no_channel_available"
    assert writes.lease_use == {}
    _, [gone] = decide(now, [with_(hedging(job), job_id=UUID(int=9))])
    assert gone.code == "timeout"


@pytest.mark.parametrize("ending", ["again", "sweeper"])
def test_claims_of_a_hedge_come_back_once(ending: str) -> None:
    """An ending that is told twice, or after another has ended the job, gives back what the hedge claimed, once."""
    now = state(leases=dict(LEASES))
    job = call(quote(100), offers=(FIRST,))
    decide(now, [job, hedging(job)])
    end: Any = settling(job, 30, offer=FIRST, cost_nano=25, hedge=other(35))
    if ending == "again":
        decide(now, [end])
    else:
        decide(now, [voiding(job, outcome="timeout")])
        now.claimed = {job.job_id}
    decide(now, [end])
    now.claimed = set()
    decide(now, [end])
    assert now.leases == LEASES | {"channel:a": 75, "channel:b": 65}


def test_a_hedge_of_yesterday_leaves_todays_budget_alone() -> None:
    """Jobs at once are free again; what a day may cost is not increased by what was claimed the day before."""
    now = state(leases=dict(LEASES))
    job = call(quote(100), offers=(FIRST,))
    decide(now, [job, hedging(job)])
    now.now_us += DAY_US
    now.leases = {"channel:b": 10, "channel_jobs:b": 0}
    decide(now, [settling(job, 30, offer=FIRST, cost_nano=25, hedge=other(35))])
    assert now.leases == {"channel:b": 10, "channel_jobs:b": 1}


def test_what_a_hedge_cost_does_not_make_it_another_settlement() -> None:
    """The identity of a settlement is what the customer pays for."""
    job = call()
    assert settlement_hash(settling(job, 30)) == settlement_hash(settling(job, 30, hedge=other(35)))
