"""SQL of receipts for the operator: the newest jobs of one account or of all, and one by its id alone."""

from typing import Any
from uuid import UUID

from farebox.gateway.receipts import open_receipt, receipt
from farebox.gateway.store import read_card

_ENDED = """
SELECT job.id, job.status, job.outcome, job.endpoint, job.model, job.stream, api_key.prefix, job.created_at,
       job.finished_at, job.first_byte_ms, job.latency_ms, job.input_tokens, job.cached_input_tokens,
       job.cache_write_tokens, job.output_tokens, job.reasoning_tokens, job.usage_extra::text AS usage_extra,
       job.usage_source, job.rate_card_id, job.factor_ppm, job.hold_nano, job.charge_nano, job.balance_after_nano
FROM job JOIN api_key ON api_key.id = job.key_id
"""

_OPEN = """
SELECT hold.job_id AS id, hold.endpoint, hold.model, hold.stream, api_key.prefix, hold.admitted_at AS created_at,
       hold.rate_card_id, hold.factor_ppm, hold.amount_nano AS hold_nano
FROM hold JOIN api_key ON api_key.id = hold.key_id
"""

ENDED = f"{_ENDED} ORDER BY job.id DESC LIMIT $1"
ENDED_OF = f"{_ENDED} WHERE job.account_id = $2 ORDER BY job.id DESC LIMIT $1"
ENDED_ONE = f"{_ENDED} WHERE job.id = $1"
OPEN = f"{_OPEN} ORDER BY hold.job_id DESC LIMIT $1"
OPEN_OF = f"{_OPEN} WHERE hold.account_id = $2 ORDER BY hold.job_id DESC LIMIT $1"
OPEN_ONE = f"{_OPEN} WHERE hold.job_id = $1"


async def load_receipts(connection: Any, account_id: UUID | None, limit: int) -> list[dict[str, Any]]:
    """The newest receipts first."""
    # One moment for both, so that a job that ends in between is neither missed nor seen twice.
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if account_id is None:
            held, ended = await connection.fetch(OPEN, limit), await connection.fetch(ENDED, limit)
        else:
            held = await connection.fetch(OPEN_OF, limit, account_id)
            ended = await connection.fetch(ENDED_OF, limit, account_id)
        rows = [(row, True) for row in held] + [(row, False) for row in ended]
        rows.sort(key=lambda each: each[0]["id"].int, reverse=True)
        return [await _receipt(connection, row, is_open=is_open) for row, is_open in rows[:limit]]


async def load_receipt(connection: Any, job_id: UUID) -> dict[str, Any] | None:
    """One receipt; None when there is no such job."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        row = await connection.fetchrow(OPEN_ONE, job_id)
        if row is not None:
            return await _receipt(connection, row, is_open=True)
        row = await connection.fetchrow(ENDED_ONE, job_id)
        return None if row is None else await _receipt(connection, row, is_open=False)


async def _receipt(connection: Any, row: Any, *, is_open: bool) -> dict[str, Any]:
    card = await read_card(connection, row["rate_card_id"], row["factor_ppm"])
    return open_receipt(row, card) if is_open else receipt(row, card, sees_balance=True)
