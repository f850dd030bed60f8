"""Customer groups: what their accounts are charged of the price. A new factor is in force for the next admission."""

from typing import Any

from farebox.catalog import groups_store as store
from farebox.catalog.groups_store import GroupRow
from farebox.domain.errors import ActionRefused


async def set_group(connection: Any, name: str, factor_ppm: int, description: str) -> tuple[GroupRow | None, GroupRow]:
    """The group before, if there was one, and after."""
    return await store.lock(connection, name), await store.upsert(connection, name, factor_ppm, description)


async def remove_group(connection: Any, name: str) -> GroupRow:
    """The group that was; one with accounts stays, for nobody's price is to change unseen."""
    found = await store.lock(connection, name)
    if found is None:
        raise no_group(name)
    if await store.has_accounts(connection, name):
        raise ActionRefused("group_in_use", "Accounts belong to this group: move them first.")
    await store.delete(connection, name)
    return found


async def require_group(connection: Any, name: str) -> None:
    """Refuses a name that no group has; a group that is there stays until the transaction ends."""
    if await store.lock(connection, name) is None:
        raise ActionRefused(
            "unknown_group",
            f"There is no customer group {name[:64]}.",
            status=422,
            field="group",
            values={"name": name[:64]},
        )


def no_group(name: str) -> ActionRefused:
    return ActionRefused("not_found", f"There is no customer group {name[:64]}.", status=404)
