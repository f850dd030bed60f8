"""What people began and left is forgotten; what is in force stays."""

from tests.support.control import running_control
from tests.support.factors import PASSWORD, clock_of_today, enrol, give_password
from tests.support.postgres import TestDatabase

from farebox.worker.forgetting import forget_sign_ins

_TABLES = ("pending_sign_in", "challenge", "password_link", "throttle", "session")


async def test_only_what_is_over_is_forgotten(database: TestDatabase) -> None:
    """Half sign-ins, challenges, links, attempts; sessions a month after their end."""
    async with running_control(database, clock=clock_of_today()) as control:
        owner = await control.member()
        await give_password(control, owner)
        await enrol(control, owner)
        await control.public.post("/api/session", json={"email": owner.email, "password": PASSWORD})
        await control.public.post("/api/session", json={"email": "x@example.com", "password": PASSWORD})
        await control.public.post("/api/session/passkey/options")
        async with control.services.pool.acquire() as connection:
            await connection.execute(
                "INSERT INTO password_link (hash, person_id, purpose, expires_at)"
                " VALUES ('x', $1, 'reset', now() + interval '1 hour')",
                owner.person_id,
            )

            async def counted() -> list[int]:
                return [await connection.fetchval(f"SELECT count(*) FROM {table}") for table in _TABLES]

            before = await counted()
            assert all(before)
            await forget_sign_ins(connection)
            assert await counted() == before
            for table in _TABLES[:3]:
                await connection.execute(f"UPDATE {table} SET expires_at = now()")
            await connection.execute("UPDATE throttle SET forget_at = now()")
            await connection.execute("UPDATE session SET expires_at = now() - interval '31 days'")
            await forget_sign_ins(connection)
            assert await counted() == [0, 0, 0, 0, 0]
