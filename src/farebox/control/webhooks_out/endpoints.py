"""/api/webhooks: where an account's events go."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from farebox.audit.record import record
from farebox.control.access import AnyMember, Developer, Member
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here, Services
from farebox.control.webhooks_out.schemas import (
    DeliveryView,
    WebhookList,
    WebhookMade,
    WebhookSettings,
    WebhookView,
    delivery_view,
    made_view,
    webhook_view,
)
from farebox.domain.errors import ActionRefused
from farebox.notices import webhook
from farebox.storage.database import Connection
from farebox.upstream.address import Resolver
from farebox.upstream.callback import callback_of
from farebox.upstream.errors import ConnectError, EndpointError

router = APIRouter(prefix="/api/webhooks", tags=["Webhooks"])


@router.get("")
async def list_webhooks(member: AnyMember, services: Here) -> WebhookList:
    """All webhooks of the account."""
    async with services.pool.acquire() as connection:
        found = await webhook.list_own(connection, member.account_id)
    return WebhookList(data=[webhook_view(each) for each in found])


@router.post("", status_code=201)
async def create_webhook(body: WebhookSettings, member: Developer, services: Here) -> WebhookMade:
    """Make a webhook; its secret is in this answer and nowhere else."""
    await _check(services, body.url)
    async with services.pool.acquire() as connection, connection.transaction():
        made = await webhook.create(
            connection, services.ids, services.seal, member.account_id, url=body.url, events=_once(body)
        )
        after = {"events": list(made.webhook.events)}
        await _note(connection, services, member, "webhook.create", made.webhook.id, after)
    return made_view(made)


@router.put("/{webhook_id}")
async def change_webhook(webhook_id: UUID, body: WebhookSettings, member: Developer, services: Here) -> WebhookView:
    """Replace address and events."""
    await _check(services, body.url)
    async with services.pool.acquire() as connection, connection.transaction():
        changed = await webhook.change(connection, member.account_id, webhook_id, url=body.url, events=_once(body))
        await _note(connection, services, member, "webhook.change", webhook_id, {"events": list(changed.events)})
    return webhook_view(changed)


@router.post("/{webhook_id}/rotate", status_code=201)
async def rotate_secret(webhook_id: UUID, member: Developer, services: Here) -> WebhookMade:
    """Replace the secret; for a day the old one signs beside the new one."""
    async with services.pool.acquire() as connection, connection.transaction():
        made = await webhook.rotate(connection, services.seal, member.account_id, webhook_id)
        await _note(connection, services, member, "webhook.rotate", webhook_id, {})
    return made_view(made)


@router.post("/{webhook_id}/enable")
async def enable_webhook(webhook_id: UUID, member: Developer, services: Here) -> WebhookView:
    """Send events there again."""
    async with services.pool.acquire() as connection, connection.transaction():
        enabled = await webhook.enable(connection, member.account_id, webhook_id)
        await _note(connection, services, member, "webhook.enable", webhook_id, {"status": "active"})
    return webhook_view(enabled)


@router.post("/{webhook_id}/disable")
async def disable_webhook(webhook_id: UUID, member: Developer, services: Here) -> WebhookView:
    """Send nothing there, what waits included."""
    async with services.pool.acquire() as connection, connection.transaction():
        disabled = await webhook.disable(connection, member.account_id, webhook_id)
        await _note(connection, services, member, "webhook.disable", webhook_id, {"status": "disabled"})
    return webhook_view(disabled)


@router.delete("/{webhook_id}", status_code=204)
async def remove_webhook(webhook_id: UUID, member: Developer, services: Here) -> None:
    """Remove a webhook for good."""
    async with services.pool.acquire() as connection, connection.transaction():
        await webhook.remove(connection, member.account_id, webhook_id)
        await _note(connection, services, member, "webhook.remove", webhook_id, {"status": "removed"})


@router.post("/{webhook_id}/test", status_code=202)
async def test_webhook(webhook_id: UUID, member: Developer, services: Here) -> WebhookView:
    """Send an event of no meaning; what came of it stands in the deliveries within seconds."""
    async with services.pool.acquire() as connection, connection.transaction():
        await webhook.send_test(connection, services.ids, member.account_id, webhook_id)
        return webhook_view(await webhook.own(connection, member.account_id, webhook_id))


@router.get("/{webhook_id}/deliveries")
async def list_deliveries(webhook_id: UUID, member: AnyMember, services: Here, paging: Paging) -> Page[DeliveryView]:
    """What was sent there in the last 30 days and what came of it, the newest first."""
    async with services.pool.acquire() as connection:
        found = await webhook.list_deliveries(connection, member.account_id, webhook_id, paging.after, paging.limit + 1)
    return page_of(found, paging, delivery_view, lambda each: each.id)


async def _check(services: Services, url: str) -> None:
    """Says at once what every delivery would be refused for; the sender judges the very address it connects to."""
    try:
        callback = callback_of(url)
        await Resolver(services.clock).addresses(callback.endpoint.host, callback.endpoint.port, allow_private=False)
    except (EndpointError, ConnectError, ValueError) as error:
        raise ActionRefused("url_refused", f"Choose another URL: {error}.", status=422, field="url") from error


def _once(body: WebhookSettings) -> list[str]:
    return sorted(set(body.events))


async def _note(
    connection: Connection, services: Services, member: Member, action: str, webhook_id: UUID, after: dict[str, Any]
) -> None:
    # The address stays out: it may hold a token of the customer's.
    await record(
        connection,
        services.ids,
        member.actor,
        action,
        target=f"webhook:{webhook_id}",
        account_id=member.account_id,
        after=after,
    )
