"""`farebox statement`: the statements that the duty has made."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
from tests.integration.boot.conftest import Cli
from tests.support.payment_facts import books_of, new_account
from tests.support.postgres import TestDatabase

from farebox.kit.logging import get_logger
from farebox.payments.statements.month import begin_of, month_of, name_of
from farebox.storage.database import connect
from farebox.worker.statements import Statements

THIS_MONTH = month_of(datetime.now(UTC))
LAST_MONTH = month_of(begin_of(THIS_MONTH) - timedelta(days=1))


async def make(database: TestDatabase) -> UUID:
    """An account with one entry of last month, and its statement."""
    books, connection = books_of(), await connect(database.app_url, application_name="test-cli")
    past = await asyncpg.connect(database.admin_url)
    try:
        account_id = await new_account(connection, books)
        await books.ledger.credit(connection, account_id, 7 * 10**9, "grant", f"grant:{account_id}")
        await past.execute("SET session_replication_role = replica")
        await past.execute("UPDATE txn SET posted_at = $1", begin_of(LAST_MONTH))
        await Statements(books, "", get_logger("test")).state_until(connection, THIS_MONTH)
        return account_id
    finally:
        await connection.close()
        await past.close()


def test_statements_are_listed_and_shown(cli: Cli, database: TestDatabase) -> None:
    """By account and by month, and one with everything that stands on it."""
    account_id = asyncio.run(make(database))
    month = name_of(LAST_MONTH)
    (found,) = cli.ok("statement", "list", "--account", str(account_id), "--month", month)
    assert (found["number"], found["month"], found["opening"], found["closing"]) == (1, month, "0", "7")
    shown = cli.ok("statement", "show", found["statement_id"])
    assert [(each["kind"], each["count"], each["amount"]) for each in shown["sums"]] == [("grant", 1, "7")]
    assert cli.ok("statement", "list", "--month", "2020-01") == []
    assert "no statement" in cli.fails("statement", "show", str(uuid4()))
    cli.fails("statement", "list", "--month", "2020-13", status=2)
