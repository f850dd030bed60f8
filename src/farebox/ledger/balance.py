"""What an account has: balance, holds, debt, and the lots that the balance is made of."""

from datetime import datetime
from uuid import UUID

import msgspec

from farebox.ledger import balance_store as store
from farebox.ledger.posting import LotKind
from farebox.storage.database import Connection


class Funds(msgspec.Struct, frozen=True):
    """An account's money; what is held is part of the balance."""

    balance_nano: int
    held_nano: int
    owed_nano: int
    open_jobs: int
    status: str

    @property
    def spendable_nano(self) -> int:
        return max(0, self.balance_nano - self.held_nano)


class LotView(msgspec.Struct, frozen=True):
    """Credit of one origin; `reference` names the payment or job that it came from."""

    id: UUID
    kind: LotKind
    original_nano: int
    remaining_nano: int
    taken_back_nano: int
    expires_at: datetime | None
    paid_minor: int | None
    paid_currency: str | None
    reference: str
    created_at: datetime


async def load_funds(connection: Connection, account_id: UUID) -> Funds | None:
    """None when there is no such account."""
    row = await connection.fetchrow(store.FUNDS, account_id)
    return None if row is None else Funds(**row)


async def load_lots(
    connection: Connection, account_id: UUID, before: UUID | None, limit: int, *, only_open: bool
) -> list[LotView]:
    """The newest lots first; `only_open`: those with credit left."""
    rows = await connection.fetch(store.LOTS, account_id, before, only_open, limit)
    return [LotView(**row) for row in rows]
