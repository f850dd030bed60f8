"""Second factors over HTTP: enrolment, half sign-ins, codes that are good once, proof for what is dangerous."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.factors import PASSWORD, clock_of_today, enrol, give_password
from tests.support.postgres import TestDatabase


@asynccontextmanager
async def _half_signed_in(control: RunningControl, person: SignedIn) -> AsyncIterator[httpx.AsyncClient]:
    async with control.browser() as client:
        reply = await client.post("/api/session", json={"email": person.email, "password": PASSWORD})
        assert reply.status_code == 202, reply.text
        yield client


async def test_a_password_alone_opens_nothing_once_an_app_is_enrolled(database: TestDatabase) -> None:
    """The half session is no session; the code makes it one, and dangerous actions are open for a while."""
    async with running_control(database, clock=clock_of_today()) as control:
        owner = await control.member()
        await give_password(control, owner)
        app, codes = await enrol(control, owner)
        assert len(set(codes)) == 10
        async with _half_signed_in(control, owner) as half:
            assert (await half.get("/api/session")).status_code == 401
            assert (await half.get("/api/keys")).status_code == 401
            # The half session's secret is no session's either.
            half.cookies.set("farebox_session", half.cookies["farebox_sign_in"])
            assert (await half.get("/api/session")).status_code == 401
            half.cookies.delete("farebox_session")
            done = await half.post("/api/session/second-factor", json={"totp": app.next_code()})
            assert (done.status_code, done.json()["has_second_factor"]) == (201, True)
            assert done.json()["proved_until"] is not None
            assert (await half.get("/api/keys")).status_code == 200


async def test_no_code_is_accepted_twice(database: TestDatabase) -> None:
    """Neither one after the other, nor of two at once, nor an older one after a newer, nor the one of the enrolment."""
    async with running_control(database, clock=clock_of_today()) as control:
        owner = await control.member()
        await give_password(control, owner)
        app, _ = await enrol(control, owner)
        async with _half_signed_in(control, owner) as half:
            used = await half.post("/api/session/second-factor", json={"totp": app.code()})
            assert (used.status_code, used.json()["code"]) == (401, "wrong_second_factor")
        code = app.next_code()
        async with AsyncExitStack() as stack:
            halves = [await stack.enter_async_context(_half_signed_in(control, owner)) for _ in range(4)]
            replies = await asyncio.gather(
                *(half.post("/api/session/second-factor", json={"totp": code}) for half in halves)
            )
        assert sorted(reply.status_code for reply in replies) == [201, 401, 401, 401]
        async with _half_signed_in(control, owner) as half:
            older = await half.post("/api/session/second-factor", json={"totp": app.code(steps_off=-1)})
            assert older.status_code == 401


async def test_one_half_sign_in_gives_one_session(database: TestDatabase) -> None:
    """Its secret is used up: with the next code it opens nothing again."""
    async with running_control(database, clock=clock_of_today()) as control:
        owner = await control.member()
        await give_password(control, owner)
        app, _ = await enrol(control, owner)
        async with _half_signed_in(control, owner) as half:
            secret = half.cookies["farebox_sign_in"]
            assert (await half.post("/api/session/second-factor", json={"totp": app.next_code()})).status_code == 201
        async with control.browser(cookies={"farebox_sign_in": secret}) as again:
            refused = await again.post("/api/session/second-factor", json={"totp": app.next_code()})
            assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_expired")


async def test_a_backup_code_is_good_once_and_its_owner_is_told(database: TestDatabase) -> None:
    """With or without dashes; the others stay; new ones void them all."""
    async with running_control(database, clock=clock_of_today()) as control:
        owner = await control.member()
        await give_password(control, owner)
        app, codes = await enrol(control, owner)
        async with _half_signed_in(control, owner) as half:
            shown = {"backup_code": codes[0].replace("-", "").upper()}
            assert (await half.post("/api/session/second-factor", json=shown)).status_code == 201
        async with _half_signed_in(control, owner) as half:
            again = await half.post("/api/session/second-factor", json={"backup_code": codes[0]})
            assert (again.status_code, again.json()["code"]) == (401, "wrong_second_factor")
            assert (await half.post("/api/session/second-factor", json={"backup_code": codes[1]})).status_code == 201
            assert (await half.get("/api/security")).json()["backup_codes_left"] == 8
            renewed = await half.post("/api/security/backup-codes")
            assert len(renewed.json()["backup_codes"]) == 10
        async with _half_signed_in(control, owner) as half:
            void = await half.post("/api/session/second-factor", json={"backup_code": codes[2]})
            assert void.status_code == 401
            assert (await half.post("/api/session/second-factor", json={"totp": app.next_code()})).status_code == 201
        async with control.services.pool.acquire() as connection:
            told = await connection.fetchval("SELECT count(*) FROM mail WHERE kind = 'backup_code_used'")
        assert told == 2


async def test_enrolling_needs_the_password_and_ends_other_sessions(database: TestDatabase) -> None:
    """Who finds an open browser cannot put a factor of their own there; the session gets a new secret."""
    async with running_control(database, clock=clock_of_today()) as control:
        owner = await control.member()
        await give_password(control, owner)
        async with control.browser() as elsewhere:
            await elsewhere.post("/api/session", json={"email": owner.email, "password": PASSWORD})
            assert (await elsewhere.get("/api/session")).status_code == 200
            for body in ({}, {"password": "not this one"}):
                refused = await owner.client.post("/api/security/totp", json=body)
                assert (refused.status_code, refused.json()["code"]) == (403, "wrong_password")
            before = owner.client.cookies["farebox_session"]
            await enrol(control, owner)
            assert (await elsewhere.get("/api/session")).status_code == 401
        # The jar holds what the test set and what the server set; the server's is the one in force.
        assert (await owner.client.get("/api/session")).status_code == 200
        async with control.browser(cookies={"farebox_session": before}) as thief:
            assert (await thief.get("/api/session")).status_code == 401


async def test_a_factor_is_removed_with_a_factor(database: TestDatabase) -> None:
    """Not by an old proof; with the last factor the backup codes go too, and the password suffices again."""
    async with running_control(database, clock=clock_of_today()) as control:
        owner = await control.member()
        await give_password(control, owner)
        app, _ = await enrol(control, owner)
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE session SET proved_at = now() - interval '11 minutes'")
        for method, path in (("DELETE", "/api/security/totp"), ("POST", "/api/security/backup-codes")):
            refused = await owner.client.request(method, path)
            assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
        proved = await owner.client.post("/api/session/prove", json={"totp": app.next_code()})
        assert proved.status_code == 200, proved.text
        assert (await owner.client.delete("/api/security/totp")).status_code == 204
        assert (await owner.client.get("/api/security")).json()["backup_codes_left"] == 0
        async with control.browser() as client:
            reply = await client.post("/api/session", json={"email": owner.email, "password": PASSWORD})
            assert reply.status_code == 201


async def test_a_dangerous_action_needs_a_second_factor_just_shown(database: TestDatabase) -> None:
    """Without one enrolled the answer says so; a proof gives the session a new secret; a wrong code proves nothing."""
    async with running_control(database, clock=clock_of_today()) as control:
        staff = await control.operator("operators:write", proved=False)
        await give_password(control, staff)
        body = {"name": "ci", "scopes": ["operators:write"]}
        refused = await staff.client.post("/admin/tokens", json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
        assert "enrol" in refused.json()["detail"]
        app, _ = await enrol(control, staff)
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE session SET proved_at = NULL")
        refused = await staff.client.post("/admin/tokens", json=body)
        assert "again" in refused.json()["detail"]
        assert (await staff.client.post("/api/session/prove", json={"totp": app.code()})).status_code == 401
        before = dict(staff.client.cookies.items())
        assert (await staff.client.post("/api/session/prove", json={"totp": app.next_code()})).status_code == 200
        assert dict(staff.client.cookies.items()) != before
        assert (await staff.client.post("/admin/tokens", json=body)).status_code == 201


async def test_nobody_without_a_verified_address_enrols(database: TestDatabase) -> None:
    """Else who signs up with somebody else's address would keep a way into what that person makes of it."""
    async with running_control(database, clock=clock_of_today()) as control:
        owner = await control.member()
        await give_password(control, owner)
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE person SET email_verified_at = NULL")
        for path in ("/api/security/totp", "/api/security/passkeys/options"):
            refused = await owner.client.post(path, json={"password": PASSWORD})
            assert (refused.status_code, refused.json()["code"]) == (403, "email_not_verified")


async def test_secrets_are_not_in_the_database(database: TestDatabase) -> None:
    """The app's secret is sealed, codes and cookies are hashed."""
    async with running_control(database, clock=clock_of_today()) as control:
        owner = await control.member()
        await give_password(control, owner)
        begun = await owner.client.post("/api/security/totp", json={"password": PASSWORD})
        async with control.services.pool.acquire() as connection:
            sealed = await connection.fetchval("SELECT sealed FROM totp")
        assert begun.json()["secret"].encode() not in sealed
        assert begun.json()["secret"] in begun.json()["uri"]
