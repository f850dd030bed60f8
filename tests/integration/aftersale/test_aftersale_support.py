"""Support requests over the control API: threads, mails, due times, and strangers who see nothing."""

from uuid import uuid4

from tests.support.aftersale import value
from tests.support.control import running_control
from tests.support.postgres import TestDatabase

from farebox.domain.calendar import due_after
from farebox.domain.policies.conduct import CalendarPolicy

ASKED = {
    "subject": "No credit",
    "message": "I paid on Monday.\n<b>Help</b>",
    "payment_method": "bank transfer",
    "payment_reference": "FB-1",
    "amount": "20 USD",
}


async def test_a_thread_goes_back_and_forth(database: TestDatabase) -> None:
    """Asked, answered by mail and in the console, written again, closed: the state and the due time follow."""
    async with running_control(database) as control:
        member = await control.member("developer")
        staff = await control.operator("support:write")
        asked = await member.client.post("/api/support", json=ASKED)
        assert asked.status_code == 201, asked.text
        request = asked.json()
        assert (request["state"], request["email"], request["amount"]) == ("open", member.email, "20 USD")
        created_at = await value(control, "SELECT created_at FROM support_request")
        due_at = await value(control, "SELECT due_at FROM support_request")
        assert abs((due_at - due_after(created_at, 2, CalendarPolicy())).total_seconds()) < 5

        (queued,) = (await staff.client.get("/admin/support", params={"state": "open"})).json()["data"]
        assert (queued["id"], queued["is_overdue"]) == (request["id"], False)
        answered = await staff.client.post(f"/admin/support/{request['id']}/reply", json={"message": "Found it."})
        assert (answered.status_code, answered.json()["state"]) == (201, "answered"), answered.text
        assert await value(control, "SELECT person_id FROM mail WHERE kind = 'support_reply'") == member.person_id
        facts = await value(control, "SELECT facts FROM mail WHERE kind = 'support_reply'")
        assert (facts["text"], facts["subject"]) == ("Found it.", "No credit")

        again = await member.client.post(f"/api/support/{request['id']}/messages", json={"message": "Thank you!"})
        assert (again.status_code, again.json()["state"]) == (201, "open")
        assert [each["author"] for each in again.json()["messages"]] == ["customer", "operator", "customer"]
        assert again.json()["messages"][0]["message"] == ASKED["message"]
        closed = await member.client.post(f"/api/support/{request['id']}/close")
        assert (closed.status_code, closed.json()["state"]) == (200, "closed")
        assert (await staff.client.post(f"/admin/support/{request['id']}/close")).json()["state"] == "closed"
        assert await value(control, "SELECT count(*) FROM audit WHERE action = 'support.close'") == 1


async def test_a_mail_is_filed_and_answered_by_mail(database: TestDatabase) -> None:
    """Who wrote by mail without being known is answered at that address, in the language the operator named."""
    async with running_control(database) as control:
        staff = await control.operator("support:write")
        member = await control.member()
        filed = await staff.client.post(
            "/admin/support", json={**ASKED, "email": "nobody@example.org", "language": "ja"}
        )
        assert (filed.status_code, filed.json()["account_id"]) == (201, None), filed.text
        key = {"idempotency-key": "answer-1"}
        for _ in range(2):
            replied = await staff.client.post(
                f"/admin/support/{filed.json()['id']}/reply", json={"message": "Hello", "close": True}, headers=key
            )
            assert replied.json()["state"] == "closed"
        assert await value(control, "SELECT count(*) FROM mail") == 1
        assert await value(control, "SELECT address || language FROM mail") == "nobody@example.orgja"
        known = await staff.client.post("/admin/support", json={**ASKED, "email": member.email.upper()})
        assert known.json()["account_id"] == str(member.account_id)
        (seen,) = (await member.client.get("/api/support")).json()["data"]
        assert seen["id"] == known.json()["id"]


async def test_requests_of_others_are_as_good_as_missing(database: TestDatabase) -> None:
    """Every route with the id of another account's request answers as for an id that nobody has."""
    async with running_control(database) as control:
        owner, stranger = await control.member(), await control.member()
        theirs = (await owner.client.post("/api/support", json=ASKED)).json()["id"]
        for method, path, body in (
            ("GET", "", None),
            ("POST", "/messages", {"message": "hello"}),
            ("POST", "/close", None),
        ):
            found = await stranger.client.request(method, f"/api/support/{theirs}{path}", json=body)
            missing = await stranger.client.request(method, f"/api/support/{uuid4()}{path}", json=body)
            assert (found.status_code, found.json()) == (404, missing.json())
        assert (await stranger.client.get("/api/support")).json()["data"] == []
        assert await value(control, "SELECT state FROM support_request") == "open"
        assert (await owner.client.get("/admin/support")).status_code == 404


async def test_a_flood_is_refused(database: TestDatabase) -> None:
    """An account has at most so many open requests; oversized and unprintable text changes nothing."""
    async with running_control(database) as control:
        member = await control.member()
        for wrong in ({"message": "x" * 5001}, {"message": ""}, {"message": "a\x00b"}, {"subject": "a\nb"}):
            assert (await member.client.post("/api/support", json={**ASKED, **wrong})).status_code == 422
        for _ in range(20):
            assert (await member.client.post("/api/support", json=ASKED)).status_code == 201
        refused = await member.client.post("/api/support", json=ASKED)
        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_open")
        assert await value(control, "SELECT count(*) FROM support_request") == 20


async def test_reply_templates_are_kept_by_language(database: TestDatabase) -> None:
    """Written, replaced, listed and dropped, each with a line in the trail."""
    async with running_control(database) as control:
        staff = await control.operator("support:write")
        for words in ("Hello", "Hello again"):
            put = await staff.client.put("/admin/support/templates/late-transfer/en", json={"message": words})
            assert put.status_code == 200, put.text
        listed = (await staff.client.get("/admin/support/templates")).json()["data"]
        assert listed == [{"name": "late-transfer", "language": "en", "message": "Hello again"}]
        assert (await staff.client.delete("/admin/support/templates/late-transfer/en")).status_code == 204
        assert (await staff.client.delete("/admin/support/templates/late-transfer/en")).status_code == 404
        assert await value(control, "SELECT count(*) FROM audit") == 3
