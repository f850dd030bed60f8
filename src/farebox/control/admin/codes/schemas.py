"""What goes over the wire about batches of codes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.moment import Moment
from farebox.control.text import NonEmptyWords, PositiveAmountText, Words
from farebox.domain.money import format_amount, parse_amount
from farebox.payments.codes.batch import MOST_CODES, MadeCode, NewBatch
from farebox.payments.codes.code import Batch, BatchKind, Code, CodeState


class BatchBody(BaseModel):
    """Codes to be made. Those of kind `sold` say for how much one was sold elsewhere; their credit counts as bought."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "promo", "count": 100, "amount": "5"}]}
    )

    kind: BatchKind
    count: Annotated[int, Field(ge=1, le=MOST_CODES)]
    amount: PositiveAmountText
    price_minor: Annotated[int, Field(gt=0, le=10**9, description="In the minor unit (cents).")] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["USD"])] | None = None
    most_per_account: Annotated[int, Field(ge=1, le=MOST_CODES, description="Null is no limit.")] | None = 1
    redeem_until: Moment | None = None
    credit_days: Annotated[int, Field(ge=0, le=3_650, description="Until the credit expires; 0 is never.")] = 0
    note: Words = ""


class Voiding(BaseModel):
    """Why these codes are not to be redeemed."""

    model_config = ConfigDict(extra="forbid")

    reason: NonEmptyWords


class BatchView(BaseModel):
    """A batch, without its codes."""

    id: UUID
    kind: BatchKind
    amount: str
    price_minor: int | None
    currency: str | None
    count: int
    redeemed: int
    most_per_account: int | None
    redeem_until: datetime | None
    credit_days: int
    note: str
    made_by: str
    created_at: datetime
    voided_at: datetime | None


class MadeCodeView(BaseModel):
    """A code."""

    id: UUID
    code: str


class MadeBatch(BaseModel):
    """A new batch with its codes, which are shown this once."""

    batch: BatchView
    codes: list[MadeCodeView]


class CodeView(BaseModel):
    """One code; `hint` is how it begins."""

    id: UUID
    batch_id: UUID
    hint: str
    state: CodeState
    redeemed_by: UUID | None
    redeemed_at: datetime | None
    voided_at: datetime | None


def batch_of(body: BatchBody) -> NewBatch:
    return NewBatch(
        kind=body.kind,
        codes=body.count,
        amount_nano=parse_amount(body.amount),
        price_minor=body.price_minor,
        currency=body.currency,
        most_per_account=body.most_per_account,
        redeem_until=body.redeem_until,
        credit_days=body.credit_days,
        note=body.note,
    )


def batch_view(batch: Batch) -> BatchView:
    return BatchView(
        id=batch.id,
        kind=batch.kind,
        amount=format_amount(batch.amount_nano),
        price_minor=batch.price_minor,
        currency=batch.currency,
        count=batch.codes,
        redeemed=batch.redeemed,
        most_per_account=batch.most_per_account,
        redeem_until=batch.redeem_until,
        credit_days=batch.credit_days,
        note=batch.note,
        made_by=batch.made_by,
        created_at=batch.created_at,
        voided_at=batch.voided_at,
    )


def made_batch(batch: Batch, codes: Sequence[MadeCode]) -> MadeBatch:
    return MadeBatch(batch=batch_view(batch), codes=[MadeCodeView(id=made.id, code=made.code) for made in codes])


def code_view(code: Code) -> CodeView:
    return CodeView(**{name: getattr(code, name) for name in CodeView.model_fields})


CSV_HEADER = ("code", "amount", "unit", "redeem_until", "id")


def csv_rows(batch: Batch, codes: Sequence[MadeCode], unit: str) -> list[Sequence[Any]]:
    amount = format_amount(batch.amount_nano)
    return [(made.code, amount, unit, batch.redeem_until, made.id) for made in codes]
