"""What every request after the sale works with, made once by the surface and handed down."""

from typing import Any
from uuid import UUID

import msgspec

from farebox.audit.record import Actor, record
from farebox.domain.policy import Policy
from farebox.kit.ids import IdSource
from farebox.ledger.service import Ledger
from farebox.storage.database import Connection


class Desk(msgspec.Struct, frozen=True):
    """The rules, the ledger and ids."""

    policy: Policy
    ledger: Ledger
    ids: IdSource


async def note(
    connection: Connection,
    desk: Desk,
    actor: Actor,
    action: str,
    target: str,
    account_id: UUID | None,
    *,
    before: str | None = None,
    after: dict[str, Any],
    reason: str = "",
) -> None:
    """A line of the trail; `before` is the state that was left."""
    await record(
        connection,
        desk.ids,
        actor,
        action,
        target=target,
        account_id=account_id,
        before=None if before is None else {"state": before},
        after=after,
        reason=reason,
    )
