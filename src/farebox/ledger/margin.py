"""What was charged against what it cost: by day, model, channel or account, from the rollups.

A charge is what the customer's balance gave, promotional credit included. The second call of a hedged job is cost of
its own channel. The figures are complete up to a mark some minutes back, which each report tells.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.ledger import margin_store as store
from farebox.ledger.usage import Span
from farebox.storage.database import Connection

MarginSplit = Literal["nothing", "model", "channel", "account"]
MarginStep = Literal["day", "whole"]

_MOST_LINES = 20_000


class MarginFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which jobs are counted; None counts all."""

    model: str | None = None
    channel_id: UUID | None = None
    account_id: UUID | None = None


class MarginLine(msgspec.Struct, frozen=True):
    """`at`: the day, or the beginning of the span; `label`: a model, or the id of a channel or an account."""

    at: datetime
    label: str
    name: str
    jobs: int
    voided: int
    charge_nano: int
    cost_nano: int
    write_off_nano: int

    @property
    def margin_nano(self) -> int:
        return self.charge_nano - self.cost_nano


class Margins(msgspec.Struct, frozen=True):
    """Lines in the order of time, then the largest charge first."""

    lines: list[MarginLine]
    complete_until: datetime


async def load_margins(
    connection: Connection, span: Span, split: MarginSplit, step: MarginStep, wanted: MarginFilter
) -> Margins:
    """The report as of one moment; ActionRefused when it has too many lines for one answer."""
    per_account = split == "account" or wanted.account_id is not None
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        rows = await store.load_lines(
            connection,
            per_account=per_account,
            since=span.since,
            until=span.until,
            split=split,
            step=step,
            model=wanted.model,
            channel_id=wanted.channel_id,
            account_id=wanted.account_id,
            most=_MOST_LINES + 1,
        )
        complete_until = await store.complete_until(connection)
    if len(rows) > _MOST_LINES:
        raise ActionRefused(
            "too_many_lines", "This is more than one answer holds: ask for a shorter span.", status=422, field="since"
        )
    return Margins([MarginLine(**row) for row in rows], complete_until)
