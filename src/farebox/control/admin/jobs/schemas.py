"""What goes over the wire about jobs, to operators."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from farebox.control.moment import Moment
from farebox.control.text import NonEmptyLine, PositiveAmountText
from farebox.domain.job import Outcome
from farebox.domain.money import format_amount, parse_amount
from farebox.ledger.operator_jobs_store import JobFilter, OperatorJob
from farebox.ledger.receipt_store import Doubt


def _filter(
    account_id: UUID | None = None,
    key_id: UUID | None = None,
    model: Annotated[str | None, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")] = None,
    channel_id: UUID | None = None,
    status: Literal["settled", "voided"] | None = None,
    outcome: Outcome | None = None,
    min_cost: Annotated[PositiveAmountText | None, Query(description="The least cost at the provider.")] = None,
    loss: Annotated[bool | None, Query(description="Whether it cost more than was charged.")] = None,
    doubt: Annotated[Doubt | None, Query(description="Perhaps not delivered; or not charged in full.")] = None,
    since: Moment | None = None,
    until: Moment | None = None,
) -> JobFilter:
    return JobFilter(
        account_id=account_id,
        key_id=key_id,
        model=model,
        channel_id=channel_id,
        status=status,
        outcome=outcome,
        least_cost_nano=None if min_cost is None else parse_amount(min_cost),
        is_loss=loss,
        doubt=doubt,
        since=since,
        until=until,
    )


Wanted = Annotated[JobFilter, Depends(_filter)]


class JobView(BaseModel):
    """One job with what only the operator sees."""

    id: UUID
    account_id: UUID
    key_id: UUID
    status: Literal["settled", "voided"]
    outcome: Outcome
    endpoint: str
    model: str
    stream: bool
    created_at: datetime
    finished_at: datetime
    first_byte_ms: int | None
    latency_ms: int | None
    input_tokens: int
    output_tokens: int
    usage_source: str
    channel_id: UUID | None
    channel: str | None
    provider_request_id: str | None
    charge: str
    cost: str
    margin: str
    write_off: str
    adjusted: str
    delivery_unknown: bool


class Adjustment(BaseModel):
    """What is given back of a charge."""

    model_config = ConfigDict(extra="forbid")

    amount: Annotated[PositiveAmountText | None, Field(description="Null: all that is left of the charge.")] = None
    reason: NonEmptyLine


class Adjusted(BaseModel):
    """What was posted."""

    txn_id: UUID
    amount: str
    balance: str


def job_view(job: OperatorJob) -> JobView:
    return JobView(
        id=job.id,
        account_id=job.account_id,
        key_id=job.key_id,
        status=job.status,
        outcome=job.outcome,
        endpoint=job.endpoint,
        model=job.model,
        stream=job.stream,
        created_at=job.created_at,
        finished_at=job.finished_at,
        first_byte_ms=job.first_byte_ms,
        latency_ms=job.latency_ms,
        input_tokens=job.input_tokens,
        output_tokens=job.output_tokens,
        usage_source=job.usage_source,
        channel_id=job.channel_id,
        channel=job.channel,
        provider_request_id=job.provider_request_id,
        charge=format_amount(job.charge_nano),
        cost=format_amount(job.cost_nano),
        margin=format_amount(job.charge_nano - job.cost_nano),
        write_off=format_amount(job.write_off_nano),
        adjusted=format_amount(job.adjusted_nano),
        delivery_unknown=job.delivery_unknown,
    )


CSV_HEADER = tuple(JobView.model_fields)


def csv_cells(job: OperatorJob) -> Sequence[Any]:
    shown = job_view(job)
    return [getattr(shown, name) for name in CSV_HEADER]
