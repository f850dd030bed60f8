"""Automatic recharges against a simulated Stripe: one charge for each time the balance runs low, whatever breaks."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.support.control import SignedIn
from tests.support.postgres import TestDatabase
from tests.support.shop import Shop, running_shop, with_recharge

from farebox.kit.logging import get_logger
from farebox.ledger.leaving import Leaving
from farebox.ledger.verify import verify
from farebox.payments.auto_recharge.charging import begin
from farebox.payments.reconcile import reconcile_wash
from farebox.worker.auto_recharge import AutoRecharges

POLICY = with_recharge(auto_recharge=True, least="1")
TERMS = {"threshold": "5", "amount": "20", "monthly_ceiling": "50", "agreed": True}
PAGE_URL = "https://farebox.example.com/dashboard/recharge"


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Without the debug mode of the loop: both sides of a payment on one machine."""
    return "asyncio"


async def kept_card(shop: Shop, owner: SignedIn, **card: Any) -> str:
    """The payment of a recharge of ten, with its card kept."""
    await shop.act("pay", await shop.recharge(owner, amount="10", keep_method=True), **card)
    view = (await owner.client.get("/api/auto-recharge")).json()
    (kept,) = view["kept_methods"]
    assert (view["is_offered"], view["is_on"], kept["provider"]) == (True, False, "stripe")
    return str(kept["payment_id"])


async def agree(owner: SignedIn, **terms: Any) -> tuple[int, dict[str, Any]]:
    reply = await owner.client.put("/api/auto-recharge", json=TERMS | terms)
    return reply.status_code, reply.json()


async def use_up(shop: Shop, owner: SignedIn) -> None:
    """Nothing is left of the balance."""
    services = shop.control.services
    assert owner.account_id is not None
    async with services.pool.acquire() as connection:
        await Leaving(services.policy.unit, services.ids).forfeit(
            connection, owner.account_id, f"test:{uuid4()}", reason="test", operator="test"
        )
    assert (await shop.money(owner))[0] == 0


async def turn(shop: Shop) -> None:
    """The duty's turn, and what the provider tells of it."""
    async with shop.control.services.pool.acquire() as connection:
        await AutoRecharges(shop.books, shop.providers, PAGE_URL, get_logger("test")).work(connection)
    await asyncio.to_thread(shop.simulated.wait_received)


async def its_turn(shop: Shop, owner: SignedIn) -> None:
    """As if the time to wait were over."""
    async with shop.control.services.pool.acquire() as connection:
        await connection.execute("UPDATE auto_recharge SET next_at = now() WHERE account_id = $1", owner.account_id)


async def paid_there(shop: Shop) -> int:
    """What the provider has taken, in cents."""
    books = await asyncio.to_thread(shop.simulated.books)
    return int(books["stripe"]["USD"]["paid"])


async def told(shop: Shop) -> list[str]:
    """Why automatic recharges did not work, as members were told."""
    async with shop.control.services.pool.acquire() as connection:
        rows = await connection.fetch("SELECT facts FROM mail WHERE kind = 'auto_recharge_failed' ORDER BY id")
        return [row["facts"]["reason"] for row in rows]


async def whole(shop: Shop) -> None:
    async with shop.control.services.pool.acquire() as connection:
        assert (await verify(connection)).problems == []
        assert await reconcile_wash(connection, shop.books, get_logger("test")) == []
        assert await connection.fetchval("SELECT count(*) FROM auto_recharge_attempt WHERE outcome = ''") == 0


