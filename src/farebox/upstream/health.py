"""Which channels, keys and routes are fit to be tried: circuit breakers and cooldowns, shared by all workers.

    the provider has no such model, or the key no access to it      the route
    the key is refused, has no credit, or is rate limited           the key, for as long as the provider asks
    errors, time-outs, garbage, no connection                       the channel

Nothing is blamed for more than it did: a model that is missing takes no other model's channel away, and a busy key
rests while its pool works on. Transitions are rows in `health`, written at once and read every second; when an open
breaker's time is over, one worker is leased the probe and the others wait for its verdict.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

import asyncpg
import msgspec

from farebox.kit.clock import Clock
from farebox.kit.logging import Logger
from farebox.upstream.health_store import close_subject, lease_probe, load_states, open_subject
from farebox.upstream.traffic import Fault, Traffic

FAILURES_TO_OPEN = 5
# A route's faults are plain words of the provider, but a few of them may be about one request after all.
ROUTE_FAULTS_TO_OPEN = 3
FIRST_OPEN_S = 5
LONGEST_OPEN_S = 120
# A provider may ask for hours; a probe every few minutes finds out sooner and costs nothing.
LONGEST_RETRY_AFTER_S = 300
RATE_LIMIT_COOLDOWN_S = 5
_SHARE_EVERY_S = 1.0
# Transitions that come one after the other go together.
_GATHER_S = 0.05
_PROBE_EVERY_S = 1.0
TRAFFIC_EVERY_S = 5.0
_LAST_WORDS_S = 2.0
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class _Breaker(msgspec.Struct):
    """What this worker believes of one channel or key; absent means healthy."""

    state: Literal["open", "half_open", "closed"] = "closed"
    until_s: float = 0.0  # of the worker's monotonic clock
    failures: int = 0
    open_s: int = FIRST_OPEN_S
    ours_to_probe: bool = False
    probed_s: float = -_PROBE_EVERY_S


def channel_subject(channel_id: UUID) -> str:
    return f"channel:{channel_id}"


def key_subject(key_id: UUID) -> str:
    return f"channel_key:{key_id}"


def route_subject(route_id: UUID) -> str:
    return f"route:{route_id}"


class Subjects(msgspec.Struct, frozen=True):
    """What a call stands on: its channel, the key of the pool, if there is one, and the route."""

    channel: str
    key: str | None
    route: str

    def all(self) -> tuple[str, ...]:
        return (self.channel, self.route) if self.key is None else (self.channel, self.key, self.route)


class Health:
    """One worker's view. `fits` is for the hot path: while everything is well nobody asks (`all_well`).

    `traffic` counts how calls go; it is shared by the same loop.
    """

    def __init__(self, worker_id: UUID, clock: Clock, logger: Logger) -> None:
        self._worker_id = worker_id
        self._clock = clock
        self._logger = logger
        self.traffic = Traffic()
        self._breakers: dict[str, _Breaker] = {}
        self._opened: dict[str, int] = {}  # transitions to share: subject to seconds
        self._closed: set[str] = set()
        self._changed = asyncio.Event()
        self._traffic_at_s = 0.0
        self._sharing: asyncio.Task[None] | None = None
        self._pool: Any = None

    @property
    def all_well(self) -> bool:
        return not self._breakers

    def fits(self, subjects: Subjects) -> bool:
        """Whether a call may try them now. In half-open, only the leased worker, and one call a second."""
        breakers = [found for subject in subjects.all() if (found := self._breakers.get(subject)) is not None]
        now_s = self._clock.monotonic_s()
        if not all(_lets_through(breaker, now_s) for breaker in breakers):
            return False
        for breaker in breakers:
            # Only now: a trial must not be used up for a call that something else keeps from being made.
            if breaker.state == "half_open":
                breaker.probed_s = now_s
        return True

    def retry_after_s(self, subjects: Subjects) -> int:
        """Seconds until they may be tried again; at least 1."""
        now_s = self._clock.monotonic_s()
        found = [self._breakers[subject].until_s for subject in subjects.all() if subject in self._breakers]
        return max(1, round(max(found, default=now_s) - now_s))

    def succeeded(self, subjects: Subjects) -> None:
        """An answer came: everything that the call stood on works."""
        if self._breakers:
            for subject in subjects.all():
                self._close(subject)

    def failed(self, subjects: Subjects, fault: Fault, retry_after_s: int | None = None) -> None:
        """The call failed in a way that is no fault of the request: blames what has to be blamed."""
        wait_s = None if retry_after_s is None else min(max(1, retry_after_s), LONGEST_RETRY_AFTER_S)
        if fault == "route":
            self._count(subjects.route, ROUTE_FAULTS_TO_OPEN, None)
        elif fault == "auth" and subjects.key is not None:
            # Plain words, so the first is believed; but not for long at first, as a provider may have a bad moment.
            self._count(subjects.key, 1, wait_s)
        elif fault == "rate_limited" and subjects.key is not None:
            self._open(subjects.key, wait_s or RATE_LIMIT_COOLDOWN_S)
        else:
            self._count(subjects.channel, FAILURES_TO_OPEN, wait_s)

    def _count(self, subject: str, most: int, wait_s: int | None) -> None:
        breaker = self._breakers.setdefault(subject, _Breaker())
        breaker.failures += 1
        if wait_s is not None:
            self._open(subject, wait_s)
        elif breaker.state == "open":
            pass  # calls from before it opened: one outage, one opening
        elif breaker.state == "half_open" or breaker.failures >= most:
            self._open(subject, breaker.open_s)
            breaker.open_s = min(breaker.open_s * 2, LONGEST_OPEN_S)

    def start(self, pool: Any) -> None:
        """Begin to share transitions and traffic with the other workers."""
        self._pool = pool
        self._sharing = asyncio.create_task(self._share(pool), name="health sharing")

    async def close(self) -> None:
        """Stop sharing, and hand over what was counted last if the database is there."""
        if self._sharing is None:
            return
        self._sharing.cancel()
        await asyncio.gather(self._sharing, return_exceptions=True)
        with contextlib.suppress(*_AWAY):
            async with asyncio.timeout(_LAST_WORDS_S), self._pool.acquire() as connection:
                await self.traffic.exchange(connection)

    def _open(self, subject: str, seconds: int) -> None:
        breaker = self._breakers.setdefault(subject, _Breaker())
        breaker.state = "open"
        breaker.ours_to_probe = False
        breaker.until_s = self._clock.monotonic_s() + seconds
        self._opened[subject] = seconds
        self._closed.discard(subject)
        self._changed.set()
        self._logger.warning("breaker_opened", subject=subject, seconds=seconds)

    def _close(self, subject: str) -> None:
        breaker = self._breakers.pop(subject, None)
        if breaker is not None and breaker.state != "closed":
            self._closed.add(subject)
            self._opened.pop(subject, None)
            self._changed.set()
            self._logger.info("breaker_closed", subject=subject)

    async def _share(self, pool: Any) -> None:
        while True:
            self._changed.clear()
            try:
                async with pool.acquire() as connection:
                    await self.exchange(connection)
                    if self._clock.monotonic_s() >= self._traffic_at_s:
                        self._traffic_at_s = self._clock.monotonic_s() + TRAFFIC_EVERY_S
                        await self.traffic.exchange(connection)
            except _AWAY as error:
                # Without the database each worker goes on with what it knows itself.
                self._logger.warning("health_sharing_failed", error=type(error).__name__)
            await asyncio.sleep(_GATHER_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), _SHARE_EVERY_S - _GATHER_S)

    async def exchange(self, connection: Any) -> None:
        """Write our transitions, take over the others', and lease the probes that are due."""
        # Each is forgotten only when it is written, and if it is still what was written.
        for subject, seconds in list(self._opened.items()):
            await open_subject(connection, subject, seconds)
            if self._opened.get(subject) == seconds:
                del self._opened[subject]
        for subject in list(self._closed):
            await close_subject(connection, subject)
            self._closed.discard(subject)
        states = await load_states(connection)
        self._adopt(states)
        for subject, (state, wait_s, prober) in states.items():
            if state != "closed" and wait_s <= 0 and prober != self._worker_id:
                leased = await lease_probe(connection, subject, self._worker_id)
                if leased:
                    breaker = self._breakers.setdefault(subject, _Breaker())
                    breaker.state = "half_open"
                    breaker.ours_to_probe = True

    def _adopt(self, states: Mapping[str, tuple[str, float, UUID | None]]) -> None:
        now_s = self._clock.monotonic_s()
        for subject, breaker in list(self._breakers.items()):
            if breaker.state != "closed" and subject not in states and subject not in self._opened:
                del self._breakers[subject]  # closed by others so long ago that the row tells of it no more
        for subject, (state, wait_s, prober) in states.items():
            if subject in self._opened or subject in self._closed:
                continue  # ours is newer
            if state == "closed":
                known = self._breakers.get(subject)
                if known is not None and known.state != "closed":
                    del self._breakers[subject]
                continue
            breaker = self._breakers.setdefault(subject, _Breaker())
            breaker.state = "half_open" if state == "half_open" else "open"
            breaker.until_s = now_s + wait_s
            breaker.ours_to_probe = state == "half_open" and prober == self._worker_id


def _lets_through(breaker: _Breaker, now_s: float) -> bool:
    if breaker.state == "closed":
        return True
    return breaker.state == "half_open" and breaker.ours_to_probe and now_s - breaker.probed_s >= _PROBE_EVERY_S
