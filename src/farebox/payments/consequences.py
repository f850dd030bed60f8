"""What a payment means for its account beyond credit: a dispute freezes it, a region that is not served suspends it.

Each is done once: what an operator decides afterwards is not undone by the next event.
"""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import msgspec

from farebox.accounts import service as accounts
from farebox.audit.record import record
from farebox.cases.case import close_case, open_case
from farebox.domain.errors import ActionRefused
from farebox.outbox.events import queue_event
from farebox.outbox.freezing import tell_frozen, tell_unfrozen
from farebox.outbox.mail import queue_mail_to_members
from farebox.payments import payment_store
from farebox.payments.books import PAYMENTS, Books
from farebox.payments.payment import Dispute, Payment
from farebox.storage.database import Connection

DISPUTED = "a payment of this account is disputed"
NOT_SERVED = "a payment came from a region that is not served"
_AGAINST_US = ("open", "lost")


async def follow_disputes(connection: Connection, books: Books, payment: Payment, disputes: Sequence[Dispute]) -> None:
    """Freeze and unfreeze the account, and open and close the cases; the account's lock is held."""
    for dispute in disputes:
        case_id = await _case(connection, books, payment, dispute)
        has_frozen = dispute.has_frozen
        if payment.account_id is not None:
            if dispute.outcome in _AGAINST_US and not has_frozen and books.policy.chargeback.freeze:
                has_frozen = await _freeze(connection, books, payment.account_id, DISPUTED)
            elif dispute.outcome == "won" and has_frozen:
                has_frozen = False
                await _unfreeze(connection, books, payment.account_id)
        if (has_frozen, case_id) != (dispute.has_frozen, dispute.case_id):
            await payment_store.set_dispute(connection, dispute.id, has_frozen=has_frozen, case_id=case_id)


async def follow_country(connection: Connection, books: Books, payment: Payment) -> Payment:
    """Once it is known that a payment came from a country that is not served; its credit stays on the account."""
    region = books.policy.region
    is_refused = payment.state == "paid" and payment.country in region.refused_countries
    if payment.is_country_judged or not is_refused or payment.account_id is None:
        return payment
    if region.payment_or_statement == "suspend":
        await _freeze(connection, books, payment.account_id, NOT_SERVED)
    await open_case(
        connection,
        books.ids,
        "account_review",
        f"account:{payment.account_id}",
        account_id=payment.account_id,
        facts={"payment_country": payment.country, "payment_id": str(payment.id)},
    )
    return msgspec.structs.replace(payment, is_country_judged=True)


async def follow_closed(connection: Connection, books: Books, payment: Payment) -> None:
    """Money that arrives for an account that has ended is credited, and somebody has to send it back."""
    assert payment.account_id is not None
    account = await accounts.show_account(connection, payment.account_id)
    if account.status != "closed":
        return
    await open_case(
        connection,
        books.ids,
        "payment",
        f"payment:{payment.reference}",
        account_id=payment.account_id,
        facts={"payment_id": str(payment.id), "problem": "account_closed"},
    )


async def _case(connection: Connection, books: Books, payment: Payment, dispute: Dispute) -> UUID | None:
    if dispute.outcome in ("inquiry", "open"):
        if dispute.case_id is not None:
            return dispute.case_id
        facts = {
            "dispute_id": str(dispute.id),
            "payment_id": str(payment.id),
            "reason": dispute.reason,
            "gross_minor": dispute.gross_minor,
            "currency": payment.currency,
        }
        if payment.account_id is not None:
            await _tell(connection, books, payment.account_id, dispute)
        return await open_case(
            connection,
            books.ids,
            "dispute",
            f"dispute:{dispute.provider}:{dispute.ref}",
            account_id=payment.account_id,
            facts=facts,
            due_at=dispute.due_at,
        )
    if dispute.outcome in ("won", "lost") and payment.account_id is not None:
        await _tell_decided(connection, books, payment.account_id, dispute)
    if dispute.case_id is not None:
        # An operator may have been quicker.
        with suppress(ActionRefused):
            await close_case(connection, dispute.case_id, decision=dispute.outcome, note=dispute.note)
    return dispute.case_id


async def _tell(connection: Connection, books: Books, account_id: UUID, dispute: Dispute) -> None:
    await queue_mail_to_members(
        connection,
        books.ids,
        "dispute_opened",
        account_id,
        {"reference": dispute.ref},
        dedupe_key=f"dispute_opened:{dispute.id}",
        roles=("owner", "billing"),
    )
    data = {"dispute_id": str(dispute.id), "reference": dispute.ref}
    key = f"dispute.opened:{dispute.id}"
    await queue_event(connection, books.ids, account_id, "dispute.opened", data, dedupe_key=key)


async def _tell_decided(connection: Connection, books: Books, account_id: UUID, dispute: Dispute) -> None:
    """Once per outcome, however often the payment is looked at again."""
    facts = {"reference": dispute.ref, "decision": dispute.outcome}
    await queue_mail_to_members(
        connection,
        books.ids,
        "dispute_decided",
        account_id,
        facts,
        dedupe_key=f"dispute_decided:{dispute.id}:{dispute.outcome}",
        roles=("owner", "billing"),
    )
    data = {"dispute_id": str(dispute.id), **facts}
    key = f"dispute.decided:{dispute.id}:{dispute.outcome}"
    await queue_event(connection, books.ids, account_id, "dispute.decided", data, dedupe_key=key)


async def _freeze(connection: Connection, books: Books, account_id: UUID, reason: str) -> bool:
    """Whether the account is frozen for this reason now."""
    account = await accounts.show_account(connection, account_id)
    if account.status != "active":
        return account.status == "frozen" and account.status_reason == reason
    await accounts.freeze(connection, account_id, reason)
    await record(
        connection,
        books.ids,
        PAYMENTS,
        "account.freeze",
        target=f"account:{account_id}",
        account_id=account_id,
        before={"status": "active"},
        after={"status": "frozen"},
        reason=reason,
    )
    await tell_frozen(connection, books.ids, account_id, reason)
    return True


async def _unfreeze(connection: Connection, books: Books, account_id: UUID) -> None:
    """Only what disputes have frozen, and only when no other is against us."""
    account = await accounts.show_account(connection, account_id)
    others = await payment_store.disputes_of_account(connection, account_id)
    if account.status != "frozen" or account.status_reason != DISPUTED:
        return
    if any(other.outcome in _AGAINST_US for other in others):
        return
    await accounts.unfreeze(connection, account_id, "")
    await tell_unfrozen(connection, books.ids, account_id)
    await record(
        connection,
        books.ids,
        PAYMENTS,
        "account.unfreeze",
        target=f"account:{account_id}",
        account_id=account_id,
        before={"status": "frozen"},
        after={"status": "active"},
        reason="the dispute was won",
    )
