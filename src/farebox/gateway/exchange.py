"""One request and its answer on a connection, as the pair of ASGI callables that an application expects.

Beside ASGI it tells what the pipeline needs to know and ASGI cannot say without a task per request: that the client
has gone (a callback, called at once) and whether the answer's bytes have all been handed to the kernel. It reaches the
application as `scope["farebox.exchange"]`.
"""

from __future__ import annotations

import asyncio
import http
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from farebox.gateway.connection import Connection

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

STATUS_LINES = {
    status.value: b"HTTP/1.1 %d %s\r\n" % (status.value, status.phrase.encode()) for status in http.HTTPStatus
}
_BODILESS = frozenset((204, 304))
# Unread body bytes at which the socket is left alone until the application takes them.
_BODY_HIGH_WATER = 256 * 1024


class Exchange:
    """Made by the connection when a request's header block is complete; gone when its answer is."""

    __slots__ = (
        "_body",
        "_body_bytes",
        "_connection",
        "_expects_continue",
        "_has_body",
        "_head",
        "_is_body_complete",
        "_is_chunked",
        "_is_head_request",
        "_is_http_10",
        "_remaining",
        "_waiter",
        "is_complete",
        "is_gone",
        "is_started",
        "keeps_alive",
        "on_gone",
        "scope",
    )

    def __init__(
        self, connection: Connection, scope: Scope, *, keeps_alive: bool, is_http_10: bool, expects_continue: bool
    ) -> None:
        self.scope = scope
        self.keeps_alive = keeps_alive
        self.is_gone = False
        self.is_started = False
        self.is_complete = False
        self.on_gone: Callable[[], None] | None = None
        self._connection = connection
        self._is_http_10 = is_http_10
        self._is_head_request = scope["method"] == "HEAD"
        self._expects_continue = expects_continue
        self._waiter: asyncio.Future[None] | None = None
        self._body: list[bytes] = []
        self._body_bytes = 0
        self._is_body_complete = False
        self._head = b""
        self._has_body = True
        self._is_chunked = False
        self._remaining = 0

    # -- what the connection tells -----------------------------------------------------------------------------------

    def feed(self, body: bytes) -> None:
        self._body.append(body)
        self._body_bytes += len(body)
        if self._body_bytes > _BODY_HIGH_WATER:
            self._connection.pause_reading()
        self._wake()

    def end_body(self) -> None:
        self._is_body_complete = True
        self._wake()

    @property
    def is_body_complete(self) -> bool:
        return self._is_body_complete

    @property
    def takes_interim_answers(self) -> bool:
        return not self._is_http_10

    def lose(self) -> None:
        """The client has gone, or was sent away: nothing more will be read or written."""
        if self.is_gone or self.is_complete:
            return
        self.is_gone = True
        self._wake()
        if self.on_gone is not None:
            self.on_gone()

    @property
    def is_delivered(self) -> bool:
        """Whether every byte given to `send` is in the kernel's hands, or can never be."""
        return self._connection.is_lost or self._connection.transport.get_write_buffer_size() == 0

    # -- ASGI --------------------------------------------------------------------------------------------------------

    async def run(self, application: Application) -> None:
        try:
            await application(self.scope, self.receive, self.send)
        finally:
            # The scope leads back to us: let go, or every request would wait for the garbage collector.
            self.scope.pop("farebox.exchange", None)
            # Whatever happened, the client must not wait for an answer that nobody writes any more.
            if not self.is_complete and not self.is_gone:
                self._connection.abandon(self)

    async def receive(self) -> Message:
        if self._expects_continue and not self._is_body_complete and not self._body:
            self._connection.write_continue()
        self._expects_continue = False
        while not (self._body or self._is_body_complete or self.is_gone):
            self._connection.resume_reading()
            self._waiter = self._connection.loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self.is_gone:
            return {"type": "http.disconnect"}
        body = self._body
        self._body = []
        self._body_bytes = 0
        return {
            "type": "http.request",
            "body": body[0] if len(body) == 1 else b"".join(body),
            "more_body": not self._is_body_complete,
        }

    async def send(self, message: Message) -> None:
        connection = self._connection
        if connection.is_write_paused and not self.is_gone:
            await connection.wait_writable()
        if self.is_gone or self.is_complete:
            return
        if message["type"] == "http.response.start":
            # Written together with the first piece of the body: one system call, one packet.
            self._head = self._start(message["status"], message["headers"])
            return
        body = message.get("body", b"")
        has_more = message.get("more_body", False)
        self._write(body, has_more=has_more)
        if not has_more:
            self.is_complete = True
            connection.end(self)

    async def answer(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        """A whole answer at once, with its length: what two messages to `send` would do, for the busiest way."""
        connection = self._connection
        if connection.is_write_paused and not self.is_gone:
            await connection.wait_writable()
        if self.is_gone or self.is_complete:
            return
        headers.append((b"content-length", b"%d" % len(body)))
        self._head = self._start(status, headers)
        self._write(body, has_more=False)
        self.is_complete = True
        connection.end(self)

    @property
    def takes_at_once(self) -> bool:
        """Whether the next piece of an answer that has begun need not wait for anything."""
        return not (self._connection.is_write_paused or self.is_gone or self.is_complete or self._head)

    def pass_on(self, body: bytes) -> None:
        """What `send` would do with another piece of the answer, for one that `takes_at_once`."""
        if body:
            self._write(body, has_more=True)

    def _start(self, status: int, headers: list[tuple[bytes, bytes]]) -> bytes:
        self.is_started = True
        if not self._is_body_complete:
            # The rest of the request would have to be read before the next one; it is not worth it.
            self.keeps_alive = False
        parts = [STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status]
        length: int | None = None
        for name, value in headers:
            if name == b"content-length":
                length = int(value)
            parts += (name, b": ", value, b"\r\n")
        lines = len(headers) + 1
        self._has_body = not self._is_head_request and status not in _BODILESS
        if self._has_body and length is None:
            if self._is_http_10:
                self.keeps_alive = False
            else:
                self._is_chunked = True
                parts.append(b"transfer-encoding: chunked\r\n")
                lines += 1
        self._remaining = length or 0
        if not self.keeps_alive:
            parts.append(b"connection: close\r\n")
            lines += 1
        head = b"".join(parts)
        if head.count(b"\n") != lines or head.count(b"\r") != lines:
            raise ValueError("an answer header contains a line break")
        return head + b"\r\n"

    def _write(self, body: bytes, *, has_more: bool) -> None:
        head = self._head
        self._head = b""
        if not self._has_body:
            body = b""
        elif self._is_chunked:
            body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            if not has_more:
                body += b"0\r\n\r\n"
        elif not self._is_http_10 or self._remaining:
            self._remaining -= len(body)
            if self._remaining < 0 or (self._remaining and not has_more):
                raise ValueError("an answer's body differs from its content-length")
        if head or body:
            self._connection.transport.write(head + body)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
