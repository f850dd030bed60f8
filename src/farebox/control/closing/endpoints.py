"""/api/closing: the end of the account, at its owner's wish."""

from datetime import UTC, datetime

from fastapi import APIRouter

from farebox.aftersale import closing
from farebox.control.access import AnyMember, Owner, Person
from farebox.control.closing.schemas import ClosingView, ClosingWish, closing_view
from farebox.control.desk import desk_of
from farebox.control.repeat import Once
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.storage.database import Connection

router = APIRouter(prefix="/api/closing", tags=["Closing"])


@router.post("", status_code=201)
async def close_account(body: ClosingWish, member: Owner, person: Person, services: Here, once: Once) -> ClosingView:
    """Close the account: no more calls; what was bought and is left is returned by the rules of the service."""
    if person.has_second_factor and not person.is_fresh(datetime.now(UTC)):
        raise ActionRefused("second_factor_required", "Show your second factor again for this.", status=403)

    async def work(connection: Connection) -> ClosingView:
        begun = await closing.begin(
            connection, desk_of(services), member.account_id, member.actor, has_breach=False, reason=body.reason
        )
        return closing_view(begun)

    return await once.run(f"person:{member.person_id}", work, ClosingView, status=201)


@router.get("")
async def show_closing(member: AnyMember, services: Here) -> ClosingView:
    """How far the closing is; 404 of an account that is not closing."""
    async with services.pool.acquire() as connection:
        return closing_view(await closing.of_account(connection, member.account_id))
