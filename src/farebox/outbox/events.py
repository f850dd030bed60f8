"""Events for the webhooks of customers: queued in the transaction of what they tell of, sent by a duty.

Each webhook that wants an event has a delivery of its own. Whoever reads events may get one twice, with the same id.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args
from uuid import UUID

from farebox.kit.ids import IdSource
from farebox.outbox import events_store as store
from farebox.storage.database import Connection

EventKind = Literal[
    "low_balance",
    "spend_alert",
    "key.created",
    "key.rotated",
    "key.revoked",
    "key.leaked",
    "recharge.credited",
    "recharge.declined",
    "refund.decided",
    "dispute.opened",
    "dispute.decided",
    "adjustment.decided",
    "account.frozen",
    "account.unfrozen",
]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
# What the test button sends, whatever events a webhook wants.
TEST = "test"


async def queue_event(
    connection: Connection,
    ids: IdSource,
    account_id: UUID,
    kind: EventKind,
    data: Mapping[str, Any],
    *,
    dedupe_key: str,
) -> int:
    """To every webhook of the account that wants it; how many deliveries were queued.

    `data` holds metadata of the account's own: ids, amounts as decimal strings, moments in RFC 3339; never content or
    secrets. `dedupe_key` names the occasion: the same one is queued once.
    """
    wanting = await store.wanting(connection, account_id, kind)
    if not wanting:
        return 0
    return await _queue(connection, ids, account_id, kind, data, dedupe_key, wanting)


async def queue_test(connection: Connection, ids: IdSource, account_id: UUID, webhook_id: UUID) -> None:
    """One event of no meaning to one webhook."""
    dedupe_key = f"test:{ids.new()}"
    await _queue(connection, ids, account_id, TEST, {"message": "It works."}, dedupe_key, [webhook_id])


async def _queue(
    connection: Connection,
    ids: IdSource,
    account_id: UUID,
    kind: str,
    data: Mapping[str, Any],
    dedupe_key: str,
    webhook_ids: list[UUID],
) -> int:
    async with connection.transaction():
        event_id = ids.new()
        if not await store.insert(connection, event_id, account_id, kind, dict(data), dedupe_key):
            return 0
        await store.insert_deliveries(connection, event_id, [(ids.new(), each) for each in webhook_ids])
    return len(webhook_ids)
