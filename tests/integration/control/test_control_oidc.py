"""Sign-in elsewhere (OpenID Connect), with a provider in its own process: who gets in, who is linked, what is a lie."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from tests.support.control import RunningControl, running_control
from tests.support.factors import PASSWORD, clock_of_today, enrol, give_password
from tests.support.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider, running_oidc_provider
from tests.support.postgres import TestDatabase

from farebox.identity.settings import OidcSettings

NAME = "example"
# Where linking begins, and where it ends.
SECURITY = "/dashboard/settings/security"


@pytest.fixture(scope="module")
def running() -> Iterator[OidcProvider]:
    with running_oidc_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: OidcProvider) -> OidcProvider:
    """One that tells the truth until told otherwise."""
    running.set()
    return running


@asynccontextmanager
async def _control(database: TestDatabase, provider: OidcProvider) -> AsyncIterator[RunningControl]:
    settings = (OidcSettings(NAME, provider.issuer, CLIENT_ID, CLIENT_SECRET),)
    async with running_control(database, oidc=settings, clock=clock_of_today()) as control:
        yield control


async def _way_back(browser: httpx.AsyncClient, path: str = f"/api/session/oidc/{NAME}", **body: Any) -> str:
    """Departs and signs in elsewhere; the address that the provider sends the browser back to."""
    departed = await browser.post(path, json=body)
    assert departed.status_code == 200, departed.text
    return str((await browser.get(departed.json()["url"])).headers["location"])


async def _journey(browser: httpx.AsyncClient, path: str = f"/api/session/oidc/{NAME}", **body: Any) -> str:
    """There and back; the page that it ends on."""
    arrived = await browser.get(await _way_back(browser, path, **body))
    assert arrived.status_code == 303, arrived.text
    return str(arrived.headers["location"])


async def test_a_verified_address_signs_in_and_stays_linked(database: TestDatabase, provider: OidcProvider) -> None:
    """Once linked the subject counts: the address elsewhere may change, another subject with it is nobody."""
    async with _control(database, provider) as control:
        owner = await control.member()
        assert (await control.public.get("/api/session/oidc")).json() == {"data": [NAME]}
        provider.set(claims={"email": owner.email.upper(), "email_verified": True})
        assert await _journey(control.public) == "/dashboard"
        assert (await control.public.get("/api/session")).json()["person_id"] == str(owner.person_id)
        assert (await control.public.get("/api/security")).json()["oidc"] == [NAME]
        provider.set(claims={"email": "else@example.com", "email_verified": True})
        async with control.browser() as browser:
            assert await _journey(browser) == "/dashboard"
            assert (await browser.get("/api/session")).json()["person_id"] == str(owner.person_id)
        provider.set(claims={"sub": "subject-2", "email": owner.email, "email_verified": True})
        async with control.browser() as browser:
            assert await _journey(browser) == "/sign-in#error=oidc_linked"
            assert (await browser.get("/api/session")).status_code == 401


async def test_an_unverified_address_links_nobody(database: TestDatabase, provider: OidcProvider) -> None:
    """Neither when the provider has not verified it, nor when we have not, nor for somebody who is suspended."""
    async with _control(database, provider) as control:
        owner, fresh, gone = await control.member(), await control.member(), await control.member()
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE person SET email_verified_at = NULL WHERE id = $1", fresh.person_id)
            await connection.execute("UPDATE person SET status = 'suspended' WHERE id = $1", gone.person_id)
        for claims in (
            {"email": owner.email},
            {"email": owner.email, "email_verified": False},
            {"email": owner.email, "email_verified": "true"},
            {"email_verified": True},
            {"email": fresh.email, "email_verified": True},
            {"email": gone.email, "email_verified": True},
            {"email": "nobody@example.com", "email_verified": True},
        ):
            provider.set(claims=claims)
            assert await _journey(control.public) == "/sign-in#error=oidc_unknown", claims
        assert (await control.public.get("/api/session")).status_code == 401


async def test_lies_of_the_provider_are_not_believed(database: TestDatabase, provider: OidcProvider) -> None:
    """Each claim and the signature, one at a time; the same person gets in when all is right."""
    now = int(time.time())
    async with _control(database, provider) as control:
        owner = await control.member()
        right = {"email": owner.email, "email_verified": True}
        for bent in (
            {"nonce": "another"},
            {"nonce": None},
            {"aud": "another"},
            {"aud": None},
            {"aud": [CLIENT_ID, "another"]},
            {"aud": [CLIENT_ID, "another"], "azp": "another"},
            {"azp": "another"},
            {"iss": "https://evil.example"},
            {"iss": None},
            {"exp": now - 600},
            {"exp": None},
            {"iat": now + 600},
            {"iat": None},
            {"sub": ""},
            {"sub": None},
            {"sub": 7},
            {"sub": "x" * 256},
            {"sub": "a\0b"},
        ):
            provider.set(claims={**right, **bent})
            assert await _journey(control.public) == "/sign-in#error=oidc_refused", bent
        for lie in ("unsigned", "other_key", "shared_secret"):
            provider.set(claims=right, lie=lie)
            assert await _journey(control.public) == "/sign-in#error=oidc_refused", lie
        provider.set(claims=right, lie="wrong_issuer_document")
        departed = await control.public.post(f"/api/session/oidc/{NAME}")
        assert (departed.status_code, departed.json()["code"]) == (503, "oidc_unavailable")
        assert (await control.public.get("/api/session")).status_code == 401
        provider.set(claims={**right, "aud": [CLIENT_ID, "another"], "azp": CLIENT_ID})
        assert await _journey(control.public) == "/dashboard"


async def test_the_way_back_is_of_one_browser_and_good_once(database: TestDatabase, provider: OidcProvider) -> None:
    """Login CSRF: the address of another's way back signs nobody in; nor twice, late, or from another issuer."""
    async with _control(database, provider) as control:
        owner = await control.member()
        provider.set(claims={"email": owner.email, "email_verified": True})
        async with (
            control.browser() as thief,
            control.browser() as victim,
        ):
            back = await _way_back(thief)
            await _way_back(victim)
            for browser in (victim, thief):
                # The attempt of the wrong browser has ended the journey for the right one too.
                arrived = await browser.get(back)
                assert arrived.headers["location"] == "/sign-in#error=oidc_refused"
            back = await _way_back(thief)
            assert (await thief.get(back)).headers["location"] == "/dashboard"
            assert (await thief.get(back)).headers["location"] == "/sign-in#error=oidc_refused"
            back = await _way_back(victim)
            other = back.replace(f"iss={_quoted(provider.issuer)}", "iss=https%3A%2F%2Fevil.example")
            assert other != back
            assert (await victim.get(other)).headers["location"] == "/sign-in#error=oidc_refused"
            back = await _way_back(victim)
            async with control.services.pool.acquire() as connection:
                await connection.execute("UPDATE challenge SET expires_at = now()")
            assert (await victim.get(back)).headers["location"] == "/sign-in#error=oidc_refused"
            for query in ("", "?state=x&code=y", "?error=access_denied&state=" + "A" * 43):
                arrived = await victim.get(f"/api/session/oidc/{NAME}/callback{query}")
                assert arrived.headers["location"] == "/sign-in#error=oidc_refused"
            assert (await victim.get("/api/session")).status_code == 401


