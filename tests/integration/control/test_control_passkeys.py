"""Passkeys over HTTP with an authenticator in software: registering, signing in without a name, what is refused."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import httpx
from tests.support.authenticator import Authenticator, to_bytes, to_text
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.factors import PASSWORD, give_password
from tests.support.postgres import TestDatabase


def _authenticator(control: RunningControl, **bent: Any) -> Authenticator:
    return Authenticator(**{"origin": control.base_url, "rp_id": urlsplit(control.base_url).hostname, **bent})


async def _options(person: SignedIn) -> dict[str, Any]:
    reply = await person.client.post("/api/security/passkeys/options", json={"password": PASSWORD})
    assert reply.status_code == 200, reply.text
    return dict(reply.json()["options"])


async def _register(person: SignedIn, authenticator: Authenticator, name: str = "key ring") -> httpx.Response:
    body = {"credential": authenticator.make(await _options(person)), "name": name}
    return await person.client.post("/api/security/passkeys", json=body)


async def _challenge(control: RunningControl) -> dict[str, Any]:
    return dict((await control.public.post("/api/session/passkey/options")).json()["options"])


async def _sign_in(control: RunningControl, answer: dict[str, Any]) -> httpx.Response:
    return await control.public.post("/api/session/passkey", json=answer)


async def test_a_passkey_signs_in_without_name_and_password(database: TestDatabase) -> None:
    """It is two factors in one, so dangerous actions are open; the options name nobody."""
    async with running_control(database) as control:
        owner = await control.member()
        await give_password(control, owner)
        authenticator = _authenticator(control)
        added = await _register(owner, authenticator)
        assert added.status_code == 201, added.text
        assert len(added.json()["backup_codes"]) == 10
        options = await _challenge(control)
        assert options.get("allowCredentials", []) == []
        assert options["userVerification"] == "required"
        reply = await _sign_in(control, authenticator.sign(options))
        assert reply.status_code == 201, reply.text
        assert (reply.json()["person_id"], reply.json()["has_second_factor"]) == (str(owner.person_id), True)
        assert reply.json()["proved_until"] is not None
        # With a passkey enrolled a password is half a sign-in; the passkey is the other half.
        half = await control.public.post("/api/session", json={"email": owner.email, "password": PASSWORD})
        assert (half.status_code, half.json()["methods"]) == (202, ["passkey", "backup_code"])
        shown = {"passkey": authenticator.sign(await _challenge(control))}
        assert (await control.public.post("/api/session/second-factor", json=shown)).status_code == 201
        shown = {"passkey": authenticator.sign(await _challenge(control))}
        assert (await control.public.post("/api/session/prove", json=shown)).status_code == 200


async def test_an_answer_is_good_once(database: TestDatabase) -> None:
    """Of one answer sent several times, even at once, one gets in; a made-up challenge gets nowhere."""
    async with running_control(database) as control:
        owner = await control.member()
        await give_password(control, owner)
        authenticator = _authenticator(control)
        await _register(owner, authenticator)
        answer = authenticator.sign(await _challenge(control))
        replies = await asyncio.gather(*(_sign_in(control, answer) for _ in range(4)))
        assert sorted(reply.status_code for reply in replies) == [201, 401, 401, 401]
        made_up = await _sign_in(control, authenticator.sign({"challenge": to_text(b"x" * 32)}))
        assert (made_up.status_code, made_up.json()["code"]) == (401, "passkey_refused")
        options = await _challenge(control)
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE challenge SET expires_at = now()")
        assert (await _sign_in(control, authenticator.sign(options))).status_code == 401


async def test_what_is_bent_is_refused(database: TestDatabase) -> None:
    """Another origin, another site, no user verified, another key, another's handle, bytes changed on the way."""
    async with running_control(database) as control:
        owner, other = await control.member(), await control.member()
        await give_password(control, owner)
        good = _authenticator(control)
        await _register(owner, good)
        known = {"key": good.key, "credential_id": good.credential_id, "user_handle": good.user_handle}
        for bent in (
            {"origin": "https://evil.example"},
            {"rp_id": "evil.example"},
            {"verifies_user": False},
            {"key": _authenticator(control).key},
            {"user_handle": other.person_id.bytes},
            {"credential_id": b"y" * 32},
        ):
            answer = _authenticator(control, **{**known, **bent}).sign(await _challenge(control))
            refused = await _sign_in(control, answer)
            assert (refused.status_code, refused.json()["code"]) == (401, "passkey_refused"), bent
        for field in ("authenticatorData", "signature", "clientDataJSON"):
            answer = good.sign(await _challenge(control))
            raw = bytearray(to_bytes(answer["response"][field]))
            raw[-1] ^= 1
            for changed in (bytes(raw), bytes(raw[:10]), b"\x00"):
                answer["response"][field] = to_text(changed)
                assert (await _sign_in(control, answer)).status_code == 401, (field, changed)
        for body in ({}, {"id": "x"}, {**answer, "rawId": "\u0000"}, {**answer, "type": "password"}):
            assert (await _sign_in(control, body)).status_code == 422
        assert (await _sign_in(control, good.sign(await _challenge(control)))).status_code == 201


