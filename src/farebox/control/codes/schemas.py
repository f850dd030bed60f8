"""What goes over the wire about redeeming a code."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.text import NonEmptyLine
from farebox.domain.money import format_amount
from farebox.payments.codes.redemption import Redeemed
from farebox.payments.codes.text import LONGEST


class TypedCode(BaseModel):
    """A code as it was typed: small letters, blanks and dashes do not matter."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[NonEmptyLine, Field(max_length=LONGEST, examples=["7M2QX-0RWDC-ZK91T-E5HBN-4VGAJ"])]


class RedeemedView(BaseModel):
    """What the code has brought, and the balance with it; `repeated`: it was redeemed here before."""

    code_id: UUID
    amount: str
    balance: str
    repeated: bool


def redeemed_view(redeemed: Redeemed) -> RedeemedView:
    return RedeemedView(
        code_id=redeemed.code_id,
        amount=format_amount(redeemed.amount_nano),
        balance=format_amount(redeemed.balance_nano),
        repeated=redeemed.repeated,
    )
