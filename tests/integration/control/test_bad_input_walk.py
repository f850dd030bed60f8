"""Bad input over every route: it is refused in words that name what is wrong, and changes nothing.

Beside it: sign-up in tests/integration/identity/test_sign_up.py (unverified, disposable, region, replayed links),
payments in test_payments_decisions.py and test_payments_shop.py (wrong currency, forged signature).
"""

from tests.support.control import running_control
from tests.support.database_text import everything
from tests.support.described import operations, unbounded
from tests.support.postgres import TestDatabase

# Longer than any text that is taken anywhere.
_TOO_LONG = "x" * 250_001


async def test_every_text_number_and_list_has_an_end(database: TestDatabase) -> None:
    """As the document says it, so that nobody has to find out by trying."""
    async with running_control(database) as control:
        document = (await control.public.get("/openapi.json")).json()
        document["paths"] = {path: told for path, told in document["paths"].items() if not path.startswith("/v1")}
        assert list(unbounded(document)) == []


async def test_no_text_is_too_long_to_be_refused(database: TestDatabase) -> None:
    """Every text of every body, far too long, is named in a refusal that does not repeat it."""
    async with running_control(database) as control:
        document = (await control.public.get("/openapi.json")).json()
        owner, staff = await control.member(), await control.operator()
        before = await everything(database)
        for operation in [*operations(document, "/api/"), *operations(document, "/admin/")]:
            if not operation.texts_in_body:
                continue
            client = staff.client if operation.path.startswith("/admin/") else owner.client
            path = operation.path.format(**{name: control.services.ids.new() for name in operation.in_path})
            reply = await client.request(operation.method, path, json=dict.fromkeys(operation.texts_in_body, _TOO_LONG))
            assert reply.status_code == 422, (operation.label, reply.text[:200])
            assert len(reply.text) < 10_000, operation.label
            named = {part for each in reply.json()["errors"] for part in each["at"]}
            assert not set(operation.texts_in_body) - named, operation.label
        assert await everything(database) == before
        assert (await owner.client.get("/api/session")).status_code == 200


async def test_a_session_that_is_over_opens_nothing(database: TestDatabase) -> None:
    """Whether its time has come or it was revoked: it answers like none at all."""
    async with running_control(database) as control:
        for end in ("expires_at = now()", "revoked_at = now()"):
            owner = await control.member()
            assert (await owner.client.get("/api/keys")).status_code == 200
            async with control.services.pool.acquire() as connection:
                await connection.execute(f"UPDATE session SET {end} WHERE person_id = $1", owner.person_id)
            over = await owner.client.post("/api/keys", json={"name": "mine"})
            nobody = await control.public.post("/api/keys", json={"name": "mine"})
            assert (over.status_code, over.json()) == (401, nobody.json())
