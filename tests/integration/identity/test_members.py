"""Members: invited by mail, with roles that hold at once, and always an owner."""

import asyncio
from uuid import uuid4

from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.postgres import TestDatabase
from tests.support.signing_up import PASSWORD, execute, form, rows, rules, secrets_for


async def invite(control: RunningControl, owner: SignedIn, email: str, role: str = "developer") -> str:
    """The secret of the link that was mailed."""
    made = await owner.client.post("/api/members/invitations", json={"email": email, "role": role})
    assert made.status_code == 201, made.text
    return (await secrets_for(control, email, "invitation"))[-1]


async def test_somebody_new_joins_by_the_link_of_a_mail(database: TestDatabase) -> None:
    """The link proves the address: no other confirmation, the role that was given, and no account of their own."""
    async with running_control(database, rules()) as control:
        owner = await control.member()
        secret = await invite(control, owner, "new@example.com", "billing")
        looked = await control.public.post("/api/invitations/look", json={"secret": secret})
        assert (looked.json()["role"], looked.json()["is_registered"]) == ("billing", False)
        joined = await control.public.post("/api/invitations/join", json={"secret": secret, "password": PASSWORD})
        assert joined.status_code == 201, joined.text
        assert joined.json() == {"account_id": str(owner.account_id), "role": "billing"}
        made = await control.public.post("/api/session", json={"email": "new@example.com", "password": PASSWORD})
        assert (made.json()["account_id"], made.json()["role"]) == (str(owner.account_id), "billing")
        assert len(await rows(control, "SELECT id FROM account")) == 1
        again = await control.public.post("/api/invitations/join", json={"secret": secret, "password": PASSWORD})
        assert (again.status_code, again.json()["code"]) == (410, "invitation_over")


async def test_who_is_here_already_accepts_signed_in(database: TestDatabase) -> None:
    """With the address that was invited only; joining anew with it is refused."""
    async with running_control(database, rules()) as control:
        owner, other, stranger = [await control.member() for _ in range(3)]
        secret = await invite(control, owner, other.email.upper())
        refused = await stranger.client.post("/api/invitations/accept", json={"secret": secret})
        assert (refused.status_code, refused.json()["code"]) == (403, "other_address")
        joined = await control.public.post("/api/invitations/join", json={"secret": secret, "password": PASSWORD})
        assert (joined.status_code, joined.json()["code"]) == (409, "sign_in_first")
        before = dict(other.client.cookies)
        accepted = await other.client.post("/api/invitations/accept", json={"secret": secret})
        assert dict(other.client.cookies) != before, "what opens more than before gets a new secret"
        assert accepted.json() == {"account_id": str(owner.account_id), "role": "developer"}
        seen = (await other.client.get("/api/person")).json()["memberships"]
        assert {each["account_id"] for each in seen} == {str(owner.account_id), str(other.account_id)}
        assert len((await owner.client.get("/api/members")).json()["data"]) == 2


async def test_an_invitation_is_accepted_once(database: TestDatabase) -> None:
    """Of three at once one gets in; a link that was replaced, taken back or has expired opens nothing."""
    async with running_control(database, rules()) as control:
        owner = await control.member()
        replaced = await invite(control, owner, "a@example.com")
        good = await invite(control, owner, "a@example.com")
        taken_back = await invite(control, owner, "b@example.com")
        expired = await invite(control, owner, "c@example.com")
        waiting = (await owner.client.get("/api/members/invitations")).json()["data"]
        assert [each["email"] for each in waiting] == ["c@example.com", "b@example.com", "a@example.com"]
        assert (await owner.client.post(f"/api/members/invitations/{waiting[1]['id']}/revoke")).status_code == 204
        await execute(control, "UPDATE invitation SET expires_at = now() WHERE email = 'c@example.com'")
        for secret in (replaced, taken_back, expired, "made up"):
            for path in ("look", "join"):
                body = {"secret": secret} | ({"password": PASSWORD} if path == "join" else {})
                refused = await control.public.post(f"/api/invitations/{path}", json=body)
                assert (refused.status_code, refused.json()["code"]) == (410, "invitation_over")
        tried = await asyncio.gather(
            *(
                control.public.post("/api/invitations/join", json={"secret": good, "password": PASSWORD})
                for _ in range(3)
            )
        )
        assert sorted(answer.status_code for answer in tried) == [201] + [410] * 2
        assert len(await rows(control, "SELECT FROM member")) == 2


