"""What operators reach, and nobody else: scopes, tokens, cases and the audit trail."""

from uuid import uuid4

from tests.support.control import RunningControl, running_control
from tests.support.postgres import TestDatabase

from farebox.audit.chain import seal
from farebox.cases.case import open_case
from farebox.identity import admin_token
from farebox.kit.secret_hash import secret_hash


async def _case(control: RunningControl) -> str:
    async with control.services.pool.acquire() as connection:
        return str(await open_case(connection, control.services.ids, "risk", f"key:{uuid4()}", facts={"networks": 12}))


async def test_operator_pages_do_not_exist_for_customers(database: TestDatabase) -> None:
    """A member gets 404, a visitor 401, an operator without the scope 403."""
    async with running_control(database) as control:
        member, other = await control.member(), await control.operator("support:write")
        assert (await control.public.get("/admin/cases")).status_code == 401
        assert (await member.client.get("/admin/cases")).status_code == 404
        refused = await other.client.get("/admin/cases")
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


async def test_a_case_is_decided_once_and_audited(database: TestDatabase) -> None:
    """Reading is not deciding; the decision is a line of the trail, in the same transaction."""
    async with running_control(database) as control:
        reader, staff = await control.operator("risk:read"), await control.operator("risk:write", "audit:read")
        case_id = await _case(control)
        decision = {"decision": "nothing wrong", "note": "known proxy"}
        assert (await reader.client.post(f"/admin/cases/{case_id}/close", json=decision)).status_code == 403
        closed = await staff.client.post(f"/admin/cases/{case_id}/close", json=decision)
        assert (closed.status_code, closed.json()["status"]) == (200, "closed")
        again = await staff.client.post(f"/admin/cases/{case_id}/close", json=decision)
        assert (again.status_code, again.json()["code"]) == (409, "already_closed")
        (line,) = (await staff.client.get("/admin/audit", params={"action": "case.close"})).json()["data"]
        assert (line["target"], line["actor_id"]) == (f"case:{case_id}", str(staff.person_id))
        async with control.services.pool.acquire() as connection:
            await seal(connection)
        assert (await staff.client.get("/admin/audit/chain")).json() == {"ok": True, "problems": []}


async def test_pages_follow_each_other_without_gap_or_repetition(database: TestDatabase) -> None:
    """`next` leads through all of them, newest first; through those that wait, the longest waiting first."""
    async with running_control(database) as control:
        staff = await control.operator("risk:read")
        made = [await _case(control) for _ in range(5)]
        for status, wanted in (("", made[::-1]), ("open", made)):
            seen: list[str] = []
            after: str | None = None
            for _ in range(3):
                query = {"limit": 2} | ({"after": after} if after else {}) | ({"status": status} if status else {})
                page = (await staff.client.get("/admin/cases", params=query)).json()
                seen += [each["id"] for each in page["data"]]
                after = page["next"]
            assert after is None
            assert seen == wanted


async def test_an_admin_token_has_its_scopes_and_an_end(database: TestDatabase) -> None:
    """It needs no cookie; revoked, it is unknown at once."""
    async with running_control(database) as control:
        secret = admin_token.new_secret()
        async with control.services.pool.acquire() as connection:
            token_id = control.services.ids.new()
            await connection.execute(
                "INSERT INTO admin_token (id, name, prefix, hash, scopes) VALUES ($1, 'ci', $2, $3, '{risk:read}')",
                token_id,
                secret[:16],
                secret_hash(secret),
            )
        async with control.browser(headers={"authorization": f"Bearer {secret}"}) as program:
            assert (await program.get("/admin/cases")).status_code == 200
            assert (await program.get("/admin/audit")).json()["code"] == "scope_missing"
            async with control.services.pool.acquire() as connection:
                await connection.execute("UPDATE admin_token SET revoked_at = now() WHERE id = $1", token_id)
            refused = await program.get("/admin/cases")
            assert (refused.status_code, refused.json()["code"]) == (401, "invalid_token")
