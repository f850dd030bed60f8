"""/admin/support: the queue of what customers ask."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from farebox.aftersale import account_store, support, support_store
from farebox.aftersale.desk import note
from farebox.aftersale.support import Question, SupportRequest, SupportState
from farebox.control.access import Staff, operator
from farebox.control.admin.support.schemas import (
    FiledSupportRequest,
    QueuedSupportThread,
    QueuedSupportView,
    Reply,
    ReplyTemplate,
    ReplyTemplates,
    TemplateText,
    queued_thread,
    queued_view,
)
from farebox.control.desk import desk_of
from farebox.control.page import Page, Paging, page_of
from farebox.control.repeat import Once
from farebox.control.services import Here
from farebox.control.support.schemas import SupportLanguage
from farebox.domain.errors import ActionRefused
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/support", tags=["Operator: support"])
Reader = Annotated[Staff, operator("support:read")]
Writer = Annotated[Staff, operator("support:write")]
TemplateName = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,60}$", description="Lower-case letters, digits, dashes.")]


@router.get("")
async def list_queue(
    _: Reader, services: Here, paging: Paging, state: SupportState | None = None, account_id: UUID | None = None
) -> Page[QueuedSupportView]:
    """The newest requests first; `state=open` are those that wait, of which the oldest come first."""
    async with services.pool.acquire() as connection:
        found = await support.list_requests(
            connection,
            paging.after,
            limit=paging.limit + 1,
            account_id=account_id,
            state=state,
            oldest_first=state == "open",
        )
    now = datetime.now(UTC)
    return page_of(found, paging, lambda request: queued_view(request, now), lambda request: request.id)


@router.post("", status_code=201)
async def file_request(body: FiledSupportRequest, staff: Writer, services: Here, once: Once) -> QueuedSupportThread:
    """File a request for somebody who wrote by mail; answers go there by mail."""

    async def work(connection: Connection) -> QueuedSupportThread:
        account_id = body.account_id or await account_store.find_by_email(connection, body.email)
        if account_id is not None and await account_store.load_standing(connection, account_id) is None:
            raise ActionRefused("not_found", "There is no such account.", status=404, field="account_id")
        question = Question(
            account_id=account_id,
            filed_by=staff.actor.id,
            email=body.email,
            language=body.language,
            subject=body.subject,
            words=body.message,
            payment_method=body.payment_method,
            payment_reference=body.payment_reference,
            job_id=body.job_id,
            amount=body.amount,
        )
        return await _thread(connection, await support.ask(connection, desk_of(services), question, staff.actor))

    return await once.run(staff.owner_key, work, QueuedSupportThread, status=201)


@router.get("/templates")
async def list_templates(_: Reader, services: Here) -> ReplyTemplates:
    """Replies that are used again."""
    async with services.pool.acquire() as connection:
        rows = await support_store.templates(connection)
    return ReplyTemplates(
        data=[ReplyTemplate(name=row["name"], language=row["language"], message=row["words"]) for row in rows]
    )


@router.put("/templates/{name}/{language}")
async def put_template(
    name: TemplateName, language: SupportLanguage, body: TemplateText, staff: Writer, services: Here
) -> ReplyTemplate:
    """Write or replace a template."""
    async with services.pool.acquire() as connection, connection.transaction():
        await support_store.put_template(connection, name, language, body.message)
        target, after = f"support_template:{name}", {"language": language, "message": body.message}
        await note(connection, desk_of(services), staff.actor, "support_template.put", target, None, after=after)
    return ReplyTemplate(name=name, language=language, message=body.message)


@router.delete("/templates/{name}/{language}", status_code=204)
async def drop_template(name: TemplateName, language: SupportLanguage, staff: Writer, services: Here) -> Response:
    """Drop a template."""
    async with services.pool.acquire() as connection, connection.transaction():
        if not await support_store.drop_template(connection, name, language):
            raise ActionRefused("not_found", "There is no such template.", status=404)
        target, after = f"support_template:{name}", {"language": language}
        await note(connection, desk_of(services), staff.actor, "support_template.drop", target, None, after=after)
    return Response(status_code=204)


@router.get("/{request_id}")
async def show_queued_request(request_id: UUID, _: Reader, services: Here) -> QueuedSupportThread:
    """One request with its messages."""
    async with services.pool.acquire() as connection:
        return await _thread(connection, await support.show(connection, request_id))


@router.post("/{request_id}/reply", status_code=201)
async def reply_to_request(
    request_id: UUID, body: Reply, staff: Writer, services: Here, once: Once
) -> QueuedSupportThread:
    """Answer in the thread and by mail."""

    async def work(connection: Connection) -> QueuedSupportThread:
        link = f"{services.public_url}/dashboard/support/{request_id}"
        replied = await support.reply(
            connection, desk_of(services), request_id, staff.actor, body.message, link=link, closes=body.close
        )
        return await _thread(connection, replied)

    return await once.run(staff.owner_key, work, QueuedSupportThread, status=201)


@router.post("/{request_id}/close")
async def close_queued_request(request_id: UUID, staff: Writer, services: Here) -> QueuedSupportThread:
    """Close a request without another answer; doing it again changes nothing."""
    async with services.pool.acquire() as connection:
        closed = await support.close(connection, desk_of(services), request_id, None, staff.actor)
        return await _thread(connection, closed)


async def _thread(connection: Connection, request: SupportRequest) -> QueuedSupportThread:
    return queued_thread(request, await support.thread(connection, request.id), datetime.now(UTC))
