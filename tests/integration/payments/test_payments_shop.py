"""Buying credit over HTTP from simulated Stripe and Creem: webhooks in any number, refunds, disputes, lost events."""

import asyncio
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.support.payments import STRIPE_SECRET
from tests.support.postgres import TestDatabase
from tests.support.shop import Shop, running_shop, some_key, with_recharge

from farebox.audit.record import Actor
from farebox.identity import admin_token
from farebox.kit.logging import get_logger
from farebox.ledger.verify import verify
from farebox.payments.reconcile import reconcile_wash
from farebox.worker.payment_poll import PaymentPoll
from farebox.worker.reconciliation import Reconciliation


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Without the debug mode of the loop: twenty copies of an event at once, and both sides on one machine."""
    return "asyncio"


async def whole(shop: Shop) -> None:
    """Every invariant of the ledger holds, and the wash book is what payments say."""
    async with shop.control.services.pool.acquire() as connection:
        assert (await verify(connection)).problems == []
        assert await reconcile_wash(connection, shop.books, get_logger("test")) == []


async def cases_of(shop: Shop, kind: str) -> list[dict[str, Any]]:
    async with shop.control.services.pool.acquire() as connection:
        rows = await connection.fetch("SELECT facts, status FROM review_case WHERE kind = $1 ORDER BY id", kind)
        return [{**row["facts"], "status": row["status"]} for row in rows]


async def poll(shop: Shop) -> None:
    async with shop.control.services.pool.acquire() as connection:
        await PaymentPoll(shop.books, shop.providers, get_logger("test"), age_s=0).work(connection)


@pytest.mark.parametrize("method", ["stripe", "creem"])
async def test_a_paid_checkout_is_credited_once(database: TestDatabase, method: str) -> None:
    """The package's credit and bonus arrive with the event, whose twenty copies at once change nothing more."""
    async with running_shop(database, copies=20) as shop:
        owner = await shop.control.member()
        recharge = await shop.recharge(owner, method=method, package="ten")
        assert recharge["state"] == "checkout"
        assert recharge["checkout_url"]
        await shop.act("pay", recharge)
        await shop.wait_for_state(owner, recharge, "credited")
        assert await shop.money(owner) == (11.0, 0.0)
        payment = await shop.payment(owner)
        assert (payment["state"], payment["credited"]) == ("paid", "11")
        assert payment["tax_minor"] == (210 if method == "creem" else 0)
        await whole(shop)


async def test_the_same_key_gives_the_same_checkout(database: TestDatabase) -> None:
    """Eight requests at once with one Idempotency-Key are one recharge with one page; another body is refused."""
    async with running_shop(database) as shop:
        owner, key = await shop.control.member(), some_key()
        wish = {"method": "stripe", "amount": "20"}
        replies = await asyncio.gather(*(owner.client.post("/api/recharges", json=wish, headers=key) for _ in range(8)))
        assert {reply.status_code for reply in replies} == {201}
        assert len({(reply.json()["id"], reply.json()["checkout_url"]) for reply in replies}) == 1
        other = await owner.client.post("/api/recharges", json={**wish, "amount": "21"}, headers=key)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


async def test_a_lost_answer_of_the_provider_is_asked_for_again(database: TestDatabase) -> None:
    """A provider that does not answer makes no credit and loses no recharge: the same key goes on with it."""
    async with running_shop(database, lose_answer=True) as shop:
        owner, key = await shop.control.member(), some_key()
        wish = {"method": "stripe", "amount": "20"}
        lost = await owner.client.post("/api/recharges", json=wish, headers=key)
        assert (lost.status_code, lost.json()["code"]) == (503, "payment_provider_away")
        await shop.set(lose_answer=False)
        found = await owner.client.post("/api/recharges", json=wish, headers=key)
        assert (found.status_code, found.json()["state"]) == (201, "checkout")
        assert len((await owner.client.get("/api/recharges")).json()["data"]) == 1


