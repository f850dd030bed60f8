"""Monthly statements: equal to the ledger to the nano, numbered without gaps, never changed, and of one's own only."""

import asyncio
import csv
import io
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.payment_facts import books_of, money_of, new_account, new_recharge, paid
from tests.support.postgres import TestDatabase
from tests.support.posting import charge

from farebox.kit.clock import FixedClock
from farebox.kit.ids import NIL, IdSource
from farebox.kit.logging import get_logger
from farebox.ledger.service import Ledger
from farebox.payments.books import Books
from farebox.payments.merging import apply_fact
from farebox.payments.statements.month import after, begin_of, month_of
from farebox.payments.statements.statement_store import load_due
from farebox.storage.database import Connection, Pool, create_pool
from farebox.worker.statements import Statements

DOLLAR = 10**9
THIS_MONTH = month_of(datetime.now(UTC))
LAST_MONTH = month_of(begin_of(THIS_MONTH) - timedelta(days=1))
MONTH_BEFORE = month_of(begin_of(LAST_MONTH) - timedelta(days=1))
PAGE_URL = "https://farebox.example.com/dashboard/statements"


@pytest.fixture
async def pool(database: TestDatabase) -> AsyncIterator[Pool]:
    made = await create_pool(database.app_url, application_name="test-statements", max_size=6)
    yield made
    await made.close()


