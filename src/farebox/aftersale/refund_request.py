"""Refunds that customers ask for: unused credit of a payment, or a payment that was made twice.

A reviewer decides on the facts, once, under the account's lock and then the request's. What can go back is computed by
payments at that moment, from lots that nobody has spent and no open hold needs, so that jobs that run meanwhile cannot
make a refund yield more than was paid.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import asyncpg
import msgspec

from farebox.aftersale import account_store
from farebox.aftersale import refund_store as store
from farebox.aftersale.behaviour_store import Behaviour, Spent, load_behaviour, load_spent
from farebox.aftersale.desk import Desk, note
from farebox.aftersale.refund_store import LotLeft
from farebox.aftersale.source import PaymentFacts, Source
from farebox.audit.record import Actor
from farebox.domain.calendar import due_after
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount
from farebox.ledger.posting import Paid
from farebox.outbox.events import queue_event
from farebox.outbox.mail import queue_mail_to_members
from farebox.storage.database import Connection

RefundState = Literal["open", "approved", "declined", "withdrawn"]
Where = Literal["source", "credit"]


class RefundWish(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for; `asked_nano` None is all that can go back. Filed by an operator or asked by a member."""

    account_id: UUID
    payment_id: UUID
    prefers: Where = "source"
    asked_nano: int | None = None
    reason: str = ""
    requested_by: UUID | None = None
    filed_by: UUID | None = None
    is_filed: bool = False


class RefundRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request and how it was decided. `outcome` is where the money went."""

    id: UUID
    account_id: UUID
    payment_id: UUID
    kind: Literal["unused", "duplicate"]
    prefers: Where
    requested_by: UUID | None
    filed_by: UUID | None
    asked_nano: int | None
    reason: str
    state: RefundState
    outcome: Literal["", "source", "credit"]
    approved_nano: int | None
    refund_id: UUID | None
    decided_by: UUID | None
    decided_at: datetime | None
    note: str
    created_at: datetime
    due_at: datetime


class Review(msgspec.Struct, frozen=True):
    """What the reviewer looks at; `spent` is what calls were charged, and have cost, since the payment."""

    payment: PaymentFacts
    behaviour: Behaviour
    spent: Spent
    lots: list[LotLeft]


async def ask(connection: Connection, desk: Desk, source: Source, wish: RefundWish, actor: Actor) -> RefundRequest:
    """A new open request; ActionRefused when the rules or the facts leave nothing to ask for."""
    facts = await source.facts(connection, wish.payment_id)
    if facts is None or facts.account_id != wish.account_id:
        raise ActionRefused("not_found", "There is no such payment in this account.", status=404, field="payment_id")
    now = await account_store.now(connection)
    kind: Literal["unused", "duplicate"] = "duplicate" if facts.problem == "duplicate" else "unused"
    _check(desk, wish, facts, now)
    request_id = desk.ids.new()
    try:
        async with connection.transaction():
            await store.insert(
                connection,
                request_id,
                wish.account_id,
                wish.payment_id,
                kind,
                wish.prefers,
                wish.requested_by,
                wish.filed_by,
                wish.asked_nano,
                wish.reason,
                due_after(now, desk.policy.support.due_business_days, desk.policy.calendar),
            )
            after = {"payment_id": str(wish.payment_id), "kind": kind, "prefers": wish.prefers}
            target = f"refund_request:{request_id}"
            await note(connection, desk, actor, "refund.ask", target, wish.account_id, after=after)
    except asyncpg.UniqueViolationError:
        raise ActionRefused("already_open", "A request for this payment is open already.", field="payment_id") from None
    return await show(connection, request_id)


async def show(connection: Connection, request_id: UUID, account_id: UUID | None = None) -> RefundRequest:
    """The request; ActionRefused (404) when there is none, or it is not this account's."""
    row = await store.load(connection, request_id)
    if row is None or account_id not in (None, row["account_id"]):
        raise _not_found()
    return RefundRequest(**row)


