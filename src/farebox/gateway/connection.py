"""One client connection: HTTP/1.1 bytes in, exchanges out, answered in order.

The parser (llhttp, strict) refuses ambiguous framing by itself: Content-Length beside Transfer-Encoding, lengths that
repeat, bare line feeds, folded headers, white space before a colon. This module adds what it leaves open: sizes and
counts, transfer codings other than chunked, slow clients, and a close that lets the client read an early refusal. No
timer per connection: each leaves a deadline that the server's sweep compares with the clock. It must not know what is
asked for.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections import deque
from typing import Any, cast
from urllib.parse import unquote

import httptools
from uvicorn.config import Config
from uvicorn.protocols.utils import get_local_addr, get_remote_addr
from uvicorn.server import ServerState

from farebox.gateway.exchange import STATUS_LINES, Application, Exchange
from farebox.gateway.options import HttpLimits
from farebox.kit.logging import get_logger

_NEVER = math.inf
_ASGI = {"version": "3.0", "spec_version": "2.3"}
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_WRITE_HIGH_WATER = 64 * 1024
# What a Host header can be without meaning two things to two readers; empty is allowed.
_HOST = re.compile(rb"[A-Za-z0-9._~!$&'()*+;=:%\[\]-]*")
# Chunk sizes and extensions: honest one-byte chunks cost five bytes more each.
_FRAMING_SHARE = 8
# How soon a client that has closed its half is asked for a sign of life, and at least how often.
_FIRST_PROBE_S = 0.1
_LONGEST_PROBE_S = 5.0

_BAD_REQUEST = (400, "invalid_request", "The request is not valid HTTP/1.1.")
_BAD_HOST = (400, "invalid_request", "An HTTP/1.1 request must have exactly one valid Host header.")
_BAD_FRAMING = (400, "invalid_request", "The body's chunks are mostly framing; send larger chunks without extensions.")
_LINE_TOO_LONG = (414, "invalid_request", "The request line is too long.")
_HEADERS_TOO_LARGE = (431, "headers_too_large", "The request's headers are too large or too many.")
_TOO_SLOW = (408, "timeout", "The request did not arrive in time; send it again.")
_FAILED = (500, "internal_error", "Something failed here; the call was not charged. Try again.")


class _Unacceptable(Exception):
    def __init__(self, answer: tuple[int, str, str]) -> None:
        super().__init__(answer[1])
        self.answer = answer


class GatewayConfig(Config):
    """uvicorn's configuration and what our connections need besides."""

    http_limits: HttpLimits
    application: Application


