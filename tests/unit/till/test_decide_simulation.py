"""Hundreds of random operations per seed, with repeats, replays, late endings and expiries: the invariants hold."""

import random
from collections import Counter
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.fares import CHANNEL, NOON_US, account, call, extending, key, lot, offer, quote, settling, voiding

from farebox.domain.limits import Limits
from farebox.domain.usage import Usage
from farebox.till.decide import decide
from farebox.till.operations import Admit, Admitted, Cap, Operation, OutputBound, Settled
from farebox.till.state import AccountRow, State, Writes

ACCOUNTS, KEYS_EACH = 2, 2
_STEP_US = 20_000_000


class World:
    """What the database would hold, kept by applying nothing but the writes of each batch."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.granted: Counter[UUID] = Counter()
        self.entries: dict[UUID, list[Any]] = {}
        self.charged: Counter[UUID] = Counter()
        self.ended: Counter[UUID] = Counter()
        self.open: dict[UUID, Admit] = {}
        self.past: list[Operation] = []
        accounts: dict[UUID, AccountRow] = {}
        keys = {}
        for number in range(ACCOUNTS):
            row = self._account(number)
            accounts[row.id] = row
            for which in range(KEYS_EACH):
                made = key(
                    id=UUID(int=1000 + number * 10 + which),
                    account_id=row.id,
                    limits=self._limits(),
                    kind="test" if self.random.random() < 0.1 else "live",
                )
                keys[made.id] = made
        self.cap = Cap(scope="channel_jobs:a", most=50, daily=False)
        self.state = State(
            now_us=NOON_US, catalogue_version=1, accounts=accounts, keys=keys, leases={"channel_jobs:a": 50}
        )

    def _account(self, number: int) -> AccountRow:
        pick = self.random
        kinds = ("promo", "paid", "grant", "adjustment")
        lots = [
            lot(
                pick.randrange(1, 3000),
                pick.choice(kinds),
                number=number * 100 + index + 1,
                created_us=index,
                expires_us=pick.choice((None, NOON_US + pick.randrange(-5, 500) * _STEP_US)),
            )
            for index in range(4)
        ]
        balance_nano = sum(one.remaining_nano for one in lots)
        row = account(balance_nano, lots=lots, id=UUID(int=10 + number), version=0, limits=self._limits())
        self.granted[row.id] = balance_nano
        self.entries[row.id] = []
        return row

    def _limits(self) -> Limits:
        pick = self.random
        return pick.choice(
            (
                Limits(),
                Limits(requests_per_minute=pick.randrange(1, 30), concurrency=pick.randrange(1, 8)),
                Limits(daily_nano=pick.randrange(100, 4000), tokens_per_minute=pick.randrange(100, 5000)),
                Limits(monthly_nano=pick.randrange(100, 4000), total_nano=pick.randrange(100, 6000)),
            )
        )

    def operation(self) -> Operation:
        pick = self.random
        choice = pick.random()
        if choice < 0.5 or not self.past:
            return self._admission()
        if choice < 0.65:
            # A replay of anything: an ending told again, an admission tried again, an extension of a job long gone.
            return pick.choice(self.past)
        of = pick.choice(list(self.open.values())) if self.open else self._admission()
        if choice < 0.75:
            cap_nano = of.account_model_cap_nano
            return extending(of, pick.randrange(3000), model=of.model, account_model_cap_nano=cap_nano)
        if choice < 0.85:
            return voiding(of, offer=of.offers[0])
        used = Usage(input_tokens=pick.randrange(50), output_tokens=pick.randrange(300))
        return settling(of, pick.choice((0, pick.randrange(900), pick.randrange(5000))), usage=used, offer=of.offers[0])

    def _admission(self) -> Admit:
        pick = self.random
        chosen = pick.choice(list(self.state.keys.values()))
        bound = OutputBound(
            most=pick.randrange(400), fixed=pick.random() < 0.5, least=20, first_step=pick.choice((None, 100))
        )
        return call(
            quote(pick.randrange(300), pick.randrange(4)),
            bound,
            job_id=UUID(int=pick.getrandbits(128)),
            account_id=chosen.account_id,
            key_id=chosen.id,
            offers=(offer(self.cap, channel_id=CHANNEL),),
            account_model_cap_nano=pick.choice((None, 2500)),
            idempotency_key=pick.choice((None, None, str(pick.randrange(20)))),
        )

    def batch(self) -> None:
        # Ids of this world are random: no two admissions share one, but for replays.
        operations = [self.operation() for _ in range(self.random.randrange(1, 12))]
        self.state.now_us += self.random.choice((0, 1, -_STEP_US, _STEP_US, 100 * _STEP_US))
        writes, outcomes = decide(self.state, operations)
        assert len(outcomes) == len(operations)
        for operation, outcome in zip(operations, outcomes, strict=True):
            if isinstance(outcome, Admitted):
                assert isinstance(operation, Admit)
                self.open[operation.job_id] = operation
            elif isinstance(outcome, Settled):
                self.open.pop(operation.job_id, None)
        self.past = (self.past + operations)[-60:]
        self.apply(writes)
        self.check()

    def apply(self, writes: Writes) -> None:
        for entry in writes.entries:
            self.entries[entry.account_id].append(entry)
        for job in writes.jobs:
            if not job.late:
                self.ended[job.operation.job_id] += 1
            assert job.charge_nano >= 0
            assert job.write_off_nano >= 0
        for txn in writes.txns:
            self.charged[txn.id] += 1
            own = [entry for entry in writes.entries if entry.txn_id == txn.id]
            assert sum(entry.amount_nano for entry in own) == 0
            assert [entry.seq for entry in own] == list(range(len(own)))

    def check(self) -> None:
        state = self.state
        # A job ends once, and is charged once at most.
        assert max(self.ended.values(), default=1) == 1
        assert max(self.charged.values(), default=1) == 1
        assert not set(state.holds) & set(state.ended)
        for row in state.accounts.values():
            holds = [hold for hold in state.holds.values() if hold.account_id == row.id]
            assert row.spendable_nano >= 0
            assert row.held_nano == sum(hold.amount_nano for hold in holds)
            assert row.meter.open_jobs == len(holds)
            assert sum(one.remaining_nano for one in row.lots) == row.balance_nano
            own = [entry for entry in self.entries[row.id] if entry.book == "customer"]
            assert row.balance_nano == self.granted[row.id] + sum(entry.amount_nano for entry in own)
            assert [entry.version for entry in own] == list(range(1, row.version + 1))
            after = self.granted[row.id]
            for entry in own:
                after += entry.amount_nano
                assert entry.balance_after_nano == after
            self._check_meters(row)
        assert state.leases["channel_jobs:a"] == 50 - len(state.holds)

    def _check_meters(self, row: AccountRow) -> None:
        charged_nano = self.granted[row.id] - row.balance_nano
        assert row.meter.total_nano == charged_nano + row.held_nano
        meters = [one.meter for one in self.state.keys.values() if one.account_id == row.id]
        assert sum(meter.total_nano for meter in meters) == row.meter.total_nano
        assert sum(meter.open_jobs for meter in meters) == row.meter.open_jobs
        for meter in (row.meter, *meters):
            assert min(msgspec.structs.astuple(meter)) >= 0
        for (account_id, _, _), used_nano in self.state.account_model_day.items():
            assert account_id != row.id or used_nano >= 0


@pytest.mark.parametrize("seed", range(20))
def test_random_operations_keep_every_invariant(seed: int) -> None:
    """Never oversold, never lost, whatever comes in whatever order and however often."""
    world = World(seed)
    for _ in range(80):
        world.batch()
    # The simulation is worth something only if all of it happened.
    assert world.charged
    assert any(job.status == "voided" for job in world.state.ended.values())


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), batches=st.integers(1, 25))
def test_any_seed_keeps_every_invariant(seed: int, batches: int) -> None:
    """The same, with seeds that hypothesis chooses and shrinks the length of."""
    world = World(seed)
    for _ in range(batches):
        world.batch()


def test_equal_input_gives_equal_output() -> None:
    """A decision that is run again, on another worker or after a bisection, is the same decision."""
    told = []
    for _ in range(2):
        world = World(7)
        for _ in range(10):
            world.batch()
        told.append((world.state, world.entries))
    assert told[0] == told[1]
