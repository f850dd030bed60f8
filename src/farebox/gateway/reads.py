"""What a key may read of itself: the common beginning of every read.

Other than calls, reads do not pass the till; so the key's live row is checked here, and a revoked key is refused.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from farebox.domain.errors import Refusal
from farebox.gateway.authenticate import Caller
from farebox.gateway.store import KeyView, read_key

_ACQUIRE_S = 5.0


@asynccontextmanager
async def reading(pool: Any, caller: Caller) -> AsyncIterator[tuple[Any, KeyView]]:
    """A connection and the caller's key as it is now; a Refusal when the key may not be used (any more)."""
    try:
        async with pool.acquire(timeout=_ACQUIRE_S) as connection:
            view = await read_key(connection, caller.key.id)
            _check(view, caller)
            assert view is not None
            yield connection, view
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Refusal(
            "ledger_unavailable", "The ledger cannot be reached; try again shortly.", retry_after_s=2
        ) from error


def _check(view: KeyView | None, caller: Caller) -> None:
    if view is None:
        raise Refusal("invalid_api_key", "This API key does not exist any more; make a new one.")
    if view.row["status"] == "revoked":
        raise Refusal("key_revoked", "This API key was revoked; use another one.")
    if view.row["is_expired"]:
        raise Refusal("key_expired", "This API key has expired; use another one.")
    networks = view.row["cidrs"]
    if networks is not None and (caller.address is None or not any(caller.address in net for net in networks)):
        raise Refusal("address_not_allowed", "This API key may not be used from this address.")