class Connection(asyncio.Protocol):
    """Built by uvicorn for every accepted socket; `shutdown` is its call to finish up."""

    __slots__ = (
        "_answering",
        "_application",
        "_body_bytes",
        "_body_deadline_s",
        "_deadline_s",
        "_discarded_bytes",
        "_expects_continue",
        "_head_bytes",
        "_headers",
        "_hosts",
        "_is_discarding",
        "_is_head_new",
        "_is_in_head",
        "_is_reading_paused",
        "_limits",
        "_parser",
        "_peer",
        "_queue",
        "_received_bytes",
        "_receiving",
        "_server",
        "_state",
        "_url",
        "_write_deadline_s",
        "_write_waiter",
        "is_lost",
        "is_write_paused",
        "loop",
        "transport",
    )

    transport: asyncio.Transport

    def __init__(
        self,
        config: GatewayConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.loop = _loop or asyncio.get_running_loop()
        self.is_lost = False
        self.is_write_paused = False
        self._limits = config.http_limits
        self._application = config.application
        self._state = server_state
        self._parser = httptools.HttpRequestParser(self)
        self._answering: Exchange | None = None
        self._receiving: Exchange | None = None
        self._queue: deque[Exchange] = deque()
        self._write_waiter: asyncio.Future[None] | None = None
        self._is_reading_paused = False
        self._is_discarding = False
        self._discarded_bytes = 0
        self._is_in_head = False
        self._is_head_new = False
        self._head_bytes = 0
        self._headers: list[tuple[bytes, bytes]] = []
        self._url = b""
        self._expects_continue = False
        self._hosts = 0
        self._received_bytes = 0
        self._body_bytes = 0
        self._deadline_s = _NEVER
        self._body_deadline_s = _NEVER
        self._write_deadline_s = _NEVER

    # -- the transport's calls ---------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(high=_WRITE_HIGH_WATER)
        self._server = get_local_addr(self.transport)
        self._peer = get_remote_addr(self.transport)
        self._deadline_s = self.loop.time() + self._limits.header_s
        self._state.connections.add(self)  # type: ignore[arg-type]

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost = True
        self._state.connections.discard(self)
        self._wake_writer()
        for exchange in (self._answering, *self._queue):
            if exchange is not None:
                exchange.lose()
        self._queue.clear()
        # The parser leads back to us: let go, or every connection would wait for the garbage collector.
        self._receiving = None
        del self._parser

    def data_received(self, data: bytes) -> None:
        if self._is_discarding:
            self._discarded_bytes += len(data)
            if self._discarded_bytes > self._limits.linger_bytes:
                self.transport.abort()
            return
        self._is_head_new = False
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._read_no_more_requests()  # answered as the plain request that it also is
        except httptools.HttpParserError as error:
            cause = error.__context__
            self._refuse(cause.answer if isinstance(cause, _Unacceptable) else _BAD_REQUEST)
        else:
            if self._is_in_head and not self._is_head_new:
                # What the parser gathers of an unfinished line shows in no callback yet.
                self._head_bytes += len(data)
                if self._head_bytes > 2 * self._limits.header_bytes:
                    self._refuse(_HEADERS_TOO_LARGE)
            elif self._receiving is not None and not self._receiving.is_body_complete:
                self._received_bytes += len(data)
                if self._received_bytes > _FRAMING_SHARE * self._body_bytes + 4 * self._limits.header_bytes:
                    self._refuse(_BAD_FRAMING)

    def eof_received(self) -> bool:
        """The client sends no more: gone, or only done with asking and waiting for its answers.

        True keeps our half open. Nothing but a write tells the two apart, so until the answer begins, interim answers
        are written now and then: to whoever has gone they fail, and everybody else must skip them (RFC 9110, 15.2).
        """
        queue = self._queue
        if queue and not queue[-1].is_body_complete:
            queue.pop().lose()
        asked = queue[-1] if queue else self._answering
        if asked is None or not asked.is_body_complete:
            return False
        self._is_discarding = True
        asked.keeps_alive = False
        self._probe(_FIRST_PROBE_S)
        return True

    def pause_writing(self) -> None:
        self.is_write_paused = True
        self._write_deadline_s = self.loop.time() + self._limits.stalled_write_s

    def resume_writing(self) -> None:
        self.is_write_paused = False
        self._write_deadline_s = _NEVER
        self._wake_writer()

    # -- the parser's calls ------------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        self._is_in_head = self._is_head_new = True
        self._head_bytes = 0
        self._headers = []
        self._url = b""
        self._expects_continue = False
        self._hosts = 0
        self._receiving = None
        if self._answering is None:
            self._deadline_s = self.loop.time() + self._limits.header_s

    def on_url(self, url: bytes) -> None:
        self._url += url
        if len(self._url) > self._limits.request_line_bytes:
            raise _Unacceptable(_LINE_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        limits, headers = self._limits, self._headers
        self._head_bytes += len(name) + len(value) + 4
        if self._head_bytes > limits.header_bytes or len(headers) >= limits.header_count:
            raise _Unacceptable(_HEADERS_TOO_LARGE)
        if not self._is_in_head:
            return  # a trailer: counted, and nobody's business
        name = name.lower()
        if name == b"expect":
            self._expects_continue = self._expects_continue or value.lower() == b"100-continue"
        elif name == b"host":
            self._hosts += 1
            if not _HOST.fullmatch(value):
                raise _Unacceptable(_BAD_HOST)
        elif name == b"transfer-encoding" and value.lower() != b"chunked":
            # A coding that we do not undo would leave the two ends with different ideas of the body.
            raise _Unacceptable(_BAD_REQUEST)
        headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        version = self._parser.get_http_version()
        if self._hosts != 1 and (self._hosts or version == "1.1"):
            raise _Unacceptable(_BAD_HOST)
        url = httptools.parse_url(self._url)
        raw_path = url.path
        if not raw_path:
            raise _Unacceptable(_BAD_REQUEST)
        path = raw_path.decode("ascii")
        exchange = Exchange(
            self,
            {
                "type": "http",
                "asgi": _ASGI,
                "http_version": version,
                "server": self._server,
                "client": self._peer,
                "scheme": "http",
                "root_path": "",
                "headers": self._headers,
                "method": self._parser.get_method().decode("ascii"),
                "path": unquote(path) if "%" in path else path,
                "raw_path": raw_path,
                "query_string": url.query or b"",
            },
            keeps_alive=version != "1.0" and self._parser.should_keep_alive(),
            is_http_10=version == "1.0",
            expects_continue=self._expects_continue,
        )
        exchange.scope["farebox.exchange"] = exchange
        self._receiving = exchange
        self._received_bytes = self._body_bytes = 0
        self._body_deadline_s = self.loop.time() + self._limits.body_s
        self._deadline_s = self._body_deadline_s - self._limits.body_s + self._limits.body_idle_s
        if self._answering is None:
            self._begin(exchange)
        elif len(self._queue) < self._limits.pipelined_requests:
            self._queue.append(exchange)
            self.pause_reading()
        else:
            raise _Unacceptable(_BAD_REQUEST)

    def on_body(self, body: bytes) -> None:
        exchange = self._receiving
        if exchange is None or exchange.is_complete:
            return
        self._deadline_s = min(self._body_deadline_s, self.loop.time() + self._limits.body_idle_s)
        self._body_bytes += len(body)
        exchange.feed(body)

    def on_message_complete(self) -> None:
        self._deadline_s = _NEVER
        exchange = self._receiving
        if exchange is not None:
            exchange.end_body()
            if not exchange.keeps_alive:
                self._is_discarding = True

    # -- what exchanges and the server ask for -----------------------------------------------------------------------

    async def wait_writable(self) -> None:
        """Return when the client has read enough, or is gone."""
        while self.is_write_paused and not self.is_lost:
            self._write_waiter = self.loop.create_future()
            try:
                await self._write_waiter
            finally:
                self._write_waiter = None

    def write_continue(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_CONTINUE)

    def pause_reading(self) -> None:
        if not self._is_reading_paused and not self.transport.is_closing():
            self._is_reading_paused = True
            self._deadline_s = _NEVER  # it is we who make it wait
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        if self._is_reading_paused and not self._queue:
            self._is_reading_paused = False
            if self._receiving is not None and not self._receiving.is_body_complete:
                self._deadline_s = min(self._body_deadline_s, self.loop.time() + self._limits.body_idle_s)
            if not self.transport.is_closing():
                self.transport.resume_reading()

    def end(self, exchange: Exchange) -> None:
        """The answer is written: on to the next request, or close."""
        self._state.total_requests += 1
        self._answering = None
        if not exchange.keeps_alive:
            if exchange.is_body_complete:
                self.transport.close()
            else:
                self._linger()
            return
        if self._queue:
            self._begin(self._queue.popleft())
        elif not self._is_in_head:
            self._deadline_s = self.loop.time() + self._limits.keep_alive_s
        self.resume_reading()

    def abandon(self, exchange: Exchange) -> None:
        """The application ended without finishing its answer: say so if that is still possible, break off if not."""
        if exchange.is_started:
            self.transport.abort()
        else:
            self._write_refusal(_FAILED)
            self._linger()
        exchange.lose()

    def expire(self, now_s: float) -> None:
        """Called by the server's sweep: send away whoever is too slow."""
        if now_s > self._write_deadline_s:
            self.transport.abort()
        elif now_s > self._deadline_s:
            self._deadline_s = _NEVER
            if self._is_discarding or (self._answering is None and not self._is_in_head):
                self.transport.close()  # idle, or lingered long enough
            else:
                self._refuse(_TOO_SLOW)

    def shutdown(self) -> None:
        """Finish what runs, take nothing new."""
        if self._answering is None:
            self.transport.close()
        else:
            for exchange in (self._answering, *self._queue):
                exchange.keeps_alive = False

    # -- inside ------------------------------------------------------------------------------------------------------

    def _begin(self, exchange: Exchange) -> None:
        self._answering = exchange
        task = self.loop.create_task(exchange.run(self._application))
        self._state.tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._state.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            get_logger("gateway").error("request_failed", exc_info=error)

    def _probe(self, wait_s: float) -> None:
        """Ask a client that has closed its half for a sign of life, again and again while an answer has not begun."""
        exchange = self._answering
        if exchange is None or self.is_lost or self.transport.is_closing():
            return
        if exchange.takes_interim_answers and not exchange.is_started:
            self.transport.write(_CONTINUE)
        self.loop.call_later(wait_s, self._probe, min(_LONGEST_PROBE_S, 2 * wait_s))

    def _read_no_more_requests(self) -> None:
        self._is_discarding = True
        if self._receiving is not None:
            self._receiving.keeps_alive = False

    def _refuse(self, answer: tuple[int, str, str]) -> None:
        """What came is no request that we take: answer it if nothing else is being answered, and close."""
        self._is_discarding = True
        exchange = self._answering
        if exchange is None:
            self._write_refusal(answer)
            self._linger()
        elif exchange is self._receiving and not exchange.is_body_complete:
            if exchange.is_started:
                self.transport.abort()
            else:
                self._write_refusal(answer)
                self._linger()
            exchange.lose()
        else:
            # Earlier requests are being answered: they end in peace, and the last of them closes.
            broken = self._receiving
            if broken is not None and not broken.is_body_complete and self._queue and self._queue[-1] is broken:
                self._queue.pop().lose()
            (self._queue[-1] if self._queue else exchange).keeps_alive = False

    def _write_refusal(self, answer: tuple[int, str, str]) -> None:
        status, code, message = answer
        kind = b"server_error" if status >= 500 else b"invalid_request_error"
        body = b'{"error":{"message":"%b","type":"%b","param":null,"code":"%b"}}' % (
            message.encode(),
            kind,
            code.encode(),
        )
        line = STATUS_LINES[status]
        self.transport.write(
            b"%bcontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b"
            % (line, len(body), body)
        )

    def _linger(self) -> None:
        """Close our half and throw away what still comes, for a while: see HttpLimits.linger_s."""
        self._is_discarding = True
        self._is_in_head = False
        self._deadline_s = self.loop.time() + self._limits.linger_s
        self._queue.clear()
        if self.transport.is_closing():
            return
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._is_reading_paused, was_paused = False, self._is_reading_paused
        if was_paused:
            self.transport.resume_reading()

    def _wake_writer(self) -> None:
        if self._write_waiter is not None and not self._write_waiter.done():
            self._write_waiter.set_result(None)
