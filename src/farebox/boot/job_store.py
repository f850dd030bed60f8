"""SQL of receipts for the operator: the newest jobs of one account or of all, and one by its id alone."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from farebox.catalog.store import load_cards
from farebox.domain.pricing import RateCard
from farebox.gateway.receipts import open_receipt, receipt
from farebox.kit.ids import NIL, first_id_at

_ENDED = """
SELECT job.id, job.status, job.outcome, job.endpoint, job.model, job.stream, api_key.prefix, job.created_at,
       job.finished_at, job.first_byte_ms, job.latency_ms, job.input_tokens, job.cached_input_tokens,
       job.cache_write_tokens, job.output_tokens, job.reasoning_tokens, job.usage_extra::text AS usage_extra,
       job.usage_source, job.rate_card_id, job.factor_ppm, job.hold_nano, job.charge_nano, job.balance_after_nano,
       job.delivery_unknown
FROM job JOIN api_key ON api_key.id = job.key_id
"""

_OPEN = """
SELECT hold.job_id AS id, hold.endpoint, hold.model, hold.stream, api_key.prefix, hold.admitted_at AS created_at,
       hold.rate_card_id, hold.factor_ppm, hold.amount_nano AS hold_nano
FROM hold JOIN api_key ON api_key.id = hold.key_id
"""

# By id, and so by time, there is no index but the days: the bound keeps a page of a busy deployment from sorting all.
ENDED = f"{_ENDED} WHERE job.id >= $2 ORDER BY job.id DESC LIMIT $1"
ENDED_OF = f"{_ENDED} WHERE job.account_id = $2 ORDER BY job.id DESC LIMIT $1"
UNKNOWN = (
    f"{_ENDED} WHERE job.delivery_unknown AND ($2::uuid IS NULL OR job.account_id = $2) ORDER BY job.id DESC LIMIT $1"
)
ENDED_ONE = f"{_ENDED} WHERE job.id = $1"
OPEN = f"{_OPEN} ORDER BY hold.job_id DESC LIMIT $1"
OPEN_OF = f"{_OPEN} WHERE hold.account_id = $2 ORDER BY hold.job_id DESC LIMIT $1"
OPEN_ONE = f"{_OPEN} WHERE hold.job_id = $1"

_MINUTE_MS = 60_000
_LOOK_BACK_MS = (_MINUTE_MS, 60 * _MINUTE_MS, 24 * 60 * _MINUTE_MS, 30 * 24 * 60 * _MINUTE_MS)


async def load_receipts(
    connection: Any, account_id: UUID | None, limit: int, *, now_ms: int, delivery_unknown: bool = False
) -> list[dict[str, Any]]:
    """The newest receipts first, as of about `now_ms`; with `delivery_unknown` those charged as a worker died."""
    # One moment for both, so that a job that ends in between is neither missed nor seen twice.
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if delivery_unknown:
            held, ended = [], await connection.fetch(UNKNOWN, limit, account_id)
        elif account_id is None:
            held, ended = await connection.fetch(OPEN, limit), await _newest(connection, limit, now_ms)
        else:
            held = await connection.fetch(OPEN_OF, limit, account_id)
            ended = await connection.fetch(ENDED_OF, limit, account_id)
        rows = [(row, True) for row in held] + [(row, False) for row in ended]
        rows.sort(key=lambda each: each[0]["id"].int, reverse=True)
        page = rows[:limit]
        cards = await load_cards(connection, {row["rate_card_id"] for row, _ in page})
        return [_receipt(row, cards, is_open=is_open) for row, is_open in page]


async def load_receipt(connection: Any, job_id: UUID) -> dict[str, Any] | None:
    """One receipt; None when there is no such job."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        held = await connection.fetchrow(OPEN_ONE, job_id)
        row = await connection.fetchrow(ENDED_ONE, job_id) if held is None else held
        if row is None:
            return None
        return _receipt(row, await load_cards(connection, {row["rate_card_id"]}), is_open=held is not None)


async def _newest(connection: Any, limit: int, now_ms: int) -> list[Any]:
    """The newest ended jobs of all accounts: further and further back until there are enough."""
    for back_ms in _LOOK_BACK_MS:
        rows: list[Any] = await connection.fetch(ENDED, limit, first_id_at(now_ms - back_ms))
        if len(rows) >= limit:
            return rows
    return list(await connection.fetch(ENDED, limit, NIL))


def _receipt(row: Any, cards: Mapping[int, RateCard], *, is_open: bool) -> dict[str, Any]:
    card = cards.get(row["rate_card_id"])
    if card is not None:
        # The factor that the job was admitted with, whatever the card's own is.
        card = msgspec.structs.replace(card, factor_ppm=row["factor_ppm"])
    if is_open:
        return open_receipt(row, card)
    # For the operator alone: a customer sees the charge, and the adjustment that may follow.
    return {**receipt(row, card, sees_balance=True), "delivery_unknown": row["delivery_unknown"]}