@asynccontextmanager
async def history(database: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    """A connection that can date transactions back: nothing else than a superuser without triggers can."""
    connection = await asyncpg.connect(database.admin_url)
    try:
        await connection.execute("SET session_replication_role = replica")
        yield connection
    finally:
        await connection.close()


async def date_back(past: asyncpg.Connection, account_id: UUID, moments: list[datetime]) -> None:
    """The account's transactions were posted at these moments, in the order of their entries."""
    rows = await past.fetch(
        "SELECT txn_id FROM entry WHERE account_id = $1 AND book = 'customer' GROUP BY txn_id ORDER BY min(version)",
        account_id,
    )
    assert len(rows) == len(moments)
    for row, moment in zip(rows, moments, strict=True):
        await past.execute(
            "UPDATE txn SET posted_at = $3 WHERE account_id = $1 AND id = $2", account_id, row["txn_id"], moment
        )


async def state(connection: Connection, books: Books) -> None:
    """What the duty does in this month, whatever month it becomes while the test runs."""
    await Statements(books, PAGE_URL, get_logger("test")).state_until(connection, THIS_MONTH)


async def stated(connection: Connection, account_id: UUID) -> list[dict[str, Any]]:
    rows = await connection.fetch(
        "SELECT number, month, content FROM account_statement WHERE account_id = $1 ORDER BY month", account_id
    )
    return [{**row["content"], "number": row["number"], "begins": row["month"]} for row in rows]


def nano(amount: str) -> int:
    sign = -1 if amount.startswith("-") else 1
    whole, _, part = amount.lstrip("-").partition(".")
    return sign * (int(whole) * DOLLAR + int((part or "0").ljust(9, "0")))


async def some_life(connection: Connection, books: Books, account_id: UUID, dice: random.Random) -> int:
    """Random but lawful changes of a balance; how many transactions."""
    ledger: Ledger = books.ledger
    await ledger.credit(connection, account_id, 50 * DOLLAR, "promo", f"promo:{uuid4()}")
    recharge = await new_recharge(connection, books, account_id)
    await apply_fact(connection, books, paid(recharge, invoice_url="https://pay.example.com/invoice/7"))
    count, job_id = 2, None
    for _ in range(dice.randrange(10, 25)):
        match dice.randrange(5):
            case 0:
                await ledger.credit(connection, account_id, dice.randrange(1, DOLLAR), "grant", f"grant:{uuid4()}")
            case 1 if job_id is not None:
                await ledger.adjust(connection, account_id, job_id, 1, f"a:{uuid4()}", reason="wrong", operator="test")
            case 2:
                await ledger.credit(connection, account_id, dice.randrange(1, DOLLAR), "promo", f"promo:{uuid4()}")
            case _:
                job_id = await charge(connection, books.ids, account_id, dice.randrange(1, DOLLAR), 5)
        count += 1
    return count


@pytest.mark.parametrize("seed", range(3))
async def test_statements_are_the_ledger_to_the_nano(database: TestDatabase, pool: Pool, seed: int) -> None:
    """Each begins where the one before ended, and tells every entry of its month once, by kind and by model."""
    dice, books = random.Random(seed), books_of()
    async with pool.acquire() as connection, history(database) as past:
        account_id = await new_account(connection, books)
        count = await some_life(connection, books, account_id, dice)
        # At the very edges of months, too: the first moment of a month belongs to it, the last one before does not.
        edges = [begin_of(LAST_MONTH), begin_of(LAST_MONTH) - timedelta(microseconds=1), begin_of(THIS_MONTH)]
        span_s = (begin_of(THIS_MONTH) - begin_of(MONTH_BEFORE)).total_seconds() + 3_600
        drawn = [begin_of(MONTH_BEFORE) + timedelta(seconds=dice.random() * span_s) for _ in range(count - 3)]
        moments = sorted([*edges, *drawn])
        await date_back(past, account_id, moments)
        await state(connection, books)
        found = await stated(connection, account_id)
        assert [each["begins"] for each in found] == [MONTH_BEFORE, LAST_MONTH]
        entries = await connection.fetch(
            "SELECT version, amount_nano, balance_after_nano, posted_at, kind FROM account_chain WHERE account_id = $1"
            " ORDER BY version",
            account_id,
        )
        before_nano = 0
        for statement, end in zip(found, (LAST_MONTH, THIS_MONTH), strict=True):
            own = [e for e in entries if begin_of(statement["begins"]) <= e["posted_at"] < begin_of(end)]
            assert nano(statement["opening"]) == before_nano
            assert nano(statement["closing"]) == own[-1]["balance_after_nano"] if own else before_nano
            assert (statement["first_version"], statement["last_version"]) == (own[0]["version"], own[-1]["version"])
            by_kind: dict[str, int] = {}
            for entry in own:
                by_kind[entry["kind"]] = by_kind.get(entry["kind"], 0) + entry["amount_nano"]
            assert {each["kind"]: nano(each["amount"]) for each in statement["sums"]} == by_kind
            assert sum(nano(each["amount"]) for each in statement["spend"]) == -by_kind.get("charge", 0)
            assert {each["model"] for each in statement["spend"]} <= {"m"}
            before_nano = nano(statement["closing"])
        rest_nano = sum(e["amount_nano"] for e in entries if e["posted_at"] >= begin_of(THIS_MONTH))
        assert before_nano + rest_nano == (await money_of(connection, account_id))[0]
        (recharged,) = [m for each in found for m in each["movements"] if m["kind"] == "recharge"]
        assert (recharged["invoice_url"], recharged["price_minor"]) == ("https://pay.example.com/invoice/7", 10_000)


async def test_numbers_have_no_gaps_whoever_makes_them_and_however_often(database: TestDatabase, pool: Pool) -> None:
    """Three at once, one of them ended in the middle: every account and month once, counted from one."""
    books = books_of()
    async with pool.acquire() as connection, history(database) as past:
        accounts = [await new_account(connection, books) for _ in range(8)]
        for account_id in accounts:
            await books.ledger.credit(connection, account_id, DOLLAR, "grant", f"grant:{account_id}")
            await date_back(past, account_id, [begin_of(MONTH_BEFORE) + timedelta(days=3)])
        empty, young = await new_account(connection, books), await new_account(connection, books)
        await books.ledger.credit(connection, young, DOLLAR, "grant", f"grant:{young}")
        await date_back(past, young, [begin_of(THIS_MONTH)])
        # Spent by the end of its first month: nothing to state of the next.
        spent = await new_account(connection, books)
        await books.ledger.credit(connection, spent, DOLLAR, "grant", f"grant:{spent}")
        await charge(connection, books.ids, spent, DOLLAR)
        await date_back(past, spent, [begin_of(MONTH_BEFORE) + timedelta(days=day) for day in (3, 4)])

    async def make() -> None:
        async with pool.acquire() as connection:
            await state(connection, books)

    broken_off = asyncio.create_task(make())
    others = [asyncio.create_task(make()) for _ in range(2)]
    async with pool.acquire() as connection:
        async with asyncio.timeout(30):
            while not await connection.fetchval("SELECT count(*) FROM account_statement"):
                await asyncio.sleep(0.005)
    broken_off.cancel()
    await asyncio.gather(broken_off, return_exceptions=True)
    await asyncio.gather(*others)
    await make()
    async with pool.acquire() as connection:
        numbers = [row["number"] for row in await connection.fetch("SELECT number FROM account_statement ORDER BY 1")]
        assert numbers == list(range(1, 2 * len(accounts) + 2))
        assert await connection.fetchval("SELECT count(DISTINCT (account_id, month)) FROM account_statement") == 17
        assert await stated(connection, empty) == await stated(connection, young) == []
        # Nothing is left to look at in this month.
        assert await load_due(connection, THIS_MONTH, NIL, 100) == []
        (only,) = await stated(connection, spent)
        assert (only["begins"], only["closing"]) == (MONTH_BEFORE, "0")
        unmoved = (await stated(connection, accounts[0]))[1]
        assert (unmoved["opening"], unmoved["closing"], unmoved["sums"], unmoved["movements"]) == ("1", "1", [], [])
        assert await connection.fetchval("SELECT count(*) FROM review_case") == 0
        await Statements(books, PAGE_URL, get_logger("test")).state_until(connection, after(THIS_MONTH))
        (first,) = await stated(connection, young)
        assert (first["begins"], first["opening"], first["closing"]) == (THIS_MONTH, "0", "1")
        for change in ("UPDATE account_statement SET number = number + 100", "DELETE FROM account_statement"):
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(change)


async def test_a_job_that_began_long_before_is_stated_when_it_was_charged(database: TestDatabase, pool: Pool) -> None:
    """A charge has its job's id, which can be from months ago: it is missed in the quick look and found in the next."""
    books = books_of()
    old = IdSource(FixedClock(int((begin_of(MONTH_BEFORE) - timedelta(days=40)).timestamp() * 1000)))
    async with pool.acquire() as connection, history(database) as past:
        account_id = await new_account(connection, books)
        await books.ledger.credit(connection, account_id, 9 * DOLLAR, "grant", f"grant:{account_id}")
        await charge(connection, old, account_id, 2 * DOLLAR)
        await charge(connection, books.ids, account_id, DOLLAR)
        await charge(connection, old, account_id, 3 * DOLLAR)
        moments = [begin_of(MONTH_BEFORE), begin_of(LAST_MONTH), begin_of(LAST_MONTH), begin_of(THIS_MONTH)]
        await date_back(past, account_id, [moment + timedelta(hours=1) for moment in moments])
        await state(connection, books)
        first, second = await stated(connection, account_id)
        assert (first["closing"], second["closing"]) == ("9", "6")
        assert [(each["model"], each["jobs"], each["amount"]) for each in second["spend"]] == [("m", 2, "3")]


async def test_statements_are_read_by_their_own_account_only(database: TestDatabase) -> None:
    """As JSON, table and page; what somebody calls himself is text in each of them; others' do not exist."""
    async with running_control(database) as control:
        services = control.services
        books = Books(services.policy, services.ledger, services.ids)
        owner, stranger = await control.member(), await control.member()
        billing = {"name": "<script>alert(1)</script>", "tax_id": "=2+3", "address": "A & B\nBonn", "country": "DE"}
        settings = {"name": "Lab", "billing": billing}
        assert (await owner.client.put("/api/account", json=settings)).status_code == 200
        assert owner.account_id is not None
        async with services.pool.acquire() as connection, history(database) as past:
            recharge = await new_recharge(connection, books, owner.account_id)
            await apply_fact(connection, books, paid(recharge, invoice_url="javascript:alert(1)"))
            await charge(connection, books.ids, owner.account_id, DOLLAR)
            await date_back(past, owner.account_id, [begin_of(LAST_MONTH), begin_of(LAST_MONTH)])
            await state(connection, books)
            await state(connection, books)
            mails = await connection.fetch("SELECT facts FROM mail WHERE kind = 'statement_ready'")
            assert [row["facts"] for row in mails] == [{"period": f"{LAST_MONTH:%Y-%m}", "link": PAGE_URL}]
        # What is changed afterwards changes nothing on it.
        await owner.client.put("/api/account", json={"name": "Other", "billing": {}})
        (item,) = (await owner.client.get("/api/statements")).json()["data"]
        url = f"/api/statements/{item['id']}"
        shown = (await owner.client.get(url)).json()
        assert (shown["number"], shown["month"], shown["closing"]) == (1, f"{LAST_MONTH:%Y-%m}", "99")
        assert (shown["billed"]["account_name"], shown["billed"]["tax_id"]) == ("Lab", "=2+3")
        await check_page(owner, url)
        rows = list(csv.DictReader(io.StringIO((await owner.client.get(f"{url}.csv")).text)))
        assert (rows[0]["balance_after"], rows[-1]["balance_after"]) == ("0", "99")
        assert sum(nano(row["amount"]) for row in rows if row["part"] == "sum") == 99 * DOLLAR
        await check_strangers(control, stranger, url, item["id"])
        staff = await control.operator("money:read")
        wanted = {"month": f"{LAST_MONTH:%Y-%m}", "account_id": str(owner.account_id)}
        listed = (await staff.client.get("/admin/statements", params=wanted)).json()["data"]
        assert [each["id"] for each in listed] == [item["id"]]
        assert (await staff.client.get("/admin/statements", params={"month": "2020-01"})).json()["data"] == []
        assert (await staff.client.get(f"/admin/statements/{item['id']}.html")).status_code == 200
        assert (await staff.client.get("/admin/statements", params={"month": "2020-13"})).status_code == 422


async def check_page(owner: SignedIn, url: str) -> None:
    page = await owner.client.get(f"{url}.html")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "javascript:" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "A &amp; B" in page.text
    assert "100 USD" in page.text
    assert "Opening balance" in page.text
    # In the language that is asked for, whoever made the statement; the kinds of the ledger are said, too.
    for language, said in {"zh-CN": "期初余额", "zh-TW": "儲值", "ja": "呼び出し回数"}.items():
        assert said in (await owner.client.get(f"{url}.html", params={"language": language})).text
    assert (await owner.client.get(f"{url}.html", params={"language": "de"})).status_code == 422


async def check_strangers(control: RunningControl, stranger: SignedIn, url: str, statement_id: str) -> None:
    assert (await stranger.client.get("/api/statements")).json()["data"] == []
    for suffix in ("", ".csv", ".html"):
        theirs = await stranger.client.get(url + suffix)
        nobodys = await stranger.client.get(f"/api/statements/{uuid4()}{suffix}")
        assert (theirs.status_code, theirs.json()) == (404, nobodys.json())
        assert (await control.public.get(url + suffix)).status_code == 401
    assert (await stranger.client.get(f"/admin/statements/{statement_id}")).status_code == 404
    # Another's statement as a cursor tells nothing either.
    cursor = await stranger.client.get("/api/statements", params={"after": statement_id})
    assert cursor.json() == {"data": [], "next": None}
