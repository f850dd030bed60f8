"""Unique words through every endpoint and every kind of trouble: afterwards they are nowhere on the machine.

Looked through: the data directory with the database's files, its WAL and logs, the spool, everything that the server
has printed, and what crashed processes leave in the usual places of core dumps.
"""

import asyncio
import json
import os
import resource
import secrets
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.support.load import Reply, call, chat, dialled
from tests.support.media import form
from tests.support.operator import PROVIDER_KEY, Customer, Operator
from tests.support.server import Server, eventually, running_server
from tests.support.simulator import SimulatorProcess, running_simulator
from tests.support.tills import until

from farebox.storage.database import connect
from farebox.storage.embedded import connection_urls
from farebox.storage.layout import Layout

pytestmark = pytest.mark.timeout(150)

PIECE = 1 << 20
_LAST = 16


class Canary:
    """A word in the hand of one kind of call; all of them begin alike, so that one search finds any."""

    def __init__(self) -> None:
        self.root = f"cnry{secrets.token_hex(8)}"
        self.sent = 0

    def word(self) -> str:
        self.sent += 1
        return f"{self.root}x{self.sent}"

    def messages(self) -> list[dict[str, str]]:
        return [{"role": "system", "content": self.word()}, {"role": "user", "content": f"echo: {self.word()} twice"}]


