"""How an account comes about: opened at sign-up, complete when its owner's address is confirmed, approved if need be.

    open_account    a new person gets an account, or the one that waits for their address
    complete        the address is confirmed: bars end, lookalikes are looked for, credit is given
    approve         the operator lets it in; decline closes it

All of it runs in the transaction of the request that causes it. Credit has a key of its own per account, so that it is
given once whatever happens twice.
"""

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

from farebox.accounts import bars
from farebox.accounts.service import close, create_account
from farebox.audit.record import Actor, record
from farebox.cases.case import CaseKind, close_case, find_open_case, open_case
from farebox.control.services import Services
from farebox.domain.errors import ActionRefused, CommandError, IdempotencyConflict
from farebox.domain.money import parse_amount
from farebox.domain.policy import Policy
from farebox.identity import consent, member
from farebox.identity.duplicates import find_lookalikes
from farebox.kit.ids import IdSource
from farebox.ledger.balance import load_funds
from farebox.ledger.service import Ledger
from farebox.outbox.mail import queue_mail_to_members
from farebox.storage.database import Connection

REVIEW: CaseKind = "account_review"


class Opener(Protocol):
    """What decisions on accounts that wait need: the endpoints' services, or as much of them as a command has."""

    @property
    def policy(self) -> Policy: ...
    @property
    def ids(self) -> IdSource: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def public_url(self) -> str: ...


def subject_of(account_id: UUID) -> str:
    """What an account's cases are about."""
    return f"account:{account_id}"


async def open_account(
    connection: Connection, services: Services, person_id: UUID, email: str, *, is_invited: bool = False
) -> UUID | None:
    """The new account; None while the one that waits for this address cannot be theirs, as it is not confirmed yet.

    Whom the operator has invited is confirmed, by the invitation's link, and approved.
    """
    if is_invited:
        adopted = await member.adopt(connection, person_id, email)
        if adopted is not None:
            return adopted
    try:
        account_id = await create_account(connection, services.ids, email=email)
    except CommandError:
        # The operator made it for this address. Whoever confirms the address gets it.
        return None
    await member.add_member(connection, account_id, person_id, "owner")
    sign_up = services.policy.sign_up
    if sign_up.mode == "approved" and not is_invited:
        await bars.bar(connection, account_id, "approval_pending")
    if sign_up.verified_email and not is_invited:
        await bars.bar(connection, account_id, "email_not_verified")
    return account_id


async def complete(connection: Connection, services: Services, person_id: UUID, account_id: UUID) -> None:
    """What follows when nothing is missing but perhaps the operator's approval."""
    await bars.lift(connection, account_id, "email_not_verified")
    if "approval_pending" in await bars.list_bars(connection, account_id):
        facts, subject = {"reason": "sign_up"}, subject_of(account_id)
        await open_case(connection, services.ids, REVIEW, subject, account_id=account_id, facts=facts)
    await _look_for_others(connection, services, person_id, account_id)
    if "approval_pending" not in await bars.list_bars(connection, account_id):
        await _welcome(connection, services, account_id, "welcome")


async def approve(connection: Connection, services: Opener, account_id: UUID, actor: Actor, note: str) -> None:
    """Lets an account in; ActionRefused when it does not wait for that (any more)."""
    if not await bars.lift(connection, account_id, "approval_pending"):
        raise _not_waiting()
    await _decide(connection, services, account_id, actor, "approved", note)
    await _welcome(connection, services, account_id, "account_approved")


async def decline(connection: Connection, services: Opener, account_id: UUID, actor: Actor, note: str) -> None:
    """Closes an account that waits for approval; ActionRefused when it does not, or has credit to be decided about."""
    funds = await load_funds(connection, account_id)
    if funds is not None and funds.balance_nano > 0:
        raise ActionRefused(
            "has_credit", "This account has credit: close it under closings, where it is decided what becomes of it."
        )
    if not await bars.lift(connection, account_id, "approval_pending"):
        raise _not_waiting()
    await close(connection, account_id, "declined at sign-up")
    await _decide(connection, services, account_id, actor, "declined", note)
    await queue_mail_to_members(
        connection,
        services.ids,
        "account_declined",
        account_id,
        {"note": note},
        dedupe_key=f"account_declined:{account_id}",
    )


async def allow_region(connection: Connection, services: Opener, account_id: UUID, actor: Actor, note: str) -> None:
    """Lets an account call again although it seems to be where nobody is served."""
    if not await bars.lift(connection, account_id, "region_not_served"):
        raise _not_waiting()
    await _close_review(connection, account_id, actor, "region_allowed", note)
    await record(
        connection,
        services.ids,
        actor,
        "account.allow_region",
        target=subject_of(account_id),
        account_id=account_id,
        before={"barred": "region_not_served"},
        after={"decision": "region_allowed"},
        reason=note,
    )


async def accept_terms(
    connection: Connection, services: Services, person_id: UUID, account_id: UUID, version: int | None
) -> bool:
    """A member accepts the version in force with a click; False when they had, or when there are no terms."""
    in_force = await consent.check_version(connection, version)
    if in_force is None:
        return False
    is_new = await consent.accept(connection, services.ids, person_id, account_id, in_force, "click")
    await bars.lift(connection, account_id, "terms_not_accepted")
    return is_new


async def _look_for_others(connection: Connection, services: Services, person_id: UUID, account_id: UUID) -> None:
    rule = services.policy.sign_up.accounts_per_person
    if rule == "any":
        return
    found = await find_lookalikes(connection, person_id, account_id)
    if not found:
        return
    if rule == "approval":
        await bars.bar(connection, account_id, "approval_pending")
    kind: CaseKind = REVIEW if rule == "approval" else "risk"
    facts = {"reason": "one_person", **found.facts()}
    subject = subject_of(account_id)
    await open_case(connection, services.ids, kind, subject, account_id=account_id, facts=facts)


async def _welcome(connection: Connection, services: Opener, account_id: UUID, kind: str) -> None:
    sign_up = services.policy.sign_up
    credit_nano = parse_amount(sign_up.credit)
    if credit_nano:
        expires_at = datetime.now(UTC) + timedelta(days=sign_up.credit_days) if sign_up.credit_days else None
        # Given before, when the account was let in a first time.
        with contextlib.suppress(IdempotencyConflict):
            await services.ledger.credit(
                connection, account_id, credit_nano, "promo", f"sign_up:{account_id}", expires_at=expires_at
            )
    facts = {"link": services.public_url}
    if kind == "welcome" and credit_nano:
        facts |= {"credit": sign_up.credit, "unit": services.policy.unit}
    await queue_mail_to_members(connection, services.ids, kind, account_id, facts, dedupe_key=f"{kind}:{account_id}")


async def _decide(
    connection: Connection, services: Opener, account_id: UUID, actor: Actor, decision: str, note: str
) -> None:
    await _close_review(connection, account_id, actor, decision, note)
    await record(
        connection,
        services.ids,
        actor,
        f"account.{'approve' if decision == 'approved' else 'decline'}",
        target=subject_of(account_id),
        account_id=account_id,
        before={"barred": "approval_pending"},
        after={"decision": decision},
        reason=note,
    )


async def _close_review(connection: Connection, account_id: UUID, actor: Actor, decision: str, note: str) -> None:
    case_id = await find_open_case(connection, REVIEW, subject_of(account_id))
    if case_id is not None:
        await close_case(connection, case_id, decision=decision, note=note, closed_by=actor.id)


def _not_waiting() -> ActionRefused:
    return ActionRefused("not_waiting", "This account does not wait for approval: reload to see how it stands.")
