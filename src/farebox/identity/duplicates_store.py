"""SQL of finding who signs up twice."""

from uuid import UUID

from farebox.storage.database import Connection

_MOST = 20

BY_MAILBOX = """
SELECT DISTINCT member.account_id
FROM person AS own
JOIN person AS other ON other.mailbox = own.mailbox AND other.id <> own.id
JOIN member ON member.person_id = other.id
WHERE own.id = $1 AND own.mailbox <> '' AND other.mailbox <> '' AND other.email_verified_at IS NOT NULL
  AND member.account_id <> $2
ORDER BY member.account_id LIMIT $3
"""

BY_DEVICE = """
SELECT DISTINCT member.account_id
FROM trace AS own
JOIN trace AS other ON other.device = own.device AND other.kind = 'sign_up' AND other.person_id <> own.person_id
JOIN person ON person.id = other.person_id AND person.email_verified_at IS NOT NULL
JOIN member ON member.person_id = other.person_id
WHERE own.person_id = $1 AND own.kind = 'sign_up' AND own.device <> '' AND member.account_id <> $2
ORDER BY member.account_id LIMIT $3
"""


async def by_mailbox(connection: Connection, person_id: UUID, account_id: UUID) -> list[UUID]:
    return [row["account_id"] for row in await connection.fetch(BY_MAILBOX, person_id, account_id, _MOST)]


async def by_device(connection: Connection, person_id: UUID, account_id: UUID) -> list[UUID]:
    return [row["account_id"] for row in await connection.fetch(BY_DEVICE, person_id, account_id, _MOST)]
