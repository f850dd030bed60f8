"""Pages of receipts for the operator."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.support.postgres import TestDatabase
from tests.support.tills import IDS, open_account

from farebox.boot.receipts import load_receipts
from farebox.catalog.store import load_cards
from farebox.domain.money import PPM
from farebox.kit.clock import FixedClock, SystemClock
from farebox.kit.ids import IdSource
from farebox.storage.database import Connection, connect

_JOB = """
INSERT INTO job (account_id, id, key_id, status, outcome, endpoint, model, stream, created_at, finished_at,
                 input_tokens, rate_card_id, factor_ppm, hold_nano, charge_nano, input_hash)
VALUES ($1, $2, $3, 'settled', 'completed', 'chat.completions', 'm', false, now(), now(), 1000, $4, $5, 9, 9, '')
"""

_CARD = """
INSERT INTO rate_card (model, version, rates, effective_at) VALUES ('m', $1, $2, $3) RETURNING id
"""


NOW_MS = SystemClock().unix_ms()


async def _cards(connection: Connection, count: int) -> list[int]:
    await connection.execute("INSERT INTO model (name) VALUES ('m')")
    rates = {"type": "per_token", "prices": {"input": 1_000_000, "output": 1_000_000}}
    return [await connection.fetchval(_CARD, version, rates, datetime.now(UTC)) for version in range(1, count + 1)]


@pytest.mark.parametrize("jobs", [1, 40])
async def test_a_page_takes_the_same_queries_however_long_it_is(database: TestDatabase, jobs: int) -> None:
    """Rate cards are fetched for the page and not for each of its receipts."""
    account_id, key_id = await open_account(database.app_url, 0)
    connection = await connect(database.app_url, application_name="test")
    cards = await _cards(connection, 4)
    for number in range(jobs):
        await connection.execute(_JOB, account_id, IDS.new(), key_id, cards[number % 4], PPM)
    asked: list[str] = []

    async def note(record: Any) -> None:
        asked.append(record.query)

    # The first page also teaches the connection the types of its columns.
    await load_receipts(connection, None, 100, now_ms=NOW_MS)
    with connection.query_logger(note):
        page = await load_receipts(connection, None, 100, now_ms=NOW_MS)
    assert len(page) == jobs
    assert {receipt["rate_card"] for receipt in page} == set(range(1, min(jobs, 4) + 1))
    # Open jobs, ended ones of the last minute, hour, day and month and of all time, and the cards.
    assert len([query for query in asked if "SELECT" in query]) == 7
    await connection.close()


async def test_a_receipt_is_priced_at_the_factor_of_its_admission(database: TestDatabase) -> None:
    """A job that was admitted at half the list price keeps it, whatever its card's factor is."""
    account_id, key_id = await open_account(database.app_url, 0)
    connection = await connect(database.app_url, application_name="test")
    (card_id,) = await _cards(connection, 1)
    await connection.execute(_JOB, account_id, IDS.new(), key_id, card_id, PPM // 2)
    (receipt,) = await load_receipts(connection, account_id, 1, now_ms=NOW_MS)
    assert [(line["class"], line["amount"]) for line in receipt["lines"]] == [("input", "0.0005")]
    assert (await load_cards(connection, [card_id]))[card_id].factor_ppm == PPM
    await connection.close()


async def test_the_newest_jobs_of_all_accounts_come_first(database: TestDatabase) -> None:
    """However far apart they are, no job is left out or seen twice; a busy minute is read alone."""
    account_id, key_id = await open_account(database.app_url, 0)
    connection = await connect(database.app_url, application_name="test")
    (card_id,) = await _cards(connection, 1)
    made = []
    for back_s in (10, 20, 1800, 7200, 3 * 86_400, 60 * 86_400):
        made.append(IdSource(FixedClock(NOW_MS - back_s * 1000)).new())
        await connection.execute(_JOB, account_id, made[-1], key_id, card_id, PPM)
    for limit in (1, 2, 3, 5, 10):
        page = await load_receipts(connection, None, limit, now_ms=NOW_MS)
        assert [receipt["id"] for receipt in page] == [str(job_id) for job_id in made[:limit]]
    await connection.close()