async def test_a_low_balance_is_recharged_once_and_up_to_the_ceiling(database: TestDatabase) -> None:
    """Agreeing needs a card of one's own that was kept; then each time the balance runs low is one charge."""
    async with running_shop(database, POLICY) as shop:
        owner, stranger = await shop.control.member(), await shop.control.member()
        await shop.act("pay", await shop.recharge(owner, amount="10"))
        loose = (await shop.payment(owner))["id"]
        await shop.act("pay", await shop.recharge(owner, method="creem", package="ten"))
        creem = (await shop.payment(owner))["id"]
        card = await kept_card(shop, owner)
        for terms, status, code in (
            ({"payment_id": loose}, 409, "method_not_kept"),
            ({"payment_id": creem}, 409, "no_saved_methods"),
            ({"payment_id": str(uuid4())}, 404, "not_found"),
            ({"payment_id": card, "threshold": "20.000000001"}, 422, "threshold_out_of_range"),
            ({"payment_id": card, "monthly_ceiling": "19"}, 422, "ceiling_too_low"),
            ({"payment_id": card, "amount": "10001", "monthly_ceiling": "99999"}, 422, "amount_out_of_range"),
        ):
            assert (await agree(owner, **terms))[0] == status, terms
            assert (await agree(owner, **terms))[1]["code"] == code, terms
        assert (await agree(owner, payment_id=card, agreed=False))[0] == 422
        # Another account's payment answers as if there were none.
        assert await agree(stranger, payment_id=card) == await agree(stranger, payment_id=str(uuid4()))
        developer = await shop.control.member("developer", account_id=owner.account_id)
        assert (await agree(developer, payment_id=card))[1]["code"] == "role_not_allowed"

        assert (await agree(owner, payment_id=card))[1]["is_on"]
        before = await paid_there(shop)
        await turn(shop)
        assert await paid_there(shop) == before  # 31 are there: nothing to do
        await use_up(shop, owner)
        for _ in range(3):
            await turn(shop)
        assert (await paid_there(shop), await shop.money(owner)) == (before + 2_000, (20.0, 0.0))
        await use_up(shop, owner)
        await asyncio.gather(*(turn(shop) for _ in range(3)))
        await turn(shop)
        assert (await paid_there(shop), await shop.money(owner)) == (before + 4_000, (20.0, 0.0))
        # A third would be more than fifty in a month.
        await use_up(shop, owner)
        for _ in range(2):
            await turn(shop)
            await its_turn(shop, owner)
        assert (await paid_there(shop), await shop.money(owner)) == (before + 4_000, (0.0, 0.0))
        assert await told(shop) == ["ceiling"]
        view = (await owner.client.get("/api/auto-recharge")).json()
        assert (view["is_on"], view["bought_this_month"], view["failures"]) == (True, "40", 0)
        # Agreed to anew with room for more, and then no more at all.
        assert (await agree(owner, payment_id=card, monthly_ceiling="60"))[0] == 200
        await turn(shop)
        assert await shop.money(owner) == (20.0, 0.0)
        assert (await owner.client.delete("/api/auto-recharge")).json()["is_on"] is False
        await use_up(shop, owner)
        await turn(shop)
        assert await paid_there(shop) == before + 6_000
        notes = [each["note"] for each in (await owner.client.get("/api/recharges")).json()["data"]]
        assert notes.count("automatic recharge") == 3
        await whole(shop)


async def test_whatever_is_lost_on_the_way_a_card_is_charged_once(database: TestDatabase) -> None:
    """Killed before asking, without an answer, without events: the same attempt goes on, and the provider knows it."""
    async with running_shop(database, POLICY, drop=1.0) as shop:
        await shop.set(drop=0.0)
        owner = await shop.control.member()
        card = await kept_card(shop, owner)
        await shop.set(drop=1.0)
        assert (await agree(owner, payment_id=card))[0] == 200
        assert owner.account_id is not None
        before = await paid_there(shop)
        await use_up(shop, owner)
        # Begun and killed; then everything is done over there, and no answer comes.
        async with shop.control.services.pool.acquire() as connection:
            attempt = await begin(connection, shop.books, shop.providers["stripe"], owner.account_id, PAGE_URL)
            assert attempt is not None
            again = await begin(connection, shop.books, shop.providers["stripe"], owner.account_id, PAGE_URL)
            assert again is None
        await shop.set(lose_answer=True)
        for _ in range(2):
            await turn(shop)
        assert (await paid_there(shop), await shop.money(owner)) == (before + 2_000, (0.0, 0.0))
        # Nobody can take it back now; and what is agreed to meanwhile changes nothing about it.
        pending = await owner.client.post(f"/api/recharges/{attempt.recharge_id}/cancel")
        assert (pending.status_code, pending.json()["code"]) == (409, "under_way")
        assert (await agree(owner, payment_id=card, amount="30"))[0] == 200
        await shop.set(lose_answer=False)
        await turn(shop)
        assert (await paid_there(shop), await shop.money(owner)) == (before + 2_000, (20.0, 0.0))
        await shop.set(drop=0.0)
        await asyncio.to_thread(shop.simulated.resend)
        await asyncio.to_thread(shop.simulated.wait_received)
        await turn(shop)
        assert (await paid_there(shop), await shop.money(owner)) == (before + 2_000, (20.0, 0.0))
        await whole(shop)

        # Out of reach for so long that asking again could charge twice: given up, told, and a case.
        await agree(owner, payment_id=card)
        await use_up(shop, owner)
        await shop.set(api_status=503)
        await turn(shop)
        async with shop.control.services.pool.acquire() as connection:
            await connection.execute(
                "UPDATE auto_recharge_attempt SET created_at = now() - interval '21 hours' WHERE outcome = ''"
            )
            # It has become so old that the recharge itself was given up.
            await connection.execute(
                "UPDATE recharge SET state = 'expired', expired_at = now() WHERE state = 'pending'"
            )
        await turn(shop)
        await shop.set(api_status=None)
        await turn(shop)
        view = (await owner.client.get("/api/auto-recharge")).json()
        assert (view["is_on"], view["off_reason"], await told(shop)) == (False, "unknown", ["unknown"])
        assert (await paid_there(shop), await shop.money(owner)) == (before + 2_000, (0.0, 0.0))
        async with shop.control.services.pool.acquire() as connection:
            found = await connection.fetch(
                "SELECT facts->>'problem' AS problem FROM review_case WHERE kind = 'payment'"
            )
            assert [row["problem"] for row in found] == ["charge_unknown"]


