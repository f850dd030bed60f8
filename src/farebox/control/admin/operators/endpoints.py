"""/admin/operators: who acts for the deployment. People only: a program can give no scopes on."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.control.access import Staff, operator
from farebox.control.admin.operators.schemas import (
    NewOperator,
    Operators,
    OperatorView,
    Revocation,
    ScopesChange,
    operator_view,
)
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.identity import operators
from farebox.identity.operators import By
from farebox.identity.scopes import SCOPES

router = APIRouter(prefix="/admin/operators", tags=["Operator: operators"])
_Writer = Annotated[Staff, operator("operators:write", fresh=True)]


@router.get("")
async def list_operators(_: Annotated[Staff, operator("operators:write")], services: Here) -> Operators:
    """All operators."""
    async with services.pool.acquire() as connection:
        found = await operators.list_operators(connection)
    return Operators(data=[operator_view(each) for each in found], scopes=list(SCOPES))


@router.post("", status_code=201)
async def add_operator(body: NewOperator, staff: _Writer, services: Here) -> OperatorView:
    """Make somebody an operator, with scopes that you have yourself; sessions of that person end."""
    async with services.pool.acquire() as connection, connection.transaction():
        added = await operators.add(
            connection,
            services.ids,
            by_person(staff),
            body.email,
            body.scopes,
            public_url=services.public_url,
            reason=body.reason,
        )
    return operator_view(added)


@router.put("/{person_id}")
async def change_scopes(person_id: UUID, body: ScopesChange, staff: _Writer, services: Here) -> OperatorView:
    """Other scopes. Sessions of that person end, and tokens that reach beyond the new scopes."""
    async with services.pool.acquire() as connection, connection.transaction():
        changed = await operators.change_scopes(
            connection, services.ids, by_person(staff), person_id, body.scopes, reason=body.reason
        )
    return operator_view(changed)


@router.post("/{person_id}/revoke", status_code=204)
async def revoke_operator(person_id: UUID, body: Revocation, staff: _Writer, services: Here) -> None:
    """An operator no more: sessions and tokens of that person end. One with all scopes always stays."""
    async with services.pool.acquire() as connection, connection.transaction():
        await operators.revoke(connection, services.ids, by_person(staff), person_id, reason=body.reason)


def by_person(staff: Staff) -> By:
    """Who gives and takes scopes; a program has shown no second factor, and never does."""
    if staff.person_id is None:
        raise ActionRefused("people_only", "A token cannot do this: sign in as an operator.", status=403)
    return By(staff.actor, staff.scopes, staff.person_id)
