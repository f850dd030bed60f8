"""Reports, search and giving back on the command line: the figures of the console's pages."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.integration.boot.conftest import Cli
from tests.support.calls import add_key, end_job, id_at
from tests.support.postgres import TestDatabase

from farebox.kit.ids import IdSource
from farebox.storage.database import connect

NANO = 10**9


@pytest.fixture
def customer(cli: Cli, database: TestDatabase) -> tuple[str, str]:
    """An account with credit and one job at a charge of two that cost three: their ids."""
    account_id = cli.ok("account", "create", "--email", "ada@example.com", "--grant", "10")["account_id"]

    async def work() -> UUID:
        ids = IdSource()
        connection = await connect(database.app_url, application_name="test")
        key_id = await add_key(connection, ids, UUID(account_id))
        job_id = await end_job(
            connection, ids.new(), UUID(account_id), key_id, charge_nano=2 * NANO, cost_nano=3 * NANO
        )
        await connection.close()
        return job_id

    return account_id, str(asyncio.run(work()))


def test_reports_agree_with_the_jobs(cli: Cli, customer: tuple[str, str]):
    """Usage has a job at once; the statement adds up; unknown words and spans are named."""
    account_id, job_id = customer
    [point] = cli.ok("report", "usage", "--account", account_id, "--by", "model")
    assert (point["label"], point["jobs"], point["charge"]) == ("m", 1, "2")
    charge, grant = cli.ok("report", "statement", "--account", account_id)
    assert (charge["amount"], charge["balance_after"], charge["job_id"]) == ("-2", "8", job_id)
    assert (grant["kind"], grant["balance_after"]) == ("grant", "10")
    assert cli.ok("report", "statement", "--account", account_id, "--kind", "recharge") == []
    assert "after it begins" in cli.fails(
        "report", "usage", "--account", account_id, "--since", "2026-02-01", "--until", "2026-01-01"
    )


def test_margins_are_rolled_up_first(cli: Cli, customer: tuple[str, str], database: TestDatabase):
    """Jobs of a deployment whose worker has not run are in it, but for those of the last minutes."""
    account_id, _ = customer
    assert cli.ok("report", "margin") == []

    async def work() -> None:
        ids = IdSource()
        connection = await connect(database.owner_url, application_name="test")
        await connection.execute("UPDATE usage_mark SET until_ms = until_ms - 86400000")
        began = id_at(ids, datetime.now(UTC) - timedelta(minutes=10))
        await end_job(connection, began, UUID(account_id), ids.new(), model="old", charge_nano=5, cost_nano=7)
        await connection.close()

    asyncio.run(work())
    [line] = cli.ok("report", "margin", "--by", "account", "--step", "whole")
    assert (line["label"], line["id"], line["jobs"]) == ("ada@example.com", account_id, 1)
    assert (line["charge"], line["cost"], line["margin"]) == ("0.000000005", "0.000000007", "-0.000000002")


def test_accounts_are_found_and_changes_are_audited(cli: Cli, customer: tuple[str, str]):
    """Each change of the command line is a line of the trail."""
    account_id, job_id = customer
    assert [row["account_id"] for row in cli.ok("account", "find", "ada@")] == [account_id]
    assert cli.ok("account", "find", "nobody") == []
    cli.ok("account", "freeze", account_id, "--reason", "fraud")
    cli.ok("account", "unfreeze", account_id, "--reason", "cleared")
    cli.ok("account", "limit", account_id, "--daily", "3")
    for _ in range(2):
        cli.ok("account", "grant", "1", "--account", account_id, "--reason", "gift", "--idempotency-key", "g")
        done = cli.ok("jobs", "adjust", job_id, "--amount", "0.5", "--reason", "wrong", "--idempotency-key", "a")
        assert (done["adjusted"], done["balance"]) == ("0.5", "9.5")
    cli.ok("jobs", "adjust", job_id, "--reason", "all of it")
    assert "can still be given back" in cli.fails("jobs", "adjust", job_id, "--amount", "1", "--reason", "more")
    actions = [line["action"] for line in cli.ok("audit", "list", "--account", account_id)][::-1]
    assert [action for action in actions if action != "account.create"] == [
        "account.freeze",
        "account.unfreeze",
        "account.limit",
        "account.grant",
        "job.adjust",
        "job.adjust",
    ]
