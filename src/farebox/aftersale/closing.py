"""Closing an account: by its owner, or by an operator, for a breach of the terms or without one.

    settling    no calls from the first moment on; what runs ends and is charged
    deciding    nothing is held any more and bought credit is left: an operator decides what becomes of it
    returning   refunds are on their way and the rest is a withdrawal that has to be approved and paid
    done        nothing is left; after the policy's days whatever says who the account was is erased

A forfeiture is always somebody's recorded decision, and only where the policy has it. Credit that was given away ends
with the account. A debt stays in the books.
"""

from contextlib import suppress
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from farebox.accounts import service as accounts
from farebox.aftersale import account_store, withdrawal, withdrawal_store
from farebox.aftersale import closing_store as store
from farebox.aftersale.account_store import Standing
from farebox.aftersale.desk import Desk, note
from farebox.aftersale.source import Source
from farebox.aftersale.withdrawal import WithdrawalWish
from farebox.audit.record import Actor
from farebox.domain.calendar import due_after
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount
from farebox.identity import personal_data
from farebox.ledger.leaving import GIVEN, Leaving
from farebox.outbox.mail import queue_mail_to_members
from farebox.storage.database import Connection

ClosingState = Literal["settling", "deciding", "returning", "done"]
Treatment = Literal["return", "forfeit"]


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """One closing; `treatment` 'nothing' means that nothing bought was left."""

    id: UUID
    account_id: UUID
    requested_by: UUID | None
    by_operator: bool
    has_breach: bool
    reason: str
    state: ClosingState
    treatment: Literal["", "nothing", "return", "forfeit"]
    decided_by: UUID | None
    decided_at: datetime | None
    note: str
    returned_nano: int
    forfeited_nano: int
    created_at: datetime
    due_at: datetime
    done_at: datetime | None
    erased_at: datetime | None


class Decided(msgspec.Struct, frozen=True):
    """A decision, and the refunds whose providers are to be told now."""

    closing: Closing
    refund_ids: list[UUID]


async def begin(
    connection: Connection, desk: Desk, account_id: UUID, actor: Actor, *, has_breach: bool, reason: str
) -> Closing:
    """Keys off and no call from now on; what follows depends on what is left. ActionRefused when it is closed."""
    async with connection.transaction():
        await account_store.lock_accounts(connection, account_id)
        standing = await _standing(connection, account_id)
        if await store.load_of_account(connection, account_id) is not None:
            raise ActionRefused("already_closed", "This account is closed already.")
        if standing.status != "closed":
            await accounts.close(connection, account_id, reason or "closed on request")
        closing_id = desk.ids.new()
        now = await account_store.now(connection)
        await store.insert(
            connection,
            closing_id,
            account_id,
            actor.id,
            by_operator=actor.kind != "member",
            has_breach=has_breach,
            reason=reason,
            due_at=due_after(now, desk.policy.support.due_business_days, desk.policy.calendar),
        )
        await note(
            connection,
            desk,
            actor,
            "account.close",
            f"account:{account_id}",
            account_id,
            before=standing.status,
            after={"state": "closed", "has_breach": has_breach, "balance": format_amount(standing.balance_nano)},
            reason=reason,
        )
        await queue_mail_to_members(
            connection,
            desk.ids,
            "account_closed",
            account_id,
            {"reason": reason},
            dedupe_key=f"account_closed:{account_id}",
            roles=("owner", "billing", "developer"),
        )
        return await advance(connection, desk, closing_id)


