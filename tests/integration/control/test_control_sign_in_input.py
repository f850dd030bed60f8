"""Bad input to everything about signing in: a clear 4xx, never a 500, nothing changed."""

import json
from typing import Any

from tests.support.control import running_control
from tests.support.factors import give_password
from tests.support.postgres import TestDatabase

_ID = "01a1f000-0000-7000-8000-000000000000"
_CREDENTIAL = {"id": "eA", "rawId": "eA", "type": "public-key"}
_USED = {**_CREDENTIAL, "response": {"clientDataJSON": "eyJ9", "authenticatorData": "eA", "signature": "eA"}}
_MADE = {**_CREDENTIAL, "response": {"clientDataJSON": "eyJ9", "attestationObject": "eA"}}
_GOOD: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/api/session"): {"email": "ada@example.com", "password": "a long enough one"},
    ("POST", "/api/session/second-factor"): {"totp": "123456"},
    ("POST", "/api/session/passkey"): _USED,
    ("POST", "/api/session/prove"): {"backup_code": "abcd-efgh"},
    ("POST", "/api/session/account"): {"account_id": _ID},
    ("POST", "/api/security/totp"): {"password": "a long enough one"},
    ("POST", "/api/security/totp/confirm"): {"code": "123456"},
    ("POST", "/api/security/passkeys/options"): {"password": "a long enough one"},
    ("POST", "/api/security/passkeys"): {"credential": _MADE, "name": "phone"},
    ("PUT", f"/api/security/passkeys/{_ID}"): {"name": "phone"},
    ("POST", "/api/password"): {"old": "a long enough one", "new": "another long one"},
    ("POST", "/api/password/set"): {"secret": "x", "new": "another long one"},
    ("PUT", f"/admin/operators/{_ID}"): {"scopes": ["money:read"]},
    ("POST", f"/admin/operators/{_ID}/revoke"): {"reason": "left"},
    ("POST", "/admin/operators"): {"email": "not an address", "scopes": ["money:read"]},
}
_BAD: tuple[Any, ...] = ("a\0b", "x" * 30_000, "\ud800", "", 7, None, [], {"a": 1})


async def test_no_input_breaks_anything(database: TestDatabase) -> None:
    """Every field of every body in turn holds something that it should not; and so does the body as a whole."""
    async with running_control(database) as control:
        owner, staff = await control.member(), await control.operator()
        await give_password(control, owner, "none of those below")
        for (method, path), good in _GOOD.items():
            client = staff.client if path.startswith("/admin") else owner.client
            bodies = [{**good, name: bad} for name in good for bad in _BAD] + [{**good, "more": 1}, *_BAD]
            for body in bodies:
                reply = await client.request(
                    method, path, content=_json(body), headers={"content-type": "application/json"}
                )
                assert 400 <= reply.status_code < 500, (method, path, body, reply.text)
                assert reply.headers["content-type"] == "application/problem+json"
                assert "x" * 100 not in reply.text
            async with control.services.pool.acquire() as connection:
                await connection.execute("DELETE FROM throttle")
        assert (await owner.client.get("/api/security")).json()["passkeys"] == []
        assert len((await staff.client.get("/admin/operators")).json()["data"]) == 1


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()
