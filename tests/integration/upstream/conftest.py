"""Providers made of raw bytes: each test writes down what the other side of the socket does."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvloop

from farebox.upstream.client import UpstreamClient
from farebox.upstream.endpoint import Endpoint, parse_endpoint
from farebox.upstream.limits import Timeouts

PATIENT = Timeouts(connect_s=5, first_byte_s=5, idle_s=5)


class Peer:
    """The provider's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def request(self) -> tuple[bytes, bytes]:
        """The next request: its header block and its body."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = [line for line in head.split(b"\r\n") if line.startswith(b"content-length: ")]
        body = await self.reader.readexactly(int(length[0][16:])) if length else b""
        return head, body

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            if self.writer.transport.is_closing():
                raise ConnectionResetError
            self.writer.write(piece)
            await self.writer.drain()

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def until_gone(self) -> None:
        """Return when the other side has closed."""
        try:
            while await self.reader.read(65536):
                pass
        except ConnectionError:
            pass


Script = Callable[[Peer], Awaitable[None]]


@dataclass
class Provider:
    """A listening provider; `connections` counts how often it was connected to."""

    port: int = 0
    connections: int = 0
    peers: list[Peer] = field(default_factory=list)
    finished: list[asyncio.Future[None]] = field(default_factory=list)

    def url(self, scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}"

    def endpoint(self, **options: Any) -> Endpoint:
        return parse_endpoint(self.url(), allow_private=True, **options)


@asynccontextmanager
async def _provider(*scripts: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[Provider]:
    """The n-th connection is played by the n-th script, later ones by the last."""
    provider = Provider()
    failures: list[BaseException] = []
    running: set[asyncio.Task[Any]] = set()

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.add(asyncio.current_task())  # type: ignore[arg-type]
        script = scripts[min(provider.connections, len(scripts) - 1)]
        provider.connections += 1
        peer = Peer(reader, writer)
        provider.peers.append(peer)
        try:
            await script(peer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except AssertionError as failure:
            failures.append(failure)
        finally:
            writer.close()

    server = await asyncio.start_server(play, "127.0.0.1", 0, ssl=tls)
    provider.port = server.sockets[0].getsockname()[1]
    try:
        yield provider
    finally:
        server.close()
        async with asyncio.timeout(10):
            await asyncio.gather(*running, return_exceptions=True)
    assert not failures, failures


@pytest.fixture
def provider() -> Callable[..., AbstractAsyncContextManager[Provider]]:
    return _provider


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine to its end on each kind of loop, and fail if it leaves a task behind or the loop complains."""

    def runner(main: Coroutine[Any, Any, Any]) -> Any:
        complaints: list[dict[str, Any]] = []

        async def watched() -> Any:
            asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
            async with asyncio.timeout(30):
                return await main

        factory = uvloop.new_event_loop if request.param == "uvloop" else asyncio.new_event_loop
        with asyncio.Runner(loop_factory=factory) as loop:
            result = loop.run(watched())
        assert not complaints, complaints
        return result

    return runner


@pytest.fixture
def client() -> Callable[..., AbstractAsyncContextManager[UpstreamClient]]:
    @asynccontextmanager
    async def opened(**options: Any) -> AsyncIterator[UpstreamClient]:
        opened_client = UpstreamClient(**options)
        try:
            yield opened_client
        finally:
            await opened_client.close()

    return opened


@pytest.fixture
def get() -> Callable[..., Awaitable[tuple[int, bytes]]]:
    """One whole call: status and body."""

    async def call(
        client: UpstreamClient,
        endpoint: Endpoint,
        *,
        method: bytes = b"POST",
        headers: tuple[tuple[bytes, bytes], ...] = (),
        body: bytes = b"{}",
        timeouts: Timeouts = PATIENT,
        max_bytes: int = 1 << 24,
    ) -> tuple[int, bytes]:
        response = await client.send(endpoint, method, b"/v1/x", headers, body, timeouts)
        try:
            return response.status, await response.read(max_bytes)
        finally:
            response.close()

    return call
