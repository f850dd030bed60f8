"""The receipt of a job, from its row and the rate card it pinned: every price line, and why the charge is what it is.

Never content. Who served and what it cost is the operator's alone, and not in it.
"""

from datetime import timedelta
from typing import Any, Literal

import msgspec

from farebox.domain.money import format_amount, format_atto
from farebox.domain.pricing import FREE, RateCard, price
from farebox.domain.usage import usage_of_counts

_MILLISECOND = timedelta(milliseconds=1)
_COUNTED = ("input_tokens", "cached_input_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens")

# Why a charge is not the sum of its lines:
#   test_key        calls of test keys cost nothing
#   whole_hold      the operator's policy for this ending charges all that was held
#   capped_at_hold  tokens were counted here and not by the provider, which is no ground to charge more than was held
#   written_off     what was neither held nor left to spend is not asked for
ChargeReason = Literal["test_key", "whole_hold", "capped_at_hold", "written_off"]


def open_receipt(held: Any, card: RateCard | None, *, sees_balance: bool = True) -> dict[str, Any]:
    """Of a job that runs, from its hold (receipt_store.OPEN)."""
    return {
        **_head(held, "open", None),
        "finished_at": None,
        "hold_ms": None,
        "first_byte_ms": None,
        "latency_ms": None,
        "usage": None,
        "usage_source": "none",
        "rate_card": None if card is None else card.version,
        "lines": [],
        "hold": format_amount(held["hold_nano"]) if sees_balance else None,
        "charge": None,
        "charge_reason": None,
        "balance_after": None,
    }


def receipt(row: Any, card: RateCard | None, *, sees_balance: bool) -> dict[str, Any]:
    """Of a job that has ended, from its row (receipt_store.ENDED); `card` has the factor of the job's admission."""
    extra: dict[str, int | str] = {} if row["usage_extra"] is None else msgspec.json.decode(row["usage_extra"])
    counts = {name: row[name] for name in _COUNTED}
    is_settled = row["status"] == "settled"
    priced = price(card, usage_of_counts({**extra, **counts})) if is_settled and card is not None else FREE
    balance = row["balance_after_nano"]
    return {
        **_head(row, row["status"], row["outcome"]),
        "finished_at": row["finished_at"],
        "hold_ms": _hold_ms(row),
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
            for line in priced.lines
        ],
        # A call without a bound holds what there is: the hold tells the balance.
        "hold": format_amount(row["hold_nano"]) if sees_balance else None,
        "charge": format_amount(row["charge_nano"]),
        "charge_reason": charge_reason(row, priced.charge_nano) if is_settled and card is not None else None,
        "balance_after": format_amount(balance) if sees_balance and balance is not None else None,
    }


def charge_reason(row: Any, priced_nano: int) -> ChargeReason | None:
    """Why a settled job was not charged what its usage is priced at; None when it was."""
    charge_nano = row["charge_nano"]
    if charge_nano == priced_nano:
        return None
    if row["key_kind"] == "test":
        return "test_key"
    if row["write_off_nano"]:
        return "written_off"
    is_capped = row["usage_source"] == "estimated" and charge_nano < priced_nano
    return "capped_at_hold" if is_capped else "whole_hold"


def _hold_ms(row: Any) -> int | None:
    """How long it took until the hold was durable: a job is created then, and its latency begins with the request."""
    if row["latency_ms"] is None:
        return None
    after_hold: timedelta = row["finished_at"] - row["created_at"]
    latency_ms: int = row["latency_ms"]
    return max(0, latency_ms - after_hold // _MILLISECOND)


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
