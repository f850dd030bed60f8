"""A person's data: taken along, erased; and what operators do to people."""

from typing import Any

from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.postgres import TestDatabase
from tests.support.signing_up import PASSWORD, execute, rows, rules, sign_up

from farebox.identity.password import hash_password


async def signed_in(control: RunningControl, email: str) -> None:
    made = await control.public.post("/api/session", json={"email": email, "password": PASSWORD})
    assert made.status_code == 201, made.text


async def contents(control: RunningControl) -> str:
    """All that stands in any table, but for what is append-only and holds digests."""
    tables = await rows(
        control,
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
        " AND relnamespace = 'public'::regnamespace",
    )
    told: list[Any] = []
    for table in tables:
        told += await rows(control, f"SELECT to_jsonb(each)::text FROM {table['relname']} AS each")
    return str(told)


async def test_an_export_holds_everything_but_secrets(database: TestDatabase) -> None:
    """Of oneself alone: who one is, said, accepted, did, and from where."""
    async with running_control(database, rules(least_age=18)) as control:
        control.public.headers["x-forwarded-for"] = "8.8.8.8"
        email = await sign_up(control, display_name="Ada", statements={"of_age": True})
        await sign_up(control, "other@example.com", statements={"of_age": True})
        await signed_in(control, email)
        got = await control.public.get("/api/person/export")
        assert got.status_code == 200, got.text
        data = got.json()["data"]
        assert (data["person"]["email"], data["person"]["display_name"]) == (email, "Ada")
        assert [said["kind"] for said in data["statements"]] == ["of_age"]
        assert {trace["kind"] for trace in data["traces"]} == {"sign_up", "sign_in"}
        assert {trace["address"] for trace in data["traces"]} == {"8.8.8.8"}
        assert {deed["action"] for deed in data["actions"]} == {"person.sign_up", "person.confirm_email"}
        assert len(data["sessions"]) == 1
        assert "other@example.com" not in got.text
        assert "hash" not in got.text


async def test_erased_nothing_is_left_but_an_id(database: TestDatabase) -> None:
    """No address, name or trace in any table; money records stay, and the address can sign up anew."""
    async with running_control(database, rules(credit="1")) as control:
        control.public.headers["x-forwarded-for"] = "198.51.100.77"
        email = await sign_up(control, "unique-lovelace@example.com", display_name="Lovelace")
        await signed_in(control, email)
        owner = await control.member("owner", account_id=None)
        account_id = (await control.public.get("/api/session")).json()["account_id"]
        for body in ({}, {"password": "not this one"}):
            refused = await control.public.post("/api/person/erase", json=body)
            assert (refused.status_code, refused.json()["code"]) == (403, "not_proven")
        refused = await control.public.post("/api/person/erase", json={"password": PASSWORD})
        assert (refused.status_code, refused.json()["code"]) == (409, "last_owner")
        await execute(control, "UPDATE account SET status = 'closed' WHERE id = $1::text::uuid", account_id)
        await execute(
            control,
            "INSERT INTO support_request (id, person_id, email, subject, due_at)"
            " SELECT id, id, email, 'Ms Lovelace asks', now() FROM person WHERE email = $1",
            email,
        )
        await execute(
            control,
            "INSERT INTO support_message (id, request_id, author, words)"
            " SELECT id, id, 'customer', 'Yours, A. Lovelace' FROM support_request",
        )
        told = (await control.public.get("/api/person/export")).json()["data"]["support_requests"]
        assert told[0]["messages"][0]["words"] == "Yours, A. Lovelace"
        erased = await control.public.post("/api/person/erase", json={"password": PASSWORD})
        assert (erased.status_code, erased.json()) == (200, {"status": "erased"})
        assert (await control.public.get("/api/session")).status_code == 401
        left = (await contents(control)).lower()
        for word in ("lovelace", "198.51.100.77"):
            assert word not in left
        (kept,) = await rows(control, "SELECT balance_nano FROM account WHERE id = $1::text::uuid", account_id)
        assert kept["balance_nano"] == 1_000_000_000
        assert (await owner.client.get("/api/session")).status_code == 200
        control.public.cookies.clear()
        await sign_up(control, email)


