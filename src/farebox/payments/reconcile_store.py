"""SQL of the comparison between payment providers, payments and the wash book."""

from datetime import datetime

import msgspec

from farebox.storage.database import Connection

_KNOWN = """
SELECT ref, gross_minor, currency, greatest(
    refunded_minor - (
        SELECT coalesce(sum(payment_refund.gross_minor), 0) FROM payment_refund
        WHERE payment_id = payment.id AND payment.refunded_at BETWEEN begun_at AND failed_at
    ), (
        SELECT coalesce(sum(payment_refund.gross_minor), 0) FROM payment_refund
        WHERE payment_id = payment.id AND payment_refund.state IN ('pending', 'succeeded')
    ))::bigint AS refunded_minor,
    ARRAY(SELECT ref || ' ' || state FROM payment_refund WHERE payment_id = payment.id) AS refunds,
    ARRAY(SELECT ref || ' ' || state FROM dispute WHERE payment_id = payment.id) AS disputes
FROM payment WHERE provider = $1 AND state = 'paid'
"""

KNOWN = f"{_KNOWN} AND paid_at >= $2"

ONE = f"{_KNOWN} AND ref = $2"

# What payments say that they have posted, against what the ledger has. Nano-units are compared by who knows currencies.
POSTED = """
SELECT provider, currency,
       sum(CASE WHEN posted_credit_nano > 0 THEN price_minor ELSE 0 END - posted_taken_minor)::bigint AS minor
FROM payment WHERE currency <> '' GROUP BY provider, currency
"""

WASHED = "SELECT detail, -sum(amount_nano)::bigint AS nano FROM entry WHERE book = 'wash' GROUP BY detail"


class KnownPayment(msgspec.Struct, frozen=True):
    """A paid payment as it stands here; refunds and disputes are the provider's references and states of each."""

    ref: str
    gross_minor: int
    currency: str
    refunded_minor: int
    refunds: list[str]
    disputes: list[str]


async def load_known(connection: Connection, provider: str, since: datetime) -> dict[str, KnownPayment]:
    """The payments of a provider that were paid since, by its references."""
    return {row["ref"]: KnownPayment(**row) for row in await connection.fetch(KNOWN, provider, since)}


async def load_one(connection: Connection, provider: str, ref: str) -> KnownPayment | None:
    """A payment whenever it was paid; None when it is not known as paid."""
    row = await connection.fetchrow(ONE, provider, ref)
    return None if row is None else KnownPayment(**row)


async def load_posted(connection: Connection) -> dict[tuple[str, str], int]:
    """Minor units by provider and currency that payments have brought and not given back."""
    return {(row["provider"], row["currency"]): row["minor"] for row in await connection.fetch(POSTED)}


async def load_washed(connection: Connection) -> dict[str, int]:
    """Nano-units in the wash book by its detail, '<provider>:<currency>'."""
    return {row["detail"]: row["nano"] for row in await connection.fetch(WASHED)}
