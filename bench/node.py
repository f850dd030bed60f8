"""A Farebox of its own in a temporary directory: started twice, stocked by its command line, audited at the end."""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench import cpu
from bench.systems import MODEL, STREAM_MODEL, SystemFailed, Target, clean_environment, first_line, free_port, running
from farebox.accounts.api_key import new_api_key
from farebox.storage.database import connect
from farebox.storage.embedded import connection_urls
from farebox.storage.layout import Layout
from farebox.storage.processes import ServerProcesses

_COMMAND = str(Path(sys.executable).with_name("farebox"))
_QUIET_LIMIT_S = 60.0
_MOST = "1000000"
# Every limit that a key can have, each too high to be reached: they are counted all the same.
_LIMITS = (
    *("--rpm", "1000000000", "--tpm", "1000000000000", "--concurrency", "1000000"),
    *("--daily", _MOST, "--monthly", _MOST, "--total", _MOST),
)
_JOBS = "SELECT status, outcome, count(*) AS jobs FROM job GROUP BY status, outcome"
_HOLDS = "SELECT count(*) FROM hold"


@dataclass(frozen=True)
class Node:
    """A running Farebox and the customers that load it."""

    data_dir: Path
    plain: Target  # a key without limits
    limited: Target  # a key with every limit
    translated: Target  # streams between two dialects
    refusals: Mapping[str, Target]
    starts_s: Mapping[str, float]
    _env: Mapping[str, str] = field(default_factory=dict, repr=False)

    def audit(self) -> "Audit":
        """Counts the jobs, then verifies the ledger."""
        books = self.count()
        return replace(books, ledger=_farebox(self.data_dir, self._env, "ledger", "verify", check=False))

    def count(self) -> "Audit":
        """Waits until no job is open, then counts those that have ended; does not look at the ledger."""
        return asyncio.run(self._count())

    async def _count(self) -> "Audit":
        urls = connection_urls(self.data_dir)
        if urls is None:
            raise SystemFailed("its database is gone")
        connection = await connect(urls.app, application_name="farebox-bench")
        try:
            until = time.monotonic() + _QUIET_LIMIT_S
            while holds := await connection.fetchval(_HOLDS):
                if time.monotonic() > until:
                    break
                await asyncio.sleep(0.1)
            jobs = {f"{row['status']} {row['outcome']}": row["jobs"] for row in await connection.fetch(_JOBS)}
        finally:
            await connection.close()
        return Audit(jobs=jobs, holds=holds)


@dataclass(frozen=True)
class Audit:
    """What the books say after the load."""

    jobs: Mapping[str, int]
    holds: int
    ledger: Mapping[str, object] = field(default_factory=dict)

    @property
    def ledger_is_clean(self) -> bool:
        return self.ledger.get("ok") is True

    @property
    def settled(self) -> int:
        return sum(jobs for ending, jobs in self.jobs.items() if ending.startswith("settled"))


@contextlib.contextmanager
def farebox(scratch: Path, direct: Target, more: Mapping[str, str] | None = None) -> Iterator[Node]:
    """One gateway worker on an embedded database, everything on; `more` is added to its environment."""
    data_dir = scratch / "farebox"
    env = clean_environment(FAREBOX_DEMO="off", FAREBOX_LOG_LEVEL="warning", BENCH_PROVIDER_KEY="sk-bench-provider")
    env.update(more or {})
    starts_s = {}
    with _served(data_dir, scratch, env) as (_, took_s):
        starts_s["new"] = took_s
    with _served(data_dir, scratch, env) as (target, took_s):
        starts_s["existing"] = took_s
        yield _stock(data_dir, target, direct, env, starts_s)