async def test_a_copied_authenticator_is_noticed(database: TestDatabase) -> None:
    """Its counter does not rise; those without a counter stay at zero and are fine."""
    async with running_control(database) as control:
        owner = await control.member()
        await give_password(control, owner)
        authenticator = _authenticator(control, sign_count=5)
        await _register(owner, authenticator)
        copy = _authenticator(
            control,
            key=authenticator.key,
            credential_id=authenticator.credential_id,
            user_handle=authenticator.user_handle,
            sign_count=5,
        )
        for _ in range(3):
            assert (await _sign_in(control, authenticator.sign(await _challenge(control)))).status_code == 201
        assert (await _sign_in(control, copy.sign(await _challenge(control)))).status_code == 401


async def test_a_registration_is_for_who_asked_for_it(database: TestDatabase) -> None:
    """Not with another's challenge, not for another site, not without the user verified, not twice."""
    async with running_control(database) as control:
        owner, other = await control.member(), await control.member()
        for person in (owner, other):
            await give_password(control, person)
        options = await _options(owner)
        body = {"credential": _authenticator(control).make(options), "name": "x"}
        stolen = await other.client.post("/api/security/passkeys", json=body)
        assert (stolen.status_code, stolen.json()["code"]) == (401, "passkey_refused")
        # It is used up: also for who was asked.
        assert (await owner.client.post("/api/security/passkeys", json=body)).status_code == 401
        for bent in ({"origin": "https://evil.example"}, {"rp_id": "evil.example"}, {"verifies_user": False}):
            refused = await _register(owner, _authenticator(control, **bent))
            assert (refused.status_code, refused.json()["code"]) == (401, "passkey_refused"), bent
        authenticator = _authenticator(control)
        assert (await _register(owner, authenticator)).status_code == 201
        twice = await _register(other, authenticator)
        assert (twice.status_code, twice.json()["code"]) == (409, "passkey_known")
        known = [each["id"] for each in (await _options(owner))["excludeCredentials"]]
        assert known == [to_text(authenticator.credential_id)]


async def test_passkeys_are_named_and_removed_but_not_the_last_way_in(database: TestDatabase) -> None:
    """Another person's passkey is as if it did not exist."""
    async with running_control(database) as control:
        owner, other = await control.member(), await control.member()
        for person in (owner, other):
            await give_password(control, person)
        first = (await _register(owner, _authenticator(control), "phone")).json()["passkey"]["id"]
        second = await _register(owner, _authenticator(control), "laptop")
        assert (second.status_code, second.json()["backup_codes"]) == (201, [])
        await _register(other, _authenticator(control))
        for method, body in (("PUT", {"name": "mine"}), ("DELETE", None)):
            refused = await other.client.request(method, f"/api/security/passkeys/{first}", json=body)
            assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
        renamed = await owner.client.put(f"/api/security/passkeys/{first}", json={"name": "old phone"})
        assert renamed.json()["name"] == "old phone"
        assert (await owner.client.delete(f"/api/security/passkeys/{first}")).status_code == 204
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE person SET password_hash = NULL WHERE id = $1", owner.person_id)
        last = (await owner.client.get("/api/security")).json()["passkeys"][0]["id"]
        refused = await owner.client.delete(f"/api/security/passkeys/{last}")
        assert (refused.status_code, refused.json()["code"]) == (409, "last_way_in")
        assert len((await owner.client.get("/api/security")).json()["passkeys"]) == 1
