"""What an operator may want to make good for: found by filters, and in the spool."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.integration.boot.conftest import Cli
from tests.support.postgres import TestDatabase
from tests.support.tills import IDS, ask, call, ending, open_account, voiding

from farebox.till.spool import Spool

_JOB = """
INSERT INTO job (account_id, id, key_id, status, outcome, endpoint, model, stream, created_at, finished_at,
                 rate_card_id, factor_ppm, hold_nano, charge_nano, write_off_nano, delivery_unknown, input_hash)
VALUES ($1, $2, $3, 'settled', 'completed', 'chat.completions', 'm', false, now(), now(), 1, 1000000, 9, 9, $4, $5, '')
RETURNING id::text
"""


@pytest.fixture
def jobs(database: TestDatabase) -> dict[str, str]:
    """A job of each kind, by kind."""

    async def make() -> dict[str, str]:
        account_id, key_id = await open_account(database.app_url, 0)
        kinds: dict[str, tuple[Any, ...]] = {"usual": (0, False), "written_off": (7, False), "unknown": (0, True)}
        return {
            kind: (await ask(database.app_url, _JOB, account_id, IDS.new(), key_id, *facts))[0][0]
            for kind, facts in kinds.items()
        }

    return asyncio.run(make())


def test_jobs_in_doubt_are_listed_by_kind(cli: Cli, jobs: dict[str, str]):
    """Write-offs and unknown deliveries each have a filter; doctor counts them."""
    assert len(cli.ok("jobs", "list")) == 3
    [written_off] = cli.ok("jobs", "list", "--write-offs")
    assert (written_off["id"], written_off["write_off"]) == (jobs["written_off"], "0.000000007")
    [unknown] = cli.ok("jobs", "list", "--delivery-unknown")
    assert (unknown["id"], unknown["delivery_unknown"]) == (jobs["unknown"], True)
    assert "either" in cli.fails("jobs", "list", "--delivery-unknown", "--write-offs", status=2)
    [found] = [check for check in cli.ok("doctor")["checks"] if check["name"] == "jobs"]
    assert found["detail"].startswith("1 charged and perhaps not delivered, 1 with a write-off")


def test_rejected_endings_are_listed(cli: Cli):
    """What the ledger would not take is charged to nobody, and the operator sees what it was."""
    assert cli.ok("jobs", "rejected") == []
    made = call(IDS.new(), IDS.new())
    settle, void = ending(made, 25), voiding(made)

    async def reject(directory: Path) -> None:
        spool = Spool.create(directory, IDS.new())
        await spool.reject(settle)
        await spool.reject(void)
        spool.close()

    asyncio.run(reject(cli.data_dir / "spool"))
    with next((cli.data_dir / "spool").glob("*.rejected")).open("ab") as file:
        file.write(b"torn")
    first, second = cli.ok("jobs", "rejected")
    assert (first["job_id"], first["account_id"], first["price"]) == (
        str(settle.job_id),
        str(settle.account_id),
        "0.000000025",
    )
    assert (second["outcome"], second["price"]) == ("provider_error", "0")
