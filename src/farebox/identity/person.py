"""People: made once per address, renamed, suspended. Which accounts are theirs is member.py's."""

from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.identity import people_store as store
from farebox.identity import session
from farebox.identity.mail_address import mailbox_of
from farebox.identity.visitor import Role
from farebox.kit.ids import IdSource
from farebox.storage.database import Connection

Language = Literal["en", "zh-CN", "zh-TW", "ja"]
LANGUAGES: tuple[str, ...] = get_args(Language)
PersonStatus = Literal["active", "suspended", "erased"]


class NewPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who signs up; it prints without the hash."""

    email: str
    password_hash: str
    display_name: str = ""
    language: Language = "en"
    is_confirmed: bool = False  # the address, by the link that brought them here

    def __repr__(self) -> str:
        return "NewPerson()"


class Membership(msgspec.Struct, frozen=True):
    """A person's place in an account; `name` is the account's, its address where it has none."""

    account_id: UUID
    role: Role
    name: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody as operators see them."""

    id: UUID
    email: str
    email_verified_at: datetime | None
    display_name: str
    language: str
    status: PersonStatus
    created_at: datetime
    memberships: tuple[Membership, ...] = ()

    @property
    def is_confirmed(self) -> bool:
        return self.email_verified_at is not None


async def make_person(connection: Connection, ids: IdSource, new: NewPerson) -> UUID | None:
    """The new person's id; None when the address is somebody's. Of two at once, one is made."""
    person_id = ids.new()
    return await store.insert(
        connection,
        person_id,
        email=new.email,
        mailbox=mailbox_of(new.email),
        password_hash=new.password_hash,
        display_name=new.display_name,
        language=new.language,
        is_confirmed=new.is_confirmed,
    )


async def find_person(connection: Connection, email: str) -> Person | None:
    """Whose address it is."""
    row = await store.load_by_email(connection, email)
    return None if row is None else msgspec.convert(row, Person)


async def show_person(connection: Connection, person_id: UUID) -> Person:
    row = await store.load(connection, person_id)
    if row is None:
        raise no_person()
    return msgspec.convert(row, Person)


async def list_people(
    connection: Connection, after: UUID | None, *, email: str | None, account_id: UUID | None, limit: int
) -> list[Person]:
    """The newest first, those before the cursor `after`; by exact address, by account, or all."""
    rows = await store.page(connection, after, email=email, account_id=account_id, limit=limit)
    return [msgspec.convert(row, Person) for row in rows]


async def rename(connection: Connection, person_id: UUID, *, display_name: str, language: Language) -> None:
    """What somebody is called, and in which language they are written to."""
    await store.rename(connection, person_id, display_name, language)


async def suspend(connection: Connection, person_id: UUID) -> None:
    """Out at once, on every device, until restored. API keys are the account's, and go on."""
    if await store.is_operator(connection, person_id):
        raise ActionRefused("is_operator", "This is an operator: revoke the operator's scopes first.")
    await _change_status(connection, person_id, "active", "suspended")
    await session.revoke_all(connection, person_id)


async def restore(connection: Connection, person_id: UUID) -> None:
    await _change_status(connection, person_id, "suspended", "active")


async def _change_status(connection: Connection, person_id: UUID, before: PersonStatus, after: PersonStatus) -> None:
    if not await store.change_status(connection, person_id, before, after):
        person = await show_person(connection, person_id)
        raise ActionRefused("not_possible", f"This person is {person.status}.")


def no_person() -> ActionRefused:
    return ActionRefused("not_found", "There is no such person.", status=404)
