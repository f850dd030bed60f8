"""What goes over the wire about closing an account."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.aftersale.closing import Closing, ClosingState
from farebox.control.text import Words
from farebox.domain.money import format_amount


class ClosingWish(BaseModel):
    """The end of the account; it cannot be taken back."""

    model_config = ConfigDict(extra="forbid")

    confirm: Annotated[Literal["close this account"], Field(description="So that nobody does it by mistake.")]
    reason: Words = ""


class ClosingView(BaseModel):
    """How far the closing is and what became of the balance."""

    id: UUID
    state: ClosingState
    reason: str
    treatment: Literal["", "nothing", "return", "forfeit"]
    returned: str
    forfeited: str
    note: str
    created_at: datetime
    decided_at: datetime | None
    done_at: datetime | None


def closing_view(closing: Closing) -> ClosingView:
    return ClosingView(
        id=closing.id,
        state=closing.state,
        reason=closing.reason,
        treatment=closing.treatment,
        returned=format_amount(closing.returned_nano),
        forfeited=format_amount(closing.forfeited_nano),
        note=closing.note,
        created_at=closing.created_at,
        decided_at=closing.decided_at,
        done_at=closing.done_at,
    )
