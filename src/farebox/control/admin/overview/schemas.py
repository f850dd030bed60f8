"""What goes over the wire about the deployment at a glance."""

from datetime import datetime

from pydantic import BaseModel, Field

from farebox.control.admin.reports.schemas import MarginCounts, counts
from farebox.ledger.margin import Margins
from farebox.ledger.pulse import Pulse


class CallsView(BaseModel):
    """Calls that began within the window; `failed` by a fault of ours or a provider's."""

    window_s: int
    ended: int
    failed: int
    refused: int
    open_jobs: int
    per_minute: float
    error_share: float = Field(description="Failed of ended; 0 when nothing ended.")


class StopView(BaseModel):
    """An emergency stop in force."""

    scope: str
    target: str
    reason: str
    created_at: datetime


class WorkerView(BaseModel):
    """A worker that has not ended."""

    id: str
    started_at: datetime
    silent_s: float = Field(description="Since its last beat.")
    is_silent: bool


class WaitingView(BaseModel):
    """How much waits for a decision or an answer, by queue."""

    recharges: int
    refunds: int
    adjustments: int
    withdrawals: int
    closings: int
    support: int
    approvals: int


class OverviewView(BaseModel):
    """The deployment at a glance."""

    calls: CallsView
    margin_today: MarginCounts | None = Field(description="Null without the scope money:read.")
    margin_complete_until: datetime
    waiting: WaitingView
    open_cases: dict[str, int] = Field(description="By kind.")
    waiting_mail: int
    delivery_unknown: int = Field(description="Jobs charged and perhaps not delivered; counted up to 10,000.")
    stops: list[StopView]
    workers: list[WorkerView]


# Beats come every few seconds; after a minute of silence the sweeper takes a worker for dead.
_SILENT_S = 30.0


def overview_view(pulse: Pulse, today: Margins, waiting: dict[str, int], *, shows_money: bool) -> OverviewView:
    calls = pulse.calls
    return OverviewView(
        calls=CallsView(
            window_s=pulse.window_s,
            ended=calls.ended,
            failed=calls.failed,
            refused=calls.refused,
            open_jobs=calls.open_jobs,
            per_minute=round((calls.ended + calls.open_jobs) * 60 / pulse.window_s, 2),
            error_share=round(calls.failed / calls.ended, 4) if calls.ended else 0.0,
        ),
        margin_today=counts(today.lines) if shows_money else None,
        margin_complete_until=today.complete_until,
        waiting=WaitingView(**waiting),
        open_cases=pulse.open_cases,
        waiting_mail=pulse.waiting_mail,
        delivery_unknown=pulse.delivery_unknown,
        stops=[
            StopView(scope=stop.scope, target=stop.target, reason=stop.reason, created_at=stop.created_at)
            for stop in pulse.stops
        ],
        workers=[
            WorkerView(
                id=each.id,
                started_at=each.started_at,
                silent_s=round(each.silent_s, 1),
                is_silent=each.silent_s > _SILENT_S,
            )
            for each in pulse.workers
        ],
    )
