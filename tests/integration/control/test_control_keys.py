"""API keys over the control API: secrets shown once, limits that survive rotation, strangers who see nothing."""

from uuid import uuid4

from tests.support.control import running_control
from tests.support.postgres import TestDatabase

from farebox.accounts.api_key import api_key_hash
from farebox.aftersale.support import MOST_OPEN
from farebox.domain.policies.conduct import SupportPolicy
from farebox.domain.policy import Policy


async def test_a_secret_is_shown_once_and_stored_as_a_hash(database: TestDatabase) -> None:
    """The list shows the first characters, when it was used and what it spent."""
    async with running_control(database) as control:
        owner = await control.member()
        made = await owner.client.post("/api/keys", json={"name": "ci", "limits": {"daily_spend": "2.5"}})
        assert made.status_code == 201, made.text
        secret = made.json()["secret"]
        (listed,) = (await owner.client.get("/api/keys")).json()["data"]
        assert secret.startswith(listed["prefix"])
        assert secret not in (await owner.client.get("/api/keys")).text
        assert listed["limits"]["daily_spend"] == "2.5"
        assert (listed["last_used_at"], listed["spent"]) == (None, "0")
        async with control.services.pool.acquire() as connection:
            assert await connection.fetchval("SELECT hash FROM api_key") == api_key_hash(secret)


async def test_rotating_is_no_way_around_a_limit(database: TestDatabase) -> None:
    """The new key has the old one's terms and counters; the old one is revoked in the same transaction."""
    async with running_control(database) as control:
        owner = await control.member()
        made = (await owner.client.post("/api/keys", json={"limits": {"total_spend": "3"}})).json()
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE api_key SET total_nano = 2000000000, last_us = 1, open_jobs = 2")
        rotated = await owner.client.post(f"/api/keys/{made['key']['id']}/rotate")
        assert rotated.status_code == 201, rotated.text
        assert rotated.json()["secret"] != made["secret"]
        assert (rotated.json()["key"]["spent"], rotated.json()["key"]["limits"]["total_spend"]) == ("2", "3")
        async with control.services.pool.acquire() as connection:
            rows = await connection.fetch("SELECT status, open_jobs FROM api_key ORDER BY id")
        assert [tuple(row) for row in rows] == [("revoked", 2), ("active", 0)]
        again = await owner.client.post(f"/api/keys/{made['key']['id']}/rotate")
        assert (again.status_code, again.json()["code"]) == (409, "key_revoked")


async def test_a_reported_leak_revokes_the_key_and_opens_a_review(database: TestDatabase) -> None:
    """All of it at once: key off, case open, owner told, a support request, a line in the trail; once per report."""
    async with running_control(database) as control:
        owner = await control.member()
        key_id = (await owner.client.post("/api/keys", json={"name": "shop"})).json()["key"]["id"]
        reported = await owner.client.post(f"/api/keys/{key_id}/report-leak", json={"description": "on a paste site"})
        assert (reported.status_code, reported.json()["status"]) == (200, "revoked")
        (request,) = (await owner.client.get("/api/support")).json()["data"]
        assert f"{reported.json()['prefix']}" in request["subject"]
        async with control.services.pool.acquire() as connection:
            assert await connection.fetchval("SELECT kind || ' ' || subject FROM review_case") == f"risk key:{key_id}"
            assert await connection.fetchval("SELECT kind FROM mail") == "key_leaked"
            actions = await connection.fetch("SELECT action FROM audit ORDER BY at")
        assert [row["action"] for row in actions] == ["key.create", "support.ask", "key.report_leak"]
        await owner.client.post(f"/api/keys/{key_id}/report-leak", json={})
        assert len((await owner.client.get("/api/support")).json()["data"]) == 1


async def test_a_reported_leak_revokes_the_key_whatever_else_is_open(database: TestDatabase) -> None:
    """Too many open requests, or a policy that wants none, leave the review."""
    quiet = Policy(support=SupportPolicy(request_on_key_report=False))
    for policy, asked in ((Policy(), MOST_OPEN), (quiet, 0)):
        async with running_control(database, policy) as control:
            owner = await control.member()
            for _ in range(asked):
                await owner.client.post("/api/support", json={"subject": "s", "message": "m"})
            key_id = (await owner.client.post("/api/keys", json={})).json()["key"]["id"]
            reported = await owner.client.post(f"/api/keys/{key_id}/report-leak", json={})
            assert (reported.status_code, reported.json()["status"]) == (200, "revoked")
            found = (await owner.client.get("/api/support", params={"limit": 200})).json()["data"]
            assert len(found) == asked
            async with control.services.pool.acquire() as connection:
                subjects = await connection.fetch("SELECT subject FROM review_case")
            assert f"key:{key_id}" in {row["subject"] for row in subjects}


async def test_somebody_elses_key_is_as_good_as_missing(database: TestDatabase) -> None:
    """Every route with the id answers what it answers for an id that nobody has, and changes nothing."""
    async with running_control(database) as control:
        owner, stranger = await control.member(), await control.member()
        key_id = (await owner.client.post("/api/keys", json={})).json()["key"]["id"]
        for method, path in (
            ("GET", ""),
            ("PUT", ""),
            ("POST", "/rotate"),
            ("POST", "/revoke"),
            ("POST", "/report-leak"),
        ):
            theirs = await stranger.client.request(method, f"/api/keys/{key_id}{path}", json={})
            nobodys = await stranger.client.request(method, f"/api/keys/{uuid4()}{path}", json={})
            assert (theirs.status_code, theirs.json()) == (nobodys.status_code, nobodys.json()), path
            assert theirs.status_code == 404
        assert (await owner.client.get(f"/api/keys/{key_id}")).json()["status"] == "active"


async def test_bad_input_is_named_and_changes_nothing(database: TestDatabase) -> None:
    """Unknown models and fields, networks that are none, moments that are past; and roles that may only look."""
    async with running_control(database) as control:
        owner = await control.member()
        billing = await control.member("billing", account_id=owner.account_id)
        for body in (
            {"models": ["no-such-model"]},
            {"networks": ["10.0.0.0/99"]},
            {"expires_at": "2020-01-01T00:00:00Z"},
            {"expires_at": "2030-01-01T00:00:00"},
            {"limits": {"daily_spend": "-1"}},
            {"limits": {"requests_per_minute": 0}},
            {"name": "x" * 201},
            {"name": "a\u0000b"},
            {"spend": "1"},
        ):
            refused = await owner.client.post("/api/keys", json=body)
            assert refused.status_code == 422, (body, refused.text)
            assert refused.headers["content-type"] == "application/problem+json"
        assert (await billing.client.post("/api/keys", json={})).json()["code"] == "role_not_allowed"
        assert (await owner.client.get("/api/keys")).json() == {"data": [], "next": None}
