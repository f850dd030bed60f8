"""A database for one command: the server that runs already, else one for the moment.

`farebox serve` may run meanwhile, may have been killed and left its server, or may not run at all; several commands may
run at once. Whoever holds the data directory's lock is responsible for the server; everyone else who uses it shares the
lock `users`, which the one responsible takes alone before it stops a server that it started for itself.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from farebox.kit.logging import get_logger
from farebox.storage.embedded import EmbeddedPostgres, connection_urls
from farebox.storage.errors import StorageError
from farebox.storage.layout import Layout, Urls
from farebox.storage.locks import FileLock
from farebox.storage.shared_base import SHARED_BASES

_POLL_S = 0.02
_PROGRESS_S = 5.0

_log = get_logger("storage")


@asynccontextmanager
async def running_cluster(
    data_dir: Path, *, create: bool = False, bases: Sequence[Path] = SHARED_BASES
) -> AsyncIterator[Urls]:
    """The URLs of a data directory's database, up for as long as the context lasts.

    A data directory without a database is an error unless `create`.
    """
    layout = Layout(data_dir)
    if not create and not layout.has_cluster():
        raise StorageError(f"there is no database in {data_dir}: start `farebox serve` once, or name another directory")
    layout.make()
    async with AsyncExitStack() as stack:
        yield await _reach(layout, stack, bases)


async def _reach(layout: Layout, stack: AsyncExitStack, bases: Sequence[Path]) -> Urls:
    started_at = reported_at = time.monotonic()
    while True:
        urls = await _take_over(layout, stack, bases) or _share(layout, stack)
        if urls is not None:
            return urls
        if time.monotonic() - reported_at > _PROGRESS_S:
            reported_at = time.monotonic()
            _log.info("waiting for the database of another farebox", waited_s=round(reported_at - started_at))
        await asyncio.sleep(_POLL_S)


async def _take_over(layout: Layout, stack: AsyncExitStack, bases: Sequence[Path]) -> Urls | None:
    lock = FileLock(layout.lock)
    if not lock.try_exclusive("command"):
        return None
    stack.callback(lock.release)
    # A server without a holder was left by a `farebox serve` that was killed. Its workers may still be using it.
    urls = connection_urls(layout.data_dir)
    if urls is None:
        server = EmbeddedPostgres(layout.data_dir, bases=bases, lock=lock)
        urls = await server.start("command")
        stack.push_async_callback(_stop_when_unused, layout, server)
    return urls


def _share(layout: Layout, stack: AsyncExitStack) -> Urls | None:
    users = FileLock(layout.users)
    if not users.try_shared():
        return None
    urls = connection_urls(layout.data_dir)
    if urls is None:
        users.release()
    else:
        stack.callback(users.release)
    return urls


async def _stop_when_unused(layout: Layout, server: EmbeddedPostgres) -> None:
    with FileLock(layout.users) as users:
        while not users.try_exclusive("command"):  # noqa: ASYNC110 - a file lock sets no event
            await asyncio.sleep(_POLL_S)
        await server.stop()
