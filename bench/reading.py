"""Pages of logs, statement and usage over ten million jobs: `python -m bench.reading [--jobs N]`.

A month of jobs of ten thousand accounts is made with SQL in an embedded PostgreSQL of its own, a fifth of them of one
account, and gone afterwards. What is measured is the reading as the control plane does it, up to its answer's values;
HTTP and JSON come on top. The bar is 50 ms for a page.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from psutil import Process

from bench.measure import note
from farebox.kit.ids import first_id_at
from farebox.kit.logging import configure_logging
from farebox.ledger import job_page, margin, operator_jobs, pulse, statement, usage
from farebox.ledger.job_page import CallFilter
from farebox.ledger.operator_jobs_store import JobFilter
from farebox.ledger.rollup import roll_up
from farebox.ledger.statement import StatementFilter
from farebox.storage.database import Connection, connect
from farebox.storage.embedded import EmbeddedPostgres
from farebox.storage.migrate import migrate
from farebox.storage.partitions import ensure_partitions

_DAYS = 30
_ACCOUNTS = 10_000
_RUNS = 15
_BAR_MS = 50.0
_LIMIT = 50
_HOT = UUID(int=1)

_PEOPLE = """
INSERT INTO account (id) SELECT lpad(to_hex(n), 32, '0')::uuid FROM generate_series(1, $1::integer) AS n
"""
_KEYS = """
INSERT INTO api_key (id, account_id, kind, name, prefix, hash)
SELECT lpad(to_hex(n * 4 + k), 32, '0')::uuid, lpad(to_hex(n), 32, '0')::uuid, 'live', 'k' || k, 'fb_live_' || n,
       sha256((n * 4 + k)::text::bytea)
FROM generate_series(1, $1::integer) AS n, generate_series(0, 3) AS k
"""
# A fifth of one account, four keys each, a model in a thousand that is rare, and jobs that take up to twenty seconds.
_DRAFT = """
CREATE TEMP TABLE draft AS
SELECT lpad(to_hex(who), 32, '0')::uuid AS account_id,
       (lpad(to_hex(at_ms), 12, '0') || '7' || substr(md5(n::text || $1::text), 1, 3) || '8'
        || substr(md5(n::text || $1::text), 4, 15))::uuid AS id,
       lpad(to_hex(who * 4 + (n % 4)), 32, '0')::uuid AS key_id, at_ms, at_ms + took_ms AS done_ms, took_ms,
       CASE WHEN n % 1000 = 0 THEN 'rare' ELSE 'model-' || (n % 7) END AS model, n % 2 = 0 AS stream,
       100 + n % 9000 AS charge_nano, n
FROM (
    SELECT n, CASE WHEN random() < 0.2 THEN 1 ELSE 2 + (random() * ($3 - 3))::integer END AS who,
           $2::bigint + (n::bigint * 86400000 / $4) AS at_ms, (random() * 20000)::integer AS took_ms
    FROM generate_series(0, $4::integer - 1) AS n
) AS drawn
"""
_JOBS = """
INSERT INTO job (account_id, id, key_id, status, outcome, endpoint, model, stream, created_at, finished_at,
                 first_byte_ms, latency_ms, input_tokens, output_tokens, usage_source, rate_card_id, factor_ppm,
                 hold_nano, charge_nano, balance_after_nano, channel_id, cost_nano, input_hash)
SELECT account_id, id, key_id, 'settled', 'completed', 'chat.completions', model, stream,
       to_timestamp(at_ms / 1000.0), to_timestamp(done_ms / 1000.0), 200, took_ms, 900, 300, 'provider', 1, 1000000,
       charge_nano * 2, charge_nano, 0, '00000000-0000-0000-0000-000000000007', charge_nano / 2, sha256(id::text::bytea)
