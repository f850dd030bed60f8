"""Calls as many clients make them at once: over raw sockets, and honest about what arrived whole.

`Reply.is_whole` is what a customer would swear to: the whole body by its length, or a stream with its [DONE].
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CHAT = "/v1/chat/completions"
_DONE = b"data: [DONE]\n\n"
_LOST = (OSError, EOFError)


@dataclass
class Reply:
    """What came back, as far as it came. `status` is 0 when not even a header did."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    has_ended: bool = False

    @property
    def is_stream(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/event-stream")

    @property
    def is_whole(self) -> bool:
        return self.has_ended and (not self.is_stream or self.body.endswith(_DONE))

    @property
    def is_served(self) -> bool:
        """An answer in full, that has to be paid for."""
        return self.status == 200 and self.is_whole

    @property
    def job_id(self) -> str:
        return self.headers["farebox-job-id"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])

    @property
    def events(self) -> list[Any]:
        lines = [line[6:] for line in self.body.split(b"\n") if line.startswith(b"data: ")]
        return [json.loads(line) for line in lines if line != b"[DONE]"]

    @property
    def cost(self) -> str | None:
        """What the answer says it costs; None for a stream whose usage was not asked for."""
        if not self.is_stream:
            return self.headers.get("farebox-cost")
        usage = self.events[-1].get("usage")
        return None if usage is None else str(usage["cost"])


class Line:
    """One open connection: `send`, then `receive`; or `call` for both."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(
        self,
        key: str,
        body: Mapping[str, Any] | bytes | None,
        *,
        method: str = "POST",
        path: str = CHAT,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "host: farebox", f"authorization: Bearer {key}"]
        lines += [f"content-length: {len(raw)}"]
        told = {"content-type": "application/json", **(headers or {})}
        lines += [f"{name}: {value}" for name, value in told.items()]
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + raw)

    async def receive(self) -> Reply:
        """The answer, or what came of it before the connection was lost."""
        reply = Reply()
        with contextlib.suppress(_LOST):
            await self._receive(reply)
        return reply

    async def first(self, most: int = 65_536) -> bytes:
        """The first bytes, whatever they are."""
        return await self._reader.read(most)

    async def until(self, mark: bytes) -> bool:
        """Reads up to the mark; False when the connection ends before it."""
        try:
            await self._reader.readuntil(mark)
        except _LOST:
            return False
        return True

    def reset(self) -> None:
        """Go away without a word, as a killed client does."""
        self._writer.transport.abort()

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def _receive(self, reply: Reply) -> None:
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        reply.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        reply.status = int(head[0].split()[1])
        if "content-length" in reply.headers:
            await self._receive_exactly(int(reply.headers["content-length"]), reply)
        else:
            while (size := int((await self._reader.readuntil(b"\r\n")).strip(), 16)) > 0:
                await self._receive_exactly(size, reply)
                await self._reader.readexactly(2)
            await self._reader.readexactly(2)
        reply.has_ended = True

    async def _receive_exactly(self, size: int, reply: Reply) -> None:
        until = len(reply.body) + size
        while len(reply.body) < until:
            piece = await self._reader.read(until - len(reply.body))
            if not piece:
                raise EOFError
            reply.body += piece


@contextlib.asynccontextmanager
async def dialled(port: int, count: int) -> AsyncIterator[list[Line]]:
    """So many open connections, closed at the end of the block."""
    lines: list[Line] = []

    async def dial() -> None:
        lines.append(Line(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)))

    try:
        await asyncio.gather(*(dial() for _ in range(count)))
        yield lines
    finally:
        await asyncio.gather(*(line.close() for line in lines))


async def call(
    port: int,
    key: str,
    body: Mapping[str, Any] | bytes | None,
    *,
    method: str = "POST",
    path: str = CHAT,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """One call on a connection of its own; an empty reply when nobody listens."""
    try:
        async with dialled(port, 1) as (line,):
            line.send(key, body, method=method, path=path, headers=headers)
            return await line.receive()
    except OSError:
        return Reply()


async def burst(
    port: int, calls: Sequence[tuple[str, Mapping[str, Any]]], *, connected: Callable[[], None] | None = None
) -> list[Reply]:
    """All calls (key, body) at once: first every connection, then `connected`, then every request."""
    async with dialled(port, len(calls)) as lines:
        if connected is not None:
            connected()
        for line, (key, body) in zip(lines, calls, strict=True):
            line.send(key, body)
        return await asyncio.gather(*(line.receive() for line in lines))


def chat(model: str, **fields: Any) -> dict[str, Any]:
    """The body of a chat completion."""
    return {"model": model, "messages": [{"role": "user", "content": "Hello!"}], **fields}
