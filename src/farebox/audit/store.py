"""SQL of the audit trail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

INSERT = """
INSERT INTO audit (id, actor_kind, actor_id, actor_name, account_id, action, target, before, after, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""

# One sealer at a time, over all nodes.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('farebox_audit', 0))"

HEAD = "SELECT seq, hash FROM audit_seal ORDER BY seq DESC LIMIT 1"

# Whatever has been committed and is not sealed yet; a transaction that commits later is sealed later.
UNSEALED = """
SELECT id, at, actor_kind, actor_id, actor_name, account_id, action, target, before, after, reason
FROM audit WHERE NOT EXISTS (SELECT FROM audit_seal WHERE audit_id = audit.id)
ORDER BY id LIMIT $1
"""

INSERT_SEALS = """
INSERT INTO audit_seal (seq, audit_id, hash)
SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::bytea[])
"""

SEALED = """
SELECT seq, hash, audit_id, id, at, actor_kind, actor_id, actor_name, account_id, action, target, before, after, reason
FROM audit_seal LEFT JOIN audit ON id = audit_id
WHERE seq > $1 ORDER BY seq LIMIT $2
"""

PAGE = """
SELECT id, at, actor_kind, actor_id, actor_name, account_id, action, target, before, after, reason
FROM audit
WHERE ($1::uuid IS NULL OR id < $1) AND ($2::uuid IS NULL OR account_id = $2)
  AND ($3::text IS NULL OR action = $3) AND ($4::uuid IS NULL OR actor_id = $4)
  AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)
ORDER BY id DESC LIMIT $7
"""


class Line(msgspec.Struct, frozen=True):
    """A line of the trail as it is read back."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    account_id: UUID | None
    action: str
    target: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str


class Sealed(msgspec.Struct, frozen=True):
    """A link of the chain with the line it covers; None where the line is gone."""

    seq: int
    hash: bytes
    line: Line | None


class Filter(msgspec.Struct, frozen=True):
    """Which lines are asked for; None asks for all."""

    account_id: UUID | None = None
    action: str | None = None
    actor_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


async def insert(
    connection: Connection,
    line_id: UUID,
    *,
    actor_kind: str,
    actor_id: UUID | None,
    actor_name: str,
    account_id: UUID | None,
    action: str,
    target: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reason: str,
) -> None:
    await connection.execute(
        INSERT, line_id, actor_kind, actor_id, actor_name, account_id, action, target, before, after, reason
    )


async def lock_chain(connection: Connection) -> None:
    await connection.execute(LOCK)


async def head(connection: Connection) -> tuple[int, bytes]:
    """The number and hash of the last link; (0, b"") of an empty chain."""
    row = await connection.fetchrow(HEAD)
    return (0, b"") if row is None else (row["seq"], row["hash"])


async def unsealed(connection: Connection, limit: int) -> list[Line]:
    return [Line(**row) for row in await connection.fetch(UNSEALED, limit)]


async def insert_seals(connection: Connection, seals: Sequence[tuple[int, UUID, bytes]]) -> None:
    await connection.execute(INSERT_SEALS, *map(list, zip(*seals, strict=True)))


async def sealed_after(connection: Connection, seq: int, limit: int) -> list[Sealed]:
    found: list[Sealed] = []
    for row in await connection.fetch(SEALED, seq, limit):
        facts = dict(row)
        link = facts.pop("seq"), facts.pop("hash")
        facts.pop("audit_id")
        found.append(Sealed(*link, None if facts["id"] is None else Line(**facts)))
    return found


async def page(connection: Connection, after: UUID | None, wanted: Filter, limit: int) -> list[Line]:
    """The newest lines first, those before the cursor `after`."""
    rows = await connection.fetch(
        PAGE, after, wanted.account_id, wanted.action, wanted.actor_id, wanted.since, wanted.until, limit
    )
    return [Line(**row) for row in rows]
