"""SQL of traces that calls leave, in batches."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

# Workers that saw the same in the same hour write the same id.
INSERT = """
INSERT INTO trace (id, account_id, key_id, kind, address, country, agent, at)
SELECT id, account_id, key_id, kind, address::inet, country, agent, at
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
    AS new (id, account_id, key_id, kind, address, country, agent, at)
ON CONFLICT (id) DO NOTHING
"""


class CallTrace(msgspec.Struct, frozen=True):
    """A row of `trace`; `address` None: not known, `country` '' likewise."""

    id: UUID
    account_id: UUID
    key_id: UUID
    kind: str
    address: str | None
    country: str
    agent: str
    at: datetime


async def insert(connection: Connection, traces: Sequence[CallTrace]) -> None:
    columns = zip(*(msgspec.structs.astuple(trace) for trace in traces), strict=True)
    await connection.execute(INSERT, *map(list, columns))
