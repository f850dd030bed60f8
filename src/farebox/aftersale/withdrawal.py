"""Withdrawals: a balance that is paid out by hand, or moved to another account here, on request.

    asked -> seconding -> approved -> done        seconding only above the policy's limit; a migration is done at once
                       -> failed                  it could not be paid: the credit is back where it was
    asked, seconding -> declined, cancelled

With the last approval the credit leaves the balance, so that nobody spends what is about to be paid out. Who asked
approves nothing, and the second approval is another person's.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import asyncpg
import msgspec

from farebox.aftersale import account_store, refund_store
from farebox.aftersale import withdrawal_store as store
from farebox.aftersale.account_store import Standing
from farebox.aftersale.desk import Desk, note
from farebox.audit.record import Actor
from farebox.domain.calendar import due_after
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount
from farebox.ledger.leaving import BY_HAND, Leaving
from farebox.ledger.posting import Paid
from farebox.outbox.mail import queue_mail_to_members
from farebox.storage.database import Connection

Kind = Literal["payout", "migration"]
WithdrawalState = Literal["asked", "seconding", "approved", "done", "failed", "declined", "cancelled"]


class WithdrawalWish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to leave, and where to. `currency` '' is the deployment's."""

    account_id: UUID
    kind: Kind
    amount_nano: int
    to_account_id: UUID | None = None
    currency: str = ""
    destination: str = ""
    reason: str = ""
    requested_by: UUID | None
    closing_id: UUID | None = None
    is_filed: bool = False


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """One withdrawal; `paid_minor` of `currency` is what is paid for the credit, known once it has left."""

    id: UUID
    account_id: UUID
    kind: Kind
    to_account_id: UUID | None
    amount_nano: int
    currency: str
    paid_minor: int | None
    destination: str
    requested_by: UUID | None
    closing_id: UUID | None
    reason: str
    state: WithdrawalState
    approved_by: UUID | None
    seconded_by: UUID | None
    decided_at: datetime | None
    payout_ref: str
    note: str
    created_at: datetime
    due_at: datetime

    @property
    def reference(self) -> str:
        """What its takings are known by in the ledger."""
        return f"withdrawal:{self.id}"


async def ask(connection: Connection, desk: Desk, wish: WithdrawalWish, actor: Actor) -> Withdrawal:
    """A new request; ActionRefused when the rules, the account or its balance do not allow it."""
    currency = (wish.currency or desk.policy.recharge.currency) if wish.kind == "payout" else ""
    standing = await account_store.load_standing(connection, wish.account_id)
    if standing is None:
        raise ActionRefused("not_found", "There is no such account.", status=404, field="account_id")
    _check_rules(desk, wish, standing)
    await _check_asked_target(connection, wish)
    if wish.kind == "payout":
        payable_nano, _ = await _leaving(desk).payable(connection, wish.account_id, currency)
        if wish.amount_nano > payable_nano:
            left = format_amount(payable_nano)
            raise ActionRefused(
                "more_than_payable",
                f"{left} can be paid out in {currency}.",
                field="amount",
                values={"left_amount": left, "currency": currency},
            )
    withdrawal_id = desk.ids.new()
    now = await account_store.now(connection)
    try:
        async with connection.transaction():
            await store.insert(
                connection,
                withdrawal_id,
                wish.account_id,
                wish.kind,
                wish.to_account_id,
                wish.amount_nano,
                currency,
                wish.destination,
                wish.requested_by,
                wish.closing_id,
                wish.reason,
                due_after(now, desk.policy.support.due_business_days, desk.policy.calendar),
            )
            after = {"state": "asked", "kind": wish.kind, "amount": format_amount(wish.amount_nano)}
            target = f"withdrawal:{withdrawal_id}"
            await note(connection, desk, actor, "withdrawal.ask", target, wish.account_id, after=after)
    except asyncpg.UniqueViolationError:
        raise ActionRefused("already_open", "Another withdrawal of this account is open.") from None
    return await show(connection, withdrawal_id)


async def show(connection: Connection, withdrawal_id: UUID, account_id: UUID | None = None) -> Withdrawal:
    """The withdrawal; ActionRefused (404) when there is none, or it is not this account's."""
    row = await store.load(connection, withdrawal_id)
    if row is None or account_id not in (None, row["account_id"]):
        raise _not_found()
    return Withdrawal(**row)


