"""Receipts of an account's own jobs: rows of the ledger and the rate card that each pinned, brought together."""

from typing import Any
from uuid import UUID

import msgspec

from farebox.catalog.store import load_cards
from farebox.ledger import receipt_store
from farebox.ledger.receipt import open_receipt, receipt
from farebox.storage.database import Connection


async def load(connection: Connection, account_id: UUID, job_id: UUID) -> dict[str, Any] | None:
    """The receipt of a job that runs or has ended; None when the account has no such job."""
    # One moment for both: a job that ends in between is found all the same.
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        held = await receipt_store.load_open(connection, job_id, account_id)
        row = held or await receipt_store.load_ended(connection, job_id, account_id)
        if row is None:
            return None
        card = (await load_cards(connection, {row["rate_card_id"]})).get(row["rate_card_id"])
    if card is not None:
        # The factor that the job was admitted with, whatever the card's own is.
        card = msgspec.structs.replace(card, factor_ppm=row["factor_ppm"])
    return open_receipt(held, card) if held is not None else receipt(row, card, sees_balance=True)
