"""What goes over the wire about margins."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from farebox.domain.money import format_amount
from farebox.ledger.margin import MarginLine, Margins, MarginSplit, MarginStep
from farebox.ledger.usage import Span


class MarginCounts(BaseModel):
    """Jobs, and what they brought and cost."""

    jobs: int
    voided: int
    charge: str
    cost: str
    margin: str = Field(examples=["-0.25"])
    write_off: str


class MarginView(MarginCounts):
    """One line of a report."""

    at: datetime
    label: str = Field(description="A model's name, or the id of a channel or an account; empty when not split.")
    name: str


class MarginReport(BaseModel):
    """Lines in the order of time, then the largest charge first, and their sum."""

    since: datetime
    until: datetime
    split: MarginSplit
    step: MarginStep
    complete_until: datetime = Field(description="Jobs that began later may be missing.")
    data: list[MarginView]
    total: MarginCounts


CSV_HEADER = ("at", "label", "name", "jobs", "voided", "charge", "cost", "margin", "write_off")


def counts(lines: Sequence[MarginLine]) -> MarginCounts:
    """The sum of lines."""
    return MarginCounts(
        jobs=sum(line.jobs for line in lines),
        voided=sum(line.voided for line in lines),
        charge=format_amount(sum(line.charge_nano for line in lines)),
        cost=format_amount(sum(line.cost_nano for line in lines)),
        margin=format_amount(sum(line.margin_nano for line in lines)),
        write_off=format_amount(sum(line.write_off_nano for line in lines)),
    )


def line_view(line: MarginLine) -> MarginView:
    return MarginView(at=line.at, label=line.label, name=line.name, **counts([line]).model_dump())


def report_view(margins: Margins, span: Span, split: MarginSplit, step: MarginStep) -> MarginReport:
    return MarginReport(
        since=span.since,
        until=span.until,
        split=split,
        step=step,
        complete_until=margins.complete_until,
        data=[line_view(line) for line in margins.lines],
        total=counts(margins.lines),
    )


def csv_cells(line: MarginLine) -> Sequence[Any]:
    shown = line_view(line)
    return [getattr(shown, name) for name in CSV_HEADER]
