"""The till alone: four processes on one database, with one hot account and with ten thousand.

Each process keeps 64 calls going that are admitted and settled and nothing else, so that what is measured is the till
and PostgreSQL. The processes are `bench/till_worker.py`.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import cpu
from bench.measure import Book, note
from bench.systems import clean_environment
from bench.till_worker import Task
from farebox.catalog.admin import NewChannel, NewModel, NewRoute, add_channel, add_model
from farebox.domain.money import parse_price
from farebox.domain.pricing import PerTokenCard, TokenPrices
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.kit.logging import configure_logging
from farebox.storage.database import connect
from farebox.storage.embedded import EmbeddedPostgres
from farebox.storage.layout import Layout
from farebox.storage.migrate import migrate
from farebox.storage.partitions import ensure_partitions
from farebox.storage.processes import ServerProcesses

_PROCESSES = 4
_CALLS_EACH = 64
_MODEL = "bench"
_BALANCE_NANO = 10**15
_PRICES = PerTokenCard(prices=TokenPrices(input=parse_price("0.15"), output=parse_price("0.60")))
_ANSWER_LIMIT_S = 60.0

# Rows that only this database has: accounts are rich without a ledger entry that says why.
_ACCOUNTS = """
WITH made AS (
    INSERT INTO account (id, balance_nano)
    SELECT uuidv7(), $2 FROM generate_series(1, $1) RETURNING id
), lots AS (
    INSERT INTO lot (account_id, id, kind, txn_id, original_nano, remaining_nano, created_at)
    SELECT id, uuidv7(), 'grant', uuidv7(), $2, $2, now() FROM made
)
INSERT INTO api_key (id, account_id, kind, prefix, hash)
SELECT uuidv7(), id, 'live', 'bench', sha256(id::text::bytea) FROM made
RETURNING account_id, id
"""
_CATALOGUE = """
SELECT catalogue.version, rate_card.id AS rate_card_id FROM catalogue, rate_card WHERE rate_card.model = $1
"""
_SETTLED = "SELECT count(*) FROM job WHERE status = 'settled'"
_HOLDS = "SELECT count(*) FROM hold"


@dataclass(frozen=True)
class _Bed:
    # A running database and what a worker has to know of it.
    url: str
    catalogue_version: int
    rate_card_id: int
    channel_id: str
    cluster: Path
    scratch: Path


def measure_till(book: Book, *, accounts: Sequence[int], rounds: int, seconds: float) -> None:
    """Rounds of each number of accounts in turn, all on one database."""
    configure_logging(json=False, level="warning")
    with tempfile.TemporaryDirectory(prefix="farebox-bench-till-") as name:
        scratch = Path(name)
        scratch.chmod(0o711)  # PostgreSQL's user passes through
        asyncio.run(_measure(book, scratch, accounts, rounds, seconds))


async def _measure(book: Book, scratch: Path, accounts: Sequence[int], rounds: int, seconds: float) -> None:
    server = EmbeddedPostgres(scratch / "data")
    urls = await server.start("bench")
    try:
        await migrate(urls.owner)
        bed = await _make_bed(urls.app, scratch)
        customers = {count: await _make_customers(urls.app, count) for count in accounts}
        settled = 0
        for _ in range(rounds):
            for count in accounts:
                settled += _run(book, bed, f"till, {count}", customers[count], seconds)
        await _audit(book, urls.app, settled)
    finally:
        await server.stop()


async def _make_bed(url: str, scratch: Path) -> _Bed:
    connection, ids = await connect(url, application_name="farebox-bench"), IdSource()
    try:
        await ensure_partitions(connection, datetime.now(UTC).date(), 1)
        channel = NewChannel(name=_MODEL, kind="simulator", provider="simulator", base_url="simulator:")
        async with connection.transaction():
            channel_id = await add_channel(connection, ids, Seal(b"of no use: a channel without a key"), channel)
            route = NewRoute(channel=_MODEL, upstream_model=_MODEL, cost=_PRICES)
            new = NewModel(
                name=_MODEL, routes=(route,), rates=_PRICES, context_tokens=128_000, most_output_tokens=16_384
            )
            await add_model(connection, ids, new)
        found = await connection.fetchrow(_CATALOGUE, _MODEL)
        assert found is not None
    finally:
        await connection.close()
    return _Bed(
        url=url,
        catalogue_version=found["version"],
        rate_card_id=found["rate_card_id"],
        channel_id=str(channel_id),
        cluster=Layout(scratch / "data").cluster(),
        scratch=scratch,
    )


async def _make_customers(url: str, count: int) -> list[tuple[str, str]]:
    connection = await connect(url, application_name="farebox-bench")
    try:
        rows = await connection.fetch(_ACCOUNTS, count, _BALANCE_NANO)
        await connection.execute("ANALYZE account, api_key, lot")
    finally:
        await connection.close()
    return [(str(row["account_id"]), str(row["id"])) for row in rows]


def _run(book: Book, bed: _Bed, system: str, customers: list[tuple[str, str]], seconds: float) -> int:
    """One run of all processes; gives how many jobs they settled."""
    with ExitStack() as stack:
        workers = [stack.enter_context(_Worker(bed, customers, seconds, number)) for number in range(_PROCESSES)]
        for worker in workers:
            worker.wait_ready()
        groups = {"worker": tuple(worker.pid for worker in workers), "postgres": tuple(_postgres(bed))}
        before = cpu.look(groups)
        for worker in workers:
            worker.begin()
        found = [worker.finished() for worker in workers]
        # The workers stay until they are told to go: a process that has ended shows no CPU time.
        spent = before.until_now()
    jobs = sum(each["jobs"] for each in found)
    refused = sum((Counter(each["refused"]) for each in found), Counter[str]())
    if refused or not jobs:
        book.fail("till", system, f"refused: {dict(refused)}" if refused else "no job was settled")
        return int(jobs)
    took_s = max(each["seconds"] for each in found)
    waits = sum((Counter(each["waits"]) for each in found), Counter[str]())
    note(f"till: {system}: {jobs / took_s:,.0f} jobs/s")
    book.add("till.jobs_per_second", system, jobs / took_s)
    for group, cpu_s in spent.cpu_s.items():
        book.add(f"till.{group}_cpu_us", system, cpu_s * 1e6 / (2 * jobs))
    for name, part in (("p50", 0.5), ("p99", 0.99)):
        book.add(f"till.{name}_ms", system, _percentile_ms(waits, part))
    return int(jobs)


def _postgres(bed: _Bed) -> list[int]:
    return ServerProcesses(bed.cluster).all()


def _percentile_ms(waits: Counter[str], part: float) -> float:
    """From how often each number of tenths of a millisecond was waited."""
    left = part * waits.total()
    for tenths, count in sorted((int(tenths), count) for tenths, count in waits.items()):
        left -= count
        if left <= 0:
            return tenths / 10
    return 0.0


async def _audit(book: Book, url: str, settled: int) -> None:
    connection = await connect(url, application_name="farebox-bench")
    try:
        found, holds = await connection.fetchval(_SETTLED), await connection.fetchval(_HOLDS)
    finally:
        await connection.close()
    note(f"till: {found:,} jobs settled in the database, {settled:,} answered, {holds} holds left")
    if (found, holds) != (settled, 0):
        book.fail("till", "farebox", f"{found} jobs settled for {settled} answers, {holds} holds left")


class _Worker:
    # One process, told its task and spoken to line by line.

    def __init__(self, bed: _Bed, customers: list[tuple[str, str]], seconds: float, number: int) -> None:
        self._task = Task(
            url=bed.url,
            catalogue_version=bed.catalogue_version,
            rate_card_id=bed.rate_card_id,
            channel_id=bed.channel_id,
            model=_MODEL,
            customers=customers,
            calls=_CALLS_EACH,
            seconds=seconds,
            spool_dir=str(bed.scratch / f"spool-{number}"),
        )
        self._log = (bed.scratch / f"worker-{number}.log").open("w+")

    def __enter__(self) -> "_Worker":
        self._process = subprocess.Popen(
            (sys.executable, "-m", "bench.till_worker"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=clean_environment(),
        )
        self._say(json.dumps(asdict(self._task)))
        return self

    def __exit__(self, *_: object) -> None:
        # The end of its standard input is its sign to leave.
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(timeout=_ANSWER_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._log.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_ready(self) -> None:
        self._hear()

    def begin(self) -> None:
        self._say("begin")

    def finished(self) -> dict[str, Any]:
        return self._hear()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._log.seek(0)
            raise RuntimeError(f"a process of the till ended:\n{self._log.read()[-2000:]}")
        heard: dict[str, Any] = json.loads(line)
        return heard
