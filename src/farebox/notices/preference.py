"""What somebody does not want to be mailed. What is essential cannot be switched off."""

from collections.abc import Collection
from uuid import UUID

from farebox.domain.errors import ActionRefused
from farebox.notices import preference_store as store
from farebox.notices.kinds import NON_ESSENTIAL
from farebox.storage.database import Connection


async def muted_kinds(connection: Connection, person_id: UUID) -> tuple[str, ...]:
    return await store.load(connection, person_id)


async def set_muted(connection: Connection, person_id: UUID, kinds: Collection[str]) -> tuple[str, ...]:
    """Exactly these are switched off from now on."""
    wrong = sorted(set(kinds) - set(NON_ESSENTIAL))
    if wrong:
        raise ActionRefused("not_switchable", f"{wrong[0]} cannot be switched off.", status=422, field="muted")
    wanted = tuple(sorted(set(kinds)))
    await store.replace(connection, person_id, wanted)
    return wanted


async def mute(connection: Connection, person_id: UUID, kind: str) -> None:
    """Switches one off beside those that are; a person who is gone wants nothing already."""
    await store.add(connection, person_id, kind)
