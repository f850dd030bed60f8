"""A signal: what a rule found of an account, kept with what was done about it.

It is raised once per window and action, under the account's lock: whoever looks at the same time, or again after being
broken off, finds it there. What an operator decided on it is not undone by the next look within the window.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from farebox.audit.record import record, system
from farebox.cases.case import CaseKind, open_case
from farebox.domain.policies.risk import Action, RiskRule, Signal
from farebox.kit.ids import IdSource
from farebox.outbox.freezing import tell_frozen
from farebox.risk import store
from farebox.risk.measures_store import Finding
from farebox.storage.database import Connection

RISK: CaseKind = "risk"
# What the customer is told; which signal it was would teach how to keep below it.
FROZEN_BECAUSE = "unusual use of this account is being reviewed"
# Freezes an account for a reason (accounts/service.py).
Freeze = Callable[[Connection, UUID, str], Awaitable[None]]
_ACTOR = system("risk")


class RaisedSignal(msgspec.Struct, frozen=True, kw_only=True):
    """`measured` against the rule's `threshold`; `has_frozen`: the account was active until then."""

    id: UUID
    account_id: UUID
    kind: Signal
    subject: str
    measured: int
    threshold: int
    window_minutes: int
    action: Action
    has_frozen: bool
    facts: dict[str, Any]
    case_id: UUID | None
    raised_at: datetime


def case_subject(account_id: UUID) -> str:
    """All signals of an account are reviewed together."""
    return f"account:{account_id}"


async def raise_signal(
    connection: Connection, ids: IdSource, rule: RiskRule, finding: Finding, now: datetime, freeze: Freeze
) -> bool:
    """Keeps the signal and does what the rule says, in one transaction; False when that was done within the window."""
    since = now - timedelta(minutes=rule.window_minutes)
    async with connection.transaction():
        status = await store.lock_status(connection, finding.account_id)
        if status in (None, "closed"):
            return False
        if await store.was_raised(connection, finding.account_id, rule.signal, finding.subject, rule.action, since):
            return False
        case_id = None if rule.action == "note" else await _open(connection, ids, rule, finding)
        has_frozen = rule.action == "freeze" and status == "active"
        if has_frozen:
            await _freeze(connection, ids, finding, rule.signal, freeze)
        await store.insert(
            connection,
            ids.new(),
            finding.account_id,
            rule.signal,
            finding.subject,
            finding.measured,
            rule.threshold,
            rule.window_minutes,
            rule.action,
            has_frozen=has_frozen,
            facts=finding.facts,
            case_id=case_id,
        )
    return True


async def list_signals(
    connection: Connection,
    after: UUID | None,
    *,
    limit: int,
    account_id: UUID | None = None,
    kind: Signal | None = None,
    action: Action | None = None,
) -> list[RaisedSignal]:
    """The newest first, those before the cursor `after`."""
    return [RaisedSignal(**row) for row in await store.page(connection, after, account_id, kind, action, limit)]


async def _open(connection: Connection, ids: IdSource, rule: RiskRule, finding: Finding) -> UUID:
    told = {"measured": finding.measured, "threshold": rule.threshold, "window_minutes": rule.window_minutes}
    return await open_case(
        connection,
        ids,
        RISK,
        case_subject(finding.account_id),
        account_id=finding.account_id,
        facts={rule.signal: told | finding.facts},
    )


async def _freeze(connection: Connection, ids: IdSource, finding: Finding, signal: Signal, freeze: Freeze) -> None:
    account_id = finding.account_id
    await freeze(connection, account_id, FROZEN_BECAUSE)
    await record(
        connection,
        ids,
        _ACTOR,
        "account.freeze",
        target=f"account:{account_id}",
        account_id=account_id,
        before={"status": "active"},
        after={"status": "frozen", "signal": signal, "measured": finding.measured},
        reason=FROZEN_BECAUSE,
    )
    await tell_frozen(connection, ids, account_id, FROZEN_BECAUSE)
