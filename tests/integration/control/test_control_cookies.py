"""Cookies and sessions against thieves: flags, fixation, foreign pages on every unsafe route, the list of sessions."""

import asyncio
import re
from typing import Any
from uuid import uuid4

import httpx
from fastapi.openapi.utils import get_openapi
from tests.support.control import running_control
from tests.support.factors import PASSWORD, clock_of_today, enrol, give_password
from tests.support.postgres import TestDatabase

from farebox.control.routers import ROUTERS

_UNSAFE = ("post", "put", "patch", "delete")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


async def test_over_https_cookies_are_bound_to_the_host(database: TestDatabase) -> None:
    """Secure, HttpOnly, SameSite, path / and no domain, under the prefix that makes browsers insist on all that."""
    settings = {"public_url": "https://gateway.example.com", "clock": clock_of_today()}
    async with running_control(database, **settings) as control:
        owner = await control.member()
        await give_password(control, owner)
        credentials = {"email": owner.email, "password": PASSWORD}
        reply = await control.public.post("/api/session", json=credentials)
        session = _cookie(reply, "__Host-farebox_session")
        # The client speaks plain HTTP here, and so would not send it back by itself.
        headers = {"cookie": session.partition(";")[0]}
        begun = await control.public.post("/api/security/totp", json={"password": PASSWORD}, headers=headers)
        assert begun.status_code == 200, begun.text
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE totp SET confirmed_at = now()")
        half = await control.public.post("/api/session", json=credentials)
        assert half.status_code == 202
        for cookie in (session, _cookie(half, "__Host-farebox_sign_in")):
            flags = {part.strip().lower() for part in cookie.split(";")[1:]}
            assert {"httponly", "secure", "path=/", "samesite=lax"} <= flags
            assert not any(flag.startswith("domain") for flag in flags)
        plain = {"cookie": headers["cookie"].removeprefix("__Host-")}
        assert (await control.public.get("/api/session", headers=plain)).status_code == 401


async def test_a_session_from_before_the_sign_in_is_worth_nothing(database: TestDatabase) -> None:
    """Fixation: a cookie that somebody put into the browser is neither taken over nor kept."""
    async with running_control(database) as control:
        owner, thief = await control.member(), await control.member()
        await give_password(control, owner)
        planted = thief.client.cookies["farebox_session"]
        for cookie in (planted, "made-up-by-somebody"):
            headers = {"cookie": f"farebox_session={cookie}"}
            reply = await control.public.post(
                "/api/session", json={"email": owner.email, "password": PASSWORD}, headers=headers
            )
            made = _cookie(reply, "farebox_session")
            assert cookie not in made
        seen = await thief.client.get("/api/session")
        assert seen.json()["person_id"] == str(thief.person_id)


async def test_no_unsafe_route_obeys_a_foreign_page(database: TestDatabase) -> None:
    """Every one of them is called with a member's and an operator's cookie, as another site's page would do it."""
    described = await asyncio.to_thread(_describe)
    async with running_control(database) as control:
        people = (await control.member(), await control.operator())
        walked = 0
        for path, methods in described["paths"].items():
            if not path.startswith(("/api/", "/admin/")):
                continue
            for method in set(_UNSAFE) & set(methods):
                for person in people:
                    reply = await person.client.request(
                        method,
                        re.sub(r"\{\w+\}", str(uuid4()), path),
                        headers={"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
                        json={},
                    )
                    # A member gets no word of operators' pages, whoever asks.
                    refused = (reply.status_code, reply.json().get("code")) == (403, "foreign_origin")
                    assert refused, (method, path, reply.status_code, reply.text)
                walked += 1
        assert walked >= 20
        for person in people:
            assert (await person.client.get("/api/session")).status_code == 200


async def test_sessions_are_listed_and_ended(database: TestDatabase) -> None:
    """With a coarse device and no address; one or all others; another person's session is as if it did not exist."""
    async with running_control(database, clock=clock_of_today()) as control:
        owner, other = await control.member(), await control.member()
        await give_password(control, owner)
        async with control.browser(headers={"user-agent": FIREFOX}) as browser:
            await browser.post("/api/session", json={"email": owner.email, "password": PASSWORD})
            lines = (await browser.get("/api/sessions")).json()["data"]
            (this,) = [line for line in lines if line["is_this"]]
            assert len(lines) == 2
            assert this["device"] == "Firefox on Linux"
            refused = await other.client.delete(f"/api/sessions/{this['id']}")
            assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
            assert (await owner.client.delete(f"/api/sessions/{this['id']}")).status_code == 204
            assert (await browser.get("/api/session")).status_code == 401
            for _ in range(2):
                await browser.post("/api/session", json={"email": owner.email, "password": PASSWORD})
            assert (await browser.post("/api/sessions/end-others")).json() == {"ended": 2}
            assert (await owner.client.get("/api/session")).status_code == 401
            assert (await browser.get("/api/session")).status_code == 200


async def test_a_half_sign_in_ends_with_all_sessions(database: TestDatabase) -> None:
    """Who throws everybody out has thrown out those at the door as well."""
    async with running_control(database, clock=clock_of_today()) as control:
        owner = await control.member()
        await give_password(control, owner)
        app, _ = await enrol(control, owner)
        await control.public.post("/api/session", json={"email": owner.email, "password": PASSWORD})
        assert (await owner.client.post("/api/sessions/end-others")).status_code == 200
        refused = await control.public.post("/api/session/second-factor", json={"totp": app.next_code()})
        assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_expired")


async def test_a_member_looks_at_one_account_at_a_time(database: TestDatabase) -> None:
    """One of their own; of others there is none."""
    async with running_control(database) as control:
        owner, other = await control.member(), await control.member()
        async with control.services.pool.acquire() as connection:
            await connection.execute(
                "INSERT INTO member (account_id, person_id, role) VALUES ($1, $2, 'billing')",
                other.account_id,
                owner.person_id,
            )
        chosen = await owner.client.post("/api/session/account", json={"account_id": str(other.account_id)})
        assert (chosen.json()["account_id"], chosen.json()["role"]) == (str(other.account_id), "billing")
        refused = await other.client.post("/api/session/account", json={"account_id": str(owner.account_id)})
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


def _describe() -> dict[str, Any]:
    # Takes longer than the loop may be kept.
    return get_openapi(title="all", version="1", routes=[route for router in ROUTERS for route in router.routes])


def _cookie(reply: httpx.Response, name: str) -> str:
    found = [value for value in reply.headers.get_list("set-cookie") if value.startswith(f"{name}=")]
    assert found, (reply.status_code, reply.text)
    return found[0]
