"""Open connections: which are idle, which have waited too long.

One sweep for all of them replaces a timer per call. It must not know how connections are opened or what they carry.
"""

import asyncio

from farebox.kit.clock import Clock
from farebox.upstream.connection import Connection, State
from farebox.upstream.endpoint import Endpoint
from farebox.upstream.errors import ConnectError
from farebox.upstream.request import RequestHead

# How late a timeout may be noticed.
_SWEEP_S = 0.05
_LANES = 1024


class Lane:
    """What the calls to one endpoint share: the common part of their headers, and idle connections."""

    __slots__ = ("_max_idle", "_pool", "head", "idle")

    def __init__(self, endpoint: Endpoint, pool: "Pool", max_idle: int) -> None:
        self.head = RequestHead(endpoint)
        self.idle: list[Connection] = []
        self._pool = pool
        self._max_idle = max_idle

    def take_idle(self) -> Connection | None:
        """The connection that was used last, because it is the least likely to have been closed over there."""
        while self.idle:
            connection = self.idle.pop()
            if not connection.transport.is_closing():
                return connection
        return None

    def release(self, connection: Connection) -> None:
        """Keep the connection for the next call if it is clean, break it off if not."""
        if connection.is_reusable() and len(self.idle) < self._max_idle and not self._pool.is_closed:
            connection.lie_idle()
            self.idle.append(connection)
        else:
            connection.abort()

    def on_lost(self, connection: Connection) -> None:
        if connection in self.idle:
            self.idle.remove(connection)
        self._pool.forget(connection)


class Pool:
    """All lanes and all open connections of one client."""

    def __init__(self, clock: Clock, max_idle_per_endpoint: int, max_idle_s: float) -> None:
        self.is_closed = False
        self._clock = clock
        self._max_idle_per_endpoint = max_idle_per_endpoint
        self._max_idle_s = max_idle_s
        self._lanes: dict[Endpoint, Lane] = {}
        self._connections: set[Connection] = set()
        self._sweeper: asyncio.TimerHandle | None = None
        self._swept_s = 0.0
        self._has_waited = False
        self._emptied: asyncio.Future[None] | None = None

    def lane(self, endpoint: Endpoint) -> Lane:
        lane = self._lanes.get(endpoint)
        if lane is None:
            if len(self._lanes) >= _LANES:
                # Channels come and go with the catalogue; lanes without a connection cost nothing to make again.
                self._lanes = {kept: lane for kept, lane in self._lanes.items() if lane.idle}
            lane = self._lanes[endpoint] = Lane(endpoint, self, self._max_idle_per_endpoint)
        return lane

    def add(self, connection: Connection) -> None:
        """Watch over a new connection; ConnectError when it is gone again, or the client is."""
        if self.is_closed or connection.transport.is_closing():
            connection.abort()
            raise ConnectError("the connection was closed as soon as it was open")
        self._connections.add(connection)
        if self._sweeper is None:
            self._swept_s = self._clock.monotonic_s()
            self._sweeper = asyncio.get_running_loop().call_later(_SWEEP_S, self._sweep)

    def forget(self, connection: Connection) -> None:
        self._connections.discard(connection)
        if self._emptied is not None and not self._connections and not self._emptied.done():
            self._emptied.set_result(None)

    async def close(self) -> None:
        """Break off every connection and wait until the sockets are gone."""
        self.is_closed = True
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        for connection in tuple(self._connections):
            connection.abort()
        if self._connections:
            self._emptied = asyncio.get_running_loop().create_future()
            await self._emptied

    def _sweep(self) -> None:
        now_s = self._clock.monotonic_s()
        # When the loop itself was held up, answers may wait in the sockets: they get one turn before we give them up.
        was_held_up = now_s - self._swept_s > 2 * _SWEEP_S
        self._swept_s = now_s
        if was_held_up and not self._has_waited:
            self._has_waited = True
        else:
            self._has_waited = False
            self._expire(now_s)
        if self._connections:
            self._sweeper = asyncio.get_running_loop().call_later(_SWEEP_S, self._sweep)
        else:
            self._sweeper = None

    def _expire(self, now_s: float) -> None:
        idle_before_s = now_s - self._max_idle_s
        for connection in tuple(self._connections):
            if connection.deadline_s <= now_s:
                connection.expire()
            elif connection.state == State.IDLE and connection.idle_since_s < idle_before_s:
                connection.abort()
