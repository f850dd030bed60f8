"""Discounts and customer groups on the command line, notices of prices, and what the trail says of commands."""

import uuid

import pytest
from tests.integration.boot.conftest import Cli


@pytest.fixture
def model(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PROVIDER_KEY", "sk-provider-secret")
    local = ("--base-url", "http://127.0.0.1:9/v1", "--allow-private")
    cli.ok("channel", "add", "--name", "main", "--kind", "openai", "--api-key-env", "PROVIDER_KEY", *local)
    cli.ok("model", "add", "m", "--route", "main/a", "--input", "1", "--output", "2")
    return "m"


def test_a_discount_is_planned_listed_and_ended(cli: Cli):
    """Percentages are exact; what makes no sense is bad usage and plans nothing."""
    made = cli.ok("discount", "add", "Autumn", "--models", "claude-*, gpt-x", "--off", "12.5", "--ends", "3d")
    assert (made["models"], made["off_percent"]) == (["claude-*", "gpt-x"], "12.5")
    (listed,) = cli.ok("discount", "list")
    assert listed["discount_id"] == made["discount_id"]
    ended = cli.ok("discount", "end", made["discount_id"])
    assert ended["ends_at"] < made["ends_at"]
    assert "ended already" in cli.fails("discount", "end", made["discount_id"])
    for off in ("0", "100.1", "-5", "much"):
        cli.fails("discount", "add", "x", "--models", "*", f"--off={off}", status=2)
    assert "no such discount" in cli.fails("discount", "end", str(uuid.uuid4()))
    assert len(cli.ok("discount", "list")) == 1


def test_groups_are_set_joined_and_removed(cli: Cli):
    """An account joins a group that is there; a group with accounts stays."""
    account = cli.ok("account", "create", "--email", "a@example.com")["account_id"]
    assert "no customer group" in cli.fails("group", "assign", account, "partners")
    assert cli.ok("group", "set", "partners", "--price", "80")["price_percent"] == "80"
    assert cli.ok("group", "assign", account, "partners")["group"] == "partners"
    assert cli.ok("group", "list")[0]["accounts"] == 1
    assert "move them first" in cli.fails("group", "remove", "partners")
    cli.ok("group", "assign", account, "none")
    cli.ok("group", "remove", "partners")
    assert cli.ok("group", "list") == []
    cli.fails("group", "set", "none", "--price", "80", status=2)


def test_a_rise_keeps_the_notice_of_the_policy(cli: Cli, model: str):
    """The command line keeps the rule that the console keeps: a rise waits, a fall does not."""
    cli.data_dir.mkdir(exist_ok=True)
    (cli.data_dir / "farebox.toml").write_text("[price_change]\nnotice_days = 14\n")
    assert "14 days' notice" in cli.fails("model", "price", model, "--output", "3", "--effective", "2d")
    cli.ok("model", "price", model, "--output", "3")
    cli.ok("model", "price", model, "--output", "1")
    (listed,) = cli.ok("model", "list")
    assert (listed["pricing"]["output"], len(listed["coming"])) == ("1", 1)


def test_commands_are_on_the_trail(cli: Cli, model: str):
    """Each change of the catalogue is one line, in the order of doing."""
    cli.ok("model", "cap", model, "--account-rpm", "5")
    cli.ok("channel", "disable", "main")
    cli.ok("stop", "--all", "--reason", "a leak")
    cli.ok("resume", "--all")
    lines = cli.ok("audit", "list")
    assert [line["action"] for line in lines][:6] == [
        "stop.end",
        "stop.set",
        "channel.disable",
        "model.cap",
        "model.add",
        "channel.add",
    ]
