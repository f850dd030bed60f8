"""What goes over the wire about usage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from farebox.domain.money import format_amount
from farebox.ledger.usage import Span, Split, Step, UsagePoint


class UsageCounts(BaseModel):
    """Calls, tokens and charges. Cached and cache-write tokens are part of input, reasoning tokens of output."""

    jobs: int
    voided: int
    input_tokens: int
    cached_input_tokens: int
    cache_write_tokens: int
    output_tokens: int
    reasoning_tokens: int
    charge: str = Field(examples=["1.25"])


class PointView(UsageCounts):
    """One step of one label."""

    at: datetime
    label: str = Field(description="A model's name, or the id of a key or a member; empty when not split.")


class SeriesView(BaseModel):
    """Steps with calls, in the order of time, and their sum; each call counts where it began."""

    since: datetime
    until: datetime
    step: Step
    split: Split
    data: list[PointView]
    total: UsageCounts


_COUNTS = (
    "jobs",
    "voided",
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
)
CSV_HEADER = ("at", "label", *_COUNTS, "charge")


def point_view(point: UsagePoint) -> PointView:
    counts = {name: getattr(point, name) for name in _COUNTS}
    return PointView(at=point.at, label=point.label, charge=format_amount(point.charge_nano), **counts)


def series_view(points: Sequence[UsagePoint], span: Span, step: Step, split: Split) -> SeriesView:
    sums = {name: sum(getattr(point, name) for point in points) for name in _COUNTS}
    return SeriesView(
        since=span.since,
        until=span.until,
        step=step,
        split=split,
        data=[point_view(point) for point in points],
        total=UsageCounts(charge=format_amount(sum(point.charge_nano for point in points)), **sums),
    )


def csv_cells(point: UsagePoint) -> Sequence[Any]:
    shown = point_view(point)
    return [getattr(shown, name) for name in CSV_HEADER]
