"""The embedded PostgreSQL: one server for one data directory, started, kept up and stopped by us.

Never two postmasters on one cluster: whoever starts one holds the data directory's lock as long as it runs, and first
ends whatever a killed predecessor left. It must not know what the database holds.
"""

import asyncio
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import asyncpg

from farebox.kit.logging import get_logger
from farebox.storage.binaries import find_binaries
from farebox.storage.cluster import Cluster
from farebox.storage.database import connect
from farebox.storage.errors import DatabaseLost, DataDirInUse, ServerFailed, StorageError
from farebox.storage.layout import Layout, Urls
from farebox.storage.locks import FileLock
from farebox.storage.privileges import choose_user, owner_of
from farebox.storage.processes import ServerProcesses
from farebox.storage.provision import provision
from farebox.storage.room import SERVER_BYTES, has_room
from farebox.storage.shared_base import SHARED_BASES

_POLL_S = 0.01
_ROOM_POLL_S = 0.5
_PROGRESS_S = 5.0
_COMMAND_LIMIT_S = 60.0
# A server that was ready for so long has not failed to start: whatever ended it came from outside.
_STABLE_S = 1.0
_RESTARTS_LIMIT = 5

_log = get_logger("storage")


class EmbeddedPostgres:
    """The PostgreSQL server of a data directory.

    `settings` override its configuration, `bases` are where root may put what the server's user cannot reach inside
    the data directory, `lock` is the data directory's lock if the caller holds it already. A server that was started
    must be stopped, or the next start will stop it.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        settings: Mapping[str, str] | None = None,
        bases: Sequence[Path] = SHARED_BASES,
        fast_stop_limit_s: float = 20.0,
        lock: FileLock | None = None,
    ) -> None:
        self._layout = Layout(data_dir)
        self._settings = dict(settings or {})
        self._bases = bases
        self._fast_stop_limit_s = fast_stop_limit_s
        self._lock = lock or FileLock(self._layout.lock)
        self._cluster: Cluster | None = None
        self._server: ServerProcesses | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._urls: Urls | None = None

    @property
    def urls(self) -> Urls:
        """How to connect, once started."""
        assert self._urls is not None, "the server has not been started"
        return self._urls

    @property
    def pid(self) -> int:
        """The postmaster's process number, once started."""
        assert self._process is not None, "the server has not been started"
        return self._process.pid

    async def start(self, purpose: str = "serve") -> Urls:
        """Takes the data directory and brings the server up, after however long a crash recovery."""
        await asyncio.to_thread(self._layout.make)
        await self._take_lock(purpose)
        try:
            await self._launch()
        except BaseException:
            # Also when we are cancelled half-way: nothing that we started is left behind.
            await asyncio.shield(self.stop())
            raise
        return self.urls

    async def stop(self) -> None:
        """Ends the server and gives the data directory back; harmless when there is nothing to stop."""
        if self._server is not None and self._process is not None:
            await asyncio.to_thread(self._server.stop, self._process.pid, self._fast_stop_limit_s)
            await asyncio.to_thread(self._process.wait)
        self._process = None
        self._lock.release()

    async def keep_running(self) -> NoReturn:
        """Brings the server up again whenever it ends by itself; raises when it does so again and again.

        Where its disk is full, which no start can help, it waits for room. For a task that is cancelled before `stop`.
        """
        failures = 0
        while True:
            assert self._process is not None
            ready_at = time.monotonic()
            while self._process.poll() is None:  # noqa: ASYNC110 - a process sets no event
                await asyncio.sleep(0.05)
            failures = 1 if time.monotonic() - ready_at > _STABLE_S else failures + 1
            if failures > _RESTARTS_LIMIT and await self._has_room():
                raise ServerFailed(self._obituary("PostgreSQL keeps ending"))
            _log.error("postgresql ended by itself and is started again", status=self._process.returncode)
            failures = await self._relaunch(failures)

    async def _relaunch(self, failures: int) -> int:
        """Until it is up again; the failures in a row so far. Raises when it cannot be brought up."""
        while True:
            await self._wait_for_room()
            try:
                await self._launch()
            except (ServerFailed, OSError, asyncpg.PostgresError):
                # It may just have used up the rest of the room; or it was killed once more while it was recovering.
                if await self._has_room():
                    failures += 1
                    if failures > _RESTARTS_LIMIT:
                        raise
                    await asyncio.sleep(_POLL_S)
            else:
                return failures

    async def _wait_for_room(self) -> None:
        waits = False
        while not await self._has_room():
            if not waits:
                waits = True
                _log.error("postgresql waits for room on its disk", database=str(self._layout.cluster()))
            await asyncio.sleep(_ROOM_POLL_S)
        if waits:
            _log.info("there is room on the disk again")

    async def _has_room(self) -> bool:
        return await asyncio.to_thread(has_room, self._layout.cluster(), SERVER_BYTES)

    async def _launch(self) -> None:
        self._cluster = await asyncio.to_thread(self._prepare)
        self._server = ServerProcesses(self._cluster.directory)
        self._process = await asyncio.to_thread(self._cluster.spawn, self._layout.socket_dir(), self._settings)
        credentials = self._layout.credentials()
        if credentials is None:
            raise DatabaseLost(f"the passwords of the database are missing from {self._layout.root}: restore them")
        self._urls = self._layout.urls(credentials)
        admin = await self._wait_until_ready(self._urls.admin)
        try:
            await provision(admin, credentials)
            await asyncio.to_thread(self._layout.record_provisioned)
        finally:
            await admin.close()

    def _prepare(self) -> Cluster:
        layout = self._layout
        user = owner_of(layout.cluster()) if layout.has_cluster() else choose_user()
        outside = layout.settle_home(user, self._bases)
        user = owner_of(layout.cluster()) if layout.has_cluster() else user
        cluster = Cluster(layout.cluster(), user, find_binaries(user, self._bases), layout.log)
        if outside:
            _log.info(
                "the data directory is closed to the server's user: the database is elsewhere",
                user=user.name,
                database=str(cluster.directory),
            )
        if layout.has_cluster():
            ServerProcesses(cluster.directory).clear_remains(self._fast_stop_limit_s, layout.socket_dir())
        else:
            credentials = layout.credentials() or layout.make_credentials()
            cluster.initialise(credentials.admin)
        layout.settle_socket_dir(user, cluster.tag)
        return cluster

    async def _take_lock(self, purpose: str) -> None:
        # A command ends soon and is waited for; another server would be waited for in vain.
        deadline = time.monotonic() + _COMMAND_LIMIT_S
        while not self._lock.try_exclusive(purpose):
            holder = self._lock.holder()
            if holder is not None and (holder.purpose == "serve" or time.monotonic() > deadline):
                raise DataDirInUse(
                    f"{self._layout.data_dir} is in use by another Farebox (process {holder.pid}, {holder.purpose}): "
                    "stop that one first, or choose another directory with --data"
                )
            await asyncio.sleep(_POLL_S)

    async def _wait_until_ready(self, admin_url: str) -> "asyncpg.Connection[asyncpg.Record]":
        assert self._cluster is not None
        assert self._server is not None
        assert self._process is not None
        started_at = reported_at = time.monotonic()
        while True:
            if self._process.poll() is not None:
                raise ServerFailed(self._obituary("PostgreSQL did not start"))
            if self._server.is_ready():
                try:
                    return await connect(admin_url, application_name="farebox-start")
                except asyncpg.InvalidPasswordError:
                    raise DatabaseLost(
                        f"the passwords in {self._layout.root} do not fit the database in {self._cluster.directory}"
                    ) from None
                except (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
                    pass  # It said so a moment too early; ask again.
            if time.monotonic() - reported_at > _PROGRESS_S:
                reported_at = time.monotonic()
                _log.info("waiting for postgresql to recover", waited_s=round(reported_at - started_at))
            await asyncio.sleep(_POLL_S)

    def _obituary(self, what: str) -> str:
        assert self._cluster is not None
        assert self._process is not None
        return f"{what} (status {self._process.returncode}); {self._layout.log} ends with:\n{self._cluster.log_tail()}"


def connection_urls(data_dir: Path) -> Urls | None:
    """How to reach the server that runs for a data directory; None when none does or may be reached yet."""
    layout = Layout(data_dir)
    try:
        if not layout.has_cluster() or not layout.place().provisioned:
            return None
        credentials, server = layout.credentials(), ServerProcesses(layout.cluster())
        is_up = server.postmaster_pid() is not None and server.is_ready()
    except PermissionError as error:
        raise StorageError(f"the database in {data_dir} belongs to another user: {error.strerror}") from None
    return layout.urls(credentials) if is_up and credentials is not None else None
