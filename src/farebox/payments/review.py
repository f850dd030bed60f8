"""What a reviewer decides on a recharge: approved, it is credited; declined, money that came goes back.

Two who decide at once: the account's lock lets one go first, and the other finds it decided. Nobody decides on a
recharge of their own.
"""

from uuid import UUID

import asyncpg
import msgspec

from farebox.audit.record import Actor, record
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount
from farebox.outbox.events import queue_event
from farebox.outbox.mail import queue_mail_to_members
from farebox.payments import payment_store, recharge_store
from farebox.payments.books import Books
from farebox.payments.payment import Payment, Refund
from farebox.payments.recharge import Recharge
from farebox.payments.settling import load_known, settle_recharge
from farebox.payments.standing import gone_minor
from farebox.storage.database import Connection


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What the reviewer has seen; None and '' where it is as the customer said."""

    credit_nano: int | None = None
    price_minor: int | None = None
    evidence: str = ""
    note: str = ""


async def approve(
    connection: Connection,
    books: Books,
    recharge_id: UUID,
    actor: Actor,
    reviewer_id: UUID | None,
    findings: Findings,
) -> Recharge:
    """Credit a recharge that waits for review. Killed before the commit nothing is decided, after it all is done."""
    async with connection.transaction():
        asked = await _to_decide(connection, recharge_id, actor.person_id)
        decided = msgspec.structs.replace(
            asked,
            decision="approved",
            reviewed_by=reviewer_id,
            review_note=findings.note,
            credit_nano=asked.credit_nano if findings.credit_nano is None else findings.credit_nano,
            price_minor=asked.price_minor if findings.price_minor is None else findings.price_minor,
            evidence=findings.evidence or asked.evidence,
        )
        if decided.credit_nano <= 0:
            raise ActionRefused("invalid_request", "Decline it to credit nothing.", status=422, field="credit")
        if asked.method != "manual" and decided.price_minor != asked.price_minor:
            raise ActionRefused("invalid_request", "What was paid is what the provider says.", status=422)
        await _store(connection, decided)
        if decided.method == "manual":
            await _note_transfer(connection, books, decided)
        await settle_recharge(connection, books, recharge_id)
        await _note(connection, books, actor, "recharge.approve", asked, decided)
        return await _reloaded(connection, recharge_id)


async def decline(
    connection: Connection,
    books: Books,
    recharge_id: UUID,
    actor: Actor,
    reviewer_id: UUID | None,
    reason: str,
) -> tuple[Recharge, list[UUID]]:
    """Credit nothing; the refunds of what has been paid are asked for here and carried out by the caller."""
    async with connection.transaction():
        asked = await _to_decide(connection, recharge_id, actor.person_id)
        decided = msgspec.structs.replace(asked, decision="declined", reviewed_by=reviewer_id, review_note=reason)
        await _store(connection, decided)
        refunds = await _give_back(connection, books, decided, actor, reason)
        await settle_recharge(connection, books, recharge_id)
        await _note(connection, books, actor, "recharge.decline", asked, decided)
        facts = {"amount": format_amount(asked.credit_nano), "unit": books.policy.unit}
        await queue_mail_to_members(
            connection,
            books.ids,
            "recharge_declined",
            asked.account_id,
            {**facts, "reason": reason},
            dedupe_key=f"recharge_declined:{recharge_id}",
            roles=("owner", "billing"),
        )
        data = {"recharge_id": str(recharge_id), **facts}
        key = f"recharge.declined:{recharge_id}"
        await queue_event(connection, books.ids, asked.account_id, "recharge.declined", data, dedupe_key=key)
        return await _reloaded(connection, recharge_id), refunds


async def _to_decide(connection: Connection, recharge_id: UUID, reviewer_id: UUID | None) -> Recharge:
    found = await recharge_store.load(connection, recharge_id)
    if found is None:
        raise ActionRefused("not_found", "There is no such recharge.", status=404)
    await payment_store.lock_account(connection, found.account_id)
    recharge = await recharge_store.lock(connection, recharge_id)
    assert recharge is not None
    if recharge.state != "review" or recharge.decision:
        raise ActionRefused("not_in_review", f"This recharge is {recharge.state}: there is nothing to decide.")
    if reviewer_id is not None and reviewer_id == recharge.requested_by:
        raise ActionRefused("own_recharge", "Somebody else has to review your own recharge.", status=403)
    return recharge


async def _store(connection: Connection, decided: Recharge) -> None:
    try:
        async with connection.transaction():
            await recharge_store.set_decision(connection, decided)
    except asyncpg.UniqueViolationError:
        raise _evidence_used() from None


async def _note_transfer(connection: Connection, books: Books, recharge: Recharge) -> None:
    """The transfer that the reviewer has seen becomes a payment; its reference can be used once."""
    if not recharge.evidence:
        raise ActionRefused("evidence_missing", "Give the reference of the transfer.", status=422, field="evidence")
    now = await payment_store.now(connection)
    told = Payment(
        id=books.ids.new(),
        provider="manual",
        ref=recharge.evidence.strip().lower(),
        mode=recharge.mode,
        state="paid",
        recharge_id=recharge.id,
        account_id=recharge.account_id,
        price_minor=recharge.price_minor,
        gross_minor=recharge.price_minor,
        currency=recharge.currency,
        product=recharge.product,
        paid_at=now,
        created_at=now,
    )
    _, bound_to, _ = await payment_store.merge(connection, told)
    if bound_to != recharge.id:
        raise _evidence_used()


async def _give_back(connection: Connection, books: Books, recharge: Recharge, actor: Actor, reason: str) -> list[UUID]:
    asked = []
    for known in await load_known(connection, await payment_store.lock_of_recharge(connection, recharge.id)):
        left_minor = known.payment.gross_minor - gone_minor(known, books.policy.chargeback)
        if known.payment.state != "paid" or left_minor <= 0:
            continue
        refund = Refund(
            id=books.ids.new(),
            payment_id=known.payment.id,
            provider=known.payment.provider,
            ref="",
            state="asked",
            gross_minor=left_minor,
            is_ours=True,
            is_whole=True,
            asked_by=f"{actor.kind}:{actor.id or actor.name}",
            reason=reason,
        )
        await payment_store.insert_refund(connection, refund)
        asked.append(refund.id)
    return asked


async def _note(
    connection: Connection, books: Books, actor: Actor, action: str, asked: Recharge, decided: Recharge
) -> None:
    await record(
        connection,
        books.ids,
        actor,
        action,
        target=f"recharge:{asked.id}",
        account_id=asked.account_id,
        before={
            "state": asked.state,
            "credit": format_amount(asked.credit_nano),
            "price_minor": asked.price_minor,
            "evidence": asked.evidence,
        },
        after={
            "decision": decided.decision,
            "credit": format_amount(decided.credit_nano),
            "price_minor": decided.price_minor,
            "evidence": decided.evidence,
        },
        reason=decided.review_note,
    )


async def _reloaded(connection: Connection, recharge_id: UUID) -> Recharge:
    recharge = await recharge_store.load(connection, recharge_id)
    assert recharge is not None
    return recharge


def _evidence_used() -> ActionRefused:
    return ActionRefused("evidence_used", "This transfer has been credited or handed in already.", field="evidence")