async def test_a_card_that_is_declined_is_tried_three_times(database: TestDatabase) -> None:
    """Later and later, then never again until a member agrees anew; nothing is charged or credited meanwhile."""
    async with running_shop(database, POLICY) as shop:
        owner = await shop.control.member()
        card = await kept_card(shop, owner, declines_later=True)
        await agree(owner, payment_id=card)
        await use_up(shop, owner)
        before = await paid_there(shop)
        for failures in (1, 2, 3):
            await turn(shop)
            await turn(shop)  # not before its time
            view = (await owner.client.get("/api/auto-recharge")).json()
            assert (view["failures"], view["is_on"]) == (failures, failures < 3)
            async with shop.control.services.pool.acquire() as connection:
                waits = await connection.fetchval("SELECT next_at > now() FROM auto_recharge")
            assert waits
            await its_turn(shop, owner)
        await turn(shop)
        assert await told(shop) == ["declined"]
        assert (await paid_there(shop), await shop.money(owner)) == (before, (0.0, 0.0))
        states = [each["state"] for each in (await owner.client.get("/api/recharges")).json()["data"]]
        assert states == ["failed", "failed", "failed", "credited"]
        async with shop.control.services.pool.acquire() as connection:
            actions = await connection.fetch("SELECT action FROM audit WHERE action LIKE 'auto_recharge.%' ORDER BY id")
        assert [row["action"].partition(".")[2] for row in actions] == ["agree", *["charge"] * 3, "end"]
        assert (await agree(owner, payment_id=card))[1]["failures"] == 0
        await whole(shop)


async def test_who_owes_or_is_frozen_or_new_is_not_charged(database: TestDatabase) -> None:
    """A disputed card is not charged for what it left owing, nor a frozen account, nor one too new for this."""
    policy = with_recharge(auto_recharge=True, new_account_days=3650, new_account_refused=("auto",))
    async with running_shop(database, policy) as shop:
        owner, staff = await shop.control.member(), await shop.control.operator("accounts:write", "money:write")
        card = await kept_card(shop, owner)
        await agree(owner, payment_id=card)
        await use_up(shop, owner)
        before = await paid_there(shop)
        await turn(shop)
        assert (await paid_there(shop), await told(shop)) == (before, ["new_account"])
        async with shop.control.services.pool.acquire() as connection:
            await connection.execute(
                "UPDATE account_contact SET created_at = created_at - interval '11 years' WHERE account_id = $1",
                owner.account_id,
            )
        url = f"/admin/accounts/{owner.account_id}"
        await staff.client.post(f"{url}/freeze", json={"reason": "test"})
        await its_turn(shop, owner)
        await turn(shop)
        assert await paid_there(shop) == before
        await staff.client.post(f"{url}/unfreeze", json={"reason": "test"})
        async with shop.control.services.pool.acquire() as connection:
            await connection.execute(
                "INSERT INTO receivable (account_id, owed_nano) VALUES ($1, 1)"
                " ON CONFLICT (account_id) DO UPDATE SET owed_nano = 1",
                owner.account_id,
            )
            await its_turn(shop, owner)
            await turn(shop)
            assert await paid_there(shop) == before
            await connection.execute("UPDATE receivable SET owed_nano = 0 WHERE account_id = $1", owner.account_id)
        await turn(shop)
        assert (await paid_there(shop), await shop.money(owner)) == (before + 2_000, (20.0, 0.0))


async def test_it_is_offered_only_where_the_policy_says_so(database: TestDatabase) -> None:
    """Off by default: nobody can agree, and what was agreed to before charges nothing."""
    async with running_shop(database) as shop:
        owner = await shop.control.member()
        await shop.act("pay", await shop.recharge(owner, amount="10", keep_method=True))
        card = (await shop.payment(owner))["id"]
        assert (await agree(owner, payment_id=card))[1]["code"] == "not_offered"
        async with shop.control.services.pool.acquire() as connection:
            await connection.execute(
                "INSERT INTO auto_recharge (account_id, is_on, threshold_nano, credit_nano, monthly_nano, payment_id,"
                " agreed_at) VALUES ($1, true, 20000000000, 20000000000, 90000000000, $2, now())",
                owner.account_id,
                UUID(card),
            )
        before = await paid_there(shop)
        await turn(shop)
        assert await paid_there(shop) == before