async def approve(connection: Connection, desk: Desk, withdrawal_id: UUID, actor: Actor, *, words: str) -> Withdrawal:
    """Approve as the first or the second; with the last approval the credit leaves the balance."""
    async with connection.transaction():
        found = await _lock(connection, withdrawal_id, ("asked", "seconding"))
        if actor.person_id is not None and actor.person_id == found.requested_by:
            raise ActionRefused("own_request", "Somebody else has to approve what you asked for.", status=403)
        await _check_conduct(connection, found.account_id)
        if desk.policy.withdrawal.needs_two(found.amount_nano):
            # A token or the command line is nobody who could be told from the other approver.
            if actor.kind != "operator" or actor.id is None:
                raise ActionRefused("two_people", "Above the limit two operators approve, each signed in.", status=403)
            if found.state == "asked":
                await store.set_first(connection, found.id, actor.id)
                return await _noted(connection, desk, found, actor, "withdrawal.approve_first", words)
            if actor.id == found.approved_by:
                raise ActionRefused("two_people", "Another operator has to approve this as well.", status=403)
        await _check_target(connection, found)
        paid_minor = await _take(connection, desk, found, actor)
        state = "approved" if found.kind == "payout" else "done"
        await store.set_taken(connection, found.id, state, actor.id, paid_minor, words)
        await _tell(connection, desk, found, "approved", words)
        return await _noted(connection, desk, found, actor, "withdrawal.approve", words)


async def decline(connection: Connection, desk: Desk, withdrawal_id: UUID, actor: Actor, *, words: str) -> Withdrawal:
    """Nothing leaves, and the customer reads why."""
    async with connection.transaction():
        found = await _lock(connection, withdrawal_id, ("asked", "seconding"))
        await store.set_ended(connection, found.id, "declined", "", words)
        await _tell(connection, desk, found, "declined", words)
        return await _noted(connection, desk, found, actor, "withdrawal.decline", words)


async def cancel(connection: Connection, desk: Desk, withdrawal_id: UUID, account_id: UUID, actor: Actor) -> Withdrawal:
    """The customer does not ask any more."""
    async with connection.transaction():
        await show(connection, withdrawal_id, account_id)
        found = await _lock(connection, withdrawal_id, ("asked", "seconding"))
        await store.set_ended(connection, found.id, "cancelled", "", "")
        return await _noted(connection, desk, found, actor, "withdrawal.cancel", "")


async def record_payout(
    connection: Connection, desk: Desk, withdrawal_id: UUID, actor: Actor, *, payout_ref: str, words: str
) -> Withdrawal:
    """It has been paid, under this reference; one reference stands for one payout."""
    async with connection.transaction():
        found = await _lock(connection, withdrawal_id, ("approved",))
        try:
            async with connection.transaction():
                await store.set_ended(connection, found.id, "done", payout_ref, words)
        except asyncpg.UniqueViolationError:
            raise ActionRefused("reference_used", "Another payout has this reference.", field="reference") from None
        return await _noted(connection, desk, found, actor, "withdrawal.paid", words)


async def give_back(connection: Connection, desk: Desk, withdrawal_id: UUID, actor: Actor, *, words: str) -> Withdrawal:
    """It could not be paid: the credit returns to the lots that it came from."""
    async with connection.transaction():
        found = await _lock(connection, withdrawal_id, ("approved",))
        assert found.paid_minor is not None
        await desk.ledger.restore(
            connection,
            found.account_id,
            found.amount_nano,
            f"{found.reference}:back",
            reference=found.reference,
            paid=Paid(BY_HAND, found.paid_minor, found.currency),
            operator=_who(actor),
        )
        await store.set_ended(connection, found.id, "failed", "", words)
        await _tell(connection, desk, found, "returned", words)
        return await _noted(connection, desk, found, actor, "withdrawal.give_back", words)


async def list_withdrawals(
    connection: Connection,
    after: UUID | None,
    *,
    limit: int,
    account_id: UUID | None = None,
    state: WithdrawalState | None = None,
    only_waiting: bool = False,
) -> list[Withdrawal]:
    """The newest first, those before the cursor `after`.

    Waiting are those that somebody has to approve or pay: of these the oldest come first.
    """
    rows = await store.page(
        connection, after, account_id=account_id, state=state, only_waiting=only_waiting, limit=limit
    )
    return [Withdrawal(**row) for row in rows]


def _leaving(desk: Desk) -> Leaving:
    return Leaving(desk.policy.unit, desk.ids)


