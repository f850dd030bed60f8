"""From a model to the ways it can be reached now, in the order in which they would be tried.

Lower priority numbers first; within one priority a weighted random order, or, for requests of one conversation, a
weighted order of channels and of the keys of each pool that stays the same while they are healthy (affinity.py), so
that the provider's prompt cache hits. A channel that has become slower than its neighbours keeps a part of its weight
(latency.py), so that it loses some conversations and not all.

Channels that are disabled, stopped or unfit are left out. What one model's routes look like is computed once per
catalogue version; a request only orders and filters.
"""

import random as random_module
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

from farebox.catalog.snapshot import Channel, ChannelKey, Model, Route, Snapshot
from farebox.dialects.openai_extras import Strip
from farebox.domain.pricing import PerTokenCard, TokenPrices
from farebox.kit.crypto import Seal, SealError
from farebox.kit.ids import NIL
from farebox.kit.logging import Logger
from farebox.upstream.affinity import place, rank
from farebox.upstream.endpoint import Endpoint, parse_endpoint
from farebox.upstream.errors import EndpointError
from farebox.upstream.health import Health, Subjects, channel_subject, key_subject, route_subject
from farebox.upstream.latency import share
from farebox.upstream.presets import Preset, preset_of
from farebox.upstream.provider import Header, asked_path, auth_headers

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
    subjects: Subjects

    @property
    def key_id(self) -> UUID | None:
        return None if self.key is None else self.key.id

    @property
    def preset(self) -> Preset:
        return preset_of(self.channel)

    @property
    def strip(self) -> Strip:
        """What to take out of answers of OpenAI's dialect."""
        return self.preset.strip_at(self.endpoint.host)

    def asked_path(self, path: bytes) -> bytes:
        """The path to ask for, under the channel's base URL, for `path` of the dialect's own."""
        kind, prefix = self.channel.kind, self.endpoint.path_prefix
        return asked_path(self.preset, kind, prefix, path, self.route.upstream_model)


class _Way(msgspec.Struct, frozen=True):
    """A route with a candidate for each key of its channel."""

    route: Route
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

    def has_choice(self, snapshot: Snapshot, model: Model) -> bool:
        """Whether there is anything to choose from: more than one route, or a route with a pool of keys."""
        ways = self._ways_to(snapshot, model)
        return len(ways) > 1 or (len(ways) == 1 and len(ways[0].candidates) > 1)

    def candidates(
        self, snapshot: Snapshot, model: Model, *, kind: str, affinity: bytes | None = None, stream: bool = False
    ) -> tuple[Candidate, ...]:
        """The ways to call this model now, best first; empty when there is none. Test keys reach the simulator only.

        The keys of one channel stand next to each other. `affinity` tells conversations apart; without one the load is
        spread call by call.
        """
        if kind == "test":
            return self._simulated(model)
        ways = self._ways_to(snapshot, model)
        if len(ways) == 1 and len(ways[0].candidates) == 1 and self._health.all_well:
            return ways[0].candidates
        ordered = ways if len(ways) == 1 else self._in_order(ways, model, affinity, stream=stream)
        return tuple(candidate for way in ordered for candidate in self._fit(way, affinity))

    def retry_after_s(self, snapshot: Snapshot, model: Model) -> int:
        """Seconds until the first of the model's channels may be tried again; at least 1."""
        waits = [
            self._health.retry_after_s(candidate.subjects)
            for way in self._ways_to(snapshot, model)
            for candidate in way.candidates
        ]
        return min(waits, default=30)

    def _in_order(self, ways: Sequence[_Way], model: Model, affinity: bytes | None, *, stream: bool) -> list[_Way]:
        levels = self._health.traffic.levels(model.name, stream=stream)
        best: dict[int, int] = {}
        for way in ways if levels else ():
            level = levels.get(way.route.channel_id)
            if level is not None:
                best[way.route.priority] = min(level, best.get(way.route.priority, level))

        def order(way: _Way) -> tuple[int, float]:
            route = way.route
            level = levels.get(route.channel_id)
            # Whose speed is unknown counts as fast, or it would never be known.
            weight = route.weight if level is None else route.weight * share(level, best[route.priority])
            if affinity is None:
                return route.priority, place(self._random(), weight)
            return route.priority, rank(affinity, route.id.bytes, weight)

        return sorted(ways, key=order)

    def _fit(self, way: _Way, affinity: bytes | None) -> list[Candidate]:
        """The healthy keys of a way: the conversation's own first, or the next one in turn, so that a pool shares."""
        if len(way.candidates) == 1:
            in_turn = list(way.candidates)
        elif affinity is not None:
            in_turn = sorted(way.candidates, key=lambda candidate: rank(affinity, _key_bytes(candidate), 1))
        else:
            self._turn += 1
            start = self._turn % len(way.candidates)
            in_turn = [*way.candidates[start:], *way.candidates[:start]]
        if self._health.all_well:
            return in_turn
        return [candidate for candidate in in_turn if self._health.fits(candidate.subjects)]

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
                self._candidate(route, channel, key, endpoint, auth_headers(preset_of(channel), secret))
                for key in channel.keys
                if (secret := self._secret(channel, key)) is not None
            ]
        if not candidates:
            return None
        return _Way(route, tuple(candidates))

    def _candidate(
        self, route: Route, channel: Channel, key: ChannelKey | None, endpoint: Endpoint, auth: tuple[Header, ...]
    ) -> Candidate:
        return Candidate(
            route=route,
            channel=channel,
            key=key,
            endpoint=endpoint,
            auth_headers=auth,
            subjects=Subjects(
                channel=channel_subject(channel.id),
                key=None if key is None else key_subject(key.id),
                route=route_subject(route.id),
            ),
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


def _key_bytes(candidate: Candidate) -> bytes:
    return b"" if candidate.key is None else candidate.key.id.bytes
