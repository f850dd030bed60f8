"""/admin/stop: prepared, then confirmed within a minute, so that nobody stops a business by a slip of the hand."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter

from farebox.audit.record import record
from farebox.catalog import admin
from farebox.catalog.stops import running_jobs
from farebox.control.access import Staff, operator
from farebox.control.admin.stop.schemas import Confirming, Prepared, Preparing, StopState, StopView, Target
from farebox.control.admin.stop.ticket import LIFETIME, Ticket, opened, sealed
from farebox.control.services import Here
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/stop", tags=["Operator: emergency stop"])

Reader = Annotated[Staff, operator("catalogue:read")]
Preparer = Annotated[Staff, operator("stop:write")]
Stopper = Annotated[Staff, operator("stop:write", fresh=True)]


@router.get("")
async def show_stops(_: Reader, services: Here) -> StopState:
    """What is stopped, and how many jobs run."""
    async with services.pool.acquire() as connection:
        return await _state(connection)


@router.post("/prepare")
async def prepare_stop(body: Preparing, staff: Preparer, services: Here) -> Prepared:
    """Say what a stop would meet; it stops nothing."""
    expires_at = datetime.now(UTC) + LIFETIME
    async with services.pool.acquire() as connection:
        running = await running_jobs(connection, body.scope, body.target)
    ticket = Ticket(body.scope, body.target, body.reason, body.now, staff.owner_key, expires_at)
    return Prepared(token=sealed(services.seal, ticket), expires_at=expires_at, running_jobs=running)


@router.post("")
async def confirm_stop(body: Confirming, staff: Stopper, services: Here) -> StopState:
    """Stop what was prepared, from the next admission on, on every node."""
    ticket = opened(services.seal, body.token, actor=staff.owner_key, now=datetime.now(UTC))
    async with services.pool.acquire() as connection, connection.transaction():
        await admin.stop(connection, ticket.scope, ticket.target, ticket.reason, abort_running=ticket.now)
        await record(
            connection,
            services.ids,
            staff.actor,
            "stop.set",
            target=_target(ticket),
            after={"now": ticket.now},
            reason=ticket.reason,
        )
        return await _state(connection)


@router.post("/resume")
async def resume(body: Target, staff: Stopper, services: Here) -> StopState:
    """End a stop."""
    async with services.pool.acquire() as connection, connection.transaction():
        await admin.resume(connection, body.scope, body.target)
        await record(connection, services.ids, staff.actor, "stop.end", target=_target(body))
        return await _state(connection)


async def _state(connection: Connection) -> StopState:
    stops = [
        StopView(
            scope=stop["scope"],
            target=stop["target"],
            reason=stop["reason"],
            now=stop["abort_running"],
            since=stop["created_at"],
        )
        for stop in await admin.load_stops(connection)
    ]
    return StopState(stops=stops, running_jobs=await running_jobs(connection, "all", ""))


def _target(of: Ticket | Target) -> str:
    return of.scope if of.scope == "all" else f"{of.scope}:{of.target}"
