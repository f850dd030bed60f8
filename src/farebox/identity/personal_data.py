"""A person's data: all of it to take along, without secrets; and its erasure, which leaves money records as they are.

Erased, a person is an id: address, name and all means of signing in are gone, traces dropped, mails emptied. The audit
trail has held digests only from the start, and what was paid and charged belongs to the account.
"""

from typing import Any
from uuid import UUID

from farebox.domain.errors import ActionRefused
from farebox.identity import personal_data_store as store
from farebox.identity.person import no_person
from farebox.storage.database import Connection


async def export(connection: Connection, person_id: UUID) -> dict[str, Any]:
    """By subject, as JSON values."""
    person = await store.load_person(connection, person_id)
    if person is None:
        raise no_person()
    return {"person": person, **await store.load_all(connection, person_id)}


async def erase(connection: Connection, person_id: UUID) -> None:
    """For good; ActionRefused for an operator, and for the last owner of an account that is not closed."""
    standing = await store.lock_standing(connection, person_id)
    if standing is None:
        raise no_person()
    if standing.status == "erased":
        return
    if standing.is_operator:
        raise ActionRefused("is_operator", "An operator cannot be erased: revoke the operator's scopes first.")
    if standing.last_owner_of is not None:
        raise ActionRefused(
            "last_owner",
            f"This is the last owner of account {standing.last_owner_of}: transfer or close the account first.",
        )
    await store.erase(connection, person_id)
