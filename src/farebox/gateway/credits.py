"""GET /v1/credits: balance, what open jobs hold of it, and what can be spent."""

from typing import Any

from farebox.domain.errors import Refusal
from farebox.domain.money import format_amount
from farebox.gateway.authenticate import Caller
from farebox.gateway.reads import reading


async def read_credits(pool: Any, caller: Caller, unit: str) -> dict[str, Any]:
    """As JSON values; refused for a key that may not see balances."""
    async with reading(pool, caller) as (_, view):
        row = view.row
    if not row["sees_balance"]:
        raise Refusal("balance_hidden", "This API key may not see the balance; use another one or the console.")
    return {
        "object": "credits",
        "unit": unit,
        "status": row["account_status"],
        "balance": format_amount(row["balance_nano"]),
        "held": format_amount(row["held_nano"]),
        "spendable": format_amount(row["balance_nano"] - row["held_nano"]),
    }
