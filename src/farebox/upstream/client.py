"""Our HTTP/1.1 client for calls to providers: the one seam between the data plane and the network.

It sends one request and hands out its answer. It follows no redirects, keeps no cookies, knows no JSON, and does not
choose where to send: routes and their health are next door.
"""

from collections.abc import Callable

from farebox.kit.clock import Clock, SystemClock
from farebox.upstream.address import Resolver
from farebox.upstream.connection import Connection
from farebox.upstream.dial import Dialer
from farebox.upstream.endpoint import Endpoint
from farebox.upstream.errors import ConnectionLost
from farebox.upstream.limits import Limits, Timeouts
from farebox.upstream.pool import Lane, Pool
from farebox.upstream.request import Headers, Upload
from farebox.upstream.response import UpstreamResponse


def _nobody_asks() -> None:
    """For callers that need not know when a request is sent."""


class UpstreamClient:
    """A pool of keep-alive connections on one event loop. Close it on the same loop."""

    def __init__(
        self,
        *,
        resolver: Resolver | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
        max_idle_per_endpoint: int = 256,
        max_idle_s: float = 30.0,
    ) -> None:
        self._clock = clock or SystemClock()
        self._limits = limits or Limits()
        self._dialer = Dialer(resolver or Resolver(self._clock), self._clock, self._limits)
        self._pool = Pool(self._clock, max_idle_per_endpoint, max_idle_s)

    async def send(
        self,
        endpoint: Endpoint,
        method: bytes,
        target: bytes,
        headers: Headers,
        body: bytes | Upload,
        timeouts: Timeouts,
        on_sent: Callable[[], None] = _nobody_asks,
    ) -> UpstreamResponse:
        """Send a request and return when the answer's header block is here; an UpstreamError otherwise.

        `target` is appended to the endpoint's path. Host, Content-Length, Connection and their kin are ours and refused
        in `headers`. A request on a reused connection that the other side closed without a byte is sent once more on a
        new connection. Cancelling the task closes the connection.

        `on_sent` is called when a connection is there and the first byte is about to be written: until then the other
        side cannot have acted on anything. With an Upload that is so until its last piece is about to be written, and
        it is sent once only, on a new connection.
        """
        lane = self._pool.lane(endpoint)
        if not isinstance(body, bytes):
            head = lane.head.encode(method, target, headers, body.length)
            opened = await self._open(lane, endpoint, timeouts.connect_s)
            return await self._upload(lane, opened, head, body, timeouts, on_sent)
        head = lane.head.encode(method, target, headers, len(body))
        is_head_only = method == b"HEAD"
        connection = lane.take_idle()
        if connection is not None:
            began_s = self._clock.monotonic_s()
            on_sent()
            try:
                return await self._exchange(lane, connection, head, body, timeouts, is_head_only=is_head_only)
            except ConnectionLost as lost:
                if lost.received_bytes or self._clock.monotonic_s() - began_s > self._limits.stale_retry_s:
                    raise
        connection = await self._open(lane, endpoint, timeouts.connect_s)
        on_sent()
        return await self._exchange(lane, connection, head, body, timeouts, is_head_only=is_head_only)

    async def close(self) -> None:
        """Break off what is running, close what is idle, and wait for the sockets to be gone."""
        await self._pool.close()

    async def _open(self, lane: Lane, endpoint: Endpoint, connect_s: float) -> Connection:
        connection = await self._dialer.dial(endpoint, connect_s, lane.on_lost)
        self._pool.add(connection)
        return connection

    async def _upload(
        self,
        lane: Lane,
        connection: Connection,
        head: bytes,
        body: Upload,
        timeouts: Timeouts,
        on_sent: Callable[[], None],
    ) -> UpstreamResponse:
        connection.begin(is_head_only=False)
        try:
            await connection.write_pieces(head, body.pieces(), timeouts, on_sent)
            await connection.wait_head(timeouts)
            return UpstreamResponse(connection, self._limits, timeouts, lane.release)
        except BaseException:
            connection.abort()
            raise

    async def _exchange(
        self, lane: Lane, connection: Connection, head: bytes, body: bytes, timeouts: Timeouts, *, is_head_only: bool
    ) -> UpstreamResponse:
        connection.begin(is_head_only=is_head_only)
        try:
            if not connection.write_small(head, body):
                await connection.write_large(head, body, timeouts)
            await connection.wait_head(timeouts)
            return UpstreamResponse(connection, self._limits, timeouts, lane.release)
        except BaseException:
            # Also when the caller is cancelled: a half-read answer must not be found by the next one.
            connection.abort()
            raise
