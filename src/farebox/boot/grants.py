"""Credit that the operator gives without a payment: accounts and ledger brought together."""

from datetime import datetime
from uuid import UUID

from farebox.boot import store
from farebox.boot.config import Config
from farebox.kit.ids import IdSource
from farebox.ledger.operation import Posted
from farebox.ledger.service import CreditKind, Ledger
from farebox.storage.database import Connection


async def grant(
    connection: Connection,
    ids: IdSource,
    config: Config,
    account_id: UUID,
    amount_nano: int,
    *,
    reason: str,
    kind: CreditKind = "grant",
    expires_at: datetime | None = None,
    idempotency_key: str | None = None,
) -> Posted:
    """Posts the credit; the same idempotency key again changes nothing, and with other input is an error."""
    # Whoever posts first decides on the unit, before the first start as well.
    await store.claim_unit(connection, config.policy.unit)
    key = f"grant:{idempotency_key or ids.new()}"
    ledger = Ledger(config.policy.unit, ids)
    return await ledger.credit(
        connection, account_id, amount_nano, kind, key, reference=reason, expires_at=expires_at, operator="cli"
    )
