"""How one worker's calls to providers go: counted in memory, shared with all in batches.

What it counts becomes rows by the hour for people (traffic_hour), and an average by channel and model for routing
(pace): workers agree on the averages, so that a conversation is sent to the same channel whichever worker takes it. A
worker that dies loses the seconds since its last batch, which no money hangs on.
"""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

import msgspec

from farebox.kit.ids import NIL
from farebox.storage.database import Connection
from farebox.upstream.latency import BUCKETS, blend, bucket_of, level_of, quantile_ms
from farebox.upstream.traffic_store import Lane, add_traffic, load_levels, lock_pace, set_pace

Fault = Literal["connect", "timeout", "status", "rate_limited", "auth", "protocol", "route"]

# In the order of the type traffic_row.
_FAULTS: tuple[Fault, ...] = ("connect", "timeout", "status", "rate_limited", "auth", "protocol", "route")
_NOWHERE: Mapping[UUID, int] = {}
# With each batch, answers of before count so much less for this worker's own quantiles.
_FADING = 0.98
_LEAST_ANSWERS = 50


class _Tally(msgspec.Struct):
    """What happened on one lane since the last batch."""

    answered: int = 0
    refused: int = 0
    first_byte_ms: int = 0
    longest_wait_ms: float = 0.0
    faults: dict[Fault, int] = {}
    counts: list[int] = msgspec.field(default_factory=lambda: [0] * BUCKETS)

    def add(self, other: "_Tally") -> None:
        self.answered += other.answered
        self.refused += other.refused
        self.first_byte_ms += other.first_byte_ms
        self.longest_wait_ms = max(self.longest_wait_ms, other.longest_wait_ms)
        for fault, count in other.faults.items():
            self.faults[fault] = self.faults.get(fault, 0) + count
        self.counts = [mine + more for mine, more in zip(self.counts, other.counts, strict=True)]

    def sample_ms(self, average_ms: float | None) -> float | None:
        """What the average learns: the mean of the answers, or a wait without one that was longer than it expected."""
        mean_ms = self.first_byte_ms / self.answered if self.answered else None
        if self.longest_wait_ms > max(mean_ms or 0.0, average_ms or 0.0):
            return self.longest_wait_ms
        return mean_ms


class Traffic:
    """One worker's counts and what it knows of the others'. Counting is for the hot path and never waits."""

    def __init__(self) -> None:
        self._tallies: dict[Lane, _Tally] = {}
        self._recent: dict[Lane, list[float]] = {}
        self._levels: dict[tuple[str, bool], dict[UUID, int]] = {}

    def answered(self, lane: Lane, first_byte_s: float) -> None:
        """A good answer began to come after so long."""
        tally = self._tally(lane)
        first_byte_ms = first_byte_s * 1000
        bucket = bucket_of(first_byte_ms)
        tally.answered += 1
        tally.first_byte_ms += int(first_byte_ms)
        tally.counts[bucket] += 1
        recent = self._recent.get(lane)
        if recent is None:
            recent = self._recent[lane] = [0.0] * BUCKETS
        recent[bucket] += 1

    def refused(self, lane: Lane) -> None:
        """The provider refused the request itself, which says nothing about how fast it answers."""
        self._tally(lane).refused += 1

    def failed(self, lane: Lane, fault: Fault, waited_s: float) -> None:
        """The call failed after so long; only a time-out tells about speed."""
        tally = self._tally(lane)
        tally.faults[fault] = tally.faults.get(fault, 0) + 1
        if fault == "timeout":
            tally.longest_wait_ms = max(tally.longest_wait_ms, waited_s * 1000)

    def abandoned(self, lane: Lane, waited_s: float) -> None:
        """We broke the call off after so long without an answer."""
        tally = self._tally(lane)
        tally.longest_wait_ms = max(tally.longest_wait_ms, waited_s * 1000)

    def levels(self, model: str, *, stream: bool) -> Mapping[UUID, int]:
        """By channel, the power of two of the milliseconds it takes; channels that were not measured are missing."""
        return self._levels.get((model, stream), _NOWHERE) if self._levels else _NOWHERE

    def late_ms(self, lane: Lane, share: float) -> int | None:
        """After how long an answer on this lane is later than that share of them; None while too few are known."""
        recent = self._recent.get(lane)
        if recent is None or sum(recent) < _LEAST_ANSWERS:
            return None
        return quantile_ms(recent, share)

    async def exchange(self, connection: Connection) -> None:
        """Write what was counted and take over the averages. On an error what was counted is kept for the next time."""
        # The simulator that test keys reach is no channel of anybody's.
        tallies = {lane: tally for lane, tally in self._tallies.items() if lane[1] != NIL}
        self._tallies = {}
        try:
            if tallies:
                async with connection.transaction():
                    await add_traffic(connection, [_row(lane, tallies[lane]) for lane in sorted(tallies)])
                    await _learn(connection, tallies)
        except BaseException:
            for lane, tally in tallies.items():
                self._tally(lane).add(tally)
            raise
        self._recent = {
            lane: faded
            for lane, counts in self._recent.items()
            if sum(faded := [count * _FADING for count in counts]) >= 1.0
        }
        levels: dict[tuple[str, bool], dict[UUID, int]] = {}
        for (model, channel_id, stream), level in (await load_levels(connection)).items():
            levels.setdefault((model, stream), {})[channel_id] = level
        self._levels = levels

    def _tally(self, lane: Lane) -> _Tally:
        tally = self._tallies.get(lane)
        if tally is None:
            tally = self._tallies[lane] = _Tally()
        return tally


async def _learn(connection: Connection, tallies: Mapping[Lane, _Tally]) -> None:
    lanes = sorted(lane for lane, tally in tallies.items() if tally.answered or tally.longest_wait_ms)
    if not lanes:
        return
    known = await lock_pace(connection, lanes)
    learned: list[tuple[str, UUID, bool, float, int]] = []
    for lane in lanes:
        row = known.get(lane)
        sample_ms = tallies[lane].sample_ms(None if row is None else row.average_ms)
        if sample_ms is None:
            continue
        if row is None:
            learned.append((*lane, sample_ms, level_of(sample_ms, None)))
        else:
            average_ms = blend(row.average_ms, sample_ms, row.elapsed_s)
            learned.append((*lane, average_ms, level_of(average_ms, row.level)))
    if learned:
        await set_pace(connection, learned)


def _row(lane: Lane, tally: _Tally) -> tuple[object, ...]:
    faults = tuple(tally.faults.get(fault, 0) for fault in _FAULTS)
    return (*lane, tally.answered, tally.refused, *faults, tally.first_byte_ms, tally.counts)
