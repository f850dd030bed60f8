"""/api/sessions: where one is signed in, and ending what one does not know."""

from uuid import UUID

from fastapi import APIRouter

from farebox.audit.record import record
from farebox.control.access import Person
from farebox.control.services import Here
from farebox.control.session.schemas import OpenSessions, SessionsEnded, open_session
from farebox.identity import session

router = APIRouter(prefix="/api/sessions", tags=["Session"])


@router.get("")
async def list_sessions(person: Person, services: Here) -> OpenSessions:
    """All open sessions of the person who is signed in."""
    async with services.pool.acquire() as connection:
        found = await session.list_sessions(connection, person.person_id)
    return OpenSessions(data=[open_session(line, person) for line in found])


@router.post("/end-others")
async def end_others(person: Person, services: Here) -> SessionsEnded:
    """End all sessions but this one."""
    async with services.pool.acquire() as connection, connection.transaction():
        ended = await session.revoke_all(connection, person.person_id, but=person.session_id)
        await record(
            connection,
            services.ids,
            person.actor,
            "session.end_others",
            target=f"person:{person.person_id}",
            after={"ended": ended},
        )
    return SessionsEnded(ended=ended)


@router.delete("/{session_id}", status_code=204)
async def end_session(session_id: UUID, person: Person, services: Here) -> None:
    """End one session; it opens nothing from its next request on."""
    async with services.pool.acquire() as connection, connection.transaction():
        await session.revoke(connection, person.person_id, session_id)
        await record(connection, services.ids, person.actor, "session.end", target=f"session:{session_id}")
