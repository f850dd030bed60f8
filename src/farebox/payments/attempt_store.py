"""SQL of payments that failed, once per payment and method: what risk counts. They leave with the other fraud data."""

from datetime import datetime
from uuid import UUID

from farebox.storage.database import Connection

# Events come in any order and number; the newest failure is when it was.
NOTE = """
INSERT INTO payment_attempt AS known (payment_id, fingerprint, failed_at) VALUES ($1, $2, $3)
ON CONFLICT (payment_id, fingerprint) DO UPDATE SET failed_at = greatest(known.failed_at, EXCLUDED.failed_at)
"""

FORGET_ATTEMPTS = "DELETE FROM payment_attempt WHERE failed_at < clock_timestamp() - make_interval(days => $1)"

FORGET_FINGERPRINTS = """
UPDATE payment SET fingerprint = ''
WHERE fingerprint <> '' AND created_at < clock_timestamp() - make_interval(days => $1)
"""


async def note_failure(connection: Connection, payment_id: UUID, fingerprint: str, failed_at: datetime) -> None:
    """A method that a payment failed with; '' where the provider does not tell methods apart."""
    await connection.execute(NOTE, payment_id, fingerprint, failed_at)


async def forget(connection: Connection, days: int) -> None:
    """What is older than so many days; the payments themselves stay."""
    await connection.execute(FORGET_ATTEMPTS, days)
    await connection.execute(FORGET_FINGERPRINTS, days)
