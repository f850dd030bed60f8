"""SQL that reads and changes where channels lead."""

from typing import Any

import msgspec

LOCK = """
SELECT kind, provider, base_url, allow_private, enabled, daily_cap_nano, concurrency
FROM channel WHERE name = $1 FOR UPDATE
"""

UPDATE = "UPDATE channel SET kind = $2, provider = $3, base_url = $4, allow_private = $5 WHERE name = $1"


class ChannelState(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said of a channel but its name and keys; caps in provider cost."""

    kind: str
    provider: str
    base_url: str
    allow_private: bool
    enabled: bool
    daily_cap_nano: int | None
    concurrency: int | None


async def lock(connection: Any, name: str) -> ChannelState | None:
    """Locked until the transaction ends; None when there is no such channel."""
    row = await connection.fetchrow(LOCK, name)
    return None if row is None else ChannelState(**row)


async def update(connection: Any, name: str, new: ChannelState) -> None:
    """Where it leads; switch and caps have statements of their own."""
    await connection.execute(UPDATE, name, new.kind, new.provider, new.base_url, new.allow_private)
