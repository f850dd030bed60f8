"""What goes over the wire about calls."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from farebox.control.moment import Moment
from farebox.control.text import PositiveAmountText
from farebox.domain.job import Outcome
from farebox.domain.money import format_amount, parse_amount
from farebox.ledger.job_page import CallFilter, CallStatus, LoggedCall
from farebox.ledger.receipt import ChargeReason

_Name = Annotated[str | None, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]


def _filter(
    key_id: UUID | None = None,
    model: _Name = None,
    status: CallStatus | None = None,
    outcome: Outcome | None = None,
    code: Annotated[str | None, Query(max_length=60, pattern=r"^[a-z_]+$", description="Of refused calls.")] = None,
    stream: bool | None = None,
    min_cost: Annotated[PositiveAmountText | None, Query(description="The least charge.")] = None,
    since: Moment | None = None,
    until: Moment | None = None,
) -> CallFilter:
    return CallFilter(
        key_id=key_id,
        model=model,
        status=status,
        outcome=outcome,
        code=code,
        stream=stream,
        least_charge_nano=None if min_cost is None else parse_amount(min_cost),
        since=since,
        until=until,
    )


Wanted = Annotated[CallFilter, Depends(_filter)]


class CallView(BaseModel):
    """A line of the log. Refused calls have a code and no charge; open ones have not ended."""

    id: UUID
    status: CallStatus
    outcome: Outcome | None
    code: str | None
    http_status: int | None
    endpoint: str
    model: str
    stream: bool | None
    key_id: UUID
    key_prefix: str
    key_name: str
    created_at: datetime
    finished_at: datetime | None
    first_byte_ms: int | None
    latency_ms: int | None
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    usage_source: str
    charge: str | None = Field(examples=["0.00042"])


class PriceLine(BaseModel):
    """One line of a receipt; the unit price is per token or piece."""

    line_class: str = Field(alias="class", examples=["input"])
    quantity: int
    unit_price: str = Field(examples=["0.0000025"])
    amount: str = Field(examples=["0.00042"])


class ReceiptView(BaseModel):
    """A call from its hold to its charge; the charge is the sum of the lines unless `charge_reason` says why not."""

    id: UUID
    object: Literal["job"] = "job"
    status: CallStatus
    outcome: Outcome | None
    code: str | None = None
    http_status: int | None = None
    endpoint: str
    model: str
    stream: bool | None
    key_prefix: str
    created_at: datetime
    finished_at: datetime | None = None
    hold_ms: int | None = Field(default=None, description="Until the hold was durable; then the provider was called.")
    first_byte_ms: int | None = None
    latency_ms: int | None = None
    usage: dict[str, int | str] | None = None
    usage_source: str = "none"
    rate_card: int | None = None
    lines: list[PriceLine] = []
    hold: str | None = None
    charge: str | None = None
    charge_reason: ChargeReason | None = None
    balance_after: str | None = None
    adjusted: str = Field(default="0", description="What was given back of the charge.")


def call_view(call: LoggedCall) -> CallView:
    return CallView(
        id=call.id,
        status=call.status,
        outcome=call.outcome,
        code=call.code,
        http_status=call.http_status,
        endpoint=call.endpoint,
        model=call.model,
        stream=call.stream,
        key_id=call.key_id,
        key_prefix=call.key_prefix,
        key_name=call.key_name,
        created_at=call.created_at,
        finished_at=call.finished_at,
        first_byte_ms=call.first_byte_ms,
        latency_ms=call.latency_ms,
        input_tokens=call.input_tokens,
        cached_input_tokens=call.cached_input_tokens,
        output_tokens=call.output_tokens,
        reasoning_tokens=call.reasoning_tokens,
        usage_source=call.usage_source,
        charge=None if call.charge_nano is None else format_amount(call.charge_nano),
    )


def receipt_view(receipt: dict[str, Any], adjusted_nano: int) -> ReceiptView:
    return ReceiptView(**receipt, adjusted=format_amount(adjusted_nano))


def refusal_view(row: Any) -> ReceiptView:
    return ReceiptView(
        id=row["id"],
        status="refused",
        outcome=None,
        code=row["code"],
        http_status=row["http_status"],
        endpoint=row["endpoint"],
        model=row["model"],
        stream=None,
        key_prefix=row["key_prefix"],
        created_at=row["created_at"],
    )


CSV_HEADER = (
    "id",
    "created_at",
    "finished_at",
    "status",
    "outcome",
    "code",
    "endpoint",
    "model",
    "stream",
    "key_id",
    "key_prefix",
    "key_name",
    "first_byte_ms",
    "latency_ms",
    "input_tokens",
    "cached_input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "usage_source",
    "charge",
)


def csv_cells(call: LoggedCall) -> Sequence[Any]:
    shown = call_view(call)
    return [getattr(shown, name) for name in CSV_HEADER]
