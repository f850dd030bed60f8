"""What goes over the wire about disputes."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from farebox.control.text import NonEmptyWords
from farebox.payments.fact import DisputeState
from farebox.payments.payment import Dispute


class DisputeView(BaseModel):
    """A chargeback. `outcome` is the provider's last word where there is one, else the operator's decision."""

    id: UUID
    payment_id: UUID
    provider: Literal["stripe", "creem", "manual"]
    reference: str
    state: DisputeState
    outcome: DisputeState
    gross_minor: int
    reason: str
    due_at: datetime | None
    decision: Literal["", "won", "lost"]
    decided_by: UUID | None
    decided_at: datetime | None
    note: str
    created_at: datetime


class Decision(BaseModel):
    """won: what was taken back provisionally is given back. lost: it stays taken."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["won", "lost"]
    note: NonEmptyWords


def dispute_view(dispute: Dispute) -> DisputeView:
    return DisputeView(
        id=dispute.id,
        payment_id=dispute.payment_id,
        provider=dispute.provider,
        reference=dispute.ref,
        state=dispute.state,
        outcome=dispute.outcome,
        gross_minor=dispute.gross_minor,
        reason=dispute.reason,
        due_at=dispute.due_at,
        decision=dispute.decision,
        decided_by=dispute.decided_by,
        decided_at=dispute.decided_at,
        note=dispute.note,
        created_at=dispute.created_at,
    )
