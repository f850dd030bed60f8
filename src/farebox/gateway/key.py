"""GET /v1/key: the limits of the key that asks, and what is left of them."""

from typing import Any

from farebox.domain.money import format_amount
from farebox.gateway.authenticate import Caller
from farebox.gateway.reads import reading
from farebox.gateway.store import KeyView


async def read_own_key(pool: Any, caller: Caller, unit: str) -> dict[str, Any]:
    """As JSON values."""
    async with reading(pool, caller) as (_, view):
        row = view.row
    networks = row["cidrs"]
    return {
        "object": "key",
        "id": str(row["id"]),
        "name": row["name"],
        "prefix": row["prefix"],
        "kind": row["kind"],
        "status": row["status"],
        "account_status": row["account_status"],
        "created_at": row["created_at"],
        "expires_at": row["expires_at"],
        "models": row["models"],
        "addresses": None if networks is None else [str(network) for network in networks],
        "unit": unit,
        "limits": limits_of(view),
    }


def limits_of(view: KeyView) -> dict[str, Any]:
    """Each limit that is set, with its use; spend counts what is settled and what is held."""
    limits, meter, now_us = view.limits, view.meter, view.now_us
    counted = {
        "requests_per_minute": (limits.requests_per_minute, meter.requests_in_window(now_us)),
        "tokens_per_minute": (limits.tokens_per_minute, meter.tokens_in_window(now_us)),
        "concurrency": (limits.concurrency, meter.open_jobs),
    }
    spend = {
        "daily": (limits.daily_nano, meter.day_nano),
        "monthly": (limits.monthly_nano, meter.month_nano),
        "total": (limits.total_nano, meter.total_nano),
    }
    shown: dict[str, Any] = {}
    for name, (limit, used) in counted.items():
        shown[name] = None if limit is None else {"limit": limit, "used": used, "remaining": max(0, limit - used)}
    for name, (limit, used) in spend.items():
        shown[name] = (
            None
            if limit is None
            else {
                "limit": format_amount(limit),
                "used": format_amount(used),
                "remaining": format_amount(max(0, limit - used)),
            }
        )
    return shown
