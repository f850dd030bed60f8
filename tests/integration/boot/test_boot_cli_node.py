"""Commands about the node itself: policy files, health of the machine, the simulator, the benchmarks."""

import http.client
import json
import subprocess
from pathlib import Path

import pytest
from tests.integration.boot.conftest import Cli
from tests.support.server import FAREBOX, command_environment, farebox

from farebox.boot.config import load_policy


def test_init_writes_a_policy_file_once(cli: Cli):
    """The file is where `farebox serve` reads it, and one that the operator has edited is not overwritten."""
    made = cli.ok("init", "--profile", "context-credits")
    path = Path(made["path"])
    assert path == cli.data_dir / "farebox.toml"
    assert load_policy(path).unit == "credit"
    path.write_text('unit = "USD"\n')
    assert "--force" in cli.fails("init", "--profile", "context-credits")
    assert path.read_text() == 'unit = "USD"\n'
    cli.ok("init", "--profile", "context-credits", "--force")
    assert load_policy(path).unit == "credit"


def test_doctor_finds_a_healthy_machine(cli: Cli):
    """Every check has a name and a finding; all is well on a fresh directory and a migrated database."""
    found = cli.ok("doctor")
    assert found["ok"] is True
    names = {check["name"] for check in found["checks"]}
    assert names == {"data directory", "secret key", "open files", "disk", "fsync", "database", "schema", "clock"}


def test_doctor_says_what_is_wrong(cli: Cli, monkeypatch: pytest.MonkeyPatch):
    """A key that others can read and a database that is not there: exit status 1, each named."""
    cli.data_dir.mkdir()
    (cli.data_dir / "secret.key").write_text("x" * 43)
    (cli.data_dir / "secret.key").chmod(0o644)
    monkeypatch.setenv("FAREBOX_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    monkeypatch.delenv("FAREBOX_DATABASE_OWNER_URL")
    status, out, _ = cli.run("doctor", "--json")
    assert status == 1
    wrong = {check["name"]: check["detail"] for check in json.loads(out)["checks"] if not check["ok"]}
    assert set(wrong) == {"secret key", "database"}
    assert "chmod 600" in wrong["secret key"]


def test_doctor_names_settlements_that_were_put_aside(cli: Cli):
    """An ending that could not be posted is in no ledger: the operator hears of it until the file is gone."""
    (cli.data_dir / "spool").mkdir(parents=True)
    (cli.data_dir / "spool" / "a.rejected").write_bytes(b"x")
    (cli.data_dir / "spool" / "b.unreadable").write_bytes(b"x")
    status, out, _ = cli.run("doctor", "--json")
    assert status == 1
    [wrong] = [check for check in json.loads(out)["checks"] if not check["ok"]]
    assert wrong["name"] == "spool"
    assert "a.rejected, b.unreadable" in wrong["detail"]


def test_a_database_that_is_away_is_one_line(cli: Cli, monkeypatch: pytest.MonkeyPatch):
    """No traceback, and no password in the message."""
    monkeypatch.setenv("FAREBOX_DATABASE_URL", "postgresql://farebox:hunter2@127.0.0.1:9/none")
    monkeypatch.delenv("FAREBOX_DATABASE_OWNER_URL")
    message = cli.fails("account", "list")
    assert "cannot be reached" in message
    assert "hunter2" not in message


def test_without_a_database_commands_say_what_to_do(cli: Cli, monkeypatch: pytest.MonkeyPatch):
    """A mistyped --data is told, and leaves no database behind."""
    monkeypatch.delenv("FAREBOX_DATABASE_URL")
    monkeypatch.delenv("FAREBOX_DATABASE_OWNER_URL")
    assert "farebox serve" in cli.fails("account", "list")
    assert not cli.data_dir.exists()


def test_the_unit_of_a_ledger_cannot_change(cli: Cli):
    """Amounts of one ledger are never read in two units."""
    account = cli.ok("account", "create", "--email", "ann@example.com", "--grant", "1")["account_id"]
    cli.data_dir.mkdir(exist_ok=True)
    (cli.data_dir / "farebox.toml").write_text('unit = "credit"\n')
    assert "USD" in cli.fails("account", "show", account)


def test_the_simulator_runs_as_a_command(tmp_path: Path):
    """`farebox simulate` prints its URL and speaks the wire format with the timings and faults it was given."""
    process = subprocess.Popen(
        [FAREBOX, "simulate", "--port", "0", "--status", "429", "--set", "retry_after=7"],
        env=command_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        host = json.loads(process.stdout.readline())["url"].removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=10)
        body = json.dumps({"model": "sim-chat", "messages": [{"role": "user", "content": "x"}]})
        connection.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
        response = connection.getresponse()
        response.read()
        assert (response.status, response.headers["retry-after"]) == (429, "7")
        connection.close()
    finally:
        process.terminate()
        assert process.wait(10) == 0
        process.stdout.close()


def test_help_needs_no_database_and_no_server(tmp_path: Path):
    """Every noun explains itself."""
    top = farebox("--help")
    assert top.returncode == 0
    for noun in ("serve", "init", "account", "key", "channel", "model", "stop", "resume", "ledger", "jobs", "simulate"):
        assert noun in top.stdout
        done = farebox(noun, "--help")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("Usage: farebox")
