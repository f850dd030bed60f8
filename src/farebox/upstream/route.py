"""From a model to the ways it can be reached now, in the order in which they would be tried.

Lower priority numbers first; within one priority a weighted random order, or, for requests of one conversation, a
weighted order that stays the same while the channels do (rendezvous hashing), so that the provider's prompt cache hits.
Channels that are disabled, stopped or unfit are left out. What one model's routes look like is computed once per
catalogue version; a request only orders and filters.
"""

import hashlib
import math
import random as random_module
from collections.abc import Callable
from uuid import UUID

import msgspec

from farebox.catalog.snapshot import Channel, ChannelKey, Model, Route, Snapshot
from farebox.domain.pricing import PerTokenCard, TokenPrices
from farebox.kit.crypto import Seal, SealError
from farebox.kit.ids import NIL
from farebox.kit.logging import Logger
from farebox.upstream.endpoint import Endpoint, parse_endpoint
from farebox.upstream.errors import EndpointError
from farebox.upstream.health import Health, channel_subject, key_subject
from farebox.upstream.provider import Header, auth_headers

SIMULATOR_URL = "simulator:"
_SIMULATOR_AUTH: tuple[Header, ...] = ((b"authorization", b"Bearer simulator"),)
_FREE = PerTokenCard(prices=TokenPrices(input=0, output=0))


class Candidate(msgspec.Struct, frozen=True):
    """One way to carry out a call: a route, its channel, one key of the channel's pool, and where to send it."""

    route: Route
    channel: Channel
    key: ChannelKey | None
    endpoint: Endpoint
    auth_headers: tuple[Header, ...]
    channel_subject: str
    key_subject: str | None

    @property
    def key_id(self) -> UUID | None:
        return None if self.key is None else self.key.id


class _Way(msgspec.Struct, frozen=True):
    """A route with a candidate for each key of its channel."""

    priority: int
    weight: int
    affinity: bytes
    candidates: tuple[Candidate, ...]