FROM draft ORDER BY done_ms
"""
_TXNS = """
INSERT INTO txn (account_id, id, kind, posted_at, input_hash)
SELECT account_id, id, 'charge', to_timestamp(done_ms / 1000.0), sha256(id::text::bytea) FROM draft ORDER BY done_ms
"""
_ENTRIES = """
WITH numbered AS (
    SELECT draft.account_id, id, charge_nano, done_ms,
           seen.n + row_number() OVER (PARTITION BY draft.account_id ORDER BY done_ms, id) AS version
    FROM draft JOIN seen ON seen.account_id = draft.account_id
)
INSERT INTO entry (account_id, txn_id, seq, book, unit, amount_nano, balance_after_nano, version)
SELECT account_id, id, seq, CASE seq WHEN 0 THEN 'customer' ELSE 'revenue' END, 'USD',
       CASE seq WHEN 0 THEN -charge_nano ELSE charge_nano END,
       CASE seq WHEN 0 THEN 1000000000000000 - version END, CASE seq WHEN 0 THEN version END
FROM numbered, generate_series(0, 1) AS seq ORDER BY done_ms
"""
_COUNT_ON = """
UPDATE seen SET n = seen.n + more.n
FROM (SELECT account_id, count(*) AS n FROM draft GROUP BY account_id) AS more WHERE more.account_id = seen.account_id
"""
_MARK = """
UPDATE usage_mark SET until_ms = $1, checked_ms = $1, until_id = $2
"""

Reading = Callable[[Connection], Awaitable[Any]]


async def _fill(connection: Connection, jobs: int, begin: datetime) -> None:
    """A month of jobs with their charges, day by day, as if each had been settled when it ended."""
    await connection.execute("SET synchronous_commit = off")
    await connection.execute(_PEOPLE, _ACCOUNTS)
    await connection.execute(_KEYS, _ACCOUNTS)
    await connection.execute("CREATE TEMP TABLE seen AS SELECT id AS account_id, 0::bigint AS n FROM account")
    for day in range(_DAYS):
        began = time.perf_counter()
        first_ms = int((begin + timedelta(days=day)).timestamp() * 1000)
        async with connection.transaction():
            await connection.execute("DROP TABLE IF EXISTS draft")
            # A statement that makes a table takes no parameters by the extended protocol.
            draft = _DRAFT.replace("$1::text", f"'{day}'").replace("$2", str(first_ms))
            await connection.execute(draft.replace("$3", str(_ACCOUNTS)).replace("$4", str(jobs // _DAYS)))
            for statement_text in (_JOBS, _TXNS, _ENTRIES, _COUNT_ON):
                await connection.execute(statement_text)
        note(f"day {day + 1} of {_DAYS}: {time.perf_counter() - began:.0f} s")
    await connection.execute(
        "UPDATE account SET version = seen.n, balance_nano = 1000000000000000 - seen.n "
        "FROM seen WHERE seen.account_id = account.id"
    )
    await connection.execute("VACUUM ANALYZE")


def _readings(usual: UUID, now: datetime) -> dict[str, Reading]:
    now_ms = int(now.timestamp() * 1000)
    middle = first_id_at(now_ms - 15 * 86_400_000)
    month = usage.span_of("day", now - timedelta(days=29), now, now)

    def log(account_id: UUID, before: UUID | None = None, **wanted: Any) -> Reading:
        return lambda c: job_page.load_page(c, account_id, CallFilter(**wanted), before, _LIMIT, now_ms=now_ms)

    def lines(account_id: UUID, before: UUID | None = None, **wanted: Any) -> Reading:
        return lambda c: statement.load_page(c, account_id, StatementFilter(**wanted), before, _LIMIT)

    def jobs(before: UUID | None = None, **wanted: Any) -> Reading:
        return lambda c: operator_jobs.load_page(c, JobFilter(**wanted), before, _LIMIT, now_ms=now_ms)

    def series(account_id: UUID) -> Reading:
        return lambda c: usage.load_series(c, account_id, "day", "model", month)

    def spent(account_id: UUID) -> Reading:
        return lambda c: usage.load_spent(c, account_id, now)

    readings: dict[str, Reading] = {}
    for name, account_id in (("hot", _HOT), ("usual", usual)):
        key_id = UUID(int=account_id.int * 4)
        readings |= {
            f"log, {name} account": log(account_id),
            f"log, {name}, two weeks back": log(account_id, middle),
            f"log, {name}, one key": log(account_id, key_id=key_id),
            f"log, {name}, rare model": log(account_id, model="rare"),
            f"log, {name}, no such model": log(account_id, model="none"),
            f"log, {name}, dear ones": log(account_id, least_charge_nano=9_000),
            f"log, {name}, one day": log(account_id, since=now - timedelta(days=9), until=now - timedelta(days=8)),
            f"log, {name}, refused": log(account_id, status="refused"),
            f"statement, {name}": lines(account_id),
            f"statement, {name}, until two weeks back": lines(account_id, until=now - timedelta(days=15)),
            f"statement, {name}, charges": lines(account_id, kind="charge"),
            f"statement, {name}, recharges": lines(account_id, kind="recharge"),
            f"usage, {name}, month by day and model": series(account_id),
            f"spent, {name}": spent(account_id),
        }
    return readings | {
        "operator: jobs": jobs(),
        "operator: jobs, two weeks back": jobs(middle),
        "operator: jobs, hot account": jobs(account_id=_HOT),
        "operator: jobs, in doubt": jobs(doubt="delivery_unknown"),
        "operator: jobs, rare model": jobs(model="rare"),
        "operator: calls of the last minutes": lambda c: pulse.take(c, now_ms),
        "operator: margin, month by model": lambda c: margin.load_margins(
            c, month, "model", "day", margin.MarginFilter()
        ),
        "operator: margin, month by account": lambda c: margin.load_margins(
            c, month, "account", "whole", margin.MarginFilter()
        ),
    }


def _cpu_ms(backend: int) -> float:
    """What our backend and we have used of a core: tells of the work itself where others keep the machine busy."""
    times = Process(backend).cpu_times()
    return (times.user + times.system + time.process_time()) * 1000


async def _measure(connection: Connection, name: str, reading: Reading) -> bool:
    times_ms = []
    pid = await connection.fetchval("SELECT pg_backend_pid()")
    cpu_before_ms = _cpu_ms(pid)
    for _ in range(_RUNS):
        began = time.perf_counter()
        await reading(connection)
        times_ms.append((time.perf_counter() - began) * 1000)
    median_ms, worst_ms = statistics.median(times_ms), max(times_ms[1:])
    cpu_ms = (_cpu_ms(pid) - cpu_before_ms) / _RUNS
    sys.stdout.write(f"{name:<44} {times_ms[0]:>9.1f} {median_ms:>9.1f} {worst_ms:>9.1f} {cpu_ms:>9.1f}\n")
    return median_ms <= _BAR_MS


async def _run(jobs: int, data_dir: Path) -> bool:
    server = EmbeddedPostgres(data_dir, settings={"fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB"})
    urls = await server.start()
    try:
        await migrate(urls.owner)
        now = datetime.now(UTC)
        begin = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=_DAYS)
        owner = await connect(urls.owner, application_name="bench")
        await ensure_partitions(owner, begin.date(), days_ahead=_DAYS + 2)
        note(f"making {jobs:,} jobs")
        await _fill(owner, jobs, begin)
        begin_ms = int(begin.timestamp() * 1000)
        await owner.execute(_MARK, begin_ms, first_id_at(begin_ms))
        began = time.perf_counter()
        hours = await roll_up(owner)
        note(f"rolled up {hours} hours in {time.perf_counter() - began:.0f} s")
        await owner.execute("VACUUM ANALYZE usage_hour, margin_hour")
        await owner.close()
        reader = await connect(urls.app, application_name="bench")
        sys.stdout.write(f"{'milliseconds':<44} {'first':>9} {'median':>9} {'worst':>9} {'CPU':>9}\n")
        held = [await _measure(reader, name, reading) for name, reading in _readings(UUID(int=77), now).items()]
        await reader.close()
        return all(held)
    finally:
        await server.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=10_000_000)
    options = parser.parse_args()
    configure_logging(json=False, level="warning")
    with tempfile.TemporaryDirectory(prefix="farebox-reading-") as place:
        Path(place).chmod(0o711)
        return 0 if asyncio.run(_run(options.jobs, Path(place) / "data")) else 1


if __name__ == "__main__":
    sys.exit(main())
