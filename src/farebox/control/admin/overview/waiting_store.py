"""SQL of how much waits for an operator, by queue."""

from typing import Any

from farebox.storage.database import Connection

# By the indexes of the queues, which hold what is open; their tables' pasts are not read.
WAITING = """
SELECT (SELECT count(*) FROM recharge WHERE state = 'review') AS recharges,
       (SELECT count(*) FROM refund_request WHERE state = 'open') AS refunds,
       (SELECT count(*) FROM adjustment_request WHERE state = 'open') AS adjustments,
       (SELECT count(*) FROM withdrawal WHERE state IN ('asked', 'seconding', 'approved')) AS withdrawals,
       (SELECT count(*) FROM closing WHERE state = 'deciding') AS closings,
       (SELECT count(*) FROM support_request WHERE state = 'open') AS support,
       (SELECT count(DISTINCT account_id) FROM account_bar JOIN account ON account.id = account_id
        WHERE code IN ('approval_pending', 'region_not_served') AND status <> 'closed') AS approvals
"""


async def load_waiting(connection: Connection) -> dict[str, Any]:
    row = await connection.fetchrow(WAITING)
    assert row is not None
    return dict(row)
