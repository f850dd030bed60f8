"""Sessions and access: who gets in, who does not, and that everybody gets problem details."""

from tests.support.control import running_control
from tests.support.postgres import TestDatabase

from farebox.identity.password import hash_password


async def test_a_session_lives_from_sign_in_to_sign_out(database: TestDatabase) -> None:
    """The cookie is for HTTP only and names nobody; after signing out it opens nothing."""
    async with running_control(database) as control:
        owner = await control.member()
        password = "a long enough one"
        async with control.services.pool.acquire() as connection:
            await connection.execute(
                "UPDATE person SET password_hash = $2 WHERE id = $1", owner.person_id, await hash_password(password)
            )
        wrong = await control.public.post("/api/session", json={"email": owner.email, "password": "not this one"})
        nobody = await control.public.post("/api/session", json={"email": "x@example.com", "password": password})
        assert (wrong.status_code, wrong.json()) == (nobody.status_code, nobody.json())
        made = await control.public.post("/api/session", json={"email": owner.email.upper(), "password": password})
        assert made.status_code == 201, made.text
        cookie = made.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        seen = await control.public.get("/api/session")
        assert seen.json()["account_id"] == str(owner.account_id)
        cookies = dict(control.public.cookies)
        assert (await control.public.delete("/api/session")).status_code == 204
        async with control.browser(cookies=cookies) as thief:
            refused = await thief.get("/api/session")
        assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
        assert refused.headers["content-type"] == "application/problem+json"


async def test_a_page_of_another_site_cannot_act_with_our_cookie(database: TestDatabase) -> None:
    """Neither by Origin nor by Sec-Fetch-Site; our own page and programs can."""
    async with running_control(database) as control:
        owner = await control.member()
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
            refused = await owner.client.delete("/api/session", headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")
        own = {"origin": control.base_url, "sec-fetch-site": "same-origin"}
        assert (await owner.client.delete("/api/session", headers=own)).status_code == 204


async def test_an_expired_session_and_a_suspended_person_are_out_at_once(database: TestDatabase) -> None:
    """The row is read with every request."""
    async with running_control(database) as control:
        first, second = await control.member(), await control.member()
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE session SET expires_at = now() WHERE person_id = $1", first.person_id)
            await connection.execute("UPDATE person SET status = 'suspended' WHERE id = $1", second.person_id)
        for member in (first, second):
            assert (await member.client.get("/api/session")).status_code == 401
