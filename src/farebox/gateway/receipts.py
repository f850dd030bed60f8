"""GET /v1/jobs/{id}: the receipt of a job, with every price line recomputed from the rate card that it pinned."""

from typing import Any
from uuid import UUID

import msgspec

from farebox.domain.errors import Refusal
from farebox.domain.money import format_amount, format_atto
from farebox.domain.pricing import RateCard, price
from farebox.domain.usage import Usage
from farebox.gateway.authenticate import Caller
from farebox.gateway.reads import reading
from farebox.gateway.store import read_card, read_job, read_open_job

_COUNTED = ("input_tokens", "cached_input_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens")


async def read_receipt(pool: Any, caller: Caller, job_id: str) -> dict[str, Any]:
    """The receipt as JSON values; 404 for a job that is not the caller's account's."""
    try:
        wanted = UUID(job_id)
    except ValueError:
        raise _not_found() from None
    account_id = caller.key.account_id
    async with reading(pool, caller) as (connection, view):
        # The hold first: a job that ends in between is then found as ended.
        held = await read_open_job(connection, account_id, wanted)
        row = None if held is not None else await read_job(connection, account_id, wanted)
        found = held or row
        if found is None:
            raise _not_found()
        card = await read_card(connection, found["rate_card_id"], found["factor_ppm"])
    if row is None:
        return open_receipt(held, card)
    return receipt(row, card, sees_balance=view.row["sees_balance"])


def open_receipt(held: Any, card: RateCard | None) -> dict[str, Any]:
    return {
        **_head(held, "open", None),
        "finished_at": None,
        "first_byte_ms": None,
        "latency_ms": None,
        "usage": None,
        "usage_source": "none",
        "rate_card": None if card is None else card.version,
        "lines": [],
        "hold": format_amount(held["hold_nano"]),
        "charge": None,
        "balance_after": None,
    }


def receipt(row: Any, card: RateCard | None, *, sees_balance: bool) -> dict[str, Any]:
    extra: dict[str, int] = {} if row["usage_extra"] is None else msgspec.json.decode(row["usage_extra"])
    counts = {name: row[name] for name in _COUNTED}
    usage = msgspec.convert({**extra, **counts}, Usage)
    is_charged = row["status"] == "settled"
    lines = price(card, usage).lines if is_charged and card is not None else ()
    balance = row["balance_after_nano"]
    return {
        **_head(row, row["status"], row["outcome"]),
        "finished_at": row["finished_at"],
        "first_byte_ms": row["first_byte_ms"],
        "latency_ms": row["latency_ms"],
        "usage": {**counts, **extra},
        "usage_source": row["usage_source"],
        "rate_card": None if card is None else card.version,
        "lines": [
            {
                "class": line.line_class,
                "quantity": line.quantity,
                "unit_price": format_atto(line.unit_price_atto),
                "amount": format_atto(line.amount_atto),
            }
            for line in lines
        ],
        "hold": format_amount(row["hold_nano"]),
        "charge": format_amount(row["charge_nano"]),
        "balance_after": format_amount(balance) if sees_balance and balance is not None else None,
    }


def _head(row: Any, status: str, outcome: str | None) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "object": "job",
        "status": status,
        "outcome": outcome,
        "endpoint": row["endpoint"],
        "model": row["model"],
        "stream": row["stream"],
        "key_prefix": row["prefix"],
        "created_at": row["created_at"],
    }


def _not_found() -> Refusal:
    return Refusal("job_not_found", "There is no such job in this account; ids are in the farebox-job-id header.")
