"""Looks after channels that no call tells about: those that are shut off, and those that nobody calls.

Traffic comes first: a channel that serves is never probed. One that is shut off is asked shortly before its time is
over, so that no customer's call has to find out that it is still down. A list of models proves that it answers, and the
first call after that is still a trial; an answered call of one token, where the operator allows it, opens it for all.
One that nobody calls is asked now and then, and shut off when it fails twice.
"""

import asyncio
from uuid import UUID

from farebox.catalog.snapshot import Channel, Snapshot
from farebox.catalog.store import load_snapshot
from farebox.domain.policies.routing import RoutingPolicy
from farebox.kit.clock import Clock
from farebox.kit.crypto import Seal
from farebox.kit.logging import Logger
from farebox.storage.database import Connection
from farebox.upstream.client import UpstreamClient
from farebox.upstream.health import channel_subject
from farebox.upstream.health_store import close_subject, open_subject
from farebox.upstream.limits import Timeouts
from farebox.upstream.trial import TrialResult, try_channel
from farebox.worker.probe_store import due_subjects, idle_channels, keep_open

PROBE_EVERY_S = 2.0
# A probe is over before the time of what it probes.
_AHEAD_S = 5.0
_TIMEOUTS = Timeouts(connect_s=1.5, first_byte_s=1.5, idle_s=1.5)
_AGAIN_AFTER_S = 4.0
_LOOK_FOR_IDLE_EVERY_S = 10.0
_FIRST_WAIT_S = 10.0
_LONGEST_WAIT_S = 60.0
_FAILURES_TO_SHUT_OFF = 2
_AT_ONCE = 8


class Probes:
    """Of all channels, by one node at a time. What it remembers is worth little: another node starts anew."""

    def __init__(
        self,
        client: UpstreamClient,
        seal: Seal,
        policy: RoutingPolicy,
        *,
        proxy: str | None,
        clock: Clock,
        logger: Logger,
    ) -> None:
        self._client = client
        self._seal = seal
        self._policy = policy
        self._proxy = proxy
        self._clock = clock
        self._logger = logger
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._probed_s: dict[UUID, float] = {}
        self._failures: dict[UUID, int] = {}
        self._looked_for_idle_s = float("-inf")

    async def work(self, connection: Connection) -> None:
        """One round: what is due, and every now and then what is idle."""
        if self._policy.probe == "off":
            return
        due = await due_subjects(connection, _AHEAD_S)
        idle = await self._idle(connection)
        if not due and not idle:
            return
        snapshot = await load_snapshot(connection)
        chosen = [
            channel
            for channel in snapshot.channels.values()
            if self._is_wanted(snapshot, channel, is_due=channel_subject(channel.id) in due, is_idle=channel.id in idle)
        ]
        results = await asyncio.gather(*(self._probe(snapshot, channel) for channel in chosen))
        for channel, result in zip(chosen, results, strict=True):
            await self._judge(connection, channel, result, is_due=channel_subject(channel.id) in due)

    async def _idle(self, connection: Connection) -> set[UUID]:
        now_s = self._clock.monotonic_s()
        if now_s - self._looked_for_idle_s < _LOOK_FOR_IDLE_EVERY_S:
            return set()
        self._looked_for_idle_s = now_s
        return await idle_channels(connection, self._policy.probe_idle_s)

    def _is_wanted(self, snapshot: Snapshot, channel: Channel, *, is_due: bool, is_idle: bool) -> bool:
        if channel.kind == "simulator" or not channel.enabled or snapshot.channel_is_stopped(channel):
            return False
        passed_s = self._clock.monotonic_s() - self._probed_s.get(channel.id, float("-inf"))
        if is_due:
            return passed_s >= _AGAIN_AFTER_S
        # A first failure is looked at again soon.
        return is_idle and (passed_s >= self._policy.probe_idle_s or self._failures.get(channel.id, 0) > 0)

    async def _probe(self, snapshot: Snapshot, channel: Channel) -> TrialResult:
        async with self._at_once:
            self._probed_s[channel.id] = self._clock.monotonic_s()
            return await try_channel(
                self._client,
                channel,
                self._seal,
                _TIMEOUTS,
                self._clock,
                proxy=self._proxy,
                upstream_model=self._model_to_call(snapshot, channel),
                turn=self._failures.get(channel.id, 0),
            )

    def _model_to_call(self, snapshot: Snapshot, channel: Channel) -> str | None:
        if self._policy.probe != "call":
            return None
        routes = (route for model in snapshot.models.values() if model.enabled for route in model.routes)
        return next((route.upstream_model for route in routes if route.channel_id == channel.id), None)

    async def _judge(self, connection: Connection, channel: Channel, result: TrialResult, *, is_due: bool) -> None:
        subject = channel_subject(channel.id)
        if not result.is_down:
            self._failures.pop(channel.id, None)
            if is_due and self._policy.probe == "call" and result.status == 200:
                await close_subject(connection, subject)
                self._logger.info("channel_recovered", channel=channel.name)
            return
        failures = self._failures[channel.id] = self._failures.get(channel.id, 0) + 1
        wait_s = min(_FIRST_WAIT_S * 2 ** (failures - 1), _LONGEST_WAIT_S)
        if is_due:
            await keep_open(connection, subject, wait_s)
            self._logger.warning("channel_still_down", channel=channel.name, seconds=wait_s)
        elif failures >= _FAILURES_TO_SHUT_OFF:
            await open_subject(connection, subject, int(wait_s))
            self._logger.warning("idle_channel_shut_off", channel=channel.name, seconds=wait_s)