@pytest.fixture(scope="module")
def core_dumps_wanted() -> Iterator[None]:
    """A machine on which processes leave core dumps, as many do."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


@pytest.mark.usefixtures("core_dumps_wanted")
def test_no_content_and_no_secret_is_left_anywhere(data_dir: Path):
    """No word of a message is left anywhere; provider keys and API keys beyond their first 12 characters included."""
    canary = Canary()
    env = {"FAREBOX_LOG_LEVEL": "debug", "FAREBOX_LOG_FORMAT": "json"}
    with running_simulator(chunks=8) as provider, running_server(data_dir, "--workers", "2", env=env) as server:
        asyncio.run(_keep_wal_plain(data_dir))
        operator = Operator(server)
        operator.add_channel("up", provider.base_url)
        operator.sell("talk", "up/sim-chat")
        operator.sell("vectors", "up/sim-embedding")
        operator.sell("painter", "up/sim-image", "--price", "image=0.01")
        operator.sell("speaker", "up/sim-speech", "--price", "character=1")
        operator.sell("listener", "up/sim-hearing", "--price", "audio-second=0.0001")
        operator.sell("judge", "up/sim-moderation", "--input", "0", "--output", "0", "--task", "moderations")
        operator.sell("ranker", "up/sim-rerank", "--price", "search-unit=0.001")
        customer = operator.customer("10")
        asyncio.run(_talk(operator, customer, provider, canary))
        _crash_in_the_middle(server, customer, provider, canary)
        asyncio.run(_without_database(data_dir, operator, customer, provider, canary))
        assert canary.sent > 60
        operator.until_nothing_is_held(customer.account_id)
        asyncio.run(_until_refusals_are_written(data_dir, operator.port, customer.key))
        asyncio.run(_checkpoint(data_dir))
        keys = [customer.key, server.ready["api_key"], server.ready["test_key"]]
        # Live: the database's files as they are now.
        _assert_nowhere(data_dir, server, canary, keys)
    _assert_nowhere(data_dir, server, canary, keys)


async def _talk(operator: Operator, customer: Customer, provider: SimulatorProcess, canary: Canary) -> None:
    """Every endpoint, well and badly."""
    port, key = operator.port, customer.key

    async def ask(body: Any, path: str = "/v1/chat/completions", **options: Any) -> Reply:
        return await call(port, key, body, path=path, **options)

    for stream in (False, True):
        reply = await ask({"model": "talk", "messages": canary.messages(), "stream": stream})
        assert reply.is_served
        assert canary.root.encode() in reply.body
    tool = {"name": canary.word(), "description": canary.word(), "parameters": {"type": "object"}}
    picture = {"type": "image_url", "image_url": {"url": f"https://example.com/{canary.word()}.png"}}
    parts = [{"type": "text", "text": canary.word()}, picture]
    await ask({"model": "talk", "messages": canary.messages(), "tools": [{"type": "function", "function": tool}]})
    await ask({"model": "talk", "messages": [{"role": "user", "content": parts}]})
    await ask({"model": "talk", "messages": canary.messages(), "user": canary.word(), "metadata": {"a": canary.word()}})
    shape = {"type": "json_schema", "json_schema": {"name": canary.word(), "schema": {"title": canary.word()}}}
    await ask({"model": "talk", "messages": canary.messages(), "response_format": shape, "stop": [canary.word()]})
    await ask({"model": "talk", "prompt": f"echo: {canary.word()}"}, "/v1/completions")
    await ask({"model": "talk", "prompt": canary.word(), "stream": True}, "/v1/completions")
    await ask({"model": "vectors", "input": [canary.word(), canary.word()]}, "/v1/embeddings")
    for path, body in _media_bodies(canary):
        assert (await ask(body, path)).status == 200
    await _send_files(ask, canary)
    for refused in _bad_bodies(canary):
        assert 400 <= (await ask(refused)).status < 500
    for path in (f"/v1/{canary.word()}", f"/api/{canary.word()}", f"/{canary.word()}?q={canary.word()}"):
        assert (await ask(None, path, method="GET")).status == 404
    await ask(chat("talk"), f"/v1/chat/completions?key={key}&q={canary.word()}")
    await ask(None, f"/v1/jobs/{canary.word()}", method="GET")
    await ask(None, f"/v1/models/{canary.word()}", method="GET")
    spoken = {"user-agent": canary.word(), "x-title": canary.word(), "referer": f"https://{canary.word()}.example"}
    await ask({"model": "talk", "messages": canary.messages()}, headers=spoken)
    once = {"idempotency-key": "the-same-twice"}
    for _ in range(2):
        await ask({"model": "talk", "messages": canary.messages()}, headers=once)
    await call(port, "fb_live_" + canary.word(), chat("talk"))
    await _provider_trouble(operator.server.data_dir, port, key, provider, canary)
    await _leave_in_the_middle(port, key, provider, canary)


def _media_bodies(canary: Canary) -> Iterable[tuple[str, Any]]:
    for stream in (False, True):
        yield "/v1/images/generations", {"model": "painter", "prompt": canary.word(), "stream": stream}
        body = {"model": "speaker", "input": canary.word(), "voice": "alloy", "instructions": canary.word()}
        yield "/v1/audio/speech", {**body, "stream_format": "sse" if stream else "audio"}
    yield "/v1/moderations", {"model": "judge", "input": [canary.word(), f"forbidden {canary.word()}"]}
    documents = [canary.word(), {"text": canary.word()}]
    yield "/v1/rerank", {"model": "ranker", "query": canary.word(), "documents": documents, "return_documents": True}


async def _send_files(ask: Any, canary: Canary) -> None:
    """Names, prompts and content of files, small and large, as asked for and not."""
    path = "/v1/audio/transcriptions"
    for size, first, status in ((100, "model", 200), (3 * PIECE, "model", 200), (100, "file", 200), (100, "gold", 400)):
        sound = (canary.word().encode() + b"-") * (size // 20)
        parts: list[tuple[str, Any]] = [("model", "listener"), ("prompt", f"echo: {canary.word()}")]
        parts += [("file", (f"{canary.word()}.mp3", sound))] if first != "gold" else [(canary.word(), canary.word())]
        body, headers = form(*(reversed(parts) if first == "file" else parts))
        reply = await ask(body, path, headers=headers)
        assert reply.status == status, reply.body
    parts = [("model", "painter"), ("prompt", canary.word()), ("image", (f"{canary.word()}.png", b"x"))]
    body, headers = form(*parts)
    assert (await ask(body, "/v1/images/edits", headers=headers)).status == 200
    body, headers = form(("model", "listener"), ("file", (canary.word(), canary.word().encode())))
    assert (await ask(body[:-9], path, headers=headers)).status == 400


def _bad_bodies(canary: Canary) -> Iterable[Any]:
    yield canary.word().encode()
    yield f'{{"model": "talk", "messages": "{canary.word()}"}}'.encode()
    yield f'{{"model": "talk", "{canary.word()}": 1, "messages": [{{"role": "{canary.word()}"'.encode()
    word = canary.word()
    yield f'{{"model": "talk", "messages": [], "{word}": 1, "{word}": 2}}'.encode()
    yield f'{{"model": "talk", "messages": [{{"role": "user", "content": "{canary.word()}'.encode() + b"\xff\xfe"
    yield {"model": "talk", "messages": canary.messages(), "max_tokens": canary.word()}
    yield {"model": "talk", "messages": canary.messages(), "tools": [{"type": canary.word()}]}
    yield {"model": "talk", "messages": canary.messages(), "previous_response_id": canary.word()}


async def _provider_trouble(data_dir: Path, port: int, key: str, provider: SimulatorProcess, canary: Canary) -> None:
    """Providers that quote what they were sent, in errors of all kinds."""
    for trouble in (
        {"status": 400, "error_message": f"bad content: {canary.word()}"},
        {"status": 401, "error_message": f"wrong key for {canary.word()}"},
        {"status": 429, "error_message": canary.word(), "retry_after": "0"},
        {"status": 500, "error_message": canary.word()},
        {"fault": "malformed_json"},
        {"fault": "malformed_event"},
        {"fault": "error_body", "error_message": canary.word()},
        {"fault": "error_event", "error_message": canary.word()},
        {"fault": "reset_after_headers"},
        {"fault": "giant_header"},
        {"cut": 3},
        {"usage": "wrong_types"},
        {"extra_headers": {"x-echo": canary.word()}},
    ):
        for stream in (False, True):
            provider.reset()
            provider.set(**trouble)
            deadline = time.monotonic() + 20
            # What the trouble before has shut off is opened again: every trouble is to reach the gateway.
            while True:
                await call(port, key, {"model": "talk", "messages": canary.messages(), "stream": stream})
                if provider.stats()["keys"]:
                    break
                assert time.monotonic() < deadline, "the channel stays shut off"
                await _forget_health(data_dir)
                await asyncio.sleep(0.1)
    provider.reset()


async def _forget_health(data_dir: Path) -> None:
    urls = connection_urls(data_dir)
    assert urls is not None
    connection = await connect(urls.owner, application_name="test")
    try:
        await connection.execute("DELETE FROM health")
    finally:
        await connection.close()


async def _leave_in_the_middle(port: int, key: str, provider: SimulatorProcess, canary: Canary) -> None:
    provider.set(gap_ms=50)
    for stream in (False, True):
        async with dialled(port, 1) as (line,):
            line.send(key, {"model": "talk", "messages": canary.messages(), "stream": stream})
            if stream:
                await line.first()
            line.reset()
    # A request that never comes whole.
    async with dialled(port, 1) as (line,):
        line.send(key, b'{"model": "talk", "messages": "' + canary.word().encode(), headers={"x-more": "1"})
        line.reset()
    provider.reset()


def _crash_in_the_middle(server: Server, customer: Customer, provider: SimulatorProcess, canary: Canary) -> None:
    """Workers that die with streams in their memory."""
    for number in (signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL):
        provider.set(chunks=100, gap_ms=2000)  # far longer than it takes to kill
        before = {worker.pid for worker in server.children("gateway")}
        asyncio.run(_stream_and_kill(server, customer, number, canary))

        def replaced(gone: set[int] = before) -> bool:
            return len({worker.pid for worker in server.children("gateway")} - gone) == 2

        provider.reset()
        eventually(replaced, limit_s=40)
        eventually(lambda: server.chat(customer.key, model="talk").status == 200, limit_s=40)


async def _stream_and_kill(server: Server, customer: Customer, number: signal.Signals, canary: Canary) -> None:
    async with dialled(Operator(server).port, 6) as lines:
        for line in lines:
            line.send(customer.key, {"model": "talk", "messages": canary.messages(), "stream": True})
        for line in lines:
            assert await line.first()
        for worker in server.children("gateway"):
            assert _core_limit(worker) == 0, "a crash of this process would write its memory to disk"
            worker.send_signal(number)
        assert not any([await line.until(b"[DONE]") for line in lines])


def _core_limit(process: psutil.Process) -> int:
    limit, _ = resource.prlimit(process.pid, resource.RLIMIT_CORE)
    return limit


async def _without_database(
    data_dir: Path, operator: Operator, customer: Customer, provider: SimulatorProcess, canary: Canary
) -> None:
    """Settlements that go through the spool while PostgreSQL restarts."""
    provider.set(chunks=20, gap_ms=25)
    async with dialled(operator.port, 4) as lines:
        for line in lines:
            line.send(customer.key, {"model": "talk", "messages": canary.messages(), "stream": True})
        assert all([await line.first() for line in lines])
        for child in psutil.Process(operator.server.process.pid).children():
            if child.name() == "postgres":
                child.kill()
        assert all([await line.until(b"[DONE]") for line in lines])
    provider.reset()
    await asyncio.to_thread(eventually, lambda: operator.server.chat(customer.key, model="talk").status == 200)


async def _until_refusals_are_written(data_dir: Path, port: int, key: str) -> None:
    """Each worker writes all that wait at once: with the last of many, on connections to both, all before are there."""
    for _ in range(_LAST):
        assert (await call(port, key, chat("last-of-all"))).status == 404
    urls = connection_urls(data_dir)
    assert urls is not None
    connection = await connect(urls.owner, application_name="test")
    try:
        counted = "SELECT count(*) = $1 FROM refusal WHERE model = 'last-of-all'"
        await until(lambda: connection.fetchval(counted, _LAST))
    finally:
        await connection.close()


async def _keep_wal_plain(data_dir: Path) -> None:
    """Compressed pages could hide a word."""
    await _administer(data_dir, "ALTER SYSTEM SET wal_compression = 'off'", "SELECT pg_reload_conf()")


async def _checkpoint(data_dir: Path) -> None:
    await _administer(data_dir, "SELECT pg_switch_wal()", "CHECKPOINT")


async def _administer(data_dir: Path, *statements: str) -> None:
    urls = connection_urls(data_dir)
    assert urls is not None
    connection = await connect(urls.admin, application_name="test")
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _assert_nowhere(data_dir: Path, server: Server, canary: Canary, api_keys: list[str]) -> None:
    needles = {
        "content": canary.root.encode(),
        "content in UTF-16": canary.root.encode("utf-16-le"),
        "a provider's key": PROVIDER_KEY[12:].encode(),
        **{f"API key {key[:12]}": key[12:].encode() for key in api_keys},
    }
    places = [data_dir, Layout(data_dir).home(), server.log, *_places_of_core_dumps(data_dir)]
    looked_at = 0
    for path in _files(places):
        looked_at += 1
        for what, needle in needles.items():
            assert not _contains(path, needle), f"{what} is in {path}"
    assert looked_at > 500, "the database's files were not looked at"


def _places_of_core_dumps(data_dir: Path) -> Iterable[Path]:
    """Where a core dump would be: the working directories of the processes, and what the kernel was told."""
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    folder = Path("/") if pattern.startswith("|") else Path(pattern).parent
    places = [data_dir.parent, Path.cwd(), *([folder] if folder.is_absolute() else [])]
    for place in places:
        yield from (path for path in place.glob("core*") if path.is_file())
    yield from (path for path in Path("/var/lib/systemd/coredump").glob("*") if path.is_file())


def _files(places: Iterable[Path]) -> Iterable[Path]:
    for place in places:
        if place.is_file():
            yield place
        for folder, _, names in os.walk(place):
            yield from (path for name in names if (path := Path(folder, name)).is_file())


def _contains(path: Path, needle: bytes) -> bool:
    """Whether the bytes are in the file; read in pieces that overlap."""
    tail = b""
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                if needle in tail + piece:
                    return True
                tail = piece[-len(needle) :]
    except FileNotFoundError:
        return False  # the server's own, gone meanwhile
    return False


def test_the_search_finds_what_is_there(tmp_path: Path):
    """A search that never finds anything would prove nothing."""
    canary = Canary()
    hidden = tmp_path / "a" / "file"
    hidden.parent.mkdir()
    hidden.write_bytes(b"x" * (PIECE - 5) + json.dumps(canary.messages()).encode())
    assert [path for path in _files([tmp_path]) if _contains(path, canary.root.encode())] == [hidden]
