"""Redemption codes over HTTP: made and shown once, redeemed once, voided, and never guessed."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.payment_facts import books_of, money_of, new_account
from tests.support.postgres import TestDatabase
from tests.support.shop import some_key

from farebox.audit.record import system
from farebox.domain.errors import ActionRefused
from farebox.domain.policies.money import RechargePolicy
from farebox.domain.policy import Policy
from farebox.kit.logging import get_logger
from farebox.ledger.verify import verify
from farebox.payments.books import Books
from farebox.payments.codes.batch import NewBatch, make_batch, void_batch
from farebox.payments.codes.redemption import redeem
from farebox.payments.codes.text import new_code
from farebox.payments.reconcile import reconcile_wash
from farebox.storage.database import create_pool

SOLD = {"kind": "sold", "count": 3, "amount": "20", "price_minor": 1900, "currency": "EUR"}
TEST = system("test")


@pytest.fixture
async def control(database: TestDatabase) -> AsyncIterator[RunningControl]:
    rules = RechargePolicy(
        new_account_days=7, new_account_daily="60", stripe="automatic", new_account_refused=("stripe",)
    )
    async with running_control(database, Policy(recharge=rules)) as running:
        yield running


async def make(staff: SignedIn, **body: Any) -> dict[str, Any]:
    wanted = {"kind": "promo", "count": 2, "amount": "5"} | body
    reply = await staff.client.post("/admin/codes", json=wanted)
    assert reply.status_code == 201, reply.text
    assert reply.headers["cache-control"] == "no-store"
    answer: dict[str, Any] = reply.json()
    return answer


async def type_in(owner: SignedIn, code: str, **headers: str) -> tuple[int, dict[str, Any]]:
    reply = await owner.client.post("/api/codes/redeem", json={"code": code}, headers=headers)
    return reply.status_code, reply.json()


async def whole(control: RunningControl) -> None:
    async with control.services.pool.acquire() as connection:
        assert (await verify(connection)).problems == []
        books = Books(control.services.policy, control.services.ledger, control.services.ids)
        assert await reconcile_wash(connection, books, get_logger("test")) == []


async def test_a_code_is_made_shown_once_and_redeemed_once(control: RunningControl) -> None:
    """From making to the books: nothing but the answer of making ever holds a code, and each credits one account."""
    staff, owner, other = await control.operator("money:write"), await control.member(), await control.member()
    key = some_key()
    reply = await staff.client.post("/admin/codes", json=SOLD, headers=key)
    batch, codes = reply.json()["batch"], [made["code"] for made in reply.json()["codes"]]
    assert len(set(codes)) == 3
    again = await staff.client.post("/admin/codes", json=SOLD, headers=key)
    assert (again.status_code, again.json()["code"]) == (409, "already_made")
    assert not any(code in again.text for code in codes)

    # However it is typed; again by the same account it changes nothing, with or without the same key.
    once = some_key()
    typed = codes[0].lower().replace("-", " ")
    status, first = await type_in(owner, typed, **once)
    assert (status, first["amount"], first["balance"], first["repeated"]) == (200, "20", "20", False)
    assert (await type_in(owner, typed, **once))[1] == first
    assert (await type_in(owner, codes[0]))[1] == {**first, "repeated": True}
    status, told = await type_in(other, codes[0])
    assert (status, told["code"]) == (409, "code_redeemed")
    # One per account and batch unless told otherwise.
    assert (await type_in(owner, codes[1]))[1]["code"] == "too_many_of_batch"
    assert (await type_in(other, codes[1]))[0] == 200

    async with control.services.pool.acquire() as connection:
        assert owner.account_id is not None
        assert await money_of(connection, owner.account_id) == (20 * 10**9, 0)
        lot = await connection.fetchrow("SELECT kind, paid_minor, paid_currency, reference FROM lot LIMIT 1")
        assert lot is not None
        assert tuple(lot)[:3] == ("paid", 1900, "EUR")
        mails = await connection.fetchval("SELECT count(*) FROM mail WHERE kind = 'code_redeemed'")
        assert mails == 2
        for code in codes:
            assert not await connection.fetchval(
                "SELECT EXISTS (SELECT FROM audit WHERE audit::text ILIKE $1) OR EXISTS"
                " (SELECT FROM stored_answer WHERE stored_answer::text ILIKE $1) OR EXISTS"
                " (SELECT FROM code WHERE code::text ILIKE $1)",
                f"%{code[6:]}%",
            )
        actions = await connection.fetch("SELECT action, count(*) FROM audit GROUP BY 1 ORDER BY 1")
        assert [tuple(each) for each in actions] == [("code.redeem", 2), ("code_batch.make", 1)]
    await whole(control)

    asked = await staff.client.post("/admin/codes/find", json={"code": typed})
    assert (asked.json()["state"], asked.json()["redeemed_by"]) == ("redeemed", str(owner.account_id))
    unknown = await staff.client.post("/admin/codes/find", json={"code": new_code()})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_code")
    # It was paid for elsewhere: nothing of it can be asked back here.
    (shown,) = (await owner.client.get("/api/credits")).json()["lots"]
    assert (shown["kind"], shown["refundable"]) == ("paid", "0")
    page = (await staff.client.get(f"/admin/codes/{batch['id']}/codes", params={"state": "redeemed"})).json()
    assert {each["redeemed_by"] for each in page["data"]} == {str(owner.account_id), str(other.account_id)}
    assert {each["hint"] for each in page["data"]} == {codes[0][:4], codes[1][:4]}
    (listed,) = (await staff.client.get("/admin/codes")).json()["data"]
    assert (listed["count"], listed["redeemed"], listed["price_minor"]) == (3, 2, 1900)


async def test_what_is_void_or_over_is_not_credited(control: RunningControl, database: TestDatabase) -> None:
    """A voided code, a voided batch and a batch whose time is over; what was redeemed before stays."""
    staff, owner = await control.operator("money:write"), await control.member()
    made = await make(staff, count=3, most_per_account=None)
    batch_url = f"/admin/codes/{made['batch']['id']}"
    kept, voided, rest = made["codes"]
    assert (await type_in(owner, kept["code"]))[0] == 200
    reason = {"reason": "lost"}
    gone = await staff.client.post(f"{batch_url}/codes/{voided['id']}/void", json=reason)
    assert (gone.status_code, gone.json()["state"]) == (200, "void")
    assert (await type_in(owner, voided["code"]))[1]["code"] == "code_void"
    spent = await staff.client.post(f"{batch_url}/codes/{kept['id']}/void", json=reason)
    assert (spent.status_code, spent.json()["code"]) == (409, "not_open")
    assert (await staff.client.post(f"{batch_url}/void", json=reason)).json()["voided_at"]
    assert (await staff.client.post(f"{batch_url}/void", json=reason)).json()["code"] == "already_void"
    assert (await type_in(owner, rest["code"]))[1]["code"] == "code_void"
    states = {each["state"] for each in (await staff.client.get(f"{batch_url}/codes")).json()["data"]}
    assert states == {"redeemed", "void"}

    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    timed = await make(staff, count=1, redeem_until=soon, credit_days=30)
    async with control.services.pool.acquire() as connection:
        await connection.execute("UPDATE code_batch SET redeem_until = now() WHERE redeem_until IS NOT NULL")
    assert (await type_in(owner, timed["codes"][0]["code"]))[1]["code"] == "code_expired"
    await whole(control)


async def test_limits_of_new_accounts_hold_for_codes_and_count_them(control: RunningControl) -> None:
    """Codes and transfers share what a new account may add in a day; a frozen account adds nothing."""
    staff, owner = await control.operator("money:write", "accounts:write"), await control.member()
    made = await make(staff, amount="35", most_per_account=None)
    first, second = (each["code"] for each in made["codes"])
    assert (await type_in(owner, first))[0] == 200
    status, told = await type_in(owner, second)
    assert (status, told["code"]) == (429, "new_account_limit")
    assert "25 USD are left" in told["detail"]
    wish = {"method": "manual", "amount": "25.5", "evidence": "SEPA 9"}
    refused = await owner.client.post("/api/recharges", json=wish)
    assert (refused.status_code, refused.json()["code"]) == (429, "new_account_limit")
    assert (await owner.client.post("/api/recharges", json={**wish, "amount": "25"})).status_code == 201
    offered = (await owner.client.get("/api/recharges/options")).json()["methods"]
    assert [each["method"] for each in offered] == ["manual"]
    frozen = await control.member()
    await staff.client.post(f"/admin/accounts/{frozen.account_id}/freeze", json={"reason": "test"})
    assert (await type_in(frozen, second))[1]["code"] == "account_frozen"


async def test_guesses_wait(control: RunningControl) -> None:
    """After some wrong codes an account waits, right ones included; nothing that was typed is told back."""
    staff, owner = await control.operator("money:write"), await control.member()
    made = await make(staff)
    for _ in range(20):
        guess = uuid4().hex[:25]
        status, told = await type_in(owner, guess)
        assert guess not in str(told)
        if status == 429:
            break
        assert told["code"] == "code_mistyped"
    assert (status, told["code"]) == (429, "too_many_attempts")
    async with control.services.pool.acquire() as connection:
        # As long as it takes: the wait is not left to the clock.
        await connection.execute("UPDATE throttle SET blocked_until = now() + interval '1 hour'")
    assert (await type_in(owner, made["codes"][0]["code"]))[0] == 429
    async with control.services.pool.acquire() as connection:
        await connection.execute("DELETE FROM throttle")
    assert (await type_in(owner, made["codes"][0]["code"]))[0] == 200


async def test_bad_batches_are_named_and_make_nothing(control: RunningControl) -> None:
    """Who may make codes, and which; a table of new codes opens in a spreadsheet."""
    staff, stale = await control.operator("money:write"), await control.operator("money:write", proved=False)
    reader, developer = await control.operator("money:read"), await control.member("developer")
    good = {"kind": "promo", "count": 1, "amount": "5"}
    for who, code in ((stale, "second_factor_required"), (reader, "scope_missing")):
        refused = await who.client.post("/admin/codes", json=good)
        assert (refused.status_code, refused.json()["code"]) == (403, code)
    for change in (
        {"count": 0},
        {"count": 10_001},
        {"amount": "0"},
        {"amount": "-1"},
        {"price_minor": 100},
        {"currency": "USD"},
        {"kind": "sold"},
        {"kind": "sold", "price_minor": 100},
        {"redeem_until": "2020-01-01T00:00:00Z"},
    ):
        refused = await staff.client.post("/admin/codes", json=good | change)
        assert refused.status_code == 422, (change, refused.text)
    assert (await staff.client.get("/admin/codes")).json()["data"] == []
    assert (await staff.client.get(f"/admin/codes/{uuid4()}")).status_code == 404
    assert (await type_in(developer, "7M2QX"))[1]["code"] == "role_not_allowed"
    table = await staff.client.post("/admin/codes.csv", json=good | {"count": 2})
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [(row["amount"], row["unit"]) for row in rows] == [("5", "USD")] * 2
    assert table.headers["cache-control"] == "no-store"
    assert (await type_in(await control.member(), rows[0]["code"]))[0] == 200


async def test_one_code_by_fifty_accounts_at_once_is_one_credit(database: TestDatabase) -> None:
    """Fifty accounts and one code: one credit; one account and many codes: as many as it may; voiding meanwhile."""
    books = books_of()
    pool = await create_pool(database.app_url, application_name="test-codes", max_size=50)
    try:
        async with pool.acquire() as connection:
            accounts = [await new_account(connection, books) for _ in range(50)]
            wanted = NewBatch(kind="promo", codes=20, amount_nano=10**9, most_per_account=3)
            batch, codes = await make_batch(connection, books, wanted, TEST, "test")

        async def attempt(account: Any, code: str) -> str:
            async with pool.acquire() as connection:
                try:
                    redeemed = await redeem(connection, books, account, code, TEST)
                except ActionRefused as refused:
                    return refused.code
                return "repeated" if redeemed.repeated else "credited"

        raced = await asyncio.gather(*(attempt(account, codes[0].code) for account in accounts))
        assert sorted(raced) == ["code_redeemed"] * 49 + ["credited"]
        greedy = accounts[raced.index("code_redeemed")]
        outcomes = await asyncio.gather(*(attempt(greedy, made.code) for made in codes[1:]))
        assert sorted(outcomes) == ["credited"] * 3 + ["too_many_of_batch"] * 16
        # Who races with voiding gets the credit or is told that it is void, and never both.
        open_codes = [
            made.code for made, outcome in zip(codes[1:], outcomes, strict=True) if outcome == "too_many_of_batch"
        ]

        async def void() -> None:
            async with pool.acquire() as connection:
                await void_batch(connection, books, batch.id, TEST, "stop")

        others = [account for account in accounts if account != greedy][:10]
        *late, _ = await asyncio.gather(
            *(attempt(account, code) for account, code in zip(others, open_codes, strict=False)), void()
        )
        assert set(late) <= {"credited", "code_void"}
        async with pool.acquire() as connection:
            credited = await connection.fetchval("SELECT sum(balance_nano) FROM account")
            assert credited == (1 + 3 + late.count("credited")) * 10**9
            assert (await verify(connection)).problems == []
            left = [code for code, outcome in zip(open_codes, late, strict=False) if outcome == "code_void"]
            for code in left[:1]:
                with pytest.raises(ActionRefused, match="not valid any more"):
                    await redeem(connection, books, others[-1], code, TEST)
    finally:
        await pool.close()
