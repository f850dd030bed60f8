"""What goes over the wire about health: model families by day, from counted provider calls. It names no provider."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from farebox.catalog.snapshot import Model, Snapshot
from farebox.domain.money import PPM, format_percent
from farebox.upstream.report_store import ModelDay

DAYS = 90
State = Literal["good", "degraded", "down", "unknown"]
_GOOD_PPM, _DEGRADED_PPM = 990_000, 900_000


class DayView(BaseModel):
    """One day (UTC). Without calls nothing is known."""

    day: date
    state: State
    answered_percent: str | None
    average_first_byte_ms: int | None


class FamilyView(BaseModel):
    """A family of models: today's state, and the days before, oldest first."""

    family: str
    models: list[str]
    state: State
    stopped: Annotated[bool, Field(description="The operator has stopped all of it.")]
    days: list[DayView]


class StatusView(BaseModel):
    """All families on sale, by name."""

    days: int
    data: list[FamilyView]


class _Count:
    def __init__(self) -> None:
        self.answered = self.faults = self.first_byte_ms = self.timed = 0

    def add(self, day: ModelDay) -> None:
        self.answered += day.answered
        self.faults += day.faults
        self.first_byte_ms += day.first_byte_ms
        self.timed += day.timed


def status_view(snapshot: Snapshot, found: Iterable[ModelDay], today: date) -> StatusView:
    """`found` are models' days in any order; models that are not on sale are left out."""
    families: dict[str, list[Model]] = defaultdict(list)
    for model in snapshot.models.values():
        if model.enabled:
            families[model.family or model.name].append(model)
    counts: dict[tuple[str, date], _Count] = defaultdict(_Count)
    for each in found:
        sold = snapshot.models.get(each.model)
        if sold is not None and sold.enabled:
            counts[sold.family or sold.name, each.day].add(each)
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    return StatusView(
        days=DAYS,
        data=[
            _family(family, families[family], snapshot, [_day(day, counts.get((family, day))) for day in days])
            for family in sorted(families)
        ],
    )


def _family(family: str, models: list[Model], snapshot: Snapshot, days: list[DayView]) -> FamilyView:
    stopped = all(snapshot.stop_for(model.name) is not None or snapshot.routes_are_stopped(model) for model in models)
    return FamilyView(
        family=family,
        models=sorted(model.name for model in models),
        state="down" if stopped else days[-1].state,
        stopped=stopped,
        days=days,
    )


def _day(day: date, count: _Count | None) -> DayView:
    calls = 0 if count is None else count.answered + count.faults
    if count is None or not calls:
        return DayView(day=day, state="unknown", answered_percent=None, average_first_byte_ms=None)
    answered_ppm = count.answered * PPM // calls
    state: State = "good" if answered_ppm >= _GOOD_PPM else "degraded" if answered_ppm >= _DEGRADED_PPM else "down"
    return DayView(
        day=day,
        state=state,
        answered_percent=format_percent(answered_ppm),
        average_first_byte_ms=count.first_byte_ms // count.timed if count.timed else None,
    )