async def review(connection: Connection, source: Source, request: RefundRequest) -> Review:
    """The facts as of now."""
    facts = await source.facts(connection, request.payment_id)
    assert facts is not None
    account_id = request.account_id
    return Review(
        payment=facts,
        behaviour=await load_behaviour(connection, account_id),
        spent=await load_spent(connection, account_id, facts.paid_at or request.created_at),
        lots=await store.load_lots(connection, account_id),
    )


async def approve(
    connection: Connection,
    desk: Desk,
    source: Source,
    request_id: UUID,
    actor: Actor,
    *,
    amount_nano: int | None,
    to: Where | None,
    words: str,
) -> RefundRequest:
    """Give back what is named, else what was asked for, else all that can go back; where the customer prefers.

    The refund is reserved, not yet told to its provider. Abuse that is being looked into comes first.
    """
    async with connection.transaction():
        request = await _lock_open(connection, request_id)
        if request.requested_by is not None and request.requested_by == actor.person_id:
            raise ActionRefused("own_request", "Somebody else has to decide on your own request.", status=403)
        if request.kind == "unused" and await store.has_open_risk(connection, request.account_id):
            raise ActionRefused("risk_case_open", "A risk case of this account is open: decide it first.")
        outcome = to or request.prefers
        _check_where(desk, request.kind, outcome)
        if outcome == "credit":
            credited_nano = await source.credit_duplicate(connection, request.payment_id, actor, reason=words)
            told = {"amount": format_amount(credited_nano), "unit": desk.policy.unit}
            refund_id, given_nano = None, credited_nano
        else:
            wanted_nano = await _wanted(connection, source, request, amount_nano)
            made = await source.ask_refund(
                connection, request.payment_id, actor, amount_nano=wanted_nano, reason=words or request.reason
            )
            money = Paid("", made.gross_minor, made.currency)
            told = {"amount": format_amount(money.nano), "unit": made.currency}
            refund_id, given_nano = made.refund_id, made.credit_nano
        await store.decide(connection, request.id, "approved", outcome, given_nano, refund_id, actor.id, words)
        return await _decided(connection, desk, request, "approved", told, actor, words)


async def decline(
    connection: Connection, desk: Desk, source: Source, request_id: UUID, actor: Actor, *, words: str
) -> RefundRequest:
    """Give nothing back, and say why."""
    async with connection.transaction():
        request = await _lock_open(connection, request_id)
        await store.decide(connection, request.id, "declined", "", None, None, actor.id, words)
        facts = await source.facts(connection, request.payment_id)
        assert facts is not None
        paid = Paid(facts.provider, facts.gross_minor, facts.currency)
        told = {"amount": format_amount(paid.nano), "unit": facts.currency}
        if request.asked_nano is not None:
            told = {"amount": format_amount(request.asked_nano), "unit": desk.policy.unit}
        return await _decided(connection, desk, request, "declined", told, actor, words)


async def withdraw(
    connection: Connection, desk: Desk, request_id: UUID, account_id: UUID, actor: Actor
) -> RefundRequest:
    """The customer does not ask any more."""
    async with connection.transaction():
        await show(connection, request_id, account_id)
        request = await _lock_open(connection, request_id)
        await store.decide(connection, request.id, "withdrawn", "", None, None, None, "")
        target, after = f"refund_request:{request.id}", {"state": "withdrawn"}
        await note(connection, desk, actor, "refund.withdraw", target, account_id, before=request.state, after=after)
        return await show(connection, request_id)


async def list_requests(
    connection: Connection,
    after: UUID | None,
    *,
    limit: int,
    account_id: UUID | None = None,
    state: RefundState | None = None,
    oldest_first: bool = False,
) -> list[RefundRequest]:
    """The newest or the oldest first, those that come after the cursor `after`."""
    rows = await store.page(
        connection, after, account_id=account_id, state=state, oldest_first=oldest_first, limit=limit
    )
    return [RefundRequest(**row) for row in rows]


