"""One client connection of the simulator: HTTP/1.1 in by httptools, raw bytes out by playing scripts.

A bare protocol rather than a web server, because most faults are byte sequences that a web server would not send.
It notices at once when the client goes away before the script has ended, which is how tests see cancellations.
"""

import asyncio
import socket
import struct
from collections import deque
from typing import cast

import httptools

from farebox.simulator.app import HttpRequest, Reply, Simulator
from farebox.simulator.credentials import UNREMARKABLE, WATCHED
from farebox.simulator.script import End
from farebox.simulator.stats import Outcome

BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
JSON = b"application/json"
FLUSH_CHECK_S = 0.001
LINGER_NONE = struct.pack("ii", 1, 0)


class Connection(asyncio.Protocol):
    """Requests are answered one after the other; those that come early wait their turn."""

    def __init__(self, simulator: Simulator, connections: set["Connection"], loop: asyncio.AbstractEventLoop) -> None:
        self._simulator = simulator
        self._connections = connections
        self._loop = loop
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[HttpRequest] = deque()
        self._reply: Reply | None = None
        self._keep_alive = True
        self._at = 0
        self._timer: asyncio.TimerHandle | None = None
        self._write_paused = False
        self._transport: asyncio.Transport
        self._target = b""
        self._headers: dict[bytes, bytes] = {}
        self._body: list[bytes] = []

    # asyncio calls these

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop registers no subclass
        self._simulator.stats.connections_open += 1
        self._simulator.stats.connections_total += 1
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self._simulator.stats.connections_open -= 1
        self._waiting.clear()
        self._finish("closed_early")

    def eof_received(self) -> bool:
        if self._reply is not None:
            self._finish("closed_early")
            self._transport.abort()
        return False

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError:
            self.close()
            raise  # a fault of this program, not of the client
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._refuse()

    def pause_writing(self) -> None:
        self._write_paused = True

    def resume_writing(self) -> None:
        self._write_paused = False
        if self._reply is not None and self._timer is None:
            self._play()

    # httptools calls these

    def on_message_begin(self) -> None:
        self._target = b""
        self._headers = {}
        self._body = []

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name in UNREMARKABLE:  # spares most headers of most requests all that follows
            return
        name = name.lower()
        if name in WATCHED and value and value != JSON:
            self._headers[name] = value
        elif name == b"expect":
            self._transport.write(CONTINUE)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        request = HttpRequest(
            self._parser.get_method(),
            self._target,
            self._body[0] if len(self._body) == 1 else b"".join(self._body),
            self._headers,
            self._parser.should_keep_alive(),
        )
        if self._reply is None:
            self._begin(request)
        else:
            self._waiting.append(request)

    # playing

    def close(self) -> None:
        """End the connection for good; a client in the middle of an answer sees it cut."""
        self._finish("broken_off")
        self._transport.abort()

    def _begin(self, request: HttpRequest) -> None:
        self._reply = self._simulator.reply(request)
        self._keep_alive = request.keep_alive
        self._at = 0
        self._play()

    def _play(self) -> None:
        """Play on until the script pauses, the client reads too slowly, or all is sent."""
        self._timer = None
        reply = self._reply
        if reply is None:
            return
        steps, repeat, marks = reply.script.steps, reply.script.repeat, reply.marks
        while not self._write_paused:
            if self._at < len(steps):
                step = steps[self._at]
            elif repeat:
                step = repeat[(self._at - len(steps)) % len(repeat)]
            else:
                self._finish("completed")
                self._next()
                return
            self._at += 1
            if isinstance(step, bytes):
                self._transport.write(step if marks is None else marks.fill(step))
            elif isinstance(step, float):
                self._timer = self._loop.call_later(self._delay_s(step, reply.script.jitter_ms), self._play)
                return
            else:
                self._finish("broken_off")
                self._end(step)
                return

    def _delay_s(self, pause_ms: float, jitter_ms: float) -> float:
        if jitter_ms and pause_ms:
            pause_ms += jitter_ms * self._simulator.random.random()
        return pause_ms / 1000

    def _next(self) -> None:
        if not self._keep_alive:
            self._transport.close()
        elif self._waiting:
            self._loop.call_soon(self._begin_waiting)

    def _begin_waiting(self) -> None:
        if self._reply is None and self._waiting:
            self._begin(self._waiting.popleft())

    def _finish(self, outcome: Outcome) -> None:
        reply, self._reply = self._reply, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if reply is None or reply.record is None:
            return
        self._simulator.stats.end(reply.record, outcome)
        if outcome == "completed":
            self._simulator.stats.count_tokens(reply.script.prompt_tokens, reply.script.completion_tokens)

    def _end(self, end: End) -> None:
        if end is End.CLOSE:
            self._transport.close()
        elif self._transport.is_closing():
            return
        elif self._transport.get_write_buffer_size():
            # A reset discards what is still unsent here; the script means what it sent to arrive.
            self._loop.call_later(FLUSH_CHECK_S, self._end, end)
        else:
            connection: socket.socket = self._transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NONE)
            self._transport.abort()

    def _refuse(self) -> None:
        self._finish("broken_off")
        self._transport.write(BAD_REQUEST)
        self._transport.close()