async def test_what_nobody_signed_changes_nothing(database: TestDatabase) -> None:
    """Forged, unsigned, late and huge events are refused and not kept; so is every event without a secret."""
    async with running_shop(database) as shop:
        body = json.dumps({"id": "evt_1", "type": "checkout.session.completed", "data": {"object": {}}}).encode()
        old = int(time.time()) - 3600
        signed_late = hmac.digest(STRIPE_SECRET.encode(), f"{old}.".encode() + body, hashlib.sha256).hex()
        empty = hmac.digest(b"", f"{int(time.time())}.".encode() + body, hashlib.sha256).hex()
        for headers in (
            {},
            {"stripe-signature": f"t={int(time.time())},v1={'0' * 64}"},
            {"stripe-signature": f"t={old},v1={signed_late}"},
            {"stripe-signature": f"t={int(time.time())},v1={empty}"},
        ):
            refused = await shop.control.public.post("/webhooks/stripe", content=body, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (400, "bad_signature")
        for headers in ({}, {"creem-signature": "0" * 64}, {"creem-signature": hmac.digest(b"", body, "sha256").hex()}):
            refused = await shop.control.public.post("/webhooks/creem", content=body, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (400, "bad_signature")
        huge = await shop.control.public.post("/webhooks/creem", content=b"x" * 1_000_001)
        assert huge.status_code == 413
        async with shop.control.services.pool.acquire() as connection:
            assert await connection.fetchval("SELECT count(*) FROM payment_event") == 0


async def test_a_lost_webhook_is_found_by_polling(database: TestDatabase) -> None:
    """An event that never comes is found by asking; that it comes after all changes nothing."""
    async with running_shop(database, drop=1.0) as shop:
        owner = await shop.control.member()
        recharge = await shop.recharge(owner, amount="20")
        await shop.act("pay", recharge)
        assert await shop.money(owner) == (0.0, 0.0)
        await poll(shop)
        assert await shop.money(owner) == (20.0, 0.0)
        await shop.set(drop=0.0)
        await asyncio.to_thread(shop.simulated.resend)
        await asyncio.to_thread(shop.simulated.wait_received)
        await poll(shop)
        assert await shop.money(owner) == (20.0, 0.0)
        await whole(shop)


async def test_reconciliation_finds_and_reports_what_was_missed(database: TestDatabase) -> None:
    """A payment that only the provider's list tells of is credited; a wash book that differs is a case."""
    async with running_shop(database, drop=1.0) as shop:
        owner = await shop.control.member()
        await shop.act("pay", await shop.recharge(owner, amount="20"))
        async with shop.control.services.pool.acquire() as connection:
            await Reconciliation(shop.books, shop.providers, get_logger("test")).work(connection)
            assert await shop.money(owner) == (20.0, 0.0)
            await whole(shop)
            await connection.execute("UPDATE payment SET price_minor = price_minor - 1")
            assert len(await reconcile_wash(connection, shop.books, get_logger("test"))) == 1
        assert [case["status"] for case in await cases_of(shop, "reconciliation")] == ["open"]


async def test_refunds_at_the_provider_take_back_their_share(database: TestDatabase) -> None:
    """A part takes its share of the credit and of the bonus; what is spent becomes a debt."""
    async with running_shop(database) as shop:
        owner = await shop.control.member()
        recharge = await shop.recharge(owner, package="ten")
        await shop.act("pay", recharge)
        await shop.act("refund", recharge, amount=250)
        assert await shop.money(owner) == (8.25, 0.0)
        async with shop.control.services.pool.acquire() as connection:
            await connection.execute("UPDATE account SET held_nano = 8000000000 WHERE id = $1", owner.account_id)
            await shop.act("refund", recharge)
            assert await shop.money(owner) == (8.0, 8.0)
            await connection.execute("UPDATE account SET held_nano = 0 WHERE id = $1", owner.account_id)
            await shop.control.services.ledger.collect(connection, owner.account_id)
        assert await shop.money(owner) == (0.0, 0.0)
        await whole(shop)


async def test_our_refund_gives_back_unspent_credit_only(database: TestDatabase) -> None:
    """Taken first, told to the provider after; ten at once give back once; held credit stays where it is."""
    async with running_shop(database) as shop:
        owner, staff = await shop.control.member(), await shop.control.operator("money:write")
        await shop.act("pay", await shop.recharge(owner, amount="20"))
        address = f"/admin/payments/{(await shop.payment(owner))['id']}/refund"
        async with shop.control.services.pool.acquire() as connection:
            await connection.execute("UPDATE account SET held_nano = 15000000000 WHERE id = $1", owner.account_id)
            refused = await staff.client.post(address, json={"amount": "6", "reason": "asked for"})
            assert (refused.status_code, refused.json()["code"]) == (409, "more_than_unspent")
            replies = await asyncio.gather(
                *(staff.client.post(address, json={"amount": "5", "reason": "asked for"}) for _ in range(10))
            )
            assert sorted(reply.status_code for reply in replies) == [201] + [409] * 9
            await connection.execute("UPDATE account SET held_nano = 0 WHERE id = $1", owner.account_id)
        assert await shop.money(owner) == (15.0, 0.0)
        await asyncio.to_thread(shop.simulated.wait_received)
        assert (await asyncio.to_thread(shop.simulated.books))["stripe"]["USD"]["refunded"] == 500
        again, key = {"reason": "the rest"}, some_key()
        first = await staff.client.post(address, json=again, headers=key)
        assert (first.status_code, (await staff.client.post(address, json=again, headers=key)).status_code) == (
            201,
            201,
        )
        await asyncio.to_thread(shop.simulated.wait_received)
        assert await shop.money(owner) == (0.0, 0.0)
        assert (await asyncio.to_thread(shop.simulated.books))["stripe"]["USD"]["refunded"] == 2000
        stale = await shop.control.operator("money:write", proved=False)
        assert (await stale.client.post(address, json=again)).json()["code"] == "second_factor_required"
        await whole(shop)


async def test_a_refund_that_the_provider_did_not_answer_is_asked_again(database: TestDatabase) -> None:
    """Killed or unanswered in between, the credit stays reserved, and the duty ends the refund, once."""
    async with running_shop(database) as shop:
        owner, staff = await shop.control.member(), await shop.control.operator("money:write")
        await shop.act("pay", await shop.recharge(owner, amount="20"))
        await shop.set(lose_answer=True, drop=1.0)
        address = f"/admin/payments/{(await shop.payment(owner))['id']}/refund"
        asked = await staff.client.post(address, json={"reason": "asked for"})
        assert (asked.status_code, asked.json()["state"]) == (201, "asked")
        assert await shop.money(owner) == (0.0, 0.0)
        await shop.set(lose_answer=False)
        async with shop.control.services.pool.acquire() as connection:
            await connection.execute("UPDATE payment_refund SET tried_at = now() - interval '1 hour'")
        await poll(shop)
        facts = (await staff.client.get(address.removesuffix("/refund"))).json()
        assert [refund["state"] for refund in facts["refunds"]] == ["succeeded"]
        assert (await asyncio.to_thread(shop.simulated.books))["stripe"]["USD"]["refunded"] == 2000
        await whole(shop)


async def test_a_refund_that_the_provider_refuses_comes_back(database: TestDatabase) -> None:
    """The credit is there again, and a case says what happened."""
    async with running_shop(database) as shop:
        owner, staff = await shop.control.member(), await shop.control.operator("money:write")
        await shop.act("pay", await shop.recharge(owner, amount="20"))
        await shop.set(api_status=400)
        address = f"/admin/payments/{(await shop.payment(owner))['id']}/refund"
        asked = await staff.client.post(address, json={"reason": "asked for"})
        assert (asked.status_code, asked.json()["state"]) == (201, "failed")
        assert await shop.money(owner) == (20.0, 0.0)
        assert [case["problem"] for case in await cases_of(shop, "payment")] == ["refund_failed"]
        await whole(shop)


async def test_a_dispute_freezes_and_takes_back_until_it_is_won(database: TestDatabase) -> None:
    """Opened: frozen, taken back, a case and a mail. Won: all as before, and the case is closed."""
    async with running_shop(database) as shop:
        owner = await shop.control.member()
        recharge = await shop.recharge(owner, package="ten")
        await shop.act("pay", recharge)
        await shop.act("dispute", recharge)
        async with shop.control.services.pool.acquire() as connection:
            status = "SELECT status FROM account WHERE id = $1"
            assert await connection.fetchval(status, owner.account_id) == "frozen"
            assert await shop.money(owner) == (0.0, 0.0)
            assert [case["status"] for case in await cases_of(shop, "dispute")] == ["open"]
            assert await connection.fetchval("SELECT count(*) FROM mail WHERE kind = 'dispute_opened'") == 1
            refused = await owner.client.post("/api/recharges", json={"method": "stripe", "amount": "20"})
            assert (refused.status_code, refused.json()["code"]) == (403, "account_frozen")
            await shop.act("win", recharge)
            assert await connection.fetchval(status, owner.account_id) == "active"
        assert await shop.money(owner) == (11.0, 0.0)
        assert [case["status"] for case in await cases_of(shop, "dispute")] == ["closed"]
        await whole(shop)


async def test_a_dispute_of_creem_is_decided_by_an_operator(database: TestDatabase) -> None:
    """Creem tells of no end: won by decision gives back, a second decision of the same kind changes nothing."""
    async with running_shop(database) as shop:
        owner, staff = await shop.control.member(), await shop.control.operator("money:write")
        recharge = await shop.recharge(owner, method="creem", package="ten")
        await shop.act("pay", recharge)
        await shop.act("dispute", recharge)
        assert await shop.money(owner) == (0.0, 0.0)
        (dispute,) = (await staff.client.get("/admin/disputes")).json()["data"]
        for _ in range(2):
            decided = await staff.client.post(
                f"/admin/disputes/{dispute['id']}/decide", json={"decision": "won", "note": "they wrote to us"}
            )
            assert (decided.status_code, decided.json()["outcome"]) == (200, "won")
        assert await shop.money(owner) == (11.0, 0.0)
        await whole(shop)


async def test_a_dispute_during_a_refund_takes_back_no_more_than_was_paid(database: TestDatabase) -> None:
    """Part refunded, then disputed as a whole: taken back once; won: only the refund stays."""
    async with running_shop(database) as shop:
        owner = await shop.control.member()
        recharge = await shop.recharge(owner, amount="20")
        await shop.act("pay", recharge)
        await shop.act("refund", recharge, amount=500)
        await shop.act("dispute", recharge)
        assert await shop.money(owner) == (0.0, 0.0)
        await shop.act("win", recharge)
        assert await shop.money(owner) == (15.0, 0.0)
        await whole(shop)


async def test_a_replayed_event_is_applied_once_more_without_effect(database: TestDatabase) -> None:
    """Operators may replay what is stored; an event whose applying died is applied by the duty."""
    async with running_shop(database) as shop:
        owner, staff = await shop.control.member(), await shop.control.operator("money:write")
        await shop.act("pay", await shop.recharge(owner, amount="20"))
        events = (await staff.client.get("/admin/payments/events")).json()["data"]
        for event in events:
            replayed = await staff.client.post(f"/admin/payments/events/{event['id']}/replay")
            assert (replayed.status_code, replayed.json()["outcome"]) == (200, event["outcome"])
        async with shop.control.services.pool.acquire() as connection:
            await connection.execute(
                "UPDATE payment_event SET applied_at = NULL, received_at = now() - interval '1 hour', tried_at = NULL"
            )
            await poll(shop)
            assert await connection.fetchval("SELECT count(*) FROM payment_event WHERE applied_at IS NULL") == 0
        assert await shop.money(owner) == (20.0, 0.0)
        await whole(shop)


async def test_reviewed_methods_wait_for_a_reviewer(database: TestDatabase) -> None:
    """Paid is not credited until approved; two reviewers at once credit once; declined, the money goes back."""
    async with running_shop(database, with_recharge(stripe="review")) as shop:
        owner = await shop.control.member()
        staff = [await shop.control.operator("money:write") for _ in range(2)]
        recharge = await shop.recharge(owner, amount="20")
        await shop.act("pay", recharge)
        assert (await shop.state(owner, recharge), await shop.money(owner)) == ("review", (0.0, 0.0))
        replies = await asyncio.gather(
            *(each.client.post(f"/admin/recharges/{recharge['id']}/approve", json={}) for each in staff * 3)
        )
        assert sorted(reply.status_code for reply in replies) == [200] + [409] * 5
        assert await shop.money(owner) == (20.0, 0.0)
        other = await shop.recharge(owner, amount="30")
        await shop.act("pay", other)
        declined = await staff[0].client.post(f"/admin/recharges/{other['id']}/decline", json={"reason": "unclear"})
        assert (declined.status_code, declined.json()["state"]) == (200, "declined")
        await asyncio.to_thread(shop.simulated.wait_received)
        assert (await asyncio.to_thread(shop.simulated.books))["stripe"]["USD"]["refunded"] == 3000
        assert await shop.money(owner) == (20.0, 0.0)
        await whole(shop)


async def program_of(shop: Shop, person_id: UUID) -> str:
    """An admin token for money that this person has made."""
    services = shop.control.services
    async with services.pool.acquire() as connection, connection.transaction():
        made = await admin_token.create(
            connection,
            services.ids,
            Actor("operator", person_id),
            name="program",
            scopes=["money:write"],
            expires_at=None,
            now=datetime.now(UTC),
            made_by=person_id,
        )
    return made.secret


async def test_a_transfer_is_credited_by_somebody_else_and_once(database: TestDatabase) -> None:
    """Evidence is used once, the requester does not review, the reviewer's amount counts and is in the trail."""
    async with running_shop(database) as shop:
        owner, stranger = await shop.control.member(), await shop.control.member()
        staff = await shop.control.operator("money:write")
        wish = {"method": "manual", "amount": "20", "evidence": "SEPA 4711"}
        recharge = await shop.recharge(owner, **wish)
        assert recharge["state"] == "review"
        own_list = (await owner.client.get("/api/recharges")).json()["data"]
        assert own_list == [recharge]
        assert recharge["created_at"] is not None
        # However it is typed: case, width, blanks, dashes and what cannot be seen tell no transfer from another.
        wide = "\uff33\uff25\uff30\uff21 4711"
        for typed in ("sepa 4711", "SEPA-4711", wide, "SEPA\u00a04711", "SE\u200bPA 4711", "SEPA 4711"):
            twice = await stranger.client.post("/api/recharges", json={**wish, "evidence": typed})
            assert (twice.status_code, twice.json()["code"]) == (409, "evidence_used"), typed
        async with shop.control.services.pool.acquire() as connection:
            await connection.execute(
                "INSERT INTO operator_grant (person_id, scopes) VALUES ($1, '{*}')", owner.person_id
            )
        own = await owner.client.post(f"/admin/recharges/{recharge['id']}/approve", json={})
        assert (own.status_code, own.json()["code"]) == (403, "own_recharge")
        token = await program_of(shop, owner.person_id)
        by_program = await shop.control.public.post(
            f"/admin/recharges/{recharge['id']}/approve", json={}, headers={"authorization": f"Bearer {token}"}
        )
        assert (by_program.status_code, by_program.json()["code"]) == (403, "own_recharge")
        unproved = await shop.control.operator("money:write", proved=False)
        raised = await unproved.client.post(f"/admin/recharges/{recharge['id']}/approve", json={"credit": "999999"})
        assert (raised.status_code, raised.json()["code"]) == (403, "second_factor_required")
        nothing = await staff.client.post(f"/admin/recharges/{recharge['id']}/approve", json={"credit": "0"})
        assert (nothing.status_code, nothing.json()["code"]) == (422, "invalid_request")
        seen = {"credit": "18", "price_minor": 1800, "note": "two dollars less"}
        approved = await staff.client.post(f"/admin/recharges/{recharge['id']}/approve", json=seen)
        assert (approved.status_code, approved.json()["state"]) == (200, "credited")
        assert await shop.money(owner) == (18.0, 0.0)
        await whole(shop)


async def test_other_accounts_recharges_do_not_exist(database: TestDatabase) -> None:
    """Every route with the id of another account answers what it answers for an id that nobody has."""
    async with running_shop(database) as shop:
        owner, stranger = await shop.control.member(), await shop.control.member()
        recharge = await shop.recharge(owner, amount="20")
        await shop.act("pay", recharge)
        payment = await shop.payment(owner)
        for method, path, found in (
            ("GET", "/api/recharges/{}", recharge["id"]),
            ("POST", "/api/recharges/{}/cancel", recharge["id"]),
            ("GET", "/api/payments/{}", payment["id"]),
        ):
            theirs = await stranger.client.request(method, path.format(found))
            nobodys = await stranger.client.request(method, path.format(uuid4()))
            assert (theirs.status_code, theirs.json()) == (404, nobodys.json())
        assert (await stranger.client.get("/api/payments")).json()["data"] == []


async def test_bad_wishes_are_named_and_change_nothing(database: TestDatabase) -> None:
    """What is not on offer, out of bounds, unevidenced, or beyond the limits of a new account."""
    async with running_shop(
        database, with_recharge(new_account_days=7, new_account_daily="50", open_recharges=2, creem="off")
    ) as shop:
        owner = await shop.control.member()
        for wish, code in (
            ({"method": "creem", "amount": "20"}, "method_not_offered"),
            ({"method": "stripe", "package": "none"}, "package_not_offered"),
            ({"method": "stripe"}, "invalid_request"),
            ({"method": "stripe", "package": "ten", "amount": "10"}, "invalid_request"),
            ({"method": "stripe", "amount": "4.99"}, "amount_out_of_range"),
            ({"method": "stripe", "amount": "10001"}, "amount_out_of_range"),
            ({"method": "stripe", "amount": "51"}, "new_account_limit"),
            ({"method": "manual", "amount": "20"}, "evidence_missing"),
        ):
            refused = await owner.client.post("/api/recharges", json=wish)
            assert refused.json().get("code") == code, (wish, refused.text)
        for wish in ({"method": "cash", "amount": "20"}, {"method": "stripe", "amount": "1e3"}, {"amount": 20}):
            assert (await owner.client.post("/api/recharges", json=wish)).status_code == 422
        assert (await owner.client.get("/api/recharges")).json()["data"] == []
        first = await shop.recharge(owner, amount="20")
        await shop.recharge(owner, amount="20")
        many = await owner.client.post("/api/recharges", json={"method": "stripe", "amount": "5"})
        assert (many.status_code, many.json()["code"]) == (429, "too_many_open")
        cancelled = await owner.client.post(f"/api/recharges/{first['id']}/cancel")
        assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
        await shop.act("pay", first)
        assert (await shop.state(owner, first), await shop.money(owner)) == ("credited", (20.0, 0.0))


async def test_options_say_what_is_on_offer(database: TestDatabase) -> None:
    """Packages, methods with their review, and bounds of free amounts."""
    async with running_shop(database, with_recharge(stripe="review")) as shop:
        owner = await shop.control.member("developer")
        options = (await owner.client.get("/api/recharges/options")).json()
        assert {each["method"]: each["needs_review"] for each in options["methods"]} == {
            "stripe": True,
            "creem": False,
            "manual": True,
        }
        assert options["packages"][0]["bonus"] == "1"
        assert options["free_amount"]["most"] == "10000"
        refused: httpx.Response = await owner.client.post("/api/recharges", json={"method": "stripe", "amount": "20"})
        assert refused.json()["code"] == "role_not_allowed"
