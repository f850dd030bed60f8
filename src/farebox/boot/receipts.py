"""Receipts for the operator: the newest jobs of one account or of all, and one by its id alone."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from farebox.boot.provider_call_store import calls_of
from farebox.catalog.store import load_cards
from farebox.domain.money import format_amount
from farebox.domain.pricing import RateCard
from farebox.ledger import receipt_store as store
from farebox.ledger.receipt import open_receipt, receipt
from farebox.ledger.receipt_store import Doubt


async def load_receipts(
    connection: Any, account_id: UUID | None, limit: int, *, now_ms: int, doubt: Doubt | None = None
) -> list[dict[str, Any]]:
    """The newest receipts first, as of about `now_ms`; with `doubt` only those that the operator may want to see to."""
    # One moment for both, so that a job that ends in between is neither missed nor seen twice.
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        held: Sequence[Any] = ()
        if doubt is not None:
            ended = await store.newest_in_doubt(connection, doubt, account_id, limit)
        else:
            held = await store.newest_open(connection, account_id, limit)
            ended = await store.newest_ended(connection, account_id, limit, now_ms=now_ms)
        rows = [(row, True) for row in held] + [(row, False) for row in ended]
        rows.sort(key=lambda each: each[0]["id"].int, reverse=True)
        page = rows[:limit]
        cards = await load_cards(connection, {row["rate_card_id"] for row, _ in page})
        return [_receipt(row, cards, is_open=is_open) for row, is_open in page]


async def load_receipt(connection: Any, job_id: UUID) -> dict[str, Any] | None:
    """One receipt, with the provider calls behind it; None when there is no such job."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        held = await store.load_open(connection, job_id)
        row = await store.load_ended(connection, job_id) if held is None else held
        if row is None:
            return None
        found = _receipt(row, await load_cards(connection, {row["rate_card_id"]}), is_open=held is not None)
        return {**found, "provider_calls": [_call(each) for each in await calls_of(connection, job_id)]}


def _call(row: Any) -> dict[str, Any]:
    return {"channel": row["channel"], "result": row["result"], "cost": format_amount(row["cost_nano"])}


def _receipt(row: Any, cards: Mapping[int, RateCard], *, is_open: bool) -> dict[str, Any]:
    card = cards.get(row["rate_card_id"])
    if card is not None:
        # The factor that the job was admitted with, whatever the card's own is.
        card = msgspec.structs.replace(card, factor_ppm=row["factor_ppm"])
    if is_open:
        return open_receipt(row, card)
    # For the operator alone: a customer sees the charge, and the adjustment that may follow.
    return {
        **receipt(row, card, sees_balance=True),
        "delivery_unknown": row["delivery_unknown"],
        "write_off": format_amount(row["write_off_nano"]),
    }
