"""What is not ours goes to the control process, over its local socket; its answer is streamed back.

The request is read whole before it is passed on: a body that is too large, or breaks off, must not have started
anything over there. One connection per request: the control plane is not the hot path. Hop-by-hop headers stay on
their hop; what the client claims about itself in forwarding headers is replaced by what we know.
"""

import asyncio
from pathlib import Path

import httptools

from farebox.domain.errors import Refusal
from farebox.gateway.answer import Headers
from farebox.gateway.exchange import Receive, Send
from farebox.gateway.receive import Call, receive_body
from farebox.kit.logging import Logger

_CONNECT_S = 5.0
_ANSWER_S = 120.0
_PIECE_BYTES = 64 * 1024
# The largest that is of use are terms in four languages; and who reads more keeps everybody else waiting.
_MOST_BODY_BYTES = 2 * 1024 * 1024
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
        """Raises ClientGone, and a Refusal: the body is too large, or (503) the control process does not answer."""
        body = await receive_body(call, receive, _MOST_BODY_BYTES)
        try:
            reader, writer = await asyncio.wait_for(asyncio.open_unix_connection(self._path), _CONNECT_S)
        except (OSError, TimeoutError) as error:
            raise _down() from error
        # A client that goes away ends the request over there, too.
        call.exchange.on_gone = writer.transport.abort
        try:
            writer.write(_request(call, raw_target, raw_headers, body, client))
            await self._pass_back(call, send, reader)
        finally:
            call.exchange.on_gone = None
            writer.transport.abort()

    async def _pass_back(self, call: Call, send: Send, reader: asyncio.StreamReader) -> None:
        answer = _Answer(is_bodiless=call.method == "HEAD")
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

    def __init__(self, *, is_bodiless: bool) -> None:
        self._is_bodiless = is_bodiless  # whatever length its header tells
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
        self.is_complete = self._is_bodiless
        self.ends_with_connection = not self._parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)

    def on_message_complete(self) -> None:
        self.is_complete = self._is_head_complete


def _request(call: Call, raw_target: bytes, raw_headers: Headers, body: bytes, client: str | None) -> bytes:
    # Kept alive: a server that answers early and closes would let its answer be lost with what it had not read.
    lines = [b"%b %b HTTP/1.1\r\n" % (call.method.encode(), raw_target)]
    for name, value in raw_headers:
        if name not in _HOP_BY_HOP and name not in _OURS and name != b"content-length":
            lines.append(b"%b: %b\r\n" % (name, value))
    lines.append(b"x-request-id: req_%b\r\n" % call.id.hex.encode())
    if client is not None:
        lines.append(b"x-forwarded-for: %b\r\n" % client.encode())
    if body or b"content-length" in call.headers:
        lines.append(b"content-length: %d\r\n" % len(body))
    return b"".join(lines) + b"\r\n" + body


def _down() -> Refusal:
    return Refusal(
        "internal_error",
        "This part of the service is starting or down; try again shortly.",
        status=503,
        retry_after_s=2,
    )
