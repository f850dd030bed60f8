"""/api/support: what the account asks of the operator, and the answers."""

from uuid import UUID

from fastapi import APIRouter

from farebox.aftersale import support
from farebox.aftersale.support import Question, SupportState
from farebox.control.access import AnyMember
from farebox.control.desk import desk_of
from farebox.control.page import Page, Paging, page_of
from farebox.control.repeat import Once
from farebox.control.services import Here
from farebox.control.support.schemas import (
    NewMessage,
    NewSupportRequest,
    SupportThread,
    SupportView,
    support_thread,
    support_view,
)
from farebox.storage.database import Connection

router = APIRouter(prefix="/api/support", tags=["Support"])


@router.get("")
async def list_support_requests(
    member: AnyMember, services: Here, paging: Paging, state: SupportState | None = None
) -> Page[SupportView]:
    """The account's newest requests first."""
    async with services.pool.acquire() as connection:
        found = await support.list_requests(
            connection, paging.after, limit=paging.limit + 1, account_id=member.account_id, state=state
        )
    return page_of(found, paging, support_view, lambda request: request.id)


@router.post("", status_code=201)
async def ask_support(body: NewSupportRequest, member: AnyMember, services: Here, once: Once) -> SupportThread:
    """Ask the operator; the answer comes here and by mail."""

    async def work(connection: Connection) -> SupportThread:
        question = Question(
            account_id=member.account_id,
            person_id=member.person_id,
            email=member.email,
            language=member.language,
            subject=body.subject,
            words=body.message,
            payment_method=body.payment_method,
            payment_reference=body.payment_reference,
            job_id=body.job_id,
            amount=body.amount,
        )
        asked = await support.ask(connection, desk_of(services), question, member.actor)
        return support_thread(asked, await support.thread(connection, asked.id))

    return await once.run(f"person:{member.person_id}", work, SupportThread, status=201)


@router.get("/{request_id}")
async def show_support_request(request_id: UUID, member: AnyMember, services: Here) -> SupportThread:
    """One request with its messages."""
    async with services.pool.acquire() as connection:
        found = await support.show(connection, request_id, member.account_id)
        return support_thread(found, await support.thread(connection, request_id))


@router.post("/{request_id}/messages", status_code=201)
async def write_to_support(request_id: UUID, body: NewMessage, member: AnyMember, services: Here) -> SupportThread:
    """Write again; a closed request is open from then on."""
    async with services.pool.acquire() as connection, connection.transaction():
        written = await support.write(
            connection, desk_of(services), request_id, member.account_id, member.actor, body.message
        )
        return support_thread(written, await support.thread(connection, request_id))


@router.post("/{request_id}/close")
async def close_support_request(request_id: UUID, member: AnyMember, services: Here) -> SupportView:
    """Close a request that is settled; doing it again changes nothing."""
    async with services.pool.acquire() as connection:
        return support_view(
            await support.close(connection, desk_of(services), request_id, member.account_id, member.actor)
        )
