"""The data directory's disk fills up: new jobs are refused, running ones end, and all is well when there is room."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest
from tests.support.load import Reply, call, chat, dialled
from tests.support.operator import Operator, check_books
from tests.support.postgres import remove_data_dir
from tests.support.server import eventually, free_port, readiness, running_server
from tests.support.simulator import SimulatorProcess, running_simulator

from farebox.storage.embedded import connection_urls

pytestmark = pytest.mark.timeout(180)

_MIB = 1024**2
RUNNING = 4


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data directory that is a small file system of its own, so that nobody else runs out of room."""
    parent = Path(tempfile.mkdtemp(prefix="farebox-disk-"))
    parent.chmod(0o711)
    small = parent / "data"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400m,mode=711", "tmpfs", small]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        shutil.rmtree(parent)
        pytest.skip("only root can make a small disk")
    yield small
    remove_data_dir(small)
    subprocess.run(["umount", "--lazy", small], check=True)
    shutil.rmtree(parent)


def fill(disk: Path) -> Path:
    """A file that takes all the room there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(_MIB))
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(512))
    return ballast


async def break_postgres(data_dir: Path) -> None:
    """Writes log until PostgreSQL cannot. It gives up then, or is helped to: neither way can it start again."""
    urls = connection_urls(data_dir)
    assert urls is not None
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        connection = await asyncpg.connect(urls.admin)
        while True:
            await connection.execute("SELECT pg_logical_emit_message(false, 'test', repeat('x', 1000000), true)")
    with suppress(FileNotFoundError, ProcessLookupError):
        pid_file = data_dir / "postgres" / "cluster" / "postmaster.pid"
        os.kill(int(pid_file.read_text().partition("\n")[0]), signal.SIGKILL)


def test_a_full_disk_is_waited_out(data_dir: Path):
    """503 while it is full, with or without PostgreSQL; the node stays up, running calls end, and all of it is charged.

    An answer's end waits for the room that its settlement needs.
    """
    admin_port = free_port()
    with (
        running_simulator(chunks=20, gap_ms=100) as provider,
        running_server(data_dir, "--workers", "2", "--admin-port", str(admin_port)) as server,
    ):
        operator = Operator(server)
        operator.add_channel("up", provider.base_url)
        operator.sell("slow", "up/sim-chat")
        running, other = operator.customer("10"), operator.customer("10")
        served = asyncio.run(_call_over_a_full_disk(operator, running.key, other.key, provider, admin_port))
        assert [reply.is_served for reply in served] == [True] * RUNNING, [reply.body[-200:] for reply in served]
        again = eventually(lambda: _served(operator, other.key), limit_s=60)
        assert server.process.poll() is None
        assert len(check_books(operator, running, "10", served)) == RUNNING
        assert len(check_books(operator, other, "10", [again])) == 1


async def _call_over_a_full_disk(
    operator: Operator, key: str, other_key: str, provider: SimulatorProcess, admin_port: int
) -> list[Reply]:
    """Streams that run as the disk fills up and PostgreSQL gives up, and end when there is room again."""
    server = operator.server
    async with dialled(operator.port, RUNNING) as lines:
        for line in lines:
            line.send(key, chat("slow", stream=True, stream_options={"include_usage": True}))
        running = asyncio.gather(*(line.receive() for line in lines))
        await asyncio.to_thread(provider.wait_for, lambda stats: stats["concurrent"] == RUNNING)
        ballast = await asyncio.to_thread(fill, server.data_dir)
        # Until each gateway and the worker have seen it: a call that gets in before has to wait for its end, too.
        await asyncio.to_thread(eventually, lambda: server.logged().count("disk_full") == 3)
        assert await asyncio.to_thread(_code, operator, other_key) == "ledger_unavailable"
        assert server.request("GET", "/readyz").status == 503
        assert readiness(admin_port) == (503, "Not ready: its disk is full.")
        await break_postgres(server.data_dir)
        await asyncio.to_thread(eventually, lambda: "waits for room" in server.logged(), limit_s=60)
        assert await asyncio.to_thread(_code, operator, other_key) == "ledger_unavailable"
        assert server.process.poll() is None
        await asyncio.to_thread(provider.wait_for, lambda stats: stats["concurrent"] == 0)
        assert not running.done(), "an answer has ended without a settlement on disk"
        ballast.unlink()
        return list(await running)


def _code(operator: Operator, key: str) -> str | None:
    reply = asyncio.run(call(operator.port, key, chat("slow")))
    return reply.code if reply.status == 503 else None


def _served(operator: Operator, key: str) -> Reply | None:
    reply = asyncio.run(call(operator.port, key, chat("slow", max_tokens=1)))
    return reply if reply.is_served else None
