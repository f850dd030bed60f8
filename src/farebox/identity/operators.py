"""Operators: people with scopes. Nobody gives what they do not have, and one with all scopes always stays."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from farebox.audit.record import Actor, record
from farebox.domain.errors import ActionRefused
from farebox.identity import admin_token, password_link, session
from farebox.identity import operators_store as store
from farebox.identity.mail_address import check_address, mailbox_of
from farebox.identity.operators_store import Operator
from farebox.identity.scopes import ALL, SCOPES, covers
from farebox.kit.ids import IdSource
from farebox.outbox.mail import queue_mail
from farebox.storage.database import Connection

INVITATION_LIFETIME = timedelta(days=7)


class By(msgspec.Struct, frozen=True):
    """Who changes operators or tokens, and the scopes that can be given on."""

    actor: Actor
    scopes: tuple[str, ...]
    person_id: UUID | None = None


class Added(msgspec.Struct, frozen=True):
    """A new operator; `is_new`: nobody had this address before."""

    operator: Operator
    is_new: bool


def check_scopes(scopes: Sequence[str]) -> tuple[str, ...]:
    """The scopes, each once and in order; ActionRefused names one that does not exist."""
    for scope in scopes:
        if scope != ALL and scope not in SCOPES:
            raise ActionRefused(
                "unknown_scope", f"There is no scope {scope[:40]}. There are: {', '.join(SCOPES)}.", status=422
            )
    if not scopes:
        raise ActionRefused("scopes_missing", "Name at least one scope.", status=422, field="scopes")
    return (ALL,) if ALL in scopes else tuple(sorted(set(scopes)))


def check_can_give(by: By, scopes: Sequence[str]) -> None:
    """ActionRefused unless each of the scopes is covered by one's own."""
    lacking = [scope for scope in scopes if not covers(by.scopes, scope)]
    if lacking:
        named = ", ".join(lacking)
        raise ActionRefused(
            "scope_missing", f"You cannot give or take {named}: you lack it.", status=403, values={"scope": named}
        )


async def list_operators(connection: Connection) -> list[Operator]:
    """All that are in force, the oldest first."""
    return await store.load_all(connection)


async def add(
    connection: Connection,
    ids: IdSource,
    by: By,
    email: str,
    scopes: Sequence[str],
    *,
    public_url: str,
    reason: str = "",
) -> Operator:
    """Makes a person an operator, in a transaction; who is nobody here yet is invited by mail to set a password.

    Their sessions end: the next sign-in is an operator's, which is shorter.
    """
    added = await _add(connection, ids, by, email, scopes, reason=reason)
    if added.is_new:
        await invite(connection, ids, added.operator.person_id, public_url=public_url)
    return added.operator


async def add_with_password(
    connection: Connection,
    ids: IdSource,
    by: By,
    email: str,
    scopes: Sequence[str],
    password_hash: str,
    *,
    reason: str = "",
) -> Added:
    """The same, but who is nobody here yet gets this password: for whoever has the machine, and maybe no mail."""
    added = await _add(connection, ids, by, email, scopes, reason=reason)
    if added.is_new:
        await store.set_password(connection, added.operator.person_id, password_hash)
    return added


async def set_password(connection: Connection, person_id: UUID, password_hash: str) -> bool:
    """Another password, in a transaction; all sessions end. False when the person is not active."""
    await session.revoke_all(connection, person_id)
    return await store.set_password(connection, person_id, password_hash)


async def _add(
    connection: Connection, ids: IdSource, by: By, email: str, scopes: Sequence[str], *, reason: str
) -> Added:
    wanted, address = check_scopes(scopes), check_address(email)
    check_can_give(by, wanted)
    await store.lock(connection)
    found = await store.find_person(connection, address)
    if found is not None and not found.is_verified:
        # Whoever signed up with this address may be somebody else.
        raise ActionRefused("email_not_verified", "This person has not confirmed the e-mail address yet.")
    person_id = ids.new() if found is None else found.id
    if found is None:
        await store.insert_person(connection, person_id, address, mailbox_of(address))
    if not await store.grant(connection, person_id, list(wanted)):
        raise ActionRefused("already_operator", "This person is an operator already: change the scopes instead.")
    await session.revoke_all(connection, person_id)
    await _note(connection, ids, by, "operator.add", person_id, after={"scopes": list(wanted)}, reason=reason)
    return Added(await _one(connection, person_id), is_new=found is None)


async def invite(connection: Connection, ids: IdSource, person_id: UUID, *, public_url: str) -> None:
    """Mails a link with which the person sets a password."""
    secret = await password_link.make(connection, person_id, "operator", INVITATION_LIFETIME)
    facts = {"link": password_link.address(public_url, secret), "days": INVITATION_LIFETIME.days}
    await queue_mail(connection, ids, "operator_invited", person_id, facts, dedupe_key=f"operator_invited:{ids.new()}")


async def change_scopes(
    connection: Connection, ids: IdSource, by: By, person_id: UUID, scopes: Sequence[str], *, reason: str = ""
) -> Operator:
    """Other scopes, in a transaction; sessions end, and so do tokens that reach beyond them."""
    wanted = check_scopes(scopes)
    await store.lock(connection)
    before = await _one(connection, person_id)
    check_can_give(by, wanted)
    check_can_give(by, before.scopes)
    await store.set_scopes(connection, person_id, list(wanted))
    await _check_one_is_left(connection)
    await session.revoke_all(connection, person_id, but=None)
    await admin_token.end_beyond(connection, person_id, wanted)
    told = {"before": {"scopes": list(before.scopes)}, "after": {"scopes": list(wanted)}}
    await _note(connection, ids, by, "operator.change", person_id, **told, reason=reason)
    return await _one(connection, person_id)


async def revoke(connection: Connection, ids: IdSource, by: By, person_id: UUID, *, reason: str = "") -> None:
    """An operator no more, in a transaction: sessions and tokens of theirs end with it."""
    await store.lock(connection)
    before = await _one(connection, person_id)
    check_can_give(by, before.scopes)
    await store.revoke(connection, person_id)
    await _check_one_is_left(connection)
    await session.revoke_all(connection, person_id)
    await admin_token.end_beyond(connection, person_id, ())
    told = {"scopes": list(before.scopes)}
    await _note(connection, ids, by, "operator.revoke", person_id, before=told, reason=reason)


async def find(connection: Connection, email: str) -> Operator:
    """The operator with this address."""
    person = await store.find_person(connection, email)
    if person is None:
        raise _no_such()
    return await _one(connection, person.id)


async def _one(connection: Connection, person_id: UUID) -> Operator:
    found = await store.load(connection, person_id)
    if found is None:
        raise _no_such()
    return found


async def _check_one_is_left(connection: Connection) -> None:
    # After the change, and so that it is undone: under the lock nobody else takes the other one away meanwhile.
    if not await store.has_one_with_all(connection):
        raise ActionRefused("last_operator", "One operator with all scopes has to stay. Add another first.")


def _no_such() -> ActionRefused:
    return ActionRefused("not_found", "There is no such operator.", status=404)


async def _note(
    connection: Connection,
    ids: IdSource,
    by: By,
    action: str,
    person_id: UUID,
    *,
    before: dict[str, list[str]] | None = None,
    after: dict[str, list[str]] | None = None,
    reason: str,
) -> None:
    await record(
        connection, ids, by.actor, action, target=f"person:{person_id}", before=before, after=after, reason=reason
    )
