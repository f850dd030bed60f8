"""Operators and admin tokens over HTTP: nobody gives what they lack, the last with all scopes stays, all is audited."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests.support.control import RunningControl, running_control
from tests.support.postgres import TestDatabase


async def test_an_operator_gives_only_what_they_have(database: TestDatabase) -> None:
    """Neither to others nor to themselves; nor do they take what is above them."""
    async with running_control(database) as control:
        chief, staff, other = (
            await control.operator(),
            await control.operator("operators:write", "money:read"),
            await control.member(),
        )
        for scopes in (["money:write"], ["*"], ["money:read", "stop:write"]):
            refused = await staff.client.post("/admin/operators", json={"email": other.email, "scopes": scopes})
            assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
            lifted = await staff.client.put(f"/admin/operators/{staff.person_id}", json={"scopes": scopes})
            assert (lifted.status_code, lifted.json()["code"]) == (403, "scope_missing")
            token = await staff.client.post("/admin/tokens", json={"name": "ci", "scopes": scopes})
            assert (token.status_code, token.json()["code"]) == (403, "scope_missing")
        for method, path, body in (
            ("POST", f"/admin/operators/{chief.person_id}/revoke", {}),
            ("PUT", f"/admin/operators/{chief.person_id}", {"scopes": ["money:read"]}),
        ):
            refused = await staff.client.request(method, path, json=body)
            assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
        unknown = await staff.client.post("/admin/operators", json={"email": other.email, "scopes": ["all:write"]})
        assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_scope")
        added = await staff.client.post("/admin/operators", json={"email": other.email, "scopes": ["money:read"]})
        assert (added.status_code, added.json()["scopes"]) == (201, ["money:read"])
        # An operator's next sign-in is a new one.
        assert (await other.client.get("/api/session")).status_code == 401
        twice = await staff.client.post("/admin/operators", json={"email": other.email, "scopes": ["money:read"]})
        assert (twice.status_code, twice.json()["code"]) == (409, "already_operator")


async def test_one_operator_with_all_scopes_stays(database: TestDatabase) -> None:
    """Two who revoke each other at once do not both succeed, nor can the last narrow their own scopes."""
    async with running_control(database) as control:
        first, second = await control.operator(), await control.operator()
        replies = await asyncio.gather(
            first.client.post(f"/admin/operators/{second.person_id}/revoke", json={}),
            second.client.post(f"/admin/operators/{first.person_id}/revoke", json={}),
        )
        assert [reply.status_code for reply in replies].count(204) == 1, [reply.text for reply in replies]
        last = first if replies[0].status_code == 204 else second
        for method, path, body in (
            ("POST", f"/admin/operators/{last.person_id}/revoke", {}),
            ("PUT", f"/admin/operators/{last.person_id}", {"scopes": ["operators:write"]}),
        ):
            refused = await last.client.request(method, path, json=body)
            assert (refused.status_code, refused.json()["code"]) == (409, "last_operator")
        (left,) = (await last.client.get("/admin/operators")).json()["data"]
        assert (left["person_id"], left["scopes"]) == (str(last.person_id), ["*"])


async def test_revoked_is_out_at_once_with_all_tokens(database: TestDatabase) -> None:
    """Narrowed scopes end the tokens that reach beyond them, and no others."""
    async with running_control(database) as control:
        chief, staff = await control.operator(), await control.operator("operators:write", "risk:write", "audit:read")
        secrets = {}
        for scope in ("risk:read", "audit:read"):
            made = await staff.client.post("/admin/tokens", json={"name": scope, "scopes": [scope]})
            secrets[scope] = made.json()["secret"]
        narrower = {"scopes": ["operators:write", "audit:read"], "reason": "moved"}
        assert (await chief.client.put(f"/admin/operators/{staff.person_id}", json=narrower)).status_code == 200
        assert (await staff.client.get("/admin/operators")).status_code == 401
        assert await _status(control, secrets["risk:read"], "/admin/cases") == 401
        assert await _status(control, secrets["audit:read"], "/admin/audit") == 200
        path = f"/admin/operators/{staff.person_id}/revoke"
        assert (await chief.client.post(path, json={"reason": "left"})).status_code == 204
        assert await _status(control, secrets["audit:read"], "/admin/audit") == 401
        lines = (await chief.client.get("/admin/audit")).json()["data"]
        assert [line["action"] for line in lines[:2]] == ["operator.revoke", "operator.change"]
        assert (lines[0]["reason"], lines[0]["actor_id"]) == ("left", str(chief.person_id))
        assert (await chief.client.post(path, json={})).status_code == 404


async def test_a_stranger_is_invited_and_sets_a_password(database: TestDatabase) -> None:
    """The link proves the mailbox; somebody who signed up without proving it is not made an operator."""
    async with running_control(database) as control:
        chief, member = await control.operator(), await control.member()
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE person SET email_verified_at = NULL WHERE id = $1", member.person_id)
        refused = await chief.client.post("/admin/operators", json={"email": member.email, "scopes": ["money:read"]})
        assert (refused.status_code, refused.json()["code"]) == (409, "email_not_verified")
        email = f"{uuid4().hex}@example.com"
        added = await chief.client.post("/admin/operators", json={"email": email, "scopes": ["money:read"]})
        assert added.status_code == 201, added.text
        async with control.services.pool.acquire() as connection:
            facts = await connection.fetchval("SELECT facts FROM mail WHERE kind = 'operator_invited'")
        body = {"secret": facts["link"].partition("#")[2], "new": "a long enough one"}
        assert (await control.public.post("/api/password/set", json=body)).status_code == 204
        signed_in = await control.public.post("/api/session", json={"email": email, "password": "a long enough one"})
        assert (signed_in.status_code, signed_in.json()["scopes"]) == (201, ["money:read"])
        assert signed_in.json()["email_verified"]


async def test_a_token_ends_and_cannot_make_others(database: TestDatabase) -> None:
    """Its secret is shown once; it lasts 90 days unless told, a year at most; programs give no scopes on."""
    async with running_control(database) as control:
        chief = await control.operator()
        made = (await chief.client.post("/admin/tokens", json={"name": "ci", "scopes": ["*"]})).json()
        end = datetime.fromisoformat(made["token"]["expires_at"])
        assert timedelta(days=89) < end - datetime.now(UTC) <= timedelta(days=90)
        for expires_at in ("2020-01-01T00:00:00Z", "2199-01-01T00:00:00Z"):
            body = {"name": "x", "scopes": ["*"], "expires_at": expires_at}
            refused = await chief.client.post("/admin/tokens", json=body)
            assert (refused.status_code, refused.json()["code"]) == (422, "bad_expiry")
        headers = {"authorization": f"Bearer {made['secret']}"}
        async with control.browser(headers=headers) as program:
            listed = await program.get("/admin/tokens")
            assert made["secret"] not in listed.text
            assert [each["name"] for each in listed.json()["data"]] == ["ci"]
            for path, body in (
                ("/admin/tokens", {"name": "y", "scopes": ["money:read"]}),
                ("/admin/operators", {"email": "x@example.com", "scopes": ["money:read"]}),
            ):
                refused = await program.post(path, json=body)
                assert (refused.status_code, refused.json()["code"]) == (403, "people_only")
        path = f"/admin/tokens/{made['token']['id']}/revoke"
        assert (await chief.client.post(path)).json()["revoked_at"] is not None
        assert await _status(control, made["secret"], "/admin/tokens") == 401


async def test_an_operators_session_is_short(database: TestDatabase) -> None:
    """Half a day, two hours without use; a customer's lasts two weeks, one without use."""
    async with running_control(database) as control:
        staff, member = await control.operator(), await control.member()
        for who, longest, idle in (
            (staff, timedelta(hours=12), timedelta(hours=2)),
            (member, timedelta(days=14), timedelta(days=7)),
        ):
            (line,) = (await who.client.get("/api/sessions")).json()["data"]
            lasts = datetime.fromisoformat(line["expires_at"]) - datetime.fromisoformat(line["signed_in_at"])
            assert lasts == longest
            async with control.services.pool.acquire() as connection:
                for unused, status in ((idle - timedelta(minutes=1), 200), (idle, 401)):
                    await connection.execute(
                        "UPDATE session SET seen_at = now() - $2::interval WHERE person_id = $1", who.person_id, unused
                    )
                    assert (await who.client.get("/api/session")).status_code == status


async def _status(control: RunningControl, secret: str, path: str) -> int:
    headers = {"authorization": f"Bearer {secret}"}
    async with control.browser(headers=headers) as program:
        return (await program.get(path)).status_code
