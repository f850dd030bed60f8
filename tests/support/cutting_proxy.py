"""A socket in front of PostgreSQL that loses the connection exactly at a commit, on whichever side of it is wanted.

The till commits by a statement that calls its function `till_end`, or, when a batch needs several, by COMMIT.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

Cut = Literal["", "before", "after"]


class CuttingProxy:
    """`cut` says what becomes of the next commit: '' nothing, 'before' the server never gets it, 'after' its answer
    never arrives. `shut` lets no new connection through."""

    def __init__(self, url: str, directory: Path) -> None:
        parts = urlsplit(url)
        host = parse_qs(parts.query)["host"][0]
        self._server = Path(host) / ".s.PGSQL.5432"
        self.socket = directory / ".s.PGSQL.5432"
        self.url = url.replace(host, str(directory))
        self.cut: Cut = ""
        self.shut = False
        self.cuts = 0
        self._committing: set[bytes] = set()  # names of the statements that do
        self._tasks: set[asyncio.Task[Any]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(_close, writer)
            if not self.shut:
                up_reader, up_writer = await asyncio.open_unix_connection(self._server)
                stack.push_async_callback(_close, up_writer)
                down = asyncio.create_task(_pass_on(up_reader, writer))
                stack.callback(down.cancel)
                task = asyncio.current_task()
                assert task is not None
                self._tasks |= {task, down}
                await self._up(reader, up_reader, up_writer, down)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _up(
        self,
        reader: asyncio.StreamReader,
        up_reader: asyncio.StreamReader,
        up_writer: asyncio.StreamWriter,
        down: asyncio.Task[None],
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if data.startswith(b"P") and b"till_rows_differ(" in data:
                    self._committing.add(data[5:].split(b"\0", 1)[0])
                if self.cut and self._commits(data):
                    down.cancel()
                    await asyncio.gather(down, return_exceptions=True)
                    if self.cut == "after":
                        up_writer.write(data)
                        await up_reader.read(65536)
                    self.cut = ""
                    self.cuts += 1
                    return
                up_writer.write(data)

    def _commits(self, data: bytes) -> bool:
        if data.startswith(b"B"):
            _portal, statement, _ = data[5:].split(b"\0", 2)
            return statement in self._committing
        return data.startswith(b"Q") and b"COMMIT" in data


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
    writer.close()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


@asynccontextmanager
async def cutting_proxy(url: str, directory: Path) -> AsyncIterator[CuttingProxy]:
    proxy = CuttingProxy(url, directory)
    server = await asyncio.start_unix_server(proxy.serve, proxy.socket)
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
