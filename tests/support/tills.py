"""Accounts, calls and endings for tests of a real till on a real database, and tills in processes of their own."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from farebox.domain.pricing import Quote
from farebox.domain.usage import Usage
from farebox.kit.clock import SystemClock
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.ledger.service import Ledger
from farebox.ledger.verify import verify
from farebox.storage.database import connect, create_pool
from farebox.till.heartbeat import bury_workers_of_node
from farebox.till.operations import Admit, Cap, Offer, OutputBound, Settle, Void
from farebox.till.till import Till
from farebox.worker.adoption import Adoption
from farebox.worker.sweeper import Sweeper

IDS = IdSource()
CHANNEL = UUID(int=7)
_ATTO_PER_NANO = 10**9


async def open_account(url: str, balance_nano: int) -> tuple[UUID, UUID]:
    """An account with that balance and a key of it: their ids."""
    account_id, key_id = IDS.new(), IDS.new()
    connection = await connect(url, application_name="test")
    try:
        await connection.execute("INSERT INTO account (id) VALUES ($1)", account_id)
        await connection.execute(
            "INSERT INTO api_key (id, account_id, kind, prefix, hash) VALUES ($1, $2, 'live', 'fb', $3)",
            key_id,
            account_id,
            key_id.bytes,
        )
        if balance_nano:
            await Ledger("USD", IDS).credit(connection, account_id, balance_nano, "grant", f"start:{account_id}")
    finally:
        await connection.close()
    return account_id, key_id


def call(account_id: UUID, key_id: UUID, price_nano: int = 10, *caps: Cap, **changes: Any) -> Admit:
    """A call at a fixed price; `caps` count its price, or it, against what all workers share."""
    facts: dict[str, Any] = {
        "job_id": IDS.new(),
        "account_id": account_id,
        "key_id": key_id,
        "catalogue_version": 1,
        "endpoint": "chat.completions",
        "model": "m",
        "stream": False,
        "rate_card_id": 1,
        "factor_ppm": 1_000_000,
        "quote": Quote(price_nano * _ATTO_PER_NANO, 0),
        "bound": OutputBound(most=100, fixed=True, least=1),
        "input_tokens": 10,
        "offers": (Offer(CHANNEL, Quote(price_nano * _ATTO_PER_NANO, 0), caps),),
        "hold_lifetime_s": 3600,
    }
    return Admit(**(facts | changes))


def ending(admit: Admit, price_nano: int = 10, **changes: Any) -> Settle:
    facts: dict[str, Any] = {
        "job_id": admit.job_id,
        "account_id": admit.account_id,
        "key_id": admit.key_id,
        "outcome": "completed",
        "price_nano": price_nano,
        "usage": Usage(input_tokens=10, output_tokens=5, image_input_tokens=2),
        "usage_source": "provider",
        "endpoint": admit.endpoint,
        "model": admit.model,
        "stream": admit.stream,
        "rate_card_id": admit.rate_card_id,
        "factor_ppm": admit.factor_ppm,
        "admitted_us": time.time_ns() // 1000,
        "finished_us": time.time_ns() // 1000,
        "first_byte_ms": 1,
        "latency_ms": 2,
        "channel_id": CHANNEL,
        "cost_nano": price_nano,
        "offer": admit.offers[0],
        "output_tokens_held": 100,
    }
    return Settle(**(facts | changes))


def voiding(admit: Admit) -> Void:
    now_us = time.time_ns() // 1000
    return Void(
        job_id=admit.job_id,
        account_id=admit.account_id,
        key_id=admit.key_id,
        outcome="provider_error",
        endpoint=admit.endpoint,
        model=admit.model,
        stream=admit.stream,
        rate_card_id=1,
        factor_ppm=1_000_000,
        admitted_us=now_us,
        finished_us=now_us,
        latency_ms=0,
        offer=admit.offers[0],
    )


@asynccontextmanager
async def a_till(url: str, spool_dir: Path, node_id: UUID | None = None) -> AsyncIterator[Till]:
    """A till that runs, closed in the end unless the test has done it."""
    pool = await create_pool(url, application_name="test", max_size=3)
    till = Till(
        url,
        pool,
        unit="USD",
        node_id=node_id or IDS.new(),
        spool_dir=spool_dir,
        ids=IDS,
        clock=SystemClock(),
        logger=get_logger("till"),
    )
    await till.start()
    try:
        yield till
    finally:
        await till.close()
        await pool.close()


async def ask(url: str, query: str, *arguments: Any) -> list[Any]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(query, *arguments)
    finally:
        await connection.close()


async def ask_value(url: str, query: str, *arguments: Any) -> Any:
    return (await ask(url, query, *arguments))[0][0]


async def assert_clean(url: str) -> None:
    """Every invariant of the ledger holds."""
    connection = await connect(url, application_name="test")
    try:
        report = await verify(connection)
    finally:
        await connection.close()
    assert report.ok, report.problems


async def until(condition: Callable[[], Awaitable[Any]], deadline_s: float = 30.0) -> Any:
    """The first true value of the condition."""
    end_s = time.monotonic() + deadline_s
    while True:
        value = await condition()
        if value:
            return value
        assert time.monotonic() < end_s, "the condition did not come true in time"
        await asyncio.sleep(0.02)


async def till_process(**order: Any) -> asyncio.subprocess.Process:
    """A till in a process of its own (tests/support/till_process.py), ready to be told to go."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.till_process",
        json.dumps(order, default=str),
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert (await process.stdout.readline()) == b"ready\n"
    return process