async def test_a_second_factor_just_shown_is_proof_enough(database: TestDatabase) -> None:
    """For who has no password; guesses at one are throttled."""
    async with running_control(database, rules()) as control:
        owner = await control.member()
        guest = await control.member("developer", account_id=owner.account_id)
        await execute(
            control,
            "UPDATE person SET password_hash = $2 WHERE id = $1",
            guest.person_id,
            await hash_password(PASSWORD),
        )
        for _ in range(6):
            assert (await guest.client.post("/api/person/erase", json={"password": "wrong"})).status_code == 403
        await control.lengthen_waits()
        assert (await guest.client.post("/api/person/erase", json={"password": "wrong"})).status_code == 429
        await execute(control, "UPDATE session SET proved_at = now() WHERE person_id = $1", guest.person_id)
        assert (await guest.client.post("/api/person/erase", json={})).status_code == 200
        assert len((await owner.client.get("/api/members")).json()["data"]) == 1


async def test_name_and_language_are_ones_own(database: TestDatabase) -> None:
    """Changed at once; languages that nobody writes in are refused."""
    async with running_control(database, rules()) as control:
        owner = await control.member()
        changed = await owner.client.put("/api/person", json={"display_name": "Ada", "language": "zh-TW"})
        assert (changed.status_code, changed.json()["language"]) == (200, "zh-TW")
        assert (await owner.client.get("/api/session")).json()["display_name"] == "Ada"
        assert (await owner.client.put("/api/person", json={"language": "fr"})).status_code == 422


async def test_an_operator_suspends_restores_and_erases(database: TestDatabase) -> None:
    """At once, with reasons in the trail; operators themselves are out of reach, and dangerous steps want a factor."""
    async with running_control(database, rules()) as control:
        owner = await control.member()
        guest = await control.member("developer", account_id=owner.account_id)
        staff = await control.operator("accounts:write", "audit:read")
        stale = await control.operator("accounts:write", proved=False)
        reason = {"reason": "asked for by mail"}
        found = (await staff.client.get("/admin/people", params={"email": guest.email.upper()})).json()["data"]
        assert [each["id"] for each in found] == [str(guest.person_id)]
        there = (await staff.client.get("/admin/people", params={"account_id": str(owner.account_id)})).json()["data"]
        assert len(there) == 2
        url = f"/admin/people/{guest.person_id}"
        assert (await staff.client.post(f"{url}/suspend", json={"reason": ""})).status_code == 422
        assert (await staff.client.post(f"{url}/suspend", json=reason)).json()["status"] == "suspended"
        assert (await guest.client.get("/api/session")).status_code == 401
        assert (await staff.client.post(f"{url}/suspend", json=reason)).status_code == 409
        assert (await staff.client.post(f"{url}/restore", json=reason)).json()["status"] == "active"
        refused = await stale.client.post(f"{url}/erase", json=reason)
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
        exported = await staff.client.post(f"{url}/export", json=reason)
        assert exported.json()["data"]["person"]["email"] == guest.email
        assert (await staff.client.post(f"{url}/erase", json=reason)).status_code == 200
        for target, path in ((stale.person_id, "suspend"), (stale.person_id, "erase"), (owner.person_id, "erase")):
            no = await staff.client.post(f"/admin/people/{target}/{path}", json=reason)
            assert (no.status_code, no.json()["code"]) in ((409, "is_operator"), (409, "last_owner"))
        actions = [row["action"] for row in await rows(control, "SELECT action FROM audit ORDER BY at")]
        assert actions == ["person.suspend", "person.restore", "person.export", "person.erase"]


async def test_people_are_no_business_of_customers(database: TestDatabase) -> None:
    """Operator pages do not exist for members; an unknown id is 404 for operators."""
    async with running_control(database, rules()) as control:
        member: SignedIn = await control.member()
        staff = await control.operator("accounts:write")
        for path in ("/admin/people", "/admin/approvals", "/admin/invitations"):
            assert (await member.client.get(path)).status_code == 404
            assert (await control.public.get(path)).status_code == 401
        nobody = "00000000-0000-7000-8000-000000000000"
        reason = {"reason": "x"}
        assert (await staff.client.get(f"/admin/people/{nobody}")).status_code == 404
        for path in (f"/admin/people/{nobody}/suspend", f"/admin/people/{nobody}/erase"):
            assert (await staff.client.post(path, json=reason)).status_code == 404
        assert (await staff.client.post(f"/admin/approvals/{nobody}/approve", json={})).status_code == 404