async def test_a_second_factor_is_needed_as_after_a_password(database: TestDatabase, provider: OidcProvider) -> None:
    """Whoever takes over the account elsewhere gets half a sign-in."""
    async with _control(database, provider) as control:
        owner = await control.member()
        await give_password(control, owner)
        app, _ = await enrol(control, owner)
        provider.set(claims={"email": owner.email, "email_verified": True})
        assert await _journey(control.public) == "/sign-in#second-factor"
        assert (await control.public.get("/api/session")).status_code == 401
        done = await control.public.post("/api/session/second-factor", json={"totp": app.next_code()})
        assert done.status_code == 201


async def test_linking_needs_the_password_and_the_same_person_on_return(
    database: TestDatabase, provider: OidcProvider
) -> None:
    """Who has signed out, or in as somebody else, links nothing; one account elsewhere is one person's."""
    path = f"/api/security/oidc/{NAME}"
    async with _control(database, provider) as control:
        owner, other = await control.member(), await control.member()
        for person in (owner, other):
            await give_password(control, person)
        refused = await owner.client.post(path, json={})
        assert (refused.status_code, refused.json()["code"]) == (403, "wrong_password")
        back = await _way_back(owner.client, path, password=PASSWORD)
        session = owner.client.cookies["farebox_session"]
        owner.client.cookies.set("farebox_session", other.client.cookies["farebox_session"], domain="127.0.0.1")
        assert (await owner.client.get(back)).headers["location"] == f"{SECURITY}#error=oidc_refused"
        owner.client.cookies.set("farebox_session", session, domain="127.0.0.1")
        assert await _journey(owner.client, path, password=PASSWORD) == SECURITY
        assert await _journey(other.client, path, password=PASSWORD) == f"{SECURITY}#error=oidc_linked"
        assert (await owner.client.get("/api/security")).json()["oidc"] == [NAME]
        assert (await other.client.get("/api/security")).json()["oidc"] == []
        assert await _journey(control.public) == "/dashboard"
        assert (await control.public.get("/api/session")).json()["person_id"] == str(owner.person_id)


async def test_the_last_way_in_is_not_unlinked(database: TestDatabase, provider: OidcProvider) -> None:
    """Without password and passkey the link stays; with a password it goes."""
    async with _control(database, provider) as control:
        owner = await control.member()
        provider.set(claims={"email": owner.email, "email_verified": True})
        assert await _journey(control.public) == "/dashboard"
        refused = await control.public.delete(f"/api/security/oidc/{NAME}")
        assert (refused.status_code, refused.json()["code"]) == (409, "last_way_in")
        set_first = await control.public.post("/api/password", json={"new": PASSWORD})
        assert set_first.status_code == 204, set_first.text
        assert (await control.public.delete(f"/api/security/oidc/{NAME}")).status_code == 204
        assert (await control.public.delete(f"/api/security/oidc/{NAME}")).status_code == 404
        assert await _journey(control.public) == "/dashboard"


async def test_a_provider_that_is_away_is_told_as_such(database: TestDatabase) -> None:
    """No failure of ours, and nothing changed; a name that nobody configured is not found."""
    settings = (OidcSettings(NAME, "http://127.0.0.1:9", CLIENT_ID, CLIENT_SECRET),)
    async with running_control(database, oidc=settings) as control:
        away = await control.public.post(f"/api/session/oidc/{NAME}")
        assert (away.status_code, away.json()["code"]) == (503, "oidc_unavailable")
        assert (await control.public.post("/api/session/oidc/other")).status_code == 404


def _quoted(url: str) -> str:
    return url.replace(":", "%3A").replace("/", "%2F") if urlsplit(url).scheme else url
