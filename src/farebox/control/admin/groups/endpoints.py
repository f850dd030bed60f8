"""/admin/groups: price multipliers for groups of customers, in force for the next admission of their accounts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from farebox.accounts.grouping import assign_group
from farebox.audit.record import record
from farebox.catalog import groups
from farebox.catalog.groups_store import load_groups
from farebox.control.access import Staff, operator
from farebox.control.admin.groups.schemas import Assigned, Assigning, GroupBody, GroupList, GroupName, group_view
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.domain.money import parse_percent
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/groups", tags=["Operator: prices"])

Name = Annotated[GroupName, Path()]
Writer = Annotated[Staff, operator("catalogue:write")]
_MOST_PPM = 100_000_000


@router.get("")
async def list_groups(_: Annotated[Staff, operator("catalogue:read")], services: Here) -> GroupList:
    """All groups with how many accounts they have."""
    async with services.pool.acquire() as connection:
        return await _all(connection)


@router.put("/{name}")
async def set_group(name: Name, body: GroupBody, staff: Writer, services: Here) -> GroupList:
    """Make a group, or change what its accounts are charged."""
    factor_ppm = parse_percent(body.price_percent)
    if factor_ppm > _MOST_PPM:
        raise ActionRefused(
            "invalid_percentage", "A group is charged 10000 per cent at most.", status=422, field="price_percent"
        )
    async with services.pool.acquire() as connection, connection.transaction():
        before, after = await groups.set_group(connection, name, factor_ppm, body.description)
        await record(
            connection,
            services.ids,
            staff.actor,
            "group.set",
            target=f"group:{name}",
            before=None if before is None else {"price_percent": group_view(before).price_percent},
            after={"price_percent": group_view(after).price_percent},
        )
        return await _all(connection)


@router.delete("/{name}")
async def remove_group(name: Name, staff: Writer, services: Here) -> GroupList:
    """Remove a group that no account belongs to."""
    async with services.pool.acquire() as connection, connection.transaction():
        was = group_view(await groups.remove_group(connection, name))
        told = {"price_percent": was.price_percent}
        await record(connection, services.ids, staff.actor, "group.remove", target=f"group:{name}", before=told)
        return await _all(connection)


@router.put("/members/{account_id}")
async def assign(
    account_id: UUID, body: Assigning, staff: Annotated[Staff, operator("accounts:write")], services: Here
) -> Assigned:
    """Put an account into a group, or into none; running jobs keep their prices."""
    async with services.pool.acquire() as connection, connection.transaction():
        if body.group is not None:
            await groups.require_group(connection, body.group)
        before = await assign_group(connection, account_id, body.group)
        await record(
            connection,
            services.ids,
            staff.actor,
            "account.group",
            target=f"account:{account_id}",
            account_id=account_id,
            before={"group": before},
            after={"group": body.group},
        )
    return Assigned(account_id=account_id, group=body.group)


async def _all(connection: Connection) -> GroupList:
    return GroupList(data=[group_view(row) for row in await load_groups(connection)])
