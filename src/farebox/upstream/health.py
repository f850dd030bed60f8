"""Which channels and keys are fit to be tried: circuit breakers and cooldowns, shared by all workers.

A channel's breaker opens after several failures in a row, or at once for as long as the provider asks (Retry-After). A
key of a pool cools down on its own when it is refused or rate limited, without blaming the channel. Transitions are
rows in `health`, at most a second old everywhere; when an open breaker's time is over, one worker is leased the probe
and the others wait for its verdict.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

import asyncpg
import msgspec

from farebox.kit.clock import Clock
from farebox.kit.logging import Logger
from farebox.upstream.health_store import close_subject, lease_probe, load_states, open_subject

Fault = Literal["connect", "timeout", "status", "rate_limited", "auth", "protocol"]

FAILURES_TO_OPEN = 5
FIRST_OPEN_S = 5
LONGEST_OPEN_S = 120
# A provider may ask for hours; a probe every few minutes finds out sooner and costs nothing.
LONGEST_RETRY_AFTER_S = 300
AUTH_COOLDOWN_S = 60
RATE_LIMIT_COOLDOWN_S = 5
_SHARE_EVERY_S = 1.0
_PROBE_EVERY_S = 1.0


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


class Health:
    """One worker's view. `allows` is for the hot path: while everything is well it is one look at an empty dict."""

    def __init__(self, worker_id: UUID, clock: Clock, logger: Logger) -> None:
        self._worker_id = worker_id
        self._clock = clock
        self._logger = logger
        self._breakers: dict[str, _Breaker] = {}
        self._opened: dict[str, int] = {}  # transitions to share: subject to seconds
        self._closed: set[str] = set()
        self._sharing: asyncio.Task[None] | None = None

    @property
    def all_well(self) -> bool:
        return not self._breakers

    def allows(self, subject: str) -> bool:
        """Whether a call may try it now. In half-open, only the leased worker, and one call a second."""
        breaker = self._breakers.get(subject)
        if breaker is None or breaker.state == "closed":
            return True
        if breaker.state == "half_open" and breaker.ours_to_probe:
            now_s = self._clock.monotonic_s()
            if now_s - breaker.probed_s >= _PROBE_EVERY_S:
                breaker.probed_s = now_s
                return True
        return False

    def retry_after_s(self, subject: str) -> int:
        """Seconds until it may be tried again; at least 1."""
        breaker = self._breakers.get(subject)
        if breaker is None:
            return 1
        return max(1, round(breaker.until_s - self._clock.monotonic_s()))

    def succeeded(self, channel_id: UUID, key_id: UUID | None) -> None:
        """An answer came, be it a refusal of the request: the channel works."""
        if not self._breakers:
            return
        self._close(channel_subject(channel_id))
        if key_id is not None:
            self._close(key_subject(key_id))

    def failed(self, channel_id: UUID, key_id: UUID | None, fault: Fault, retry_after_s: int | None = None) -> None:
        """The channel or its key failed in a way that is no fault of the request."""
        wait_s = None if retry_after_s is None else min(max(1, retry_after_s), LONGEST_RETRY_AFTER_S)
        if fault in ("auth", "rate_limited") and key_id is not None:
            self._open(key_subject(key_id), wait_s or (AUTH_COOLDOWN_S if fault == "auth" else RATE_LIMIT_COOLDOWN_S))
            return
        subject = channel_subject(channel_id)
        breaker = self._breakers.setdefault(subject, _Breaker())
        breaker.failures += 1
        if wait_s is not None:
            self._open(subject, wait_s)
        elif breaker.state == "half_open" or breaker.failures >= FAILURES_TO_OPEN:
            self._open(subject, breaker.open_s)
            breaker.open_s = min(breaker.open_s * 2, LONGEST_OPEN_S)

    def start(self, pool: Any) -> None:
        """Begin to share transitions with the other workers."""
        self._sharing = asyncio.create_task(self._share(pool), name="health sharing")

    async def close(self) -> None:
        if self._sharing is not None:
            self._sharing.cancel()
            await asyncio.gather(self._sharing, return_exceptions=True)

    def _open(self, subject: str, seconds: int) -> None:
        breaker = self._breakers.setdefault(subject, _Breaker())
        breaker.state = "open"
        breaker.ours_to_probe = False
        breaker.until_s = self._clock.monotonic_s() + seconds
        self._opened[subject] = seconds
        self._closed.discard(subject)
        self._logger.warning("breaker_opened", subject=subject, seconds=seconds)

    def _close(self, subject: str) -> None:
        breaker = self._breakers.pop(subject, None)
        if breaker is not None and breaker.state != "closed":
            self._closed.add(subject)
            self._opened.pop(subject, None)
            self._logger.info("breaker_closed", subject=subject)

    async def _share(self, pool: Any) -> None:
        while True:
            try:
                async with pool.acquire() as connection:
                    await self.exchange(connection)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                # Without the database each worker goes on with what it knows itself.
                self._logger.warning("health_sharing_failed", error=type(error).__name__)
            await asyncio.sleep(_SHARE_EVERY_S)

    async def exchange(self, connection: Any) -> None:
        """Write our transitions, take over the others', and lease the probes that are due."""
        while self._opened:
            subject, seconds = self._opened.popitem()
            await open_subject(connection, subject, seconds)
        while self._closed:
            await close_subject(connection, self._closed.pop())
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
        for subject, (state, wait_s, prober) in states.items():
            if subject in self._opened or subject in self._closed:
                continue  # ours is newer
            if state == "closed":
                breaker = self._breakers.get(subject)
                if breaker is not None and breaker.state != "closed":
                    del self._breakers[subject]
                continue
            breaker = self._breakers.setdefault(subject, _Breaker())
            breaker.state = "half_open" if state == "half_open" else "open"
            breaker.until_s = now_s + wait_s
            breaker.ours_to_probe = state == "half_open" and prober == self._worker_id
