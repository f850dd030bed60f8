"""SQL of traces."""

from uuid import UUID

from farebox.storage.database import Connection

INSERT = """
INSERT INTO trace (id, account_id, person_id, key_id, kind, address, country, agent, device)
VALUES ($1, $2, $3, $4, $5, $6::text::inet, $7, $8, $9)
"""


async def insert(
    connection: Connection,
    trace_id: UUID,
    account_id: UUID | None,
    person_id: UUID | None,
    key_id: UUID | None,
    kind: str,
    address: str | None,
    country: str,
    agent: str,
    device: str,
) -> None:
    await connection.execute(INSERT, trace_id, account_id, person_id, key_id, kind, address, country, agent, device)