def _check_rules(desk: Desk, wish: WithdrawalWish, standing: Standing) -> None:
    # What is left on a closed account has to go somewhere; an operator files it.
    if standing.status == "closed" and wish.is_filed and wish.kind == "payout":
        return
    rules = desk.policy.withdrawal
    if rules.allows(wish.kind, standing.status):
        return
    what = "paid out" if wish.kind == "payout" else "moved"
    if rules.allows(wish.kind, "frozen") and standing.status != "closed":
        raise ActionRefused("not_offered", f"Only the balance of a frozen account is {what} here.")
    raise ActionRefused("not_offered", f"Balances are not {what} here; ask for a refund instead.")


async def _check_asked_target(connection: Connection, wish: WithdrawalWish) -> None:
    # To other people's accounts only an operator moves credit: nobody finds out by asking which of them exist.
    if wish.kind == "migration" and not wish.is_filed:
        assert wish.to_account_id is not None
        if wish.requested_by is None or not await store.is_member(connection, wish.to_account_id, wish.requested_by):
            raise _no_such_target()
    await _check_target(connection, wish)


async def _check_target(connection: Connection, wish: WithdrawalWish | Withdrawal) -> None:
    if wish.kind == "payout":
        return
    target = None
    if wish.to_account_id is not None and wish.to_account_id != wish.account_id:
        target = await account_store.load_standing(connection, wish.to_account_id)
    if target is None or target.status == "closed":
        raise _no_such_target()


async def _check_conduct(connection: Connection, account_id: UUID) -> None:
    if await refund_store.has_open_risk(connection, account_id):
        raise ActionRefused("risk_case_open", "A risk case of this account is open: decide it first.")
    if await store.has_dispute(connection, account_id):
        raise ActionRefused("dispute_open", "A payment of this account is disputed: decide the dispute first.")
    if await store.has_tainted_origin(connection, account_id):
        raise ActionRefused("origin_disputed", "Credit here came from an account with a dispute or a debt: settle it.")


async def _take(connection: Connection, desk: Desk, found: Withdrawal, actor: Actor) -> int | None:
    if found.to_account_id is not None:
        await _leaving(desk).migrate(
            connection, found.account_id, found.to_account_id, found.amount_nano, found.reference, operator=_who(actor)
        )
        return None
    paid = await _leaving(desk).pay_out(
        connection,
        found.account_id,
        found.amount_nano,
        found.reference,
        currency=found.currency,
        reference=found.reference,
        operator=_who(actor),
    )
    return paid.paid_minor


async def _lock(connection: Connection, withdrawal_id: UUID, states: tuple[WithdrawalState, ...]) -> Withdrawal:
    # The accounts before the row, as everywhere; which accounts they are never changes.
    found = await show(connection, withdrawal_id)
    both = [each for each in (found.account_id, found.to_account_id) if each is not None]
    await account_store.lock_accounts(connection, *both)
    row = await store.lock(connection, withdrawal_id)
    if row is None:
        raise _not_found()
    if row["state"] not in states:
        raise ActionRefused("already_decided", f"This withdrawal is {row['state']}: reload to see what became of it.")
    return Withdrawal(**row)


async def _noted(
    connection: Connection, desk: Desk, before: Withdrawal, actor: Actor, action: str, words: str
) -> Withdrawal:
    changed = await show(connection, before.id)
    after = {
        "state": changed.state,
        "amount": format_amount(changed.amount_nano),
        "currency": changed.currency,
        "paid_minor": changed.paid_minor,
        "payout_ref": changed.payout_ref,
    }
    await note(
        connection,
        desk,
        actor,
        action,
        before.reference,
        before.account_id,
        before=before.state,
        after=after,
        reason=words,
    )
    return changed


async def _tell(
    connection: Connection,
    desk: Desk,
    found: Withdrawal,
    decision: Literal["approved", "declined", "returned"],
    words: str,
) -> None:
    await queue_mail_to_members(
        connection,
        desk.ids,
        "withdrawal_decided",
        found.account_id,
        {
            "amount": format_amount(found.amount_nano),
            "unit": desk.policy.unit,
            "decision": decision,
            "note": words,
        },
        dedupe_key=f"withdrawal_decided:{found.id}:{decision}",
        roles=("owner", "billing"),
    )


def _who(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id or actor.name}"


def _no_such_target() -> ActionRefused:
    return ActionRefused(
        "no_such_account",
        "Credit moves to another open account that you belong to; for any other one write to support.",
        field="to_account_id",
    )


def _not_found() -> ActionRefused:
    return ActionRefused("not_found", "There is no such withdrawal.", status=404)