async def race(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Processes that start at once and end by themselves: what each reports."""
    processes = [await till_process(**order) for order in orders]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
    outputs = await asyncio.gather(*(process.communicate() for process in processes))
    assert [process.returncode for process in processes] == [0] * len(processes)
    return [json.loads(output) for output, _ in outputs]


async def bury_and_sweep(till: Till, url: str, spool_dir: Path, node_id: UUID) -> None:
    """What a node does about its dead: their spools are posted, then their holds are voided."""
    connection = await connect(url, application_name="test")
    try:
        await bury_workers_of_node(connection, node_id, spool_dir)
        await Adoption(till, spool_dir, get_logger("test")).work(connection)
        await Sweeper(till, node_id, spool_dir, get_logger("test")).sweep(connection)
    finally:
        await connection.close()


async def assert_answers_stand(url: str, log: Path, start_nano: int) -> None:
    """Nothing acknowledged is lost, nothing doubled, nothing held, and what nobody heard of is marked."""
    rows = await ask(url, "SELECT id, status, charge_nano, delivery_unknown FROM job")
    # After long rounds these are a hundred thousand: comparing them takes longer than the loop may be kept.
    await asyncio.to_thread(_compare_answers, log, rows)
    assert await ask_value(url, "SELECT count(*) FROM hold") == 0
    assert await ask_value(url, "SELECT held_nano FROM account") == 0
    charged = await ask_value(url, "SELECT sum(charge_nano)::bigint FROM job")
    assert await ask_value(url, "SELECT balance_nano FROM account") == start_nano - charged
    await assert_clean(url)


def _compare_answers(log: Path, rows: list[Any]) -> None:
    told = [line.split() for line in log.read_text().splitlines() if line.count(" ") >= 1]
    settled = {UUID(words[1]) for words in told if words[0] == "s" and len(words) == 3}
    jobs = {row["id"]: row for row in rows}
    assert settled, "the load has settled nothing"
    assert not [job for job in settled if job not in jobs or jobs[job]["status"] != "settled"]
    assert {jobs[job]["charge_nano"] for job in settled} == {10}
    unheard = [row for job, row in jobs.items() if row["status"] == "settled" and job not in settled]
    assert not [row["id"] for row in unheard if not row["delivery_unknown"]]
