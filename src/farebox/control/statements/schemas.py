"""What goes over the wire about statements, and the same as a table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from farebox.payments.statements.content import Statement
from farebox.payments.statements.month import name_of


class StatementItem(BaseModel):
    """One statement in a list; amounts are decimal strings of the unit."""

    id: UUID
    number: int = Field(description="Counts all statements of this service, without gaps.")
    account_id: UUID
    month: str = Field(examples=["2026-10"])
    unit: str
    opening: str
    closing: str
    made_at: datetime


class IssuerView(BaseModel):
    """Whoever runs this service."""

    name: str
    operator: str
    contact_mail: str


class BilledView(BaseModel):
    """The account's billing details of when the statement was made."""

    account_name: str
    name: str
    tax_id: str
    address: str
    country: str


class SumView(BaseModel):
    """All changes of the balance of one kind."""

    kind: str = Field(examples=["recharge"])
    count: int
    amount: str


class SpendView(BaseModel):
    """What calls of one model were charged; '' is of calls that are not kept any more."""

    model: str
    jobs: int
    amount: str


class MovementView(BaseModel):
    """A change of the balance that is no charge. Price and tax are of its payment, in the minor unit."""

    at: datetime
    kind: str
    amount: str
    balance_after: str
    reference: str
    price_minor: int | None
    tax_minor: int | None
    currency: str
    invoice_url: str


class StatementView(StatementItem):
    """A statement: the sums are the difference of the two balances, exactly."""

    issuer: IssuerView
    billed: BilledView
    sums: list[SumView]
    spend: list[SpendView]
    movements: list[MovementView]


def statement_item(statement: Statement) -> StatementItem:
    return StatementItem(**_heading(statement))


def statement_view(statement: Statement) -> StatementView:
    content = statement.content
    return StatementView(
        **_heading(statement),
        issuer=IssuerView(**_members(content.issuer)),
        billed=BilledView(**_members(content.billed)),
        sums=[SumView(**_members(each)) for each in content.sums],
        spend=[SpendView(**_members(each)) for each in content.spend],
        movements=[MovementView(**_members(each)) for each in content.movements],
    )


CSV_HEADER = (
    "part", "at", "kind", "model", "count", "amount", "balance_after", "reference", "price_minor", "tax_minor",
    "currency", "invoice_url",
)  # fmt: skip


def csv_rows(statement: Statement) -> list[Sequence[Any]]:
    """Every part of a statement as lines of one table; the amounts of sums lead from the opening to the closing."""
    content = statement.content
    rows: list[Sequence[Any]] = [_row(part="opening", balance_after=content.opening)]
    rows += [_row(part="sum", kind=each.kind, count=each.count, amount=each.amount) for each in content.sums]
    rows += [_row(part="spend", model=each.model, count=each.jobs, amount=each.amount) for each in content.spend]
    rows += [_row(part="movement", **_members(each)) for each in content.movements]
    return [*rows, _row(part="closing", balance_after=content.closing)]


def _row(**cells: Any) -> Sequence[Any]:
    return [cells.get(name) for name in CSV_HEADER]


def _heading(statement: Statement) -> dict[str, Any]:
    return {
        "id": statement.id,
        "number": statement.number,
        "account_id": statement.account_id,
        "month": name_of(statement.month),
        "unit": statement.content.unit,
        "opening": statement.content.opening,
        "closing": statement.content.closing,
        "made_at": statement.made_at,
    }


def _members(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}
