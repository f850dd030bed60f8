"""One case and its life: opened once per kind and subject, closed by a decision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from farebox.cases import store
from farebox.domain.errors import ActionRefused
from farebox.kit.ids import IdSource
from farebox.storage.database import Connection

CaseKind = Literal[
    "account_review",  # an account waits for approval, or is looked at again
    "risk",  # a signal crossed its threshold
    "reconciliation",  # books differ from what a payment provider or a provider reports
    "payment",  # an event that fits no recharge, or another amount than asked for
    "dispute",  # a chargeback that wants a decision
    "provider_account",  # a provider ended or restricts an account of ours
    "channel",  # a channel fails, or none of its keys works
    "provider_balance",  # a prepaid balance at a provider runs low
    "margin",  # a model or channel costs more than it brings
    "ledger",  # an invariant is broken
    "spool",  # settlements wait for the database, or could not be posted
    "overdue",  # a request after the sale whose answer is late
    "delivery_unknown",  # jobs settled whose last byte may not have arrived
]


class Case(msgspec.Struct, frozen=True):
    """`subject` names what it is about, such as 'account:<id>'; `facts` hold metadata, never content."""

    id: UUID
    kind: CaseKind
    subject: str
    account_id: UUID | None
    facts: dict[str, Any]
    status: Literal["open", "closed"]
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    closed_by: UUID | None
    decision: str
    note: str


async def open_case(
    connection: Connection,
    ids: IdSource,
    kind: CaseKind,
    subject: str,
    *,
    account_id: UUID | None = None,
    facts: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> UUID:
    """The open case of this kind and subject: the one there is, with the new facts added, or a new one."""
    return await store.open_or_find(connection, ids.new(), kind, subject, account_id, dict(facts or {}), due_at)


async def find_open_case(connection: Connection, kind: CaseKind, subject: str) -> UUID | None:
    """The open case of this kind and subject."""
    return await store.find_open(connection, kind, subject)


async def close_case(
    connection: Connection, case_id: UUID, *, decision: str, note: str = "", closed_by: UUID | None = None
) -> Case:
    """The closed case; ActionRefused when there is none or somebody else was quicker."""
    closed = await store.close(connection, case_id, decision, note, closed_by)
    if closed is None:
        if await store.load(connection, case_id) is None:
            raise ActionRefused("not_found", "There is no such case.", status=404)
        raise ActionRefused("already_closed", "This case was closed already: reload to see how.")
    return msgspec.convert(closed, Case)


async def show_case(connection: Connection, case_id: UUID) -> Case:
    found = await store.load(connection, case_id)
    if found is None:
        raise ActionRefused("not_found", "There is no such case.", status=404)
    return msgspec.convert(found, Case)


async def list_cases(
    connection: Connection,
    after: UUID | None,
    *,
    limit: int,
    status: str | None = None,
    kind: CaseKind | None = None,
    account_id: UUID | None = None,
    oldest_first: bool = False,
) -> list[Case]:
    """The newest or the oldest first, those that come after the cursor `after`."""
    rows = await store.page(
        connection, after, status=status, kind=kind, account_id=account_id, oldest_first=oldest_first, limit=limit
    )
    return [msgspec.convert(row, Case) for row in rows]
