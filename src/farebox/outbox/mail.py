"""Queueing mail: who gets which template with which facts, once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from farebox.kit.ids import IdSource
from farebox.outbox import store
from farebox.storage.database import Connection


async def queue_mail(
    connection: Connection, ids: IdSource, kind: str, person_id: UUID, facts: Mapping[str, Any], *, dedupe_key: str
) -> bool:
    """One message to a person, in that person's language; False when this very notice was queued before.

    `kind` names the template (notices/templates); `facts` fill it. `dedupe_key` names the occasion, such as
    'recharge.credited:<id>:<person>'.
    """
    return await store.insert_for_person(connection, ids.new(), kind, person_id, dict(facts), dedupe_key)


async def queue_mail_to_address(
    connection: Connection,
    ids: IdSource,
    kind: str,
    address: str,
    language: str,
    facts: Mapping[str, Any],
    *,
    dedupe_key: str,
) -> bool:
    """One message to somebody who is no person here yet, such as an invitation."""
    return await store.insert_for_address(connection, ids.new(), kind, address, language, dict(facts), dedupe_key)


async def queue_mail_to_members(
    connection: Connection,
    ids: IdSource,
    kind: str,
    account_id: UUID,
    facts: Mapping[str, Any],
    *,
    dedupe_key: str,
    roles: tuple[str, ...] = ("owner",),
) -> int:
    """The same to all members of an account with one of the roles; how many messages were queued."""
    queued = 0
    for person_id in await store.members(connection, account_id, list(roles)):
        queued += await queue_mail(connection, ids, kind, person_id, facts, dedupe_key=f"{dedupe_key}:{person_id}")
    return queued
