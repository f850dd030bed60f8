"""The SQL of learning: from a bounded table of samples, so that no day of jobs is ever sorted."""

from typing import Any

import msgspec

from farebox.catalog.snapshot import TokensPerKilobyte
from farebox.storage.database import Connection

_FORGET_OLD = "DELETE FROM learning_sample WHERE at < clock_timestamp() - make_interval(days => $1)"

# The newest of each model stay.
_THIN_OUT = """
DELETE FROM learning_sample WHERE ctid = ANY(ARRAY(
    SELECT placed.ctid
    FROM (SELECT ctid, row_number() OVER (PARTITION BY model ORDER BY at DESC) AS place FROM learning_sample) AS placed
    WHERE placed.place > $1
))
"""

# By model, whose 95th percentile differs from what is known by more than a fifth.
_CHANGED_FIRST_STEPS = """
SELECT model.name, learned.tokens
FROM (
    SELECT model AS name, percentile_disc(0.95) WITHIN GROUP (ORDER BY output_tokens) AS tokens
    FROM (SELECT model, output_tokens, row_number() OVER (PARTITION BY model, account_id ORDER BY at DESC) AS place
          FROM learning_sample WHERE seen_tokens IS NOT NULL) AS streams
    WHERE place <= $2
    GROUP BY model
    HAVING count(*) >= $1
) AS learned
JOIN model ON model.name = learned.name
WHERE learned.tokens > 0
  AND (model.first_step_tokens IS NULL
       OR abs(learned.tokens - model.first_step_tokens) * 5 > model.first_step_tokens)
"""

_SET_FIRST_STEPS = """
UPDATE model SET first_step_tokens = new.tokens
FROM unnest($1::text[], $2::bigint[]) AS new (name, tokens)
WHERE model.name = new.name
"""

# A model thinks unseen once some answers cost far more than their bytes tell, and no more once many in a row did not.
_CHANGED_THINKING = """
SELECT model.name, learned.unseen > 0
FROM (
    SELECT model AS name, count(*) AS streams, count(*) FILTER (WHERE output_tokens > $4 * seen_tokens + $1) AS unseen
    FROM learning_sample WHERE seen_tokens IS NOT NULL
    GROUP BY model
) AS learned
JOIN model ON model.name = learned.name
WHERE CASE WHEN model.thinks_unseen THEN learned.unseen = 0 AND learned.streams >= $3 ELSE learned.unseen >= $2 END
"""

_SET_THINKING = """
UPDATE model SET thinks_unseen = new.thinks
FROM unnest($1::text[], $2::boolean[]) AS new (name, thinks)
WHERE model.name = new.name
"""

# Requests of nearly one class of bytes tell the tokens per kilobyte that would have covered them, signs counted apart
# at a token each. Of each account its own high quantile counts, and of all accounts a high quantile that is never the
# single highest: no account alone can move it up or down.
_NEEDED_RATES = """
WITH newest AS (
    SELECT *, row_number() OVER (PARTITION BY model, account_id ORDER BY at DESC) AS place FROM learning_sample
), needed AS (
    SELECT newest.model, newest.account_id, class.name,
           greatest(0, newest.input_tokens - newest.sign_bytes) * 1024 / class.bytes AS rate
    FROM newest
    CROSS JOIN LATERAL (VALUES ('ascii', word_bytes), ('cjk', cjk_bytes), ('other', other_bytes)) AS class (name, bytes)
    WHERE newest.place <= $2 AND class.bytes >= 512
      AND class.bytes * 5 >= (newest.word_bytes + newest.cjk_bytes + newest.other_bytes) * 4
), accounts AS (
    SELECT model, name, account_id, percentile_disc(0.95) WITHIN GROUP (ORDER BY rate) AS rate
    FROM needed GROUP BY model, name, account_id HAVING count(*) >= $3
)
SELECT model, name, percentile_disc(0.9) WITHIN GROUP (ORDER BY rate) AS rate
FROM accounts GROUP BY model, name HAVING count(*) >= $1
ORDER BY model, name
"""

_KNOWN_RATES = "SELECT name, tokens_per_kilobyte::text FROM model WHERE name = ANY($1::text[])"

_SET_RATES = """
UPDATE model SET tokens_per_kilobyte = new.rates::jsonb
FROM unnest($1::text[], $2::text[]) AS new (name, rates)
WHERE model.name = new.name
"""

_decode = msgspec.json.Decoder(TokensPerKilobyte).decode


async def thin_out(connection: Connection, most_days: int, most_of_a_model: int) -> None:
    await connection.execute(_FORGET_OLD, most_days)
    await connection.execute(_THIN_OUT, most_of_a_model)


async def learn_first_steps(connection: Connection, least: int, most_of_an_account: int) -> list[tuple[str, int]]:
    """The models whose first step has changed by more than a fifth, and what it is now."""
    learned = await connection.fetch(_CHANGED_FIRST_STEPS, least, most_of_an_account)
    return await _set(connection, _SET_FIRST_STEPS, learned)


async def learn_thinking(
    connection: Connection, unseen_tokens: int, least_thoughts: int, least_streams: int, densest: int
) -> list[tuple[str, bool]]:
    """The models that are known from now on to think unseen, or no more.

    `densest` is how many tokens output may have for each of our count, all of them seen.
    """
    learned = await connection.fetch(_CHANGED_THINKING, unseen_tokens, least_thoughts, least_streams, densest)
    return await _set(connection, _SET_THINKING, learned)


async def needed_rates(
    connection: Connection, least_accounts: int, most_of_an_account: int, least_of_an_account: int
) -> dict[str, dict[str, int]]:
    """By model and class of bytes, the tokens per 1,024 bytes that cover nearly all requests of nearly all accounts."""
    found: dict[str, dict[str, int]] = {}
    for row in await connection.fetch(_NEEDED_RATES, least_accounts, most_of_an_account, least_of_an_account):
        found.setdefault(row[0], {})[row[1]] = row[2]
    return found


async def known_rates(connection: Connection, models: list[str]) -> dict[str, TokensPerKilobyte | None]:
    """What is known of these models; those that are gone are missing."""
    rows = await connection.fetch(_KNOWN_RATES, models)
    return {row[0]: None if row[1] is None else _decode(row[1]) for row in rows}


async def set_rates(connection: Connection, rates: dict[str, TokensPerKilobyte]) -> None:
    told = [(name, msgspec.json.encode(learned).decode()) for name, learned in rates.items()]
    await _set(connection, _SET_RATES, told)


async def _set(connection: Connection, statement: str, rows: list[Any]) -> list[Any]:
    # An UPDATE that changes nothing would still be a new version of the catalogue: its trigger is per statement.
    if rows:
        await connection.execute(statement, *map(list, zip(*rows, strict=True)))
    return [tuple(row) for row in rows]
