"""Adjustments: a customer calls a job's charge wrong, an operator gives back a part of it, all of it, or nothing.

A request is decided once, under the account's lock and then its own; the ledger refuses more than the charge whatever
comes here. The window counts from the end of the job to when the customer asked: by mail counts when the mail came.
"""

from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import asyncpg
import msgspec

from farebox.aftersale import account_store
from farebox.aftersale import adjustment_store as store
from farebox.aftersale.adjustment_store import Charge
from farebox.aftersale.desk import Desk, note
from farebox.audit.record import Actor
from farebox.domain.calendar import due_after
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount
from farebox.outbox.events import queue_event
from farebox.outbox.mail import queue_mail_to_members
from farebox.storage.database import Connection

RequestState = Literal["open", "approved", "declined", "withdrawn"]


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer says of a job's charge; `asked_nano` None asks for all of it back."""

    account_id: UUID
    job_id: UUID
    asked_nano: int | None = None
    description: str
    requested_by: UUID | None = None
    filed_by: UUID | None = None
    asked_at: datetime | None = None  # of a mail that an operator files; None: now


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """One request and how it was decided."""

    id: UUID
    account_id: UUID
    job_id: UUID
    requested_by: UUID | None
    filed_by: UUID | None
    asked_nano: int | None
    description: str
    state: RequestState
    approved_nano: int | None
    decided_by: UUID | None
    decided_at: datetime | None
    note: str
    created_at: datetime
    due_at: datetime


async def ask(connection: Connection, desk: Desk, complaint: Complaint, actor: Actor) -> Adjustment:
    """A new open request; ActionRefused when there is no such charge, it is too late, or one is open already."""
    now = await account_store.now(connection)
    charge = await store.load_charge(connection, complaint.account_id, complaint.job_id)
    _check(desk, complaint, charge, now)
    asked_at = (complaint.asked_at or now).astimezone(UTC)
    request_id = desk.ids.new()
    try:
        async with connection.transaction():
            await store.insert(
                connection,
                request_id,
                complaint.account_id,
                complaint.job_id,
                complaint.requested_by,
                complaint.filed_by,
                complaint.asked_nano,
                complaint.description,
                due_after(asked_at, desk.policy.adjustment.due_business_days, desk.policy.calendar),
            )
            await note(
                connection,
                desk,
                actor,
                "adjustment.ask",
                f"adjustment:{request_id}",
                complaint.account_id,
                after={"job_id": str(complaint.job_id), "amount": _amount(complaint.asked_nano)},
            )
    except asyncpg.UniqueViolationError:
        raise ActionRefused("already_open", "A request about this job is open already.", field="job_id") from None
    return await show(connection, request_id)


async def show(connection: Connection, request_id: UUID, account_id: UUID | None = None) -> Adjustment:
    """The request; ActionRefused (404) when there is none, or it is not this account's."""
    row = await store.load(connection, request_id)
    if row is None or account_id not in (None, row["account_id"]):
        raise _not_found()
    return Adjustment(**row)


async def charge_of(connection: Connection, request: Adjustment) -> Charge:
    """What the reviewer looks at beside the request."""
    charge = await store.load_charge(connection, request.account_id, request.job_id)
    if charge is None:
        raise ActionRefused("job_gone", "The job's row is no longer kept: decide with the ledger's export.")
    return charge


async def approve(
    connection: Connection, desk: Desk, request_id: UUID, actor: Actor, *, amount_nano: int | None, words: str
) -> Adjustment:
    """Give back so much of the charge: what is named, else what was asked for, else all that is left."""
    async with connection.transaction():
        request = await _lock_open(connection, request_id)
        if request.requested_by is not None and request.requested_by == actor.person_id:
            raise ActionRefused("own_request", "Somebody else has to decide on your own request.", status=403)
        charge = await charge_of(connection, request)
        given_nano = amount_nano or request.asked_nano or charge.left_nano
        if not 0 < given_nano <= charge.left_nano:
            left = format_amount(charge.left_nano)
            raise ActionRefused(
                "more_than_charged",
                f"{left} of this charge can be given back.",
                field="amount",
                values={"left_amount": left},
            )
        await desk.ledger.adjust(
            connection,
            request.account_id,
            request.job_id,
            given_nano,
            f"adjustment:{request_id}",
            reason=words,
            operator=f"{actor.kind}:{actor.id or actor.name}",
        )
        return await _decided(connection, desk, request, "approved", given_nano, actor, words)


