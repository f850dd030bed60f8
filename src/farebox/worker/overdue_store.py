"""SQL of what is overdue in the queues of requests after the sale."""

from datetime import datetime
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

_WAITING = """
    SELECT 'support' AS queue, id, account_id, due_at FROM support_request WHERE state = 'open'
    UNION ALL
    SELECT 'adjustment', id, account_id, due_at FROM adjustment_request WHERE state = 'open'
    UNION ALL
    SELECT 'refund_request', id, account_id, due_at FROM refund_request WHERE state = 'open'
    UNION ALL
    SELECT 'withdrawal', id, account_id, due_at FROM withdrawal WHERE state IN ('asked', 'seconding', 'approved')
    UNION ALL
    SELECT 'closing', id, account_id, due_at FROM closing WHERE state = 'deciding'
"""

# Due, and not a case yet.
NEW = f"""
SELECT queue, id, account_id, due_at FROM ({_WAITING}) AS waiting
WHERE due_at < clock_timestamp() AND NOT EXISTS (
    SELECT FROM review_case
    WHERE kind = 'overdue' AND subject = waiting.queue || ':' || waiting.id AND status = 'open'
)
ORDER BY due_at LIMIT $1
"""  # noqa: S608 - of constants

# Cases whose request does not wait any more, or is due later than it was.
OVER = f"""
SELECT review_case.id FROM review_case
WHERE kind = 'overdue' AND status = 'open' AND NOT EXISTS (
    SELECT FROM ({_WAITING}) AS waiting
    WHERE review_case.subject = waiting.queue || ':' || waiting.id AND waiting.due_at < clock_timestamp()
)
LIMIT $1
"""  # noqa: S608 - of constants


class Overdue(msgspec.Struct, frozen=True):
    """A request whose answer is overdue."""

    queue: str
    id: UUID
    account_id: UUID | None
    due_at: datetime

    @property
    def subject(self) -> str:
        return f"{self.queue}:{self.id}"


async def new(connection: Connection, limit: int) -> list[Overdue]:
    return [Overdue(**row) for row in await connection.fetch(NEW, limit)]


async def over(connection: Connection, limit: int) -> list[UUID]:
    """Cases that have answered themselves."""
    return [row["id"] for row in await connection.fetch(OVER, limit)]
