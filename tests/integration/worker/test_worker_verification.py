"""The daily check of the ledger: what it finds is a case and a mail, and over when the ledger is whole."""

from pathlib import Path

from tests.support.postgres import TestDatabase

from farebox.boot.ledger_heads import LedgerHeads
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.storage.database import connect
from farebox.worker.verification import Verification


async def test_a_broken_invariant_rings(database: TestDatabase, tmp_path: Path) -> None:
    """One case however often, closed by the first check that finds nothing; each check is on the trail."""
    connection = await connect(database.owner_url, application_name="test")
    ids = IdSource()
    verification = Verification(LedgerHeads(tmp_path / "heads.jsonl"), ids, get_logger("test"))
    account_id = ids.new()
    await verification.work(connection)
    assert await connection.fetch("SELECT 1 FROM review_case") == []
    await connection.execute("INSERT INTO account (id, balance_nano) VALUES ($1, 5)", account_id)
    for _ in range(2):
        await verification.work(connection)
    (case,) = await connection.fetch("SELECT kind, subject, status, facts FROM review_case")
    assert (case["kind"], case["subject"], case["status"]) == ("ledger", "ledger", "open")
    assert case["facts"]["problems"]
    await connection.execute("UPDATE account SET balance_nano = 0 WHERE id = $1", account_id)
    await verification.work(connection)
    assert await connection.fetchval("SELECT status FROM review_case") == "closed"
    told = await connection.fetch("SELECT after FROM audit WHERE target = 'ledger' ORDER BY id")
    assert [row["after"]["differences"] > 0 for row in told] == [False, True, True, False]
    await connection.close()
