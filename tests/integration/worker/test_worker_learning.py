"""What jobs teach about models, from samples on a real database: who can teach, how much is kept, what is written."""

import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from tests.support.postgres import TestDatabase

from farebox.kit.logging import get_logger
from farebox.storage.database import connect
from farebox.worker import learning_store as store
from farebox.worker.learning import Learning

_ADD = """
INSERT INTO learning_sample (model, account_id, at, word_bytes, sign_bytes, cjk_bytes, other_bytes,
                             input_tokens, output_tokens, seen_tokens)
SELECT 'm', $1, clock_timestamp() - make_interval(hours => $2), $3, $4, $5, $6, $7, $8, $9
FROM generate_series(1, $10)
"""
VERSION = "SELECT version FROM catalogue"
HOUR = 1


@pytest.fixture
async def connection(database: TestDatabase) -> Any:
    """As the application's role, which has to have the rights for it."""
    made = await connect(database.app_url, application_name="test")
    await made.execute("INSERT INTO model (name) VALUES ('m')")
    yield made
    await made.close()


async def add(
    connection: Any,
    *,
    account: uuid.UUID | None = None,
    sizes: Sequence[int] = (1024, 0, 0, 0),
    tokens: int = 250,
    output: int = 100,
    seen: int | None = 100,
    hours: int = HOUR,
    count: int = 5,
) -> None:
    await connection.execute(_ADD, account or uuid.uuid4(), hours, *sizes, tokens, output, seen, count)


async def learned(connection: Any) -> Any:
    await Learning(get_logger("test")).work(connection)
    return await connection.fetchrow(
        "SELECT first_step_tokens, thinks_unseen, tokens_per_kilobyte::text AS rates FROM model WHERE name = 'm'"
    )


async def test_tokens_per_kilobyte_are_learned_from_many_accounts(connection: Any) -> None:
    """Nine accounts teach nothing, ten do; classes that nobody used stay cautious."""
    for _ in range(9):
        await add(connection)
    assert (await learned(connection))["rates"] is None
    await add(connection)
    assert (await learned(connection))["rates"] == '{"cjk": 512, "sign": 1024, "ascii": 263, "other": 700}'


@pytest.mark.parametrize("tokens", [1, 100_000])
async def test_no_account_can_poison_what_is_learned(connection: Any, tokens: int) -> None:
    """However many calls of whatever content one account makes, quotes of the others stay as they are."""
    for _ in range(12):
        await add(connection)
    before = (await learned(connection))["rates"]
    await add(connection, account=uuid.uuid4(), tokens=tokens, count=500)
    assert (await learned(connection))["rates"] == before


async def test_what_is_learned_keeps_to_its_bounds(connection: Any) -> None:
    """Never above the bytes themselves, and not so low that a crowd of accounts could make input free."""
    for _ in range(10):
        await add(connection, tokens=5)
        await add(connection, sizes=(0, 0, 3_000, 0), tokens=10**6)
    assert (await learned(connection))["rates"] == '{"cjk": 1024, "sign": 1024, "ascii": 180, "other": 700}'


async def test_signs_are_never_learned_cheaper(connection: Any) -> None:
    """JSON with few tokens for its many signs does not make a text of nothing but signs cheap to quote."""
    for _ in range(10):
        await add(connection, sizes=(1024, 400, 0, 0), tokens=650)
    assert (await learned(connection))["rates"] == '{"cjk": 512, "sign": 1024, "ascii": 263, "other": 700}'


async def test_first_steps_count_all_output_and_only_real_changes_are_written(connection: Any) -> None:
    """The 95th percentile of whole outputs, unseen reasoning included; a change of less than a fifth is none."""
    for _ in range(12):
        await add(connection, output=2_000, seen=1_500)
    assert (await learned(connection))["first_step_tokens"] == 2_000
    version = await connection.fetchval(VERSION)
    await connection.execute("UPDATE learning_sample SET output_tokens = 2300")
    assert (await learned(connection))["first_step_tokens"] == 2_000
    assert await connection.fetchval(VERSION) == version
    await connection.execute("UPDATE learning_sample SET output_tokens = 2500")
    assert (await learned(connection))["first_step_tokens"] == 2_500
    assert await connection.fetchval(VERSION) == version + 1


async def test_unseen_thinking_is_learned_from_little_and_forgotten_slowly(connection: Any) -> None:
    """Three answers that cost far more than they showed are enough; many without are needed to take it back."""
    await add(connection, output=5_000, seen=100, count=2)
    assert not (await learned(connection))["thinks_unseen"]
    await add(connection, output=5_000, seen=100, count=1)
    assert (await learned(connection))["thinks_unseen"]
    await connection.execute("DELETE FROM learning_sample")
    await add(connection, count=199)
    assert (await learned(connection))["thinks_unseen"]
    await add(connection, count=1)
    assert not (await learned(connection))["thinks_unseen"]


async def test_samples_are_thinned_out(connection: Any) -> None:
    """The newest of each model stay, and none for longer than a week: no duty ever reads more."""
    await add(connection, hours=7 * 24 + 1, count=10)
    await add(connection, hours=3, count=30)
    await add(connection, hours=2, count=20)
    await store.thin_out(connection, 7, 35)
    kept = await connection.fetch(
        "SELECT extract(hours FROM clock_timestamp() - at)::int AS hours, count(*) FROM learning_sample GROUP BY 1"
    )
    assert {row["hours"]: row["count"] for row in kept} == {2: 20, 3: 15}
