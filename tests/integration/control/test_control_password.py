"""Passwords over HTTP: changed with the old one, set with a mailed link once, never a way around the second factor."""

import asyncio

import httpx
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.factors import PASSWORD, clock_of_today, enrol, give_password
from tests.support.postgres import TestDatabase

from farebox.identity import session
from farebox.identity.password import hash_password

NEW = "another long one"


async def _mailed_secret(control: RunningControl, person: SignedIn) -> str:
    """The secret of the newest mailed link; waits for it, for it is written after the answer."""
    async with control.services.pool.acquire() as connection, asyncio.timeout(10):
        while True:
            facts = await connection.fetchval(
                "SELECT facts FROM mail WHERE person_id = $1 AND kind = 'password_reset' ORDER BY id DESC LIMIT 1",
                person.person_id,
            )
            if facts is not None:
                break
            await asyncio.sleep(0.02)
        await connection.execute("DELETE FROM mail WHERE person_id = $1", person.person_id)
    link = str(facts["link"])
    assert link.startswith(f"{control.base_url}/set-password#")
    return link.partition("#")[2]


async def _forgotten(control: RunningControl, email: str) -> httpx.Response:
    return await control.public.post("/api/password/forgotten", json={"email": email})


async def _set(control: RunningControl, secret: str, new: str = NEW) -> httpx.Response:
    return await control.public.post("/api/password/set", json={"secret": secret, "new": new})


async def _sign_in(control: RunningControl, person: SignedIn, password: str) -> int:
    reply = await control.public.post("/api/session", json={"email": person.email, "password": password})
    return reply.status_code


async def test_a_change_needs_the_old_password_and_ends_other_sessions(database: TestDatabase) -> None:
    """This session goes on under a new secret; the old secret and all other sessions open nothing."""
    async with running_control(database) as control:
        owner = await control.member()
        await give_password(control, owner)
        assert await _sign_in(control, owner, PASSWORD) == 201
        stolen = owner.client.cookies["farebox_session"]
        for old in ("not this one", None):
            refused = await owner.client.post("/api/password", json={"old": old, "new": NEW})
            assert (refused.status_code, refused.json()["code"]) == (403, "wrong_password")
        weak = await owner.client.post("/api/password", json={"old": PASSWORD, "new": owner.email})
        assert (weak.status_code, weak.json()["code"]) == (422, "weak_password")
        assert (await control.public.get("/api/session")).status_code == 200
        assert (await owner.client.post("/api/password", json={"old": PASSWORD, "new": NEW})).status_code == 204
        assert (await owner.client.get("/api/session")).status_code == 200
        assert (await control.public.get("/api/session")).status_code == 401
        async with control.browser(cookies={"farebox_session": stolen}) as thief:
            assert (await thief.get("/api/session")).status_code == 401
        assert await _sign_in(control, owner, PASSWORD) == 401
        assert await _sign_in(control, owner, NEW) == 201
        async with control.services.pool.acquire() as connection:
            action = await connection.fetchval("SELECT action FROM audit ORDER BY id DESC LIMIT 1")
            told = await connection.fetchval("SELECT facts FROM mail WHERE kind = 'security_changed'")
        assert (action, told) == ("password.change", {"change": "password.change"})


async def test_a_forgotten_password_is_set_once_with_the_mailed_link(database: TestDatabase) -> None:
    """All sessions end, nobody is signed in by the link, and of two uses at once one is refused."""
    async with running_control(database) as control:
        owner = await control.member()
        await give_password(control, owner)
        assert (await _forgotten(control, owner.email)).status_code == 202
        secret = await _mailed_secret(control, owner)
        async with control.services.pool.acquire() as connection:
            assert secret not in str(await connection.fetch("SELECT * FROM password_link"))
        weak = await _set(control, secret, "short")
        assert (weak.status_code, weak.json()["code"]) == (422, "weak_password")
        replies = await asyncio.gather(_set(control, secret, NEW), _set(control, secret, "a third long one"))
        assert sorted(reply.status_code for reply in replies) == [204, 410]
        assert all("set-cookie" not in reply.headers for reply in replies)
        assert (await owner.client.get("/api/session")).status_code == 401
        assert await _sign_in(control, owner, PASSWORD) == 401
        winner = NEW if replies[0].status_code == 204 else "a third long one"
        assert await _sign_in(control, owner, winner) == 201
        again = await _set(control, secret, "a fourth long one")
        assert (again.status_code, again.json()["code"]) == (410, "link_over")