def _check(desk: Desk, wish: RefundWish, facts: PaymentFacts, now: datetime) -> None:
    rules = desk.policy.refund
    if facts.problem == "duplicate":
        _check_where(desk, "duplicate", wish.prefers)
        return
    if rules.unused == "none" or (rules.unused == "discretion" and not wish.is_filed):
        raise ActionRefused("not_refundable", "Credit that was bought is not refundable here; see the terms.")
    _check_where(desk, "unused", wish.prefers)
    if facts.has_open_dispute and rules.refuse_with_open_dispute:
        raise ActionRefused("dispute_open", "This payment is disputed: the dispute is decided first.")
    until = None if facts.paid_at is None else rules.until(facts.paid_at)
    if until is not None and now > until:
        raise ActionRefused(
            "too_late",
            f"A refund can be asked for within {rules.window_days} days of the payment.",
            values={"days": rules.window_days},
        )
    if facts.refundable_nano <= 0:
        raise ActionRefused("nothing_unused", "Nothing of this payment's credit is unused.", field="payment_id")
    if wish.asked_nano is not None and wish.asked_nano > facts.refundable_nano:
        left = format_amount(facts.refundable_nano)
        raise ActionRefused(
            "more_than_unspent", f"Of this payment {left} are unused.", field="amount", values={"left_amount": left}
        )


def _check_where(desk: Desk, kind: Literal["unused", "duplicate"], where: Where) -> None:
    if where == "source":
        return
    if kind == "unused":
        raise ActionRefused("credit_already", "Unused credit is credit already: it can go to its source.", field="to")
    if desk.policy.refund.duplicate == "source":
        raise ActionRefused("source_only", "A payment made twice goes back to its source here.", field="to")


async def _wanted(
    connection: Connection, source: Source, request: RefundRequest, amount_nano: int | None
) -> int | None:
    """The credit that goes back; a payment made twice goes back whole, if it still is one too many."""
    if request.kind == "unused":
        return amount_nano or request.asked_nano
    facts = await source.facts(connection, request.payment_id)
    if facts is None or facts.problem != "duplicate":
        raise ActionRefused("not_duplicate", "This payment is not one too many any more: look at it again.")
    return amount_nano


async def _lock_open(connection: Connection, request_id: UUID) -> RefundRequest:
    # The account before the request, as everywhere; which account it is never changes.
    found = await show(connection, request_id)
    await account_store.lock_accounts(connection, found.account_id)
    row = await store.lock(connection, request_id)
    if row is None:
        raise _not_found()
    if row["state"] != "open":
        raise ActionRefused("already_decided", f"This request is {row['state']}: reload to see how it was decided.")
    return RefundRequest(**row)


async def _decided(
    connection: Connection,
    desk: Desk,
    request: RefundRequest,
    state: Literal["approved", "declined"],
    told: dict[str, str],
    actor: Actor,
    words: str,
) -> RefundRequest:
    await note(
        connection,
        desk,
        actor,
        "refund.approve" if state == "approved" else "refund.decline",
        f"refund_request:{request.id}",
        request.account_id,
        before=request.state,
        after={"state": state, **told},
        reason=words,
    )
    facts = {"amount": told["amount"], "unit": told["unit"], "decision": state}
    await queue_mail_to_members(
        connection,
        desk.ids,
        "refund_decided",
        request.account_id,
        {**facts, "note": words},
        dedupe_key=f"refund_decided:{request.id}",
        roles=("owner", "billing"),
    )
    data = {"refund_request_id": str(request.id), **facts}
    key = f"refund.decided:{request.id}"
    await queue_event(connection, desk.ids, request.account_id, "refund.decided", data, dedupe_key=key)
    return await show(connection, request.id)


def _not_found() -> ActionRefused:
    return ActionRefused("not_found", "There is no such request.", status=404)