class Router:
    """One worker's ways to providers. `simulator_url` is the node's own simulator."""

    def __init__(
        self,
        seal: Seal,
        health: Health,
        logger: Logger,
        *,
        simulator_url: str | None,
        proxy: str | None = None,
        random: Callable[[], float] = random_module.random,
    ) -> None:
        self._seal = seal
        self._health = health
        self._logger = logger
        self._simulator_url = simulator_url
        self._proxy = proxy
        self._random = random
        self._version = -1
        self._ways: dict[str, tuple[_Way, ...]] = {}
        self._keys: dict[tuple[UUID, bytes], bytes | None] = {}
        self._turn = 0

    def candidates(
        self, snapshot: Snapshot, model: Model, *, kind: str, affinity: bytes | None = None
    ) -> tuple[Candidate, ...]:
        """The ways to call this model now, best first; empty when there is none. Test keys reach the simulator only."""
        if kind == "test":
            return self._simulated(model)
        ways = self._ways_to(snapshot, model)
        if len(ways) == 1 and len(ways[0].candidates) == 1 and self._health.all_well:
            return ways[0].candidates
        ordered = ways if len(ways) == 1 else sorted(ways, key=lambda way: (way.priority, self._rank(way, affinity)))
        return tuple(candidate for way in ordered for candidate in self._fit(way))

    def retry_after_s(self, snapshot: Snapshot, model: Model) -> int:
        """Seconds until the first of the model's channels may be tried again; at least 1."""
        waits = [
            max(
                self._health.retry_after_s(candidate.channel_subject),
                1 if candidate.key_subject is None else self._health.retry_after_s(candidate.key_subject),
            )
            for way in self._ways_to(snapshot, model)
            for candidate in way.candidates
        ]
        return min(waits, default=30)

    def _rank(self, way: _Way, affinity: bytes | None) -> float:
        """Smaller is earlier; over many draws each way leads in proportion to its weight."""
        if way.weight == 0:
            return math.inf
        if affinity is None:
            draw = self._random()
        else:
            draw = int.from_bytes(hashlib.blake2b(affinity + way.affinity, digest_size=8).digest(), "big") / 2**64
        return -math.log(max(draw, 1e-18)) / way.weight

    def _fit(self, way: _Way) -> list[Candidate]:
        """The healthy keys of a way, starting with the next one in turn so that a pool shares its load."""
        self._turn += 1
        start = self._turn % len(way.candidates)
        in_turn = way.candidates[start:] + way.candidates[:start]
        if self._health.all_well:
            return list(in_turn)
        return [
            candidate
            for candidate in in_turn
            if (candidate.key_subject is None or self._health.allows(candidate.key_subject))
            and self._health.allows(candidate.channel_subject)
        ]

    def _ways_to(self, snapshot: Snapshot, model: Model) -> tuple[_Way, ...]:
        if snapshot.version != self._version:
            self._version = snapshot.version
            self._ways.clear()
        ways = self._ways.get(model.name)
        if ways is None:
            ways = self._ways[model.name] = tuple(
                way for route in model.routes if (way := self._way(snapshot, route)) is not None
            )
        return ways

    def _way(self, snapshot: Snapshot, route: Route) -> _Way | None:
        channel = snapshot.channels.get(route.channel_id)
        if channel is None or not channel.enabled or snapshot.channel_is_stopped(channel):
            return None
        try:
            endpoint = self._endpoint(channel)
        except EndpointError:
            self._logger.error("channel_unusable", channel=channel.name, reason="base URL")
            return None
        if channel.kind == "simulator":
            candidates = [self._candidate(route, channel, None, endpoint, _SIMULATOR_AUTH)]
        elif not channel.keys:
            # A server on the operator's own network may ask for no key.
            candidates = [self._candidate(route, channel, None, endpoint, ())]
        else:
            candidates = [
                self._candidate(route, channel, key, endpoint, auth_headers(channel.kind, secret))
                for key in channel.keys
                if (secret := self._secret(channel, key)) is not None
            ]
        if not candidates:
            return None
        return _Way(route.priority, route.weight, route.id.bytes, tuple(candidates))

    def _candidate(
        self, route: Route, channel: Channel, key: ChannelKey | None, endpoint: Endpoint, auth: tuple[Header, ...]
    ) -> Candidate:
        return Candidate(
            route=route,
            channel=channel,
            key=key,
            endpoint=endpoint,
            auth_headers=auth,
            channel_subject=channel_subject(channel.id),
            key_subject=None if key is None else key_subject(key.id),
        )

    def _endpoint(self, channel: Channel) -> Endpoint:
        if channel.base_url == SIMULATOR_URL:
            if self._simulator_url is None:
                raise EndpointError("this node runs no simulator")
            return parse_endpoint(self._simulator_url, allow_private=True)
        return parse_endpoint(channel.base_url, allow_private=channel.allow_private, proxy=channel.proxy or self._proxy)

    def _secret(self, channel: Channel, key: ChannelKey) -> bytes | None:
        """The key in clear. Opened once per sealed value; a catalogue change does not open all of them again."""
        cached = (key.id, key.sealed)
        if cached not in self._keys:
            try:
                self._keys[cached] = self._seal.open(key.sealed, purpose=key.purpose)
            except SealError:
                self._logger.error("channel_key_unusable", channel=channel.name, key_id=str(key.id))
                self._keys[cached] = None
        return self._keys[cached]

    def _simulated(self, model: Model) -> tuple[Candidate, ...]:
        if self._simulator_url is None:
            return ()
        route = Route(id=NIL, channel_id=NIL, upstream_model=model.name, priority=0, weight=1, cost=_FREE)
        channel = Channel(
            id=NIL,
            name="simulator",
            kind="simulator",
            provider="simulator",
            base_url=SIMULATOR_URL,
            allow_private=True,
            proxy=None,
            enabled=True,
            daily_cap_nano=None,
            concurrency=None,
            keys=(),
        )
        return (self._candidate(route, channel, None, self._endpoint(channel), _SIMULATOR_AUTH),)
