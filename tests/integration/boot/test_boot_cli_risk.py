"""Signals, decisions and evidence on the command line."""

import asyncio
import hashlib
import json
import stat
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.support.conduct import Conduct
from tests.support.postgres import TestDatabase

from farebox.boot.cli.app import run
from farebox.domain.end_user import end_user_id
from farebox.domain.policies.risk import RiskPolicy, RiskRule
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.storage.database import connect
from farebox.worker.risk_scan import RiskScan


@pytest.fixture
def suspect(database: TestDatabase) -> UUID:
    """An account that a signal has frozen."""

    async def make() -> UUID:
        connection = await connect(database.app_url, application_name="test")
        made = Conduct(connection)
        account = await made.account()
        await made.failed_payment(account, fingerprint="a card")
        rule = RiskRule(signal="card_testing", threshold=1, action="freeze")
        await RiskScan(RiskPolicy(rules=(rule,)), IdSource(), get_logger("test")).work(connection)
        await connection.close()
        return account

    return asyncio.run(make())


def test_a_case_is_found_and_decided(cli: Any, database: TestDatabase, suspect: UUID) -> None:
    """What waits, why, and a decision: the account works again, the customer is told, and the case is closed."""
    (case,) = cli.ok("risk", "list")
    assert (case["account_id"], case["account_status"], case["signals"]) == (str(suspect), "frozen", ["card_testing"])
    (signal,) = cli.ok("risk", "signals", "--account", str(suspect))
    assert (signal["signal"], signal["measured"], signal["has_frozen"]) == ("card_testing", 1, True)
    assert cli.ok("risk", "signals", "--kind", "load") == []
    assert cli.ok("risk", "decide", case["case_id"], "note", "--note", "asked")["status"] == "open"
    limited = cli.run("risk", "decide", case["case_id"], "nothing", "--daily", "5", "--json")
    assert limited[0] == 1
    decided = cli.ok("risk", "decide", case["case_id"], "unfreeze", "--note", "all right")
    assert (decided["status"], decided["account_status"]) == ("closed", "active")
    assert "closed already" in cli.fails("risk", "decide", case["case_id"], "nothing")
    assert cli.ok("risk", "list") == []
    assert cli.ok("risk", "end-user", end_user_id(suspect)) == {"account_id": str(suspect)}
    assert "no account" in cli.fails("risk", "end-user", "abc")
    assert [each["case_id"] for each in cli.ok("risk", "list", "--closed")] == [case["case_id"]]
    assert _mails(database) == ["account_frozen", "account_unfrozen"]


def test_freezing_by_command_is_told(cli: Any, database: TestDatabase, suspect: UUID) -> None:
    """As when the console does it, and only when the status changes; the operator's words are not in the mail."""
    cli.ok("account", "unfreeze", str(suspect), "--reason", "all right")
    for _ in range(2):
        cli.ok("account", "freeze", str(suspect), "--reason", "colleague's words")
    assert _mails(database) == ["account_frozen", "account_unfrozen", "account_frozen"]


def test_evidence_is_written_for_its_owner_alone(cli: Any, suspect: UUID, tmp_path: Path) -> None:
    """A file that others cannot read, never over another, and none where nothing was made."""
    file = tmp_path / "evidence.zip"
    began = (datetime.now(UTC) - timedelta(days=30)).date().isoformat()
    of = ("evidence", "--account", str(suspect), "--since", began, "--output", str(file))
    assert "at most 400 days" in cli.fails(*of, "--until", "400d", "--reason", "request 17")
    assert not file.exists()
    asked = (*of, "--until", "1d")
    made = cli.ok(*asked, "--reason", "request 17")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    raw = zipfile.ZipFile(file).read("manifest.json")
    assert made["manifest_sha256"] == hashlib.sha256(raw).hexdigest()
    assert json.loads(raw)["files"] == made["files"]
    assert "exists" in cli.fails(*asked, "--reason", "request 17").lower()
    assert cli.ok("audit", "list", "--action", "evidence.export")[0]["reason"] == "request 17"
    assert run([*asked, "--data", str(cli.data_dir)]) == 2


def _mails(database: TestDatabase) -> list[str]:
    async def read() -> list[str]:
        connection = await connect(database.app_url, application_name="test")
        rows = await connection.fetch("SELECT kind FROM mail ORDER BY created_at")
        await connection.close()
        return [row["kind"] for row in rows]

    return asyncio.run(read())