@contextlib.contextmanager
def _served(data_dir: Path, scratch: Path, env: Mapping[str, str]) -> Iterator[tuple[Target, float]]:
    log = scratch / "farebox.log"
    ports = ("--port", str(free_port()), "--admin-port", str(free_port()))
    command = (_COMMAND, "serve", "--json-ready", "--workers", "1", "--data", str(data_dir), *ports)
    began_s = time.monotonic()
    with running(command, log, env=env, says_ready=True) as process:
        ready = first_line(process, log)
        took_s = time.monotonic() - began_s
        port = int(str(ready["url"]).rpartition(":")[2])
        server = ServerProcesses(Layout(data_dir).cluster())

        def groups() -> cpu.Groups:
            database = tuple(server.all())
            ours = [each for each in cpu.family(process.pid) if each.pid not in database]
            return {**cpu.group_by(ours, _part_of), "postgres": database}

        yield Target("farebox", port, groups, body_has=b'"cost":'), took_s


def _part_of(command: list[str]) -> str:
    # python -P -m farebox.boot.process ROLE NAME PARENT
    if "farebox.boot.process" not in command:
        return "rest"
    return "gateway" if command[command.index("farebox.boot.process") + 1] == "gateway" else "rest"


def _stock(
    data_dir: Path, target: Target, direct: Target, env: Mapping[str, str], starts_s: Mapping[str, float]
) -> Node:
    """Two channels, two models, a rich and a poor account, a key for every row of the table."""

    def run(*arguments: str) -> dict[str, object]:
        return _farebox(data_dir, env, *arguments)

    prices = (
        *("--input", "0.15", "--output", "0.60", "--cached-input", "0.075"),
        *("--cost-input", "0.10", "--cost-output", "0.40", "--max-output", "16384", "--context", "128000"),
    )
    for name, port in ((MODEL, direct.port), (STREAM_MODEL, direct.stream_port)):
        url = f"http://127.0.0.1:{port}/v1"
        channel = ("--kind", "openai-compatible", "--base-url", url, "--api-key-env", "BENCH_PROVIDER_KEY")
        run("channel", "add", "--name", name, *channel, "--allow-private")
        run("model", "add", name, "--route", f"{name}/{name}", *prices)
    rich = str(run("account", "create", "--email", "rich@bench.example", "--grant", _MOST)["account_id"])
    poor = str(run("account", "create", "--email", "poor@bench.example")["account_id"])

    def key(account_id: str, *limits: str) -> str:
        return str(run("key", "create", "--account", account_id, *limits)["api_key"])

    plain = target.with_key("farebox", key(rich))
    refusals = {
        "402": plain.with_key("402", key(poor), status=402, body_has=b"insufficient_credits"),
        # One call a minute is served, as it should be.
        "429": plain.with_key("429", key(rich, "--rpm", "1"), status=429, body_has=b"rate_limit", served_a_minute=1),
        "401 garbage": plain.with_key("401 garbage", "fb_live_garbage", status=401, body_has=b"invalid_api_key"),
        "401 unknown": plain.with_key(
            "401 unknown", new_api_key("fb", "live"), status=401, body_has=b"invalid_api_key"
        ),
    }
    return Node(
        data_dir=data_dir,
        plain=plain,
        limited=plain.with_key("farebox, limits", key(rich, *_LIMITS)),
        translated=replace(plain, name="farebox, translated", stream_path="/v1/messages", stream_end=b"message_stop"),
        refusals=refusals,
        starts_s=starts_s,
        _env=env,
    )


def _farebox(data_dir: Path, env: Mapping[str, str], *arguments: str, check: bool = True) -> dict[str, object]:
    command = (_COMMAND, *arguments, "--data", str(data_dir), "--json")
    done = subprocess.run(command, env=dict(env), capture_output=True, text=True, timeout=300)
    if check and done.returncode:
        raise SystemFailed(f"`farebox {' '.join(arguments[:2])}` failed: {done.stderr.strip()[-400:]}")
    try:
        found: dict[str, object] = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise SystemFailed(f"`farebox {' '.join(arguments[:2])}` said no JSON: {done.stderr.strip()[-400:]}") from None
    return found