async def test_a_newer_link_voids_the_older_and_all_are_over_in_half_an_hour(database: TestDatabase) -> None:
    """An old mail in somebody's hands opens nothing."""
    async with running_control(database) as control:
        owner = await control.member()
        await _forgotten(control, owner.email)
        older = await _mailed_secret(control, owner)
        await _forgotten(control, owner.email)
        newer = await _mailed_secret(control, owner)
        assert (await _set(control, older)).status_code == 410
        async with control.services.pool.acquire() as connection:
            left = await connection.fetchval("SELECT max(expires_at) - now() FROM password_link")
            assert left.total_seconds() <= 1800
            await connection.execute("UPDATE password_link SET expires_at = now()")
        assert (await _set(control, newer)).status_code == 410


async def test_asking_for_a_link_tells_nobody_who_exists(database: TestDatabase) -> None:
    """Known, unknown and suspended get the same answer; and nobody's mailbox is flooded."""
    async with running_control(database) as control:
        owner, gone = await control.member(), await control.member()
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE person SET status = 'suspended' WHERE id = $1", gone.person_id)
        answers = [await _forgotten(control, email) for email in (owner.email, "x@example.com", gone.email)]
        assert len({(answer.status_code, answer.text) for answer in answers}) == 1
        statuses = {}
        for email in (owner.email, "x@example.com"):
            statuses[email] = [(await _forgotten(control, email)).status_code for _ in range(3)]
            await control.lengthen_waits()
            statuses[email].append((await _forgotten(control, email)).status_code)
        assert statuses[owner.email] == statuses["x@example.com"]
        assert statuses[owner.email][-1] == 429
        await _mailed_secret(control, owner)
        async with control.services.pool.acquire() as connection:
            assert await connection.fetchval("SELECT count(*) FROM mail WHERE person_id = $1", gone.person_id) == 0


async def test_a_new_password_does_not_replace_the_second_factor(database: TestDatabase) -> None:
    """Who reads somebody's mail gets half a sign-in."""
    async with running_control(database, clock=clock_of_today()) as control:
        owner = await control.member()
        await give_password(control, owner)
        await enrol(control, owner)
        await _forgotten(control, owner.email)
        assert (await _set(control, await _mailed_secret(control, owner))).status_code == 204
        assert await _sign_in(control, owner, NEW) == 202
        assert (await control.public.get("/api/session")).status_code == 401


async def test_a_change_during_a_sign_in_wins(database: TestDatabase) -> None:
    """Who signs in with the old password while it is changed gets no session that outlives the change."""
    async with running_control(database) as control:
        owner = await control.member()
        await give_password(control, owner, is_slow=True)
        changed = await hash_password(NEW)
        async with asyncio.TaskGroup() as group:
            signing_in = [group.create_task(_attempt(control, owner)) for _ in range(5)]
            async with control.services.pool.acquire() as connection:
                # Few passwords are checked at once: most of them are read by now, and judged after the change.
                async with asyncio.timeout(20):
                    while await connection.fetchval("SELECT max(failures) FROM throttle") not in (4, 5):
                        await asyncio.sleep(0)
                async with connection.transaction():
                    await connection.execute("UPDATE person SET password_hash = $1", changed)
                    await session.revoke_all(connection, owner.person_id)
        for reply in [task.result() for task in signing_in]:
            async with control.browser(cookies=dict(reply.cookies)) as client:
                assert (await client.get("/api/session")).status_code == 401


async def _attempt(control: RunningControl, person: SignedIn) -> httpx.Response:
    async with control.browser() as client:
        return await client.post("/api/session", json={"email": person.email, "password": PASSWORD})
