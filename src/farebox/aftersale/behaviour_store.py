"""SQL of how an account has behaved: what everybody looks at who decides about its money."""

from datetime import datetime
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

BEHAVIOUR = """
SELECT coalesce(account_contact.email, '') AS email, account_contact.created_at, account.status, account.status_reason,
       account.balance_nano, account.held_nano,
       coalesce((SELECT owed_nano FROM receivable WHERE receivable.account_id = account.id), 0)::bigint AS owed_nano,
       coalesce((SELECT array_agg(kind ORDER BY id) FROM review_case
                 WHERE review_case.account_id = account.id AND status = 'open'), '{}') AS open_cases,
       (SELECT count(*) FROM review_case
        WHERE review_case.account_id = account.id AND status = 'closed') AS closed_cases,
       (SELECT count(*) FROM dispute JOIN payment ON payment.id = dispute.payment_id
        WHERE payment.account_id = account.id) AS disputes,
       (SELECT count(*) FROM refund_request
        WHERE refund_request.account_id = account.id AND state = 'approved') AS refunds_before,
       recharges.recharges, recharges.recharged_nano
FROM account
LEFT JOIN account_contact ON account_contact.account_id = account.id
CROSS JOIN LATERAL (
    SELECT count(*) AS recharges, coalesce(sum(credit_nano), 0)::bigint AS recharged_nano FROM recharge
    WHERE recharge.account_id = account.id AND state = 'credited'
) AS recharges
WHERE account.id = $1
"""

SPENT = """
SELECT coalesce(sum(charge_nano), 0)::bigint AS charged_nano, coalesce(sum(cost_nano), 0)::bigint AS cost_nano
FROM job WHERE account_id = $1 AND created_at >= $2
"""


class Behaviour(msgspec.Struct, frozen=True):
    """How the account stands and what it has done; `refunds_before` are those that were approved."""

    email: str
    created_at: datetime | None
    status: str
    status_reason: str
    balance_nano: int
    held_nano: int
    owed_nano: int
    open_cases: list[str]
    closed_cases: int
    disputes: int
    refunds_before: int
    recharges: int
    recharged_nano: int


class Spent(msgspec.Struct, frozen=True):
    """What the account's calls were charged, and what they have cost us."""

    charged_nano: int
    cost_nano: int


async def load_behaviour(connection: Connection, account_id: UUID) -> Behaviour:
    row = await connection.fetchrow(BEHAVIOUR, account_id)
    assert row is not None
    return Behaviour(**row)


async def load_spent(connection: Connection, account_id: UUID, since: datetime) -> Spent:
    row = await connection.fetchrow(SPENT, account_id, since)
    assert row is not None
    return Spent(**row)
