"""SQL of evidence: metadata of one account between two moments, row by row from the server.

$1 is the account, $2 and $3 the moments, $4 and $5 ids that bound the rows by their day.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

_CALLS = """
SELECT job.created_at AS at, job.finished_at, job.id AS call_id, job.status, outcome, endpoint, model, stream,
       coalesce(prefix, '') AS key_prefix, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
       reasoning_tokens, usage_source, charge_nano AS charge, balance_after_nano AS balance_after
FROM job LEFT JOIN api_key ON api_key.id = key_id AND api_key.account_id = $1
WHERE job.account_id = $1 AND job.id >= $4 AND job.id < $5 AND job.created_at >= $2 AND job.created_at < $3
ORDER BY job.id
"""

_REFUSALS = """
SELECT at, refusal.id AS call_id, endpoint, model, coalesce(prefix, '') AS key_prefix, refusal.status AS http_status,
       code
FROM refusal LEFT JOIN api_key ON api_key.id = key_id AND api_key.account_id = $1
WHERE refusal.account_id = $1 AND refusal.id >= $4 AND refusal.id < $5 AND at >= $2 AND at < $3
ORDER BY refusal.id
"""

_TRACES = """
SELECT at, trace.kind, person_id, coalesce(prefix, '') AS key_prefix, host(address) AS address, country, agent, device
FROM trace LEFT JOIN api_key ON api_key.id = key_id AND api_key.account_id = $1
WHERE trace.account_id = $1 AND trace.id >= $4 AND trace.id < $5 AND at >= $2 AND at < $3
ORDER BY trace.id
"""

_LEDGER = """
SELECT posted_at AS at, txn.id AS transaction_id, txn.kind, coalesce(memo->>'reference', '') AS reference, unit,
       amount_nano AS amount, balance_after_nano AS balance_after
FROM txn JOIN entry ON entry.account_id = txn.account_id AND entry.txn_id = txn.id
WHERE txn.account_id = $1 AND txn.id >= $4 AND txn.id < $5 AND posted_at >= $2 AND posted_at < $3
  AND book = 'customer'
ORDER BY version
"""

_PAYMENTS = """
SELECT created_at AS at, paid_at, provider, ref AS reference, state, gross_minor, currency, country, refunded_minor,
       failure
FROM payment
WHERE account_id = $1 AND created_at >= $2 AND created_at < $3 AND $4::uuid < $5::uuid
ORDER BY id
"""

_KEYS = """
SELECT created_at AS at, id AS key_id, prefix, kind, status, expires_at
FROM api_key WHERE account_id = $1 AND created_at < $3 AND $2::timestamptz < $3 AND $4::uuid < $5::uuid
ORDER BY id
"""

_SIGNALS = """
SELECT raised_at AS at, kind, subject, measured, threshold, window_minutes, action
FROM signal WHERE account_id = $1 AND raised_at >= $2 AND raised_at < $3 AND $4::uuid < $5::uuid
ORDER BY id
"""

# The files of a bundle, in their order.
FILES: Mapping[str, str] = {
    "calls.csv": _CALLS,
    "refusals.csv": _REFUSALS,
    "traces.csv": _TRACES,
    "ledger.csv": _LEDGER,
    "payments.csv": _PAYMENTS,
    "keys.csv": _KEYS,
    "signals.csv": _SIGNALS,
}

ACCOUNT = """
SELECT id, status, created_at, email, name, clock_timestamp() AS now,
       coalesce((SELECT unit FROM deployment), '') AS unit
FROM account JOIN account_contact ON account_contact.account_id = account.id WHERE id = $1
"""

_AT_ONCE = 1_000


async def load_account(connection: Connection, account_id: UUID) -> Any:
    """Who it is, with the database's time and the unit of amounts; None when there is no such account."""
    return await connection.fetchrow(ACCOUNT, account_id)


async def columns(connection: Connection, file: str) -> list[str]:
    """The names of a file's columns."""
    return [attribute.name for attribute in (await connection.prepare(FILES[file])).get_attributes()]


async def rows(
    connection: Connection, file: str, account_id: UUID, since: datetime, until: datetime, lower: UUID, upper: UUID
) -> AsyncIterator[list[Any]]:
    """Pieces of up to a thousand rows; inside a transaction."""
    cursor = await connection.cursor(FILES[file], account_id, since, until, lower, upper)
    while piece := await cursor.fetch(_AT_ONCE):
        yield piece
