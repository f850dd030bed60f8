"""/api/notices: what a person is mailed, and what an account is told of."""

from fastapi import APIRouter

from farebox.audit.record import record
from farebox.control.access import AnyMember, Billing, Person
from farebox.control.preferences.schemas import (
    MutedKinds,
    PreferencesView,
    WatchView,
    preferences_view,
    watch_of,
    watch_view,
)
from farebox.control.services import Here
from farebox.notices import preference, watch

router = APIRouter(prefix="/api/notices", tags=["Notices"])


@router.get("/preferences")
async def show_preferences(person: Person, services: Here) -> PreferencesView:
    """What of the mail that can be switched off is switched off."""
    async with services.pool.acquire() as connection:
        return preferences_view(await preference.muted_kinds(connection, person.person_id))


@router.put("/preferences")
async def change_preferences(body: MutedKinds, person: Person, services: Here) -> PreferencesView:
    """Replace what is switched off."""
    async with services.pool.acquire() as connection, connection.transaction():
        before = await preference.muted_kinds(connection, person.person_id)
        muted = await preference.set_muted(connection, person.person_id, body.muted)
        await record(
            connection,
            services.ids,
            person.actor,
            "preference.change",
            target=f"person:{person.person_id}",
            before={"muted": list(before)},
            after={"muted": list(muted)},
        )
    return preferences_view(muted)


@router.get("/watch")
async def show_watch(member: AnyMember, services: Here) -> WatchView:
    """At which marks the account is told."""
    async with services.pool.acquire() as connection:
        return watch_view(await watch.show_watch(connection, member.account_id))


@router.put("/watch")
async def change_watch(body: WatchView, member: Billing, services: Here) -> WatchView:
    """Replace the marks; a mark that is changed tells anew."""
    wanted = watch_of(body)
    async with services.pool.acquire() as connection, connection.transaction():
        before = await watch.show_watch(connection, member.account_id)
        await watch.set_watch(connection, member.account_id, wanted)
        await record(
            connection,
            services.ids,
            member.actor,
            "watch.change",
            target=f"account:{member.account_id}",
            account_id=member.account_id,
            before=watch_view(before).model_dump(),
            after=watch_view(wanted).model_dump(),
        )
    return watch_view(wanted)
