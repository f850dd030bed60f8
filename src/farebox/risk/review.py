"""The review queue: accounts with signals that want a decision, and what was decided.

A decision is one transaction under the account's lock: what it does to the account, its line of the trail, the mail to
the customer, the case. All but a note close the case. What freezing, unfreezing and limiting are is the accounts' to
say, and handed in.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

import msgspec

from farebox.audit.record import Actor, record
from farebox.cases.case import Case, close_case, show_case
from farebox.domain.errors import ActionRefused
from farebox.domain.limits import Limits
from farebox.kit.ids import IdSource
from farebox.outbox.freezing import tell_frozen, tell_unfrozen
from farebox.risk import review_store
from farebox.risk.signal import FROZEN_BECAUSE, RISK
from farebox.risk.store import lock_status
from farebox.storage.database import Connection

Decision = Literal["nothing", "note", "freeze", "unfreeze", "limits"]
# A line of the trail says what was done to the account; what did nothing to it is the case's.
_ACTIONS: Mapping[Decision, str] = {
    "nothing": "case.close",
    "note": "case.note",
    "freeze": "account.freeze",
    "unfreeze": "account.unfreeze",
    "limits": "account.limit",
}


class Accounts(Protocol):
    """What can be done to an account (accounts/service.py)."""

    async def freeze(self, connection: Any, account_id: UUID, reason: str) -> None: ...

    async def unfreeze(self, connection: Any, account_id: UUID, reason: str) -> None: ...

    async def change_limits(self, connection: Any, account_id: UUID, changes: Mapping[str, int | None]) -> Limits: ...


class Review(msgspec.Struct, frozen=True):
    """A case in the queue, with how its account stands; `has_frozen`: a signal of it froze the account."""

    id: UUID
    account_id: UUID
    status: Literal["open", "closed"]
    opened_at: datetime
    decision: str
    account_status: Literal["active", "frozen", "closed"]
    balance_nano: int
    held_nano: int
    email: str
    signals: list[str]
    has_frozen: bool


class Decided(msgspec.Struct, frozen=True):
    """One decision of the past; `decided_by` is nobody's where a program or the command line decided."""

    id: UUID
    account_id: UUID
    case_id: UUID | None
    decision: Decision
    note: str
    decided_by: UUID | None
    decided_at: datetime


class Verdict(msgspec.Struct, frozen=True):
    """What is decided. `note` is for colleagues; `limits` are those to change, None lifts one."""

    decision: Decision
    note: str = ""
    limits: Mapping[str, int | None] = {}


async def list_reviews(
    connection: Connection, after: UUID | None, status: Literal["open", "closed"] | None, limit: int
) -> list[Review]:
    """The newest first, or of the open ones the oldest; those that come after the cursor `after`."""
    return [Review(**row) for row in await review_store.queue(connection, after, status, limit)]


async def list_decisions(connection: Connection, account_id: UUID, limit: int) -> list[Decided]:
    """The newest first."""
    return [Decided(**row) for row in await review_store.decisions(connection, account_id, limit)]


async def show_review(connection: Connection, case_id: UUID) -> Case:
    """A case of the queue; ActionRefused (404) for any other."""
    case = await show_case(connection, case_id)
    if case.kind != RISK or case.account_id is None:
        raise ActionRefused("not_found", "There is no such case in the review queue.", status=404)
    return case


async def decide(
    connection: Connection,
    ids: IdSource,
    case_id: UUID,
    verdict: Verdict,
    actor: Actor,
    person_id: UUID | None,
    accounts: Accounts,
) -> Case:
    """Carries out a verdict; ActionRefused when somebody else was quicker or the account cannot be changed so."""
    async with connection.transaction():
        case = await show_review(connection, case_id)
        account_id = case.account_id
        assert account_id is not None
        status = await lock_status(connection, account_id)
        # Again, now that nobody else decides on this account.
        case = await show_review(connection, case_id)
        if case.status != "open":
            raise ActionRefused("already_closed", "This case was closed already: reload to see how.")
        _check(verdict, status)
        await _do(connection, ids, account_id, verdict, status, accounts)
        await record(
            connection,
            ids,
            actor,
            _ACTIONS[verdict.decision],
            target=f"account:{account_id}"
            if verdict.decision in ("freeze", "unfreeze", "limits")
            else f"case:{case_id}",
            account_id=account_id,
            before={"status": status},
            after={"case_id": str(case_id), "decision": verdict.decision, **verdict.limits},
            reason=verdict.note,
        )
        await review_store.insert_decision(
            connection, ids.new(), account_id, case_id, verdict.decision, verdict.note, person_id
        )
        if verdict.decision != "note":
            # Under the account's lock, but others close cases without it.
            case = await close_case(
                connection, case_id, decision=verdict.decision, note=verdict.note, closed_by=person_id
            )
    return case


def _check(verdict: Verdict, status: str | None) -> None:
    if verdict.decision == "note" and not verdict.note:
        raise ActionRefused("note_missing", "Write the note.", status=422, field="note")
    if (verdict.decision == "limits") != bool(verdict.limits):
        raise ActionRefused(
            "limits_missing", "Give limits with the decision 'limits', and with no other.", status=422, field="limits"
        )
    if verdict.decision == "unfreeze" and status != "frozen":
        raise ActionRefused("not_frozen", "This account is not frozen: reload to see how it stands.")
    if verdict.decision == "freeze" and status == "closed":
        raise ActionRefused("account_closed", "This account is closed.")


async def _do(
    connection: Connection, ids: IdSource, account_id: UUID, verdict: Verdict, status: str | None, accounts: Accounts
) -> None:
    match verdict.decision:
        case "freeze" if status == "active":
            await accounts.freeze(connection, account_id, FROZEN_BECAUSE)
            await tell_frozen(connection, ids, account_id, FROZEN_BECAUSE)
        case "unfreeze":
            await accounts.unfreeze(connection, account_id, "")
            await tell_unfrozen(connection, ids, account_id)
        case "limits":
            await accounts.change_limits(connection, account_id, verdict.limits)
        case _:
            pass
