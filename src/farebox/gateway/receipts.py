"""GET /v1/jobs/{id}: the receipt of a job of the caller's own account."""

from typing import Any
from uuid import UUID

from farebox.domain.errors import Refusal
from farebox.gateway.authenticate import Caller
from farebox.gateway.reads import reading
from farebox.gateway.store import read_card
from farebox.ledger.receipt import open_receipt, receipt
from farebox.ledger.receipt_store import load_ended, load_open


async def read_receipt(pool: Any, caller: Caller, job_id: str) -> dict[str, Any]:
    """The receipt as JSON values; 404 for a job that is not the caller's account's."""
    try:
        wanted = UUID(job_id)
    except ValueError:
        raise _not_found() from None
    account_id = caller.key.account_id
    async with reading(pool, caller) as (connection, view):
        # The hold first: a job that ends in between is then found as ended.
        held = await load_open(connection, wanted, account_id)
        row = None if held is not None else await load_ended(connection, wanted, account_id)
        found = held or row
        if found is None:
            raise _not_found()
        card = await read_card(connection, found["rate_card_id"], found["factor_ppm"])
    if row is None:
        return open_receipt(held, card, sees_balance=view.row["sees_balance"])
    return receipt(row, card, sees_balance=view.row["sees_balance"])


def _not_found() -> Refusal:
    return Refusal("job_not_found", "There is no such job in this account; ids are in the farebox-job-id header.")
