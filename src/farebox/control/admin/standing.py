"""How an account stands, on the page of whatever an operator decides about its money."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from farebox.aftersale.behaviour_store import load_behaviour
from farebox.aftersale.refund_store import LotLeft, load_lots
from farebox.control.admin.signals.schemas import SignalView, signal_view
from farebox.domain.money import format_amount
from farebox.risk.signal import list_signals
from farebox.storage.database import Connection

_FEW = 5


class AccountStanding(BaseModel):
    """Status, balance, and what there was before: recharges, refunds, disputes, cases, the newest signals."""

    email: str
    created_at: datetime | None
    status: str
    status_reason: str
    balance: str
    held: str
    owed: str
    recharges: int = Field(description="How many were credited.")
    recharged: str = Field(description="The credit that was bought with them.")
    refunds_before: int
    disputes: int
    open_cases: list[str]
    closed_cases: int
    signals: list[SignalView]


class LotView(BaseModel):
    """A lot with credit left."""

    id: UUID
    kind: str
    original: str
    remaining: str
    expires_at: datetime | None
    reference: str
    created_at: datetime


async def load_standing(connection: Connection, account_id: UUID) -> AccountStanding:
    """As of now."""
    found = await load_behaviour(connection, account_id)
    return AccountStanding(
        email=found.email,
        created_at=found.created_at,
        status=found.status,
        status_reason=found.status_reason,
        balance=format_amount(found.balance_nano),
        held=format_amount(found.held_nano),
        owed=format_amount(found.owed_nano),
        recharges=found.recharges,
        recharged=format_amount(found.recharged_nano),
        refunds_before=found.refunds_before,
        disputes=found.disputes,
        open_cases=found.open_cases,
        closed_cases=found.closed_cases,
        signals=[signal_view(each) for each in await list_signals(connection, None, limit=_FEW, account_id=account_id)],
    )


async def load_lots_left(connection: Connection, account_id: UUID) -> list[LotView]:
    """Those with credit left, the oldest first."""
    return [lot_view(lot) for lot in await load_lots(connection, account_id)]


def lot_view(lot: LotLeft) -> LotView:
    return LotView(
        id=lot.id,
        kind=lot.kind,
        original=format_amount(lot.original_nano),
        remaining=format_amount(lot.remaining_nano),
        expires_at=lot.expires_at,
        reference=lot.reference,
        created_at=lot.created_at,
    )