async def test_the_last_owner_stays(database: TestDatabase) -> None:
    """Neither leaving nor a lesser role, nor two owners who demote each other at once; handing over first works."""
    async with running_control(database, rules()) as control:
        owner = await control.member()
        for request in (
            owner.client.delete(f"/api/members/{owner.person_id}"),
            owner.client.put(f"/api/members/{owner.person_id}", json={"role": "billing"}),
        ):
            refused = await request
            assert (refused.status_code, refused.json()["code"]) == (409, "last_owner")
        second = await control.member("owner", account_id=owner.account_id)
        tried = await asyncio.gather(
            owner.client.put(f"/api/members/{second.person_id}", json={"role": "developer"}),
            second.client.put(f"/api/members/{owner.person_id}", json={"role": "developer"}),
        )
        # Who comes second is refused as the last owner, or, once the first is through, as no owner any more.
        assert sorted(answer.status_code for answer in tried) in ([200, 403], [200, 409])
        kept, other = (owner, second) if tried[0].status_code == 200 else (second, owner)
        handed = await kept.client.post(f"/api/members/{other.person_id}/transfer")
        assert handed.status_code == 200, handed.text
        roles = {each["person_id"]: each["role"] for each in handed.json()["data"]}
        assert roles == {str(kept.person_id): "developer", str(other.person_id): "owner"}
        left = await kept.client.delete(f"/api/members/{kept.person_id}")
        assert left.status_code == 204


async def test_who_is_removed_is_out_with_the_next_request(database: TestDatabase) -> None:
    """The session stays, and looks at another account of theirs if there is one."""
    async with running_control(database, rules()) as control:
        owner = await control.member()
        guest = await control.member("developer", account_id=owner.account_id)
        assert (await guest.client.get("/api/keys")).status_code == 200
        assert (await owner.client.delete(f"/api/members/{guest.person_id}")).status_code == 204
        refused = await guest.client.get("/api/keys")
        assert (refused.status_code, refused.json()["code"]) == (403, "no_account")
        secret = await invite(control, owner, guest.email)
        await guest.client.post("/api/invitations/accept", json={"secret": secret})
        assert (await guest.client.get("/api/keys")).status_code == 200


async def test_only_owners_change_members_and_only_of_their_account(database: TestDatabase) -> None:
    """Roles are checked; ids of another account answer as if nobody had them, and change nothing."""
    async with running_control(database, rules()) as control:
        owner, stranger = await control.member(), await control.member()
        developer = await control.member("developer", account_id=owner.account_id)
        await invite(control, owner, "x@example.com")
        (waiting,) = (await owner.client.get("/api/members/invitations")).json()["data"]
        for method, path, body in (
            ("POST", "/invitations", {"email": "y@example.com"}),
            ("GET", "/invitations", None),
            ("PUT", f"/{owner.person_id}", {"role": "billing"}),
            ("DELETE", f"/{owner.person_id}", None),
        ):
            refused = await developer.client.request(method, f"/api/members{path}", json=body)
            assert (refused.status_code, refused.json()["code"]) == (403, "role_not_allowed"), path
        for method, path, body in (
            ("PUT", "/{}", {"role": "billing"}),
            ("POST", "/{}/transfer", None),
            ("DELETE", "/{}", None),
            ("POST", "/invitations/{}/revoke", None),
        ):
            known = waiting["id"] if "invitations" in path else developer.person_id
            theirs = await stranger.client.request(method, f"/api/members{path.format(known)}", json=body)
            nobodys = await stranger.client.request(method, f"/api/members{path.format(uuid4())}", json=body)
            assert theirs.status_code == 404, path
            assert (theirs.status_code, theirs.json()) == (nobodys.status_code, nobodys.json())
        assert len((await owner.client.get("/api/members")).json()["data"]) == 2


async def test_the_operator_invites_where_sign_up_is_closed(database: TestDatabase) -> None:
    """An account of one's own, confirmed and approved by the invitation itself, with the credit of signing up."""
    async with running_control(database, rules(mode="invited", credit="1")) as control:
        staff, reader = await control.operator("accounts:write"), await control.operator("accounts:read")
        body = {"email": "customer@example.com"}
        assert (await reader.client.post("/admin/invitations", json=body)).status_code == 403
        assert (await staff.client.post("/admin/invitations", json=body)).status_code == 201
        (secret,) = await secrets_for(control, "customer@example.com", "invitation")
        joined = await control.public.post("/api/invitations/join", json={"secret": secret, "password": PASSWORD})
        assert (joined.status_code, joined.json()["role"]) == (201, "owner")
        assert await rows(control, "SELECT barred, balance_nano FROM account") == [
            {"barred": "", "balance_nano": 1_000_000_000}
        ]
        assert (await reader.client.get("/admin/invitations")).json() == {"data": []}


async def test_an_invitation_confirms_who_never_opened_their_link(database: TestDatabase) -> None:
    """Its password counts, the one of the sign-up that nobody confirmed does not; the own account opens as well."""
    async with running_control(database, rules()) as control:
        owner = await control.member()
        await control.public.post("/api/sign-up", json=form("late@example.com", password="of somebody else"))
        (link,) = await secrets_for(control, "late@example.com")
        secret = await invite(control, owner, "late@example.com")
        joined = await control.public.post("/api/invitations/join", json={"secret": secret, "password": PASSWORD})
        assert (joined.status_code, joined.json()["account_id"]) == (201, str(owner.account_id))
        assert await rows(control, "SELECT DISTINCT barred FROM account") == [{"barred": ""}]
        assert (await control.public.post("/api/sign-up/confirm", json={"secret": link})).status_code == 410
        for password, status in (("of somebody else", 401), (PASSWORD, 201)):
            made = await control.public.post("/api/session", json={"email": "late@example.com", "password": password})
            assert made.status_code == status
