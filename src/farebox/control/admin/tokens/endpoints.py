"""/admin/tokens: secrets of programs that act for the operator."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.control.access import Staff, operator
from farebox.control.admin.operators.endpoints import by_person
from farebox.control.admin.tokens.schemas import NewToken, TokenMade, TokenView, token_view
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here
from farebox.identity import admin_token, operators

router = APIRouter(prefix="/admin/tokens", tags=["Operator: tokens"])
_Writer = Annotated[Staff, operator("operators:write", fresh=True)]


@router.get("")
async def list_tokens(
    _: Annotated[Staff, operator("operators:write")], services: Here, paging: Paging
) -> Page[TokenView]:
    """The newest tokens first, those that are over too."""
    async with services.pool.acquire() as connection:
        found = await admin_token.list_tokens(connection, paging.after, paging.limit + 1)
    return page_of(found, paging, token_view, lambda line: line.id)


@router.post("", status_code=201)
async def create_token(body: NewToken, staff: _Writer, services: Here) -> TokenMade:
    """Make a token with scopes that you have yourself; the secret is in this answer and nowhere else."""
    by = by_person(staff)
    scopes = operators.check_scopes(body.scopes)
    operators.check_can_give(by, scopes)
    async with services.pool.acquire() as connection, connection.transaction():
        made = await admin_token.create(
            connection,
            services.ids,
            by.actor,
            name=body.name,
            scopes=scopes,
            expires_at=body.expires_at,
            now=datetime.now(UTC),
            made_by=by.person_id,
        )
    return TokenMade(token=token_view(made.line), secret=made.secret)


@router.post("/{token_id}/revoke")
async def revoke_token(token_id: UUID, staff: _Writer, services: Here) -> TokenView:
    """End a token; doing it again changes nothing."""
    async with services.pool.acquire() as connection, connection.transaction():
        return token_view(await admin_token.revoke(connection, services.ids, staff.actor, token_id))
