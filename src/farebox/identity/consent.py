"""Terms: which version is in force, and who accepted it: at sign-up, by a click, or by going on after a notice."""

from typing import Literal
from uuid import UUID

from farebox.domain.errors import ActionRefused
from farebox.identity import consent_store as store
from farebox.identity.consent_store import TermsInForce
from farebox.kit.ids import IdSource
from farebox.storage.database import Connection

How = Literal["sign_up", "click"]


async def terms_in_force(connection: Connection) -> TermsInForce | None:
    """None before the operator has published any."""
    return await store.load_in_force(connection)


async def check_version(connection: Connection, version: int | None) -> int | None:
    """The version in force, which must be the one that was read; None when there are no terms."""
    terms = await store.load_in_force(connection)
    if terms is None:
        return None
    if version != terms.version:
        raise ActionRefused(
            "terms_not_accepted",
            f"Read and accept the terms in force, version {terms.version}.",
            status=422,
            field="terms_version",
        )
    return terms.version


async def accept(
    connection: Connection, ids: IdSource, person_id: UUID, account_id: UUID | None, version: int, how: How
) -> bool:
    """Records it; False when this person had accepted this version for this account before."""
    return await store.insert(connection, ids.new(), person_id, account_id, version, how)


async def move_to_account(connection: Connection, person_id: UUID, account_id: UUID) -> None:
    """What somebody accepted before they had an account counts for the one they have got."""
    await store.set_account(connection, person_id, account_id)


async def has_accepted_in_force(connection: Connection, account_id: UUID) -> bool:
    """Whether the terms in force were accepted for the account; true where there are none."""
    return await store.has_in_force(connection, account_id)
