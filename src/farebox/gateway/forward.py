"""What is not ours goes to the control process, over its local socket, streamed both ways.

One connection per request: the control plane is not the hot path. Hop-by-hop headers stay on their hop; what the client
claims about itself in forwarding headers is replaced by what we know.
"""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import httptools

from farebox.domain.errors import Refusal
from farebox.gateway.answer import Headers
from farebox.gateway.exchange import Receive, Send
from farebox.gateway.receive import Call
from farebox.kit.logging import Logger

_CONNECT_S = 5.0
_ANSWER_S = 120.0
_PIECE_BYTES = 64 * 1024
_HOP_BY_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"expect",
    )
)
_OURS = frozenset(
    (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip", b"x-request-id")
)


class ControlForwarder:
    """Forwards to one control process."""

    def __init__(self, socket_path: Path, logger: Logger) -> None:
        self._path = str(socket_path)
        self._logger = logger

    async def forward(
        self, call: Call, raw_target: bytes, raw_headers: Headers, receive: Receive, send: Send, *, client: str | None
    ) -> None:
        """Raises a Refusal (503) when the control process does not answer and nothing was sent yet."""
        try:
            reader, writer = await asyncio.wait_for(asyncio.open_unix_connection(self._path), _CONNECT_S)
        except (OSError, TimeoutError) as error:
            raise _down() from error
        # A client that goes away ends the request over there, too.
        call.exchange.on_gone = writer.transport.abort
        try:
            await self._exchange(call, raw_target, raw_headers, receive, send, reader, writer, client)
        finally:
            call.exchange.on_gone = None
            writer.transport.abort()

    async def _exchange(
        self,
        call: Call,
        raw_target: bytes,
        raw_headers: Headers,
        receive: Receive,
        send: Send,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        client: str | None,
    ) -> None:
        answer = _Answer()
        # A failed write may mean that it answered before it had read everything: look.
        with contextlib.suppress(OSError):
            await _write_request(call, raw_target, raw_headers, receive, writer, client)
        try:
            while not answer.is_complete:
                data = await asyncio.wait_for(reader.read(_PIECE_BYTES), _ANSWER_S)
                if not data:
                    break
                answer.feed(data)
                await answer.pass_on(call, send)
        except (OSError, TimeoutError, httptools.HttpParserError) as error:
            self._logger.error("control_failed", error=type(error).__name__)
        if not answer.is_started:
            raise _down()
        if answer.is_complete or answer.ends_with_connection:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        # Otherwise the answer is left unfinished, and the connection tells the client so.


class _Answer:
    """The control process's answer as it comes."""

    def __init__(self) -> None:
        self.is_started = False
        self.is_complete = False
        self.ends_with_connection = False
        self._parser = httptools.HttpResponseParser(self)
        self._headers: Headers = []
        self._pieces: list[bytes] = []
        self._is_head_complete = False

    def feed(self, data: bytes) -> None:
        self._parser.feed_data(data)

    async def pass_on(self, call: Call, send: Send) -> None:
        if not self._is_head_complete:
            return
        if not self.is_started:
            self.is_started = True
            headers = [*self._headers, (b"x-request-id", b"req_" + call.id.hex.encode())]
            status = self._parser.get_status_code()
            await send({"type": "http.response.start", "status": status, "headers": headers})
        body = b"".join(self._pieces)
        self._pieces.clear()
        await send({"type": "http.response.body", "body": body, "more_body": True})

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if not self._is_head_complete and name not in _HOP_BY_HOP and name != b"x-request-id":
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        if self._parser.get_status_code() < 200:
            self._headers.clear()  # an interim answer
            return
        self._is_head_complete = True
        self.ends_with_connection = not self._parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)

    def on_message_complete(self) -> None:
        self.is_complete = self._is_head_complete


async def _write_request(
    call: Call,
    raw_target: bytes,
    raw_headers: Headers,
    receive: Receive,
    writer: asyncio.StreamWriter,
    client: str | None,
) -> None:
    has_length = b"content-length" in call.headers
    is_chunked = not has_length and b"transfer-encoding" in call.headers
    lines = [b"%b %b HTTP/1.1\r\n" % (call.method.encode(), raw_target)]
    for name, value in raw_headers:
        if name not in _HOP_BY_HOP and name not in _OURS:
            lines.append(b"%b: %b\r\n" % (name, value))
    lines.append(b"x-request-id: req_%b\r\nconnection: close\r\n" % call.id.hex.encode())
    if client is not None:
        lines.append(b"x-forwarded-for: %b\r\n" % client.encode())
    if is_chunked:
        lines.append(b"transfer-encoding: chunked\r\n")
    writer.write(b"".join(lines) + b"\r\n")
    more = has_length or is_chunked
    while more:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            return
        piece, more = message["body"], message["more_body"]
        if piece:
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunked else piece)
        await writer.drain()
    if is_chunked:
        writer.write(b"0\r\n\r\n")
    await writer.drain()


def _down() -> Refusal:
    return Refusal(
        "internal_error",
        "This part of the service is starting or down; try again shortly.",
        status=503,
        retry_after_s=2,
    )
