"""One connection to a provider: bytes out, one parsed answer at a time in.

The parser (llhttp, strict) refuses ambiguous framing by itself: Content-Length beside Transfer-Encoding, lengths that
repeat, bare line feeds, folded headers. This module adds what it leaves open: sizes, where a body without a length may
end, what of a connection may be used again. No task and no timer per call: a waiting call leaves a deadline that the
pool's sweep compares with the clock. It must not know of endpoints, names or pools.
"""

import asyncio
import math
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from enum import IntEnum

import httptools

from farebox.kit.clock import Clock
from farebox.upstream.errors import (
    BodyTruncated,
    ConnectionLost,
    FirstByteTimeout,
    IdleTimeout,
    ProtocolError,
    UpstreamError,
)
from farebox.upstream.limits import Limits, Timeouts

_NEVER = math.inf
_FRAMING_HEADERS = frozenset((b"connection", b"content-length", b"transfer-encoding", b"content-encoding"))
_BODILESS = frozenset((204, 304))


class State(IntEnum):
    """Where a connection stands in the one exchange it can carry."""

    IDLE = 0
    HEAD = 1  # the request is on its way, the answer's header block is not complete
    BODY = 2
    DONE = 3  # the answer is complete; its last bytes may still be unread in `pieces`
    BROKEN = 4


# Module constants are read faster than members of an enumeration, and these are read several times per chunk.
_IDLE, _HEAD, _BODY, _DONE, _BROKEN = State


