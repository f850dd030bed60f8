"""One embedded PostgreSQL for a whole test run, and a fresh, migrated database from it in some 30 ms."""

import asyncio
import shutil
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from tests.support.scratch import scratch_dir

from farebox.storage.embedded import EmbeddedPostgres
from farebox.storage.layout import DATABASE, OWNER_ROLE, Layout
from farebox.storage.migrate import migrate
from farebox.storage.partitions import ensure_partitions

T = TypeVar("T")

_SETTINGS = {"fsync": "off", "shared_buffers": "64MB", "max_wal_size": "128MB"}


@dataclass(frozen=True)
class TestDatabase:
    """A database of a test's own. `app_url` is what Farebox gets; `owner_url` and `admin_url` are for the test."""

    __test__ = False

    name: str
    owner_url: str
    app_url: str
    admin_url: str


class TestPostgres:
    """The server of a test run. Its data does not survive the machine (fsync off), only the death of processes."""

    __test__ = False

    def __init__(self) -> None:
        self._data_dir = scratch_dir("farebox-test-")
        self.server = EmbeddedPostgres(self._data_dir, settings=_SETTINGS)
        self._made = 0

    def start(self) -> None:
        try:
            _run(self._start())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        _run(self.server.stop())
        remove_data_dir(self._data_dir)

    def create(self) -> TestDatabase:
        """A new database with the newest schema and the partitions of these days."""
        self._made += 1
        name = f"test_{self._made}"
        # Copying files takes a tenth of what copying pages through the log does; nothing here has to outlive a crash.
        _run(self._administer(f"CREATE DATABASE {name} TEMPLATE {DATABASE} OWNER {OWNER_ROLE} STRATEGY FILE_COPY"))
        urls = self.server.urls
        return TestDatabase(name, *(_with_database(url, name) for url in (urls.owner, urls.app, urls.admin)))

    def drop(self, database: TestDatabase) -> None:
        _run(self._administer(f"DROP DATABASE {database.name} WITH (FORCE)"))

    async def _start(self) -> None:
        urls = await self.server.start()
        await migrate(urls.owner)
        connection = await asyncpg.connect(urls.owner)
        try:
            await ensure_partitions(connection, datetime.now(UTC).date() - timedelta(days=1), days_ahead=3)
        finally:
            await connection.close()

    async def _administer(self, statement: str) -> None:
        connection = await asyncpg.connect(self.server.urls.admin)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


class OwnPostgres:
    """An operator's own server with an empty database, for FAREBOX_DATABASE_URL; it can go away and come back."""

    def __init__(self) -> None:
        self._data_dir = scratch_dir("farebox-own-")
        self._server = EmbeddedPostgres(self._data_dir, settings={"shared_buffers": "64MB"})

    def environment(self, *, one_role: bool = False) -> dict[str, str]:
        """What tells Farebox to use it; with `one_role` as the owner of the schema for everything."""
        urls = self._server.urls
        if one_role:
            return {"FAREBOX_DATABASE_URL": urls.owner}
        return {"FAREBOX_DATABASE_URL": urls.app, "FAREBOX_DATABASE_OWNER_URL": urls.owner}

    def start(self) -> None:
        _run(self._server.start())

    def go_away(self) -> None:
        """Ends every connection and refuses new ones, until `start`."""
        _run(self._server.stop())

    def remove(self) -> None:
        _run(self._server.stop())
        remove_data_dir(self._data_dir)


def remove_data_dir(data_dir: Path) -> None:
    """Removes a data directory along with what its database keeps outside of it."""
    layout = Layout(data_dir)
    place = layout.place()
    for outside in (place.home, place.socket_dir):
        if outside is not None:
            shutil.rmtree(outside, ignore_errors=True)
    shutil.rmtree(data_dir, ignore_errors=True)


def _run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner() as runner:
        return runner.run(work)


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
