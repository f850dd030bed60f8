"""Which account elsewhere signs in whom here."""

from uuid import UUID

from farebox.domain.errors import ActionRefused
from farebox.identity import oidc_link_store as store
from farebox.identity.oidc_provider import Claims
from farebox.kit.ids import IdSource
from farebox.storage.database import Connection


async def person_of(connection: Connection, provider: str, claims: Claims) -> UUID | None:
    """Whom it is linked to."""
    return await store.use(connection, provider, claims.subject)


async def person_by_email(connection: Connection, claims: Claims) -> UUID | None:
    """Whose address it is, where both sides have verified it; on anything less somebody else could be meant."""
    return await store.find_by_email(connection, claims.email) if claims.email else None


async def link(connection: Connection, ids: IdSource, provider: str, claims: Claims, person_id: UUID) -> None:
    """From now on it signs in this person; ActionRefused when it is another's, or another one is linked already."""
    if not await store.insert(connection, ids.new(), provider, claims.subject, person_id):
        raise ActionRefused("oidc_linked", f"This {provider} account, or another one of yours, is linked already.")


async def unlink(connection: Connection, provider: str, person_id: UUID) -> None:
    """In a transaction that goes on with second_factor.after_removal."""
    if not await store.delete(connection, provider, person_id):
        raise ActionRefused("not_found", "There is no such link.", status=404)