async def advance(connection: Connection, desk: Desk, closing_id: UUID) -> Closing:
    """Take the step that is possible now, if any: it may be called at any time, any number of times."""
    async with connection.transaction():
        closing = await _lock(connection, closing_id)
        standing = await _standing(connection, closing.account_id)
        if standing.open_jobs or standing.held_nano:
            return closing
        if closing.state == "settling":
            await desk.ledger.collect(connection, closing.account_id)
            await desk.ledger.expire_lots(connection, closing.account_id)
            if await store.bought_left(connection, closing.account_id):
                return await _moved(connection, desk, closing, "deciding")
            given_nano = await _end_given_credit(connection, desk, closing)
            await store.set_treatment(
                connection, closing.id, "nothing", None, "", returned_nano=0, forfeited_nano=given_nano
            )
            return await _moved(connection, desk, closing, "done")
        if closing.state == "done" and await store.bought_left(connection, closing.account_id):
            # Paid before the end and told of after it, or a dispute that was won.
            return await _moved(connection, desk, closing, "deciding")
        if closing.state == "returning" and not await withdrawal_store.is_under_way(connection, closing.account_id):
            if await store.bought_left(connection, closing.account_id):
                # A payout that was declined or failed: somebody has to decide anew.
                return await _moved(connection, desk, closing, "deciding")
            return await _moved(connection, desk, closing, "done")
        return closing


async def decide(
    connection: Connection,
    desk: Desk,
    source: Source,
    closing_id: UUID,
    actor: Actor,
    *,
    treatment: Treatment,
    words: str,
) -> Decided:
    """Return what was bought, to its source as far as possible and else as a withdrawal; or forfeit it."""
    async with connection.transaction():
        # Its last call may have ended since the duty looked.
        closing = await advance(connection, desk, closing_id)
        if closing.state != "deciding":
            waits = "Its last calls are still running." if closing.state == "settling" else "It is decided already."
            raise ActionRefused("not_to_decide", f"This closing is {closing.state}. {waits}")
        if treatment not in allowed_treatments(desk, closing):
            raise ActionRefused("not_allowed", f"By the rules of this service this cannot be a {treatment}.")
        if treatment == "forfeit" and not words:
            raise ActionRefused("reason_missing", "Give the reason of the forfeiture.", status=422, field="note")
        given_nano = await _end_given_credit(connection, desk, closing)
        bought_nano = await store.bought_left(connection, closing.account_id)
        refund_ids: list[UUID] = []
        lost_nano = 0
        if treatment == "forfeit":
            lost_nano = await _forfeit(connection, desk, closing, actor, words)
        else:
            refund_ids = await _refund(connection, source, closing, actor)
            if not await _withdraw(connection, desk, closing, actor):
                # Less than the smallest amount of money, if anything.
                lost_nano = await _forfeit(connection, desk, closing, actor, "too small to be paid out")
        returned_nano, forfeited_nano = bought_nano - lost_nano, given_nano + lost_nano
        await store.set_treatment(
            connection,
            closing.id,
            treatment,
            actor.id,
            words,
            returned_nano=returned_nano,
            forfeited_nano=forfeited_nano,
        )
        after = {"returned": format_amount(returned_nano), "forfeited": format_amount(forfeited_nano)}
        await note(
            connection,
            desk,
            actor,
            f"closing.{treatment}",
            f"closing:{closing.id}",
            closing.account_id,
            before=closing.state,
            after=after,
            reason=words,
        )
        await store.set_state(connection, closing.id, "returning")
        return Decided(await advance(connection, desk, closing.id), refund_ids)


def allowed_treatments(desk: Desk, closing: Closing) -> tuple[Treatment, ...]:
    """What the policy lets an operator choose."""
    rule = desk.policy.closing.with_breach if closing.has_breach else desk.policy.closing.without_breach
    match rule:
        case "return":
            return ("return",)
        case "forfeit":
            return ("forfeit",)
        case "may_forfeit":
            return ("return", "forfeit")


async def erase(connection: Connection, desk: Desk, closing_id: UUID, actor: Actor) -> None:
    """Erase whatever says who the account was, and the people who are members of nothing else."""
    async with connection.transaction():
        closing = await _lock(connection, closing_id)
        if closing.state != "done" or closing.erased_at is not None:
            return
        for person_id in await store.members_of_nothing_else(connection, closing.account_id):
            # An operator stays one.
            with suppress(ActionRefused):
                async with connection.transaction():
                    await personal_data.erase(connection, person_id)
        await store.erase(connection, closing.id, closing.account_id)
        target, after = f"closing:{closing.id}", {"erased": True}
        await note(connection, desk, actor, "closing.erase", target, closing.account_id, after=after)


