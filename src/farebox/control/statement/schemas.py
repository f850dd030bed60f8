"""What goes over the wire about the account's statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from farebox.control.moment import Moment
from farebox.domain.money import format_amount
from farebox.ledger.statement import StatementFilter, StatementLine


def _filter(
    kind: Annotated[
        str | None, Query(max_length=30, pattern=r"^[a-z_]+$", description="Such as charge, recharge or adjustment.")
    ] = None,
    since: Moment | None = None,
    until: Moment | None = None,
) -> StatementFilter:
    return StatementFilter(kind=kind, since=since, until=until)


Wanted = Annotated[StatementFilter, Depends(_filter)]


class LineView(BaseModel):
    """One change of the balance."""

    id: UUID
    at: datetime
    kind: str = Field(examples=["charge"])
    amount: str = Field(examples=["-0.00042"])
    balance_after: str = Field(examples=["12.49958"])
    job_id: UUID | None = Field(description="The job that was charged, or whose charge is given back.")
    reference: str = Field(description="The payment that it belongs to, if any.")


def line_view(line: StatementLine) -> LineView:
    return LineView(
        id=line.txn_id,
        at=line.posted_at,
        kind=line.kind,
        amount=format_amount(line.amount_nano),
        balance_after=format_amount(line.balance_after_nano),
        job_id=line.job_id,
        reference=line.reference,
    )


CSV_HEADER = ("id", "at", "kind", "amount", "balance_after", "job_id", "reference")


def csv_cells(line: StatementLine) -> Sequence[Any]:
    shown = line_view(line)
    return [getattr(shown, name) for name in CSV_HEADER]