class Connection(asyncio.Protocol):
    """Carries one exchange after another; `begin`, the writes and the waits are called by one task at a time."""

    __slots__ = (
        "_buffered",
        "_chunk_count",
        "_clock",
        "_has_head_only",
        "_header_bytes",
        "_idle_s",
        "_is_chunked",
        "_is_interim",
        "_is_paused",
        "_is_request_cut",
        "_is_until_close",
        "_is_write_paused",
        "_keeps_alive",
        "_limits",
        "_loop",
        "_on_lost",
        "_parser",
        "_received",
        "_refusal",
        "_sink",
        "_waiter",
        "body_bytes",
        "deadline_s",
        "failure",
        "framing",
        "headers",
        "idle_since_s",
        "pieces",
        "state",
        "status",
        "transport",
    )

    transport: asyncio.Transport

    def __init__(self, clock: Clock, limits: Limits, on_lost: Callable[["Connection"], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._clock = clock
        self._limits = limits
        self._on_lost = on_lost
        self._parser = httptools.HttpResponseParser(self)
        self._waiter: asyncio.Future[None] | None = None
        self._sink: Callable[[bytes], bool] | None = None
        self._idle_s = 0.0
        self._is_write_paused = False
        self._is_paused = False
        self.state = _IDLE
        self.deadline_s = _NEVER
        self.idle_since_s = 0.0
        self._reset(is_head_only=False)

    def _reset(self, *, is_head_only: bool) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.framing: dict[bytes, bytes] = {}
        self.pieces: list[bytes] = []
        self.body_bytes = 0
        self.failure: UpstreamError | None = None
        self._refusal: ProtocolError | None = None
        self._buffered = 0
        self._received = 0
        self._header_bytes = 0
        self._chunk_count = 0
        self._has_head_only = is_head_only
        self._is_interim = False
        self._is_chunked = False
        self._is_until_close = False
        self._is_request_cut = False
        self._keeps_alive = False

    # -- what the caller's task does ---------------------------------------------------------------------------------

    def begin(self, *, is_head_only: bool) -> None:
        """Make room for the next answer."""
        self._reset(is_head_only=is_head_only)
        self.state = _HEAD

    def write_small(self, head: bytes, body: bytes) -> bool:
        """Give the request to the socket in one piece; False, and nothing done, when it is too large for that."""
        if len(body) > self._limits.write_bytes:
            return False
        self.transport.write(head + body)
        return True

    async def write_large(self, head: bytes, body: bytes, timeouts: Timeouts) -> None:
        """Give the request to the socket at the socket's pace."""
        self.transport.write(head)
        rest = memoryview(body)
        while rest and self.state == _HEAD:
            if self._is_write_paused:
                await self._wait_writable(self._clock.monotonic_s() + timeouts.first_byte_s)
                continue
            self.transport.write(rest[: self._limits.write_bytes])
            rest = rest[self._limits.write_bytes :]
        if not rest or self.state == _BROKEN:
            return
        # The answer is here before the request was all sent. An error answer needs no more of it; anything else may be
        # an answer to what it reads, so the rest goes out at once: the bytes are in memory already.
        if self.status >= 400:
            self._is_request_cut = True
        elif not self.transport.is_closing():
            self.transport.write(rest)

    async def write_pieces(
        self, head: bytes, pieces: AsyncGenerator[bytes, None], timeouts: Timeouts, on_last: Callable[[], None]
    ) -> None:
        """Give a request to the socket piece by piece; `on_last` is called before the piece that completes it.

        Stops early, without completing the request, when the other side has answered or is gone.
        """
        held = head
        async with aclosing(pieces):
            async for piece in pieces:
                self.transport.write(held)
                held = piece
                while self._is_write_paused and self.state == _HEAD:
                    await self._wait_writable(self._clock.monotonic_s() + timeouts.first_byte_s)
                if self.state != _HEAD:
                    self._is_request_cut = True
                    return
        on_last()
        self.transport.write(held)

    async def wait_head(self, timeouts: Timeouts) -> None:
        """Return when the final header block is complete; raise what went wrong otherwise."""
        self.deadline_s = self._clock.monotonic_s() + timeouts.first_byte_s
        try:
            while self.state == _HEAD:
                self._waiter = self._loop.create_future()
                await self._waiter
        finally:
            self.deadline_s = _NEVER
            self._waiter = None
        # With a status the caller gets its answer; what broke afterwards is found where the body is read.
        if self.status == 0 and self.failure is not None:
            raise self.failure

    async def wait_body(self, timeouts: Timeouts) -> None:
        """Return when there are pieces to take, or the end, or a failure."""
        # One deadline for however many turns: bytes of framing alone are not progress.
        self.deadline_s = self._clock.monotonic_s() + timeouts.idle_s
        try:
            while self.state == _BODY and not self.pieces:
                self._waiter = self._loop.create_future()
                await self._waiter
        finally:
            self.deadline_s = _NEVER
            self._waiter = None

    async def pour(self, sink: Callable[[bytes], bool], timeouts: Timeouts) -> None:
        """Give body bytes to `sink` as they arrive, without waking the caller's task for each.

        Returns when `sink` said False, to bytes that are its own all the same, or when there is something for
        `wait_body`: pieces that came with the end, the end itself, a failure.
        """
        if self.state == _BODY and self.pieces and not sink(self.take()):
            return
        self._sink = sink
        self._idle_s = timeouts.idle_s
        self.deadline_s = self._clock.monotonic_s() + timeouts.idle_s
        try:
            while self._is_pouring():
                self._waiter = self._loop.create_future()
                await self._waiter
        finally:
            self._sink = None
            self.deadline_s = _NEVER
            self._waiter = None

    def take(self) -> bytes:
        """All body bytes that have arrived and were not taken yet."""
        pieces = self.pieces
        if not pieces:
            return b""
        taken = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        self.pieces = []
        self._buffered = 0
        if self._is_paused:
            self._is_paused = False
            if not self.transport.is_closing():
                self.transport.resume_reading()
        return taken

    def is_whole_within(self, most_bytes: int) -> bool:
        """Whether the answer has ended and its body, as it came, is no larger."""
        return self.state == _DONE and self.body_bytes <= most_bytes

    @property
    def received_bytes(self) -> int:
        """Bytes of this answer that came over the wire, header block included."""
        return self._received

    def is_reusable(self) -> bool:
        """Whether nothing of the last exchange is left that the next one could trip over."""
        return (
            self.state == _DONE
            and self._keeps_alive
            and not self._is_request_cut
            and not self._is_paused
            and not self.transport.is_closing()
            and self.transport.get_write_buffer_size() == 0
        )

    def lie_idle(self) -> None:
        """Lie idle; from here on any byte from the other side breaks the connection."""
        self.state = _IDLE
        self.pieces = []
        self.idle_since_s = self._clock.monotonic_s()

    def abort(self) -> None:
        """Break off now: the other side sees the connection close, a waiting reader gets ConnectionLost."""
        self._lose("broken off by us")
        self.state = _BROKEN
        self.pieces = []

    def expire(self) -> None:
        """End the running wait because its deadline has passed."""
        if self.state == _HEAD:
            self._fail(FirstByteTimeout("the provider did not begin to answer in time"))
        else:
            self._fail(IdleTimeout("the provider stopped sending in the middle of its answer"))

    async def _wait_writable(self, deadline_s: float) -> None:
        waiter = self._waiter = self._loop.create_future()
        self.deadline_s = deadline_s
        try:
            await waiter
        finally:
            self.deadline_s = _NEVER
            self._waiter = None

    def _wake(self) -> None:
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def _fail(self, failure: UpstreamError) -> None:
        if self.state in (_HEAD, _BODY):
            self.failure = failure
            self.state = _BROKEN
            self._wake()
        self.transport.abort()

    # -- what the transport calls ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # sockets give full transports

    def data_received(self, data: bytes) -> None:
        if self.state != _HEAD and self.state != _BODY:
            # Nobody has asked: an answer to an older request, or words of farewell from a server that closes. Whoever
            # still reads a complete answer may go on.
            self._keeps_alive = False
            if self.state == _IDLE:
                self.abort()
            return
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._on_parser_error(error)
            return
        if self.state == _HEAD:
            if self._received > self._limits.header_block_bytes:
                self._fail(ProtocolError("the answer's header block is too large"))
            return
        if self.state == _BODY:
            if self._is_chunked and self._framing_bytes_exceeded():
                self._fail(ProtocolError("the answer's chunks carry too much beside the body"))
                return
            if self._sink is not None:
                self._pour(self._sink)
                return
            if self._buffered > self._limits.buffer_bytes and not self._is_paused:
                self._is_paused = True
                self.transport.pause_reading()
        self._wake()

    def _is_pouring(self) -> bool:
        return self._sink is not None and self.state == _BODY and not self.pieces

    def _pour(self, sink: Callable[[bytes], bool]) -> None:
        # Bytes of framing alone are not progress.
        if self.pieces:
            if sink(self.take()):
                self.deadline_s = self._clock.monotonic_s() + self._idle_s
            else:
                self._sink = None
                self._wake()

    def _on_parser_error(self, error: Exception) -> None:
        if self.state == _DONE:
            # The answer itself was whole; what followed it makes the connection useless, not the answer.
            self._keeps_alive = False
            self._wake()
            return
        self._fail(self._refusal or ProtocolError(f"the answer is not valid HTTP: {error}"))

    def _framing_bytes_exceeded(self) -> bool:
        allowed = self._limits.framing_slack_bytes + self._limits.framing_bytes_per_chunk * self._chunk_count
        return self._received - self._header_bytes - self.body_bytes > allowed

    def eof_received(self) -> bool:
        if self.state == _BODY and self._is_until_close:
            self.state = _DONE
            self._wake()
        else:
            self._lose("closed")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._lose("closed" if exc is None else "reset")
        if self.state == _IDLE:
            self.state = _BROKEN
        self._on_lost(self)

    def _lose(self, how: str) -> None:
        if self.state == _BODY and how == "closed":
            self._fail(BodyTruncated("the provider closed before its answer's end", received_bytes=self.body_bytes))
        else:
            after_headers = self.state == _BODY
            where = "in the middle of its answer" if self._received else "without an answer"
            self._fail(
                ConnectionLost(
                    f"the connection was {how} {where}", received_bytes=self._received, after_headers=after_headers
                )
            )

    def pause_writing(self) -> None:
        self._is_write_paused = True

    def resume_writing(self) -> None:
        self._is_write_paused = False
        self._wake()

    # -- what the parser calls ---------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        if self.state == _DONE:
            raise ProtocolError("bytes follow the answer")

    def on_header(self, name: bytes, value: bytes) -> None:
        # Trailers are dropped: nothing in them may change what the header block said. They count as framing.
        if self.state == _HEAD:
            self.headers.append((name, value))

    def _read_headers(self) -> None:
        """Judge the whole block at once; what arrives before its end is bounded where it arrives."""
        limits = self._limits
        if len(self.headers) > limits.header_count:
            self._refuse("the answer has too many headers")
        headers: list[tuple[bytes, bytes]] = []
        for raw_name, raw_value in self.headers:
            size = len(raw_name) + len(raw_value) + 4
            self._header_bytes += size
            if size > limits.header_line_bytes:
                self._refuse("the answer has a header that is too large")
            name = raw_name.lower()
            value = raw_value.rstrip(b" \t")
            headers.append((name, value))
            if name in _FRAMING_HEADERS:
                before = self.framing.get(name)
                self.framing[name] = value if before is None else before + b"," + value
        if self._header_bytes > limits.header_block_bytes:
            self._refuse("the answer has a header that is too large")
        self.headers = headers

    def on_headers_complete(self) -> None:
        self._read_headers()
        status = self._parser.get_status_code()
        if status < 200:
            if status < 100 or status == 101:
                self._refuse("the answer has a status that we did not ask for")
            self._is_interim = True
            self.headers = []
            self.framing = {}
            return
        self._judge_framing(status)
        self.status = status
        self.state = _DONE if self._has_head_only else _BODY

    def _judge_framing(self, status: int) -> None:
        framing = self.framing
        transfer = framing.get(b"transfer-encoding")
        if transfer is not None:
            if transfer.lower() != b"chunked":
                self._refuse("the answer has a transfer coding that we do not know")
            self._is_chunked = True
        elif b"content-length" not in framing and status not in _BODILESS and not self._has_head_only:
            options = [option.strip() for option in framing.get(b"connection", b"").lower().split(b",")]
            if b"close" not in options and self._parser.get_http_version() != "1.0":
                self._refuse("the answer does not say where it ends")
            self._is_until_close = True

    def on_chunk_header(self) -> None:
        self._chunk_count += 1

    def on_body(self, data: bytes) -> None:
        if self.state != _BODY:
            return
        self.pieces.append(data)
        size = len(data)
        self.body_bytes += size
        self._buffered += size

    def on_message_complete(self) -> None:
        if self._is_interim:
            self._is_interim = False
            return
        # After the answer to HEAD the parser still waits for the announced body and never comes here: such a connection
        # is not used again.
        self._keeps_alive = self._parser.should_keep_alive()
        self.state = _DONE

    def _refuse(self, why: str) -> None:
        self._refusal = ProtocolError(why)
        raise self._refusal
