"""Who belongs to an account, and in which role. An account with members always has an owner."""

from datetime import datetime
from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.identity import member_store as store
from farebox.identity.visitor import Role
from farebox.storage.database import Connection


class MemberOf(msgspec.Struct, frozen=True):
    """A person in an account, as the other members see them."""

    person_id: UUID
    email: str
    display_name: str
    role: Role
    since: datetime


async def list_members(connection: Connection, account_id: UUID) -> list[MemberOf]:
    """The longest-standing first."""
    return [msgspec.convert(row, MemberOf) for row in await store.load_all(connection, account_id)]


async def add_member(connection: Connection, account_id: UUID, person_id: UUID, role: Role) -> bool:
    """False when this person belongs to the account already; the role stays then."""
    if not await store.insert(connection, account_id, person_id, role):
        return False
    await store.look_at(connection, person_id, account_id)
    return True


async def adopt(connection: Connection, person_id: UUID, email: str) -> UUID | None:
    """Makes a person the owner of the account that was opened for their address, while nobody belongs to it.

    The caller has made sure that the address is theirs.
    """
    account_id = await store.adopt(connection, person_id, email)
    if account_id is not None:
        await store.look_at(connection, person_id, account_id)
    return account_id


async def change_role(connection: Connection, account_id: UUID, person_id: UUID, role: Role) -> Role:
    """The role before. In force with the next request."""
    roles = await store.lock_roles(connection, account_id)
    before = _role_of(roles, person_id)
    if role != "owner":
        _check_owner_stays(roles, person_id)
    await store.set_role(connection, account_id, person_id, role)
    return before


async def remove(connection: Connection, account_id: UUID, person_id: UUID) -> Role:
    """The role before. Sessions lose the account with the next request; those of other accounts go on there."""
    roles = await store.lock_roles(connection, account_id)
    before = _role_of(roles, person_id)
    _check_owner_stays(roles, person_id)
    await store.delete(connection, account_id, person_id)
    await store.look_elsewhere(connection, account_id, person_id)
    return before


async def transfer(connection: Connection, account_id: UUID, owner_id: UUID, person_id: UUID) -> None:
    """Another member becomes owner in one's place; one stays as a developer."""
    roles = await store.lock_roles(connection, account_id)
    _role_of(roles, person_id)
    if person_id == owner_id:
        raise ActionRefused("not_possible", "Choose another member to become owner.", status=422, field="person_id")
    await store.set_role(connection, account_id, person_id, "owner")
    await store.set_role(connection, account_id, owner_id, "developer")


def _role_of(roles: dict[UUID, Role], person_id: UUID) -> Role:
    if person_id not in roles:
        raise ActionRefused("not_found", "There is no such member.", status=404)
    return roles[person_id]


def _check_owner_stays(roles: dict[UUID, Role], person_id: UUID) -> None:
    if [owner for owner, role in roles.items() if role == "owner"] == [person_id]:
        raise ActionRefused("last_owner", "An account keeps at least one owner: make somebody else owner first.")
