"""/api/keys: API keys of the account. Any change is in force for the next call, on every node."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter

from farebox.accounts import admin_store, key_store, keys
from farebox.accounts.account import ApiKey
from farebox.aftersale import support
from farebox.aftersale.support import Question
from farebox.audit.record import record
from farebox.cases.case import find_open_case, open_case
from farebox.catalog.admin import unknown_models
from farebox.control.access import AnyMember, Developer, Member
from farebox.control.desk import desk_of
from farebox.control.keys.schemas import (
    KeyMade,
    KeySettings,
    KeyView,
    LeakReport,
    NewKey,
    key_view,
    terms_of,
)
from farebox.control.limits import limits_from
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here, Services
from farebox.domain.errors import ActionRefused
from farebox.outbox.events import EventKind, queue_event
from farebox.outbox.mail import queue_mail_to_members
from farebox.storage.database import Connection

router = APIRouter(prefix="/api/keys", tags=["API keys"])
# What the account's webhooks hear of.
_EVENTS: dict[str, EventKind] = {
    "key.create": "key.created",
    "key.rotate": "key.rotated",
    "key.revoke": "key.revoked",
    "key.report_leak": "key.leaked",
}


@router.get("")
async def list_keys(member: AnyMember, services: Here, paging: Paging) -> Page[KeyView]:
    """The newest keys first, with last use and spend."""
    async with services.pool.acquire() as connection:
        found = await admin_store.load_key_page(connection, member.account_id, paging.after, paging.limit + 1)
        used = await key_store.load_use(connection, member.account_id, [key.id for key in found])
    return page_of(found, paging, lambda key: key_view(key, used.get(key.id)), lambda key: key.id)


@router.post("", status_code=201)
async def create_key(body: NewKey, member: Developer, services: Here) -> KeyMade:
    """Make a key; the secret is in this answer and nowhere else."""
    async with services.pool.acquire() as connection, connection.transaction():
        await _check_models(connection, body.models)
        made = await keys.create_key(
            connection,
            services.ids,
            member.account_id,
            terms_of(body),
            prefix=services.policy.key_prefix,
            now=datetime.now(UTC),
        )
        await key_store.set_maker(connection, made.key.id, member.person_id)
        await _note(connection, services, member, "key.create", made.key.id, after=_told(made.key))
    return KeyMade(key=key_view(made.key, None), secret=made.secret)


@router.get("/{key_id}")
async def show_key(key_id: UUID, member: AnyMember, services: Here) -> KeyView:
    """One key."""
    async with services.pool.acquire() as connection:
        return await _view(connection, await keys.own_key(connection, member.account_id, key_id))


@router.put("/{key_id}")
async def change_key(key_id: UUID, body: KeySettings, member: Developer, services: Here) -> KeyView:
    """Replace name, limits and restrictions of a key."""
    async with services.pool.acquire() as connection, connection.transaction():
        await _check_models(connection, body.models)
        before = await keys.own_key(connection, member.account_id, key_id)
        wanted = msgspec.structs.replace(
            before,
            name=body.name,
            expires_at=body.expires_at,
            models=tuple(body.models),
            cidrs=tuple(body.networks),
            sees_balance=body.sees_balance,
            cors_origins=tuple(body.cors_origins),
            limits=limits_from(body.limits),
        )
        changed = await keys.change_key(connection, member.account_id, key_id, wanted)
        await _note(connection, services, member, "key.change", key_id, before=_told(before), after=_told(changed))
        return await _view(connection, changed)


@router.post("/{key_id}/rotate", status_code=201)
async def rotate_key(key_id: UUID, member: Developer, services: Here) -> KeyMade:
    """Replace a key by a new one with the same terms; the old one is refused from its next call on."""
    async with services.pool.acquire() as connection, connection.transaction():
        made = await keys.rotate_key(
            connection, services.ids, member.account_id, key_id, prefix=services.policy.key_prefix
        )
        after = {"replaced_by": str(made.key.id)}
        await _note(connection, services, member, "key.rotate", key_id, after=after)
        used = await key_store.load_use(connection, member.account_id, [made.key.id])
    return KeyMade(key=key_view(made.key, used.get(made.key.id)), secret=made.secret)


@router.post("/{key_id}/revoke")
async def revoke_key(key_id: UUID, member: Developer, services: Here) -> KeyView:
    """Refuse a key from its next call on; doing it again changes nothing."""
    async with services.pool.acquire() as connection, connection.transaction():
        key = await _revoked(connection, member, key_id)
        await _note(connection, services, member, "key.revoke", key_id, after={"status": "revoked"})
        return await _view(connection, key)


@router.post("/{key_id}/report-leak")
async def report_leak(key_id: UUID, body: LeakReport, member: AnyMember, services: Here) -> KeyView:
    """Say that others use this key: it is revoked at once, and the operator looks into it and answers."""
    async with services.pool.acquire() as connection, connection.transaction():
        key = await _revoked(connection, member, key_id)
        is_news = await find_open_case(connection, "risk", f"key:{key_id}") is None
        await open_case(
            connection,
            services.ids,
            "risk",
            f"key:{key_id}",
            account_id=member.account_id,
            facts={"signal": "key_reported", "key_prefix": key.prefix, "description": body.description},
        )
        if is_news and services.policy.support.request_on_key_report:
            await _ask_support(connection, services, member, key, body.description)
        await _note(connection, services, member, "key.report_leak", key_id, after={"status": "revoked"})
        await queue_mail_to_members(
            connection,
            services.ids,
            "key_leaked",
            member.account_id,
            {"key_name": key.name, "key_prefix": key.prefix},
            dedupe_key=f"key_leaked:{key_id}",
            roles=("owner", "developer"),
        )
        return await _view(connection, key)


async def _ask_support(
    connection: Connection, services: Services, member: Member, key: ApiKey, description: str
) -> None:
    """The thread in which operator and customer talk about a key that others use."""
    question = Question(
        account_id=member.account_id,
        person_id=member.person_id,
        email=member.email,
        language=member.language,
        subject=f"Unauthorised use of the key {key.prefix}",
        words=description or "The key was reported as used by others.",
    )
    # Where too many requests are open already, the review has to do.
    with suppress(ActionRefused):
        await support.ask(connection, desk_of(services), question, member.actor)


async def _revoked(connection: Connection, member: Member, key_id: UUID) -> ApiKey:
    await keys.own_key(connection, member.account_id, key_id)
    return await keys.revoke_key(connection, key_id)


async def _view(connection: Connection, key: ApiKey) -> KeyView:
    used = await key_store.load_use(connection, key.account_id, [key.id])
    return key_view(key, used.get(key.id))


async def _check_models(connection: Connection, names: list[str]) -> None:
    unknown = await unknown_models(connection, tuple(names))
    if unknown:
        raise ActionRefused(
            "unknown_model",
            f"There is no model {unknown[0]}.",
            status=422,
            field="models",
            values={"name": unknown[0]},
        )


async def _note(
    connection: Connection,
    services: Services,
    member: Member,
    action: str,
    key_id: UUID,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any],
) -> None:
    await record(
        connection,
        services.ids,
        member.actor,
        action,
        target=f"key:{key_id}",
        account_id=member.account_id,
        before=before,
        after=after,
    )
    event = _EVENTS.get(action)
    if event is not None:
        told = {"key_id": str(key_id), **({"replaced_by": after["replaced_by"]} if "replaced_by" in after else {})}
        await queue_event(connection, services.ids, member.account_id, event, told, dedupe_key=f"{event}:{key_id}")


def _told(key: ApiKey) -> dict[str, Any]:
    # Networks are a customer's own addresses: how many there are is enough for the trail.
    return {
        "name": key.name,
        "kind": key.kind,
        "models": list(key.models),
        "networks": len(key.cidrs),
        "expires_at": None if key.expires_at is None else key.expires_at.isoformat(),
        "limits": msgspec.to_builtins(key.limits),
    }
