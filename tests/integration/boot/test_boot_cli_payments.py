"""`farebox recharge`, `payment` and `dispute`: the same actions as the operators' API."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import pytest
from tests.integration.boot.conftest import Cli
from tests.support.payment_facts import DOLLAR, about, books_of, new_account, new_recharge, paid
from tests.support.postgres import TestDatabase
from tests.support.posting import charge

from farebox.payments.books import Books
from farebox.payments.fact import DisputeTold
from farebox.payments.merging import apply_fact
from farebox.payments.recharge import Recharge
from farebox.storage.database import Connection, connect

T = TypeVar("T")


def on(database: TestDatabase, work: Callable[[Connection, Books], Awaitable[T]]) -> T:
    async def run() -> T:
        connection = await connect(database.app_url, application_name="test-cli")
        try:
            return await work(connection, books_of())
        finally:
            await connection.close()

    return asyncio.run(run())


@pytest.fixture
def waiting(database: TestDatabase) -> Recharge:
    """A manual recharge that waits for review."""

    async def work(connection: Connection, books: Books) -> Recharge:
        account_id = await new_account(connection, books)
        return await new_recharge(
            connection, books, account_id, method="manual", state="review", needs_review=True, evidence="SEPA 1"
        )

    return on(database, work)


def test_a_transfer_is_approved_once_and_refunded_by_hand(cli: Cli, waiting: Recharge) -> None:
    """Listed, approved once, refunded in part; what is spent or held cannot be."""
    assert [each["recharge_id"] for each in cli.ok("recharge", "list", "--state", "review")] == [str(waiting.id)]
    assert cli.ok("recharge", "approve", str(waiting.id))["state"] == "credited"
    assert "nothing to decide" in cli.fails("recharge", "approve", str(waiting.id))
    (payment,) = cli.ok("payment", "list", "--account", str(waiting.account_id))
    assert (payment["credited"], payment["problem"]) == ("100", "")
    refund = cli.ok("payment", "refund", payment["payment_id"], "--amount", "40", "--reason", "asked for")
    assert (refund["state"], refund["gross_minor"]) == ("manual", 4000)
    assert "60 are unspent" in cli.fails(
        "payment", "refund", payment["payment_id"], "--amount", "61", "--reason", "asked for"
    )
    assert cli.ok("account", "show", str(waiting.account_id))["balance"] == "60"
    assert cli.ok("ledger", "verify")["ok"]


def test_a_transfer_is_declined(cli: Cli, waiting: Recharge) -> None:
    """Declined is not credited, and not decided again."""
    assert cli.ok("recharge", "decline", str(waiting.id), "--reason", "nothing came")["state"] == "declined"
    cli.fails("recharge", "approve", str(waiting.id))
    assert cli.ok("payment", "list") == []
    assert "no such recharge" in cli.fails("recharge", "approve", str(UUID(int=1)))


def test_a_dispute_is_decided(cli: Cli, database: TestDatabase) -> None:
    """Won gives back what was taken and lets the account call again."""

    async def work(connection: Connection, books: Books) -> UUID:
        account_id = await new_account(connection, books)
        first = paid(await new_recharge(connection, books, account_id))
        await apply_fact(connection, books, first)
        told = DisputeTold(ref="dp_1", gross_minor=10_000, state="open")
        await apply_fact(connection, books, about(first, dispute=told))
        return account_id

    account_id = on(database, work)
    assert cli.ok("account", "show", str(account_id))["status"] == "frozen"
    (dispute,) = cli.ok("dispute", "list", "--state", "open")
    assert cli.ok("dispute", "decide", dispute["dispute_id"], "won", "--note", "they wrote")["outcome"] == "won"
    shown = cli.ok("account", "show", str(account_id))
    assert (shown["status"], shown["balance"]) == ("active", "100")


def test_a_debt_is_forgiven(cli: Cli, database: TestDatabase) -> None:
    """Once under one key, and never more than is owed."""

    async def work(connection: Connection, books: Books) -> UUID:
        account_id = await new_account(connection, books)
        first = paid(await new_recharge(connection, books, account_id))
        await apply_fact(connection, books, first)
        await charge(connection, books.ids, account_id, 30 * DOLLAR)
        told = DisputeTold(ref="dp_1", gross_minor=10_000, state="open")
        await apply_fact(connection, books, about(first, dispute=told))
        return account_id

    account_id = str(on(database, work))
    terms = ("--account", account_id, "--reason", "goodwill", "--idempotency-key", "one")
    for _ in range(2):
        assert cli.ok("debt", "forgive", "20", *terms)["debt"] == "10"
    assert "owes 10" in cli.fails("debt", "forgive", "11", "--account", account_id, "--reason", "goodwill")
    nobody = str(UUID(int=1))
    assert f"no account {nobody}" in cli.fails("debt", "forgive", "1", "--account", nobody, "--reason", "goodwill")
    assert [each["action"] for each in cli.ok("audit", "list")].count("account.forgive") == 1
    assert cli.ok("ledger", "verify")["ok"]
