"""SQL of the comparison between payment providers, payments and the wash book."""

from datetime import datetime

import msgspec

from farebox.storage.database import Connection

KNOWN = """
SELECT ref, gross_minor, currency, greatest(refunded_minor, (
    SELECT coalesce(sum(payment_refund.gross_minor), 0) FROM payment_refund
    WHERE payment_id = payment.id AND payment_refund.state IN ('pending', 'succeeded')
))::bigint AS refunded_minor
FROM payment
WHERE provider = $1 AND state = 'paid' AND paid_at >= $2
"""

# What payments say that they have posted, against what the ledger has. Nano-units are compared by who knows currencies.
POSTED = """
SELECT provider, currency,
       sum(CASE WHEN posted_credit_nano > 0 THEN price_minor ELSE 0 END - posted_taken_minor)::bigint AS minor
FROM payment WHERE currency <> '' GROUP BY provider, currency
"""

WASHED = "SELECT detail, -sum(amount_nano)::bigint AS nano FROM entry WHERE book = 'wash' GROUP BY detail"


class KnownPayment(msgspec.Struct, frozen=True):
    """A paid payment as it stands here."""

    ref: str
    gross_minor: int
    currency: str
    refunded_minor: int


async def load_known(connection: Connection, provider: str, since: datetime) -> dict[str, KnownPayment]:
    """The payments of a provider that were paid since, by its references."""
    return {row["ref"]: KnownPayment(**row) for row in await connection.fetch(KNOWN, provider, since)}


async def load_posted(connection: Connection) -> dict[tuple[str, str], int]:
    """Minor units by provider and currency that payments have brought and not given back."""
    return {(row["provider"], row["currency"]): row["minor"] for row in await connection.fetch(POSTED)}


async def load_washed(connection: Connection) -> dict[str, int]:
    """Nano-units in the wash book by its detail, '<provider>:<currency>'."""
    return {row["detail"]: row["nano"] for row in await connection.fetch(WASHED)}
