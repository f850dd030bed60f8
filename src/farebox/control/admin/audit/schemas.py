"""What goes over the wire about the audit trail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from farebox.audit.store import Line


class AuditLine(BaseModel):
    """Who changed what; personal values are digests."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    account_id: UUID | None
    action: str
    target: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str


class ChainReport(BaseModel):
    """Whether the chain over the trail is whole; its published heads are compared on the command line."""

    ok: bool
    problems: list[str]


def audit_line(line: Line) -> AuditLine:
    return AuditLine(
        id=line.id,
        at=line.at,
        actor_kind=line.actor_kind,
        actor_id=line.actor_id,
        actor_name=line.actor_name,
        account_id=line.account_id,
        action=line.action,
        target=line.target,
        before=line.before,
        after=line.after,
        reason=line.reason,
    )
