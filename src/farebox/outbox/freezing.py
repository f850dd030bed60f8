"""Telling an account that it was frozen or works again: by mail and by webhook. Whoever freezes calls it.

The reason goes to the customer: it is ours in plain words, never what an operator wrote for colleagues.
"""

from uuid import UUID

from farebox.kit.ids import IdSource
from farebox.outbox.events import EventKind, queue_event
from farebox.outbox.mail import queue_mail_to_members
from farebox.storage.database import Connection

_READERS = ("owner", "developer")


async def tell_frozen(connection: Connection, ids: IdSource, account_id: UUID, reason: str = "") -> None:
    """In the transaction that freezes."""
    await _tell(connection, ids, account_id, "account_frozen", "account.frozen", {"reason": reason} if reason else {})


async def tell_unfrozen(connection: Connection, ids: IdSource, account_id: UUID) -> None:
    """In the transaction that lets it call again."""
    await _tell(connection, ids, account_id, "account_unfrozen", "account.unfrozen", {})


async def _tell(
    connection: Connection, ids: IdSource, account_id: UUID, mail: str, event: EventKind, facts: dict[str, str]
) -> None:
    # Each change of status is an occasion of its own.
    key = f"{event}:{account_id}:{ids.new()}"
    await queue_mail_to_members(connection, ids, mail, account_id, facts, dedupe_key=key, roles=_READERS)
    await queue_event(connection, ids, account_id, event, facts, dedupe_key=key)