async def show(connection: Connection, closing_id: UUID) -> Closing:
    row = await store.load(connection, closing_id)
    if row is None:
        raise _not_found()
    return Closing(**row)


async def of_account(connection: Connection, account_id: UUID) -> Closing:
    """The account's closing; ActionRefused (404) when it is not closing."""
    row = await store.load_of_account(connection, account_id)
    if row is None:
        raise _not_found()
    return Closing(**row)


async def list_closings(
    connection: Connection,
    after: UUID | None,
    *,
    limit: int,
    state: ClosingState | None = None,
    oldest_first: bool = False,
) -> list[Closing]:
    """The newest or the oldest first, those that come after the cursor `after`."""
    rows = await store.page(connection, after, state=state, oldest_first=oldest_first, limit=limit)
    return [Closing(**row) for row in rows]


async def _refund(connection: Connection, source: Source, closing: Closing, actor: Actor) -> list[UUID]:
    asked = []
    for facts in await source.payments_of(connection, closing.account_id):
        if facts.refundable_nano <= 0:
            continue
        # What cannot go back to its source, a disputed payment's credit for one, is left for the withdrawal.
        with suppress(ActionRefused):
            async with connection.transaction():
                made = await source.ask_refund(
                    connection, facts.payment_id, actor, amount_nano=None, reason="the account is closed"
                )
                asked.append(made.refund_id)
    return asked


async def _withdraw(connection: Connection, desk: Desk, closing: Closing, actor: Actor) -> bool:
    """Ask for the rest to be paid out, in one currency at a time; False when it is worth nothing in any."""
    for currency in await store.currencies(connection, closing.account_id):
        left_nano, worth_minor = await _leaving(desk).payable(connection, closing.account_id, currency)
        if not worth_minor:
            continue
        wish = WithdrawalWish(
            account_id=closing.account_id,
            kind="payout",
            amount_nano=left_nano,
            currency=currency,
            reason="the account is closed",
            requested_by=closing.requested_by,
            closing_id=closing.id,
            is_filed=True,
        )
        await withdrawal.ask(connection, desk, wish, actor)
        return True
    return False


async def _forfeit(connection: Connection, desk: Desk, closing: Closing, actor: Actor, words: str) -> int:
    # The key is new each time: that a decision is carried out once is the closing's own state, under its lock.
    key = f"closing:{closing.id}:forfeit:{desk.ids.new()}"
    taken = await _leaving(desk).forfeit(connection, closing.account_id, key, reason=words, operator=_who(actor))
    return 0 if taken is None else -taken.amount_nano


async def _end_given_credit(connection: Connection, desk: Desk, closing: Closing) -> int:
    ended = await _leaving(desk).forfeit(
        connection,
        closing.account_id,
        f"closing:{closing.id}:given:{desk.ids.new()}",
        kinds=GIVEN,
        reason="the account is closed",
        operator="closing",
    )
    return 0 if ended is None else -ended.amount_nano


async def _moved(connection: Connection, desk: Desk, closing: Closing, state: ClosingState) -> Closing:
    await store.set_state(connection, closing.id, state)
    return await show(connection, closing.id)


async def _lock(connection: Connection, closing_id: UUID) -> Closing:
    # The account before the row, as everywhere; which account it is never changes.
    found = await show(connection, closing_id)
    await account_store.lock_accounts(connection, found.account_id)
    row = await store.lock(connection, closing_id)
    if row is None:
        raise _not_found()
    return Closing(**row)


async def _standing(connection: Connection, account_id: UUID) -> Standing:
    standing = await account_store.load_standing(connection, account_id)
    if standing is None:
        raise ActionRefused("not_found", "There is no such account.", status=404)
    return standing


def _leaving(desk: Desk) -> Leaving:
    return Leaving(desk.policy.unit, desk.ids)


def _who(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id or actor.name}"


def _not_found() -> ActionRefused:
    return ActionRefused("not_found", "There is no such closing.", status=404)