async def decline(connection: Connection, desk: Desk, request_id: UUID, actor: Actor, *, words: str) -> Adjustment:
    """Give nothing back, and say why."""
    async with connection.transaction():
        request = await _lock_open(connection, request_id)
        return await _decided(connection, desk, request, "declined", None, actor, words)


async def withdraw(connection: Connection, desk: Desk, request_id: UUID, account_id: UUID, actor: Actor) -> Adjustment:
    """The customer does not ask any more."""
    async with connection.transaction():
        await show(connection, request_id, account_id)
        request = await _lock_open(connection, request_id)
        await store.decide(connection, request.id, "withdrawn", None, None, "")
        await _note(connection, desk, request, "withdrawn", None, actor, "")
        return await show(connection, request_id)


async def list_requests(
    connection: Connection,
    after: UUID | None,
    *,
    limit: int,
    account_id: UUID | None = None,
    state: RequestState | None = None,
    oldest_first: bool = False,
) -> list[Adjustment]:
    """The newest or the oldest first, those that come after the cursor `after`."""
    rows = await store.page(
        connection, after, account_id=account_id, state=state, oldest_first=oldest_first, limit=limit
    )
    return [Adjustment(**row) for row in rows]


def _check(desk: Desk, complaint: Complaint, charge: Charge | None, now: datetime) -> None:
    if charge is None:
        raise ActionRefused("job_not_found", "There is no such job in this account.", status=404, field="job_id")
    if charge.left_nano <= 0:
        raise ActionRefused("nothing_charged", "Nothing of this job's charge is left to give back.", field="job_id")
    if complaint.asked_nano is not None and complaint.asked_nano > charge.left_nano:
        left = format_amount(charge.left_nano)
        raise ActionRefused(
            "more_than_charged", f"Ask for at most {left}.", field="amount", values={"left_amount": left}
        )
    asked_at = complaint.asked_at or now
    if asked_at > now:
        raise ActionRefused("in_the_future", "A mail cannot have come later than now.", status=422, field="asked_at")
    if asked_at < charge.finished_at:
        raise ActionRefused("before_the_call", "A mail cannot have come before the call.", status=422, field="asked_at")
    days = desk.policy.adjustment.window_days
    if asked_at > charge.finished_at + timedelta(days=days):
        raise ActionRefused(
            "too_late",
            f"A charge can be disputed within {days} days of the call.",
            field="job_id",
            values={"days": days},
        )


async def _lock_open(connection: Connection, request_id: UUID) -> Adjustment:
    # The account before the request, as everywhere; which account it is never changes.
    found = await show(connection, request_id)
    await account_store.lock_accounts(connection, found.account_id)
    row = await store.lock(connection, request_id)
    if row is None:
        raise _not_found()
    if row["state"] != "open":
        raise ActionRefused("already_decided", f"This request is {row['state']}: reload to see how it was decided.")
    return Adjustment(**row)


async def _decided(
    connection: Connection,
    desk: Desk,
    request: Adjustment,
    state: Literal["approved", "declined"],
    given_nano: int | None,
    actor: Actor,
    words: str,
) -> Adjustment:
    await store.decide(connection, request.id, state, given_nano, actor.id, words)
    await _note(connection, desk, request, state, given_nano, actor, words)
    facts = {"job_id": str(request.job_id), "decision": state, "note": words, "unit": desk.policy.unit}
    if given_nano is not None:
        facts["amount"] = format_amount(given_nano)
    await queue_mail_to_members(
        connection,
        desk.ids,
        "adjustment_decided",
        request.account_id,
        facts,
        dedupe_key=f"adjustment_decided:{request.id}",
        roles=("owner", "billing"),
    )
    key = f"adjustment.decided:{request.id}"
    await queue_event(connection, desk.ids, request.account_id, "adjustment.decided", facts, dedupe_key=key)
    return await show(connection, request.id)


async def _note(
    connection: Connection,
    desk: Desk,
    request: Adjustment,
    state: RequestState,
    given_nano: int | None,
    actor: Actor,
    words: str,
) -> None:
    action = {"approved": "approve", "declined": "decline", "withdrawn": "withdraw"}[state]
    await note(
        connection,
        desk,
        actor,
        f"adjustment.{action}",
        f"adjustment:{request.id}",
        request.account_id,
        before=request.state,
        after={"state": state, "job_id": str(request.job_id), "amount": _amount(given_nano)},
        reason=words,
    )


def _amount(nano: int | None) -> str | None:
    return None if nano is None else format_amount(nano)


def _not_found() -> ActionRefused:
    return ActionRefused("not_found", "There is no such request.", status=404)
