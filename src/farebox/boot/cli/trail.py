"""What commands change, on the audit trail."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from farebox.audit.record import COMMAND, record
from farebox.boot.cli.session import Session


@asynccontextmanager
async def on_trail(
    session: Session,
    action: str,
    target: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AsyncIterator[None]:
    """One transaction: what is done within, and its line of the trail."""
    async with session.connection.transaction():
        yield
        await record(
            session.connection, session.ids, COMMAND, action, target=target, before=before, after=after, reason=reason
        )
