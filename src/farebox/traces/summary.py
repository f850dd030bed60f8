"""What the traces of an account tell in sum: how often, from how many networks and countries, and when last."""

from datetime import datetime
from uuid import UUID

import msgspec

from farebox.storage.database import Connection
from farebox.traces import summary_store as store

_MOST_LOOKED_AT = 5_000


class TraceSummary(msgspec.Struct, frozen=True):
    """The newest traces of one kind; no address itself."""

    kind: str
    count: int
    addresses: int
    devices: int
    countries: list[str]
    last_at: datetime


async def summarize(connection: Connection, account_id: UUID) -> list[TraceSummary]:
    """By kind, over the newest few thousand traces that are still kept."""
    return [TraceSummary(**row) for row in await connection.fetch(store.SUMMARY, account_id, _MOST_LOOKED_AT)]
