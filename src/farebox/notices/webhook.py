"""Webhooks of customers: where their events go, and the secret that signs them. Where one may lead is upstream's."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.notices import signing
from farebox.notices import webhook_store as store
from farebox.outbox.events import queue_test
from farebox.storage.database import Connection

MOST_PER_ACCOUNT = 10
PURPOSE = b"webhook secret"
# After a replacement the old secret still signs for so long.
OVERLAP = timedelta(days=1)


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """Without its secret. `failing_since` is when the newest run of failures began."""

    id: UUID
    account_id: UUID
    url: str
    events: tuple[str, ...]
    status: Literal["active", "disabled", "removed"]
    failing_since: datetime | None
    created_at: datetime


class NewSecret(msgspec.Struct, frozen=True):
    """A webhook with its secret, which is shown this once; it prints without."""

    webhook: Webhook
    secret: str

    def __repr__(self) -> str:
        return f"NewSecret({self.webhook.id})"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One event on its way to one webhook."""

    id: UUID
    event_id: UUID
    kind: str
    data: dict[str, Any]
    state: Literal["waiting", "delivered", "failed", "cancelled"]
    attempts: int
    next_at: datetime
    status_code: int | None
    error: str
    created_at: datetime
    ended_at: datetime | None


async def create(
    connection: Connection, ids: IdSource, seal: Seal, account_id: UUID, *, url: str, events: Sequence[str]
) -> NewSecret:
    """A new webhook, in a transaction; ActionRefused when the account has as many as it may."""
    await store.lock_account(connection, account_id)
    if await store.count(connection, account_id) >= MOST_PER_ACCOUNT:
        raise ActionRefused(
            "too_many_webhooks",
            f"At most {MOST_PER_ACCOUNT} webhooks per account: remove one first.",
            values={"most": MOST_PER_ACCOUNT},
        )
    secret, webhook_id = signing.new_secret(), ids.new()
    await store.insert(connection, webhook_id, account_id, url, events, seal.seal(secret.encode(), purpose=PURPOSE))
    return NewSecret(await own(connection, account_id, webhook_id), secret)


async def own(connection: Connection, account_id: UUID, webhook_id: UUID) -> Webhook:
    """One of the account's; ActionRefused for any other, as if there were none."""
    row = await store.load(connection, account_id, webhook_id)
    if row is None:
        raise ActionRefused("not_found", "There is no such webhook.", status=404)
    return msgspec.convert(row, Webhook)


async def list_own(connection: Connection, account_id: UUID) -> list[Webhook]:
    """The oldest first."""
    return [msgspec.convert(row, Webhook) for row in await store.load_all(connection, account_id)]


async def change(
    connection: Connection, account_id: UUID, webhook_id: UUID, *, url: str, events: Sequence[str]
) -> Webhook:
    await own(connection, account_id, webhook_id)
    await store.change(connection, webhook_id, url, events)
    return await own(connection, account_id, webhook_id)


async def rotate(connection: Connection, seal: Seal, account_id: UUID, webhook_id: UUID) -> NewSecret:
    """A new secret; the old one signs beside it for a day, so that no event is lost in between."""
    await own(connection, account_id, webhook_id)
    secret = signing.new_secret()
    await store.rotate(connection, webhook_id, seal.seal(secret.encode(), purpose=PURPOSE), OVERLAP)
    return NewSecret(await own(connection, account_id, webhook_id), secret)


async def enable(connection: Connection, account_id: UUID, webhook_id: UUID) -> Webhook:
    """Events go there again from now on; what was missed meanwhile is not sent."""
    await own(connection, account_id, webhook_id)
    await store.set_status(connection, webhook_id, "active")
    return await own(connection, account_id, webhook_id)


async def disable(connection: Connection, account_id: UUID, webhook_id: UUID) -> Webhook:
    """No event goes there any more, those that wait included."""
    await own(connection, account_id, webhook_id)
    await store.set_status(connection, webhook_id, "disabled")
    await store.cancel_deliveries(connection, webhook_id)
    return await own(connection, account_id, webhook_id)


async def remove(connection: Connection, account_id: UUID, webhook_id: UUID) -> None:
    await own(connection, account_id, webhook_id)
    await store.set_status(connection, webhook_id, "removed")
    await store.cancel_deliveries(connection, webhook_id)


async def send_test(connection: Connection, ids: IdSource, account_id: UUID, webhook_id: UUID) -> None:
    """Queues one event of no meaning."""
    webhook = await own(connection, account_id, webhook_id)
    if webhook.status != "active":
        raise ActionRefused("webhook_disabled", "This webhook is switched off: switch it on first.")
    if await store.waiting_tests(connection, webhook_id):
        raise ActionRefused("test_waiting", "A test is on its way already: look at the deliveries.", status=429)
    await queue_test(connection, ids, account_id, webhook_id)


async def list_deliveries(
    connection: Connection, account_id: UUID, webhook_id: UUID, after: UUID | None, limit: int
) -> list[Delivery]:
    """The newest first, those before the cursor."""
    await own(connection, account_id, webhook_id)
    rows = await store.deliveries(connection, webhook_id, after, limit)
    return [msgspec.convert(row, Delivery) for row in rows]
