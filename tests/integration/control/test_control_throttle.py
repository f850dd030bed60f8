"""Throttling of sign-in: guesses wait, right passwords get in once the wait is over, nobody learns who exists."""

import asyncio

from tests.support.control import RunningControl, running_control
from tests.support.factors import PASSWORD, clock_of_today, enrol, give_password
from tests.support.postgres import TestDatabase

from farebox.identity.throttle import for_sign_in


async def _try(control: RunningControl, email: str, password: str, **headers: str) -> tuple[int, str]:
    reply = await control.public.post("/api/session", json={"email": email, "password": password}, headers=headers)
    return reply.status_code, reply.json().get("code", "")


async def _wait_s(control: RunningControl, email: str) -> int:
    """How long the wait is that the newest failure of a name began."""
    subject = for_sign_in(email).digest(control.services.salt)
    async with control.services.pool.acquire() as connection:
        return round(
            await connection.fetchval(
                "SELECT extract(epoch FROM blocked_until - (forget_at - interval '1 day'))::float8 FROM throttle"
                " WHERE subject = $1",
                subject,
            )
        )


async def _end_waits(control: RunningControl) -> None:
    async with control.services.pool.acquire() as connection:
        await connection.execute("UPDATE throttle SET blocked_until = '-infinity'")


async def test_guesses_wait_ever_longer_whether_or_not_the_address_is_known(database: TestDatabase) -> None:
    """Known and unknown addresses get the very same answers; waiting, the right password is refused too."""
    async with running_control(database) as control:
        owner = await control.member()
        await give_password(control, owner)
        for number in range(6):
            answers = {await _try(control, email, f"guess {number}") for email in (owner.email, "x@example.com")}
            assert answers == {(401, "wrong_credentials")}, number
        await control.lengthen_waits()
        reply = await control.public.post("/api/session", json={"email": owner.email, "password": PASSWORD})
        assert (reply.status_code, reply.json()["code"]) == (429, "too_many_attempts")
        assert int(reply.headers["retry-after"]) >= 1
        assert await _try(control, "x@example.com", PASSWORD) == (429, "too_many_attempts")
        waits = []
        for _ in range(4):
            await _end_waits(control)
            assert await _try(control, owner.email, "guess") == (401, "wrong_credentials")
            waits.append(await _wait_s(control, owner.email))
        assert waits == [2, 4, 8, 16]


async def test_the_right_password_gets_in_when_the_wait_is_over(database: TestDatabase) -> None:
    """And all is forgiven: the next mistake costs no wait."""
    async with running_control(database) as control:
        owner = await control.member()
        await give_password(control, owner)
        for _ in range(7):
            await _end_waits(control)
            await _try(control, owner.email, "guess")
        await control.lengthen_waits()
        assert (await _try(control, owner.email, PASSWORD))[0] == 429
        await _end_waits(control)
        assert (await _try(control, owner.email, PASSWORD))[0] == 201
        assert await _try(control, owner.email, "guess") == (401, "wrong_credentials")
        assert (await _try(control, owner.email, PASSWORD))[0] == 201


async def test_a_wait_ends_by_itself(database: TestDatabase) -> None:
    """The first one is a second long; nobody can lock others out for more than a quarter of an hour."""
    async with running_control(database) as control:
        owner = await control.member()
        await give_password(control, owner)
        for _ in range(6):
            await _try(control, owner.email, "guess")
        async with asyncio.timeout(30):
            while (await _try(control, owner.email, PASSWORD))[0] == 429:
                await asyncio.sleep(0.1)
        await _try(control, owner.email, "guess")
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE throttle SET failures = 1000, blocked_until = '-infinity'")
        await _try(control, owner.email, "guess")
        assert await _wait_s(control, owner.email) == 900


async def test_guesses_at_once_are_no_more_than_guesses_in_turn(database: TestDatabase) -> None:
    """Each is counted before it is judged."""
    async with running_control(database) as control:
        owner = await control.member()
        await give_password(control, owner)
        answers = await asyncio.gather(*(_try(control, owner.email, f"guess {number}") for number in range(16)))
        # On a slow machine the first wait, of a second, may end in between.
        judged = sum(status == 401 for status, _ in answers)
        assert 6 <= judged <= 10
        assert sum(status == 429 for status, _ in answers) == 16 - judged


async def test_one_address_cannot_try_many_people(database: TestDatabase) -> None:
    """One IPv6 site counts as one address; another address is not held up by it."""
    async with running_control(database) as control:
        tried = [
            await _try(control, f"{number}@example.com", "guess", **{"x-forwarded-for": f"2001:db8::{number:x}"})
            for number in range(31)
        ]
        assert [status for status, _ in tried] == [401] * 31
        await control.lengthen_waits()
        last = await _try(control, "31@example.com", "guess", **{"x-forwarded-for": "2001:db8::ffff"})
        assert last == (429, "too_many_attempts")
        other = {"x-forwarded-for": "2001:db8:0:1::1"}
        assert await _try(control, "32@example.com", "guess", **other) == (401, "wrong_credentials")


async def test_codes_cannot_be_guessed(database: TestDatabase) -> None:
    """Second factors are throttled per person, over all half sign-ins; waiting, the right code is refused too."""
    async with running_control(database, clock=clock_of_today()) as control:
        owner = await control.member()
        await give_password(control, owner)
        app, _ = await enrol(control, owner)
        right = app.next_code()
        wrong = f"{(int(right) + 1) % 1_000_000:06}"
        for _ in range(6):
            assert (await _try(control, owner.email, PASSWORD))[0] == 202
            refused = await control.public.post("/api/session/second-factor", json={"totp": wrong})
            assert refused.status_code == 401
        await control.lengthen_waits()
        refused = await control.public.post("/api/session/second-factor", json={"totp": right})
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
        await _end_waits(control)
        assert (await control.public.post("/api/session/second-factor", json={"totp": right})).status_code == 201


async def test_who_is_throttled_cannot_be_read_in_the_database(database: TestDatabase) -> None:
    """Subjects are digests under the deployment's salt; failed sign-ins leave a trace with the person, if any."""
    async with running_control(database) as control:
        owner = await control.member()
        await give_password(control, owner)
        for email in (owner.email, "nobody@example.com"):
            await _try(control, email, "guess", **{"x-forwarded-for": "203.0.113.9", "user-agent": "test"})
        async with control.services.pool.acquire() as connection:
            rows = await connection.fetch("SELECT * FROM throttle")
            traces = await connection.fetch("SELECT person_id, address FROM trace WHERE kind = 'sign_in_failed'")
        assert "example.com" not in str(rows)
        assert {row["person_id"] for row in traces} == {owner.person_id, None}
        assert {str(row["address"]) for row in traces} == {"203.0.113.9/32"} or {
            str(row["address"]) for row in traces
        } == {"203.0.113.9"}
