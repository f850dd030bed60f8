"""Accounts and keys on the command line: what scripts get, and what is refused."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from tests.integration.boot.conftest import Cli


def test_an_account_is_made_with_credit_and_shown(cli: Cli):
    """`account create` gives id and balance as a decimal string, `account show` the rest."""
    made = cli.ok("account", "create", "--email", "ann@example.com", "--grant", "12.5")
    assert made == {"account_id": made["account_id"], "balance": "12.5"}
    shown = cli.ok("account", "show", made["account_id"])
    assert (shown["status"], shown["balance"], shown["held"], shown["spendable"]) == ("active", "12.5", "0", "12.5")
    assert cli.ok("account", "show", "--account", made["account_id"]) == shown
    assert [each["account_id"] for each in cli.ok("account", "list")] == [made["account_id"]]


def test_an_address_has_one_account_only(cli: Cli):
    """A second account for an address, in whatever case, is refused and leaves nothing, its grant included."""
    cli.ok("account", "create", "--email", "ann@example.com")
    message = cli.fails("account", "create", "--email", "Ann@Example.com", "--grant", "5")
    assert "already" in message
    assert len(cli.ok("account", "list")) == 1
    assert "e-mail" in cli.fails("account", "create", "--email", "not an address")


def test_a_grant_with_the_same_idempotency_key_counts_once(cli: Cli):
    """A script that is run again does not pay twice; the same key with another amount is an error."""
    account = cli.ok("account", "create", "--email", "ann@example.com")["account_id"]
    grant = ("account", "grant", "--account", account, "--reason", "welcome", "--idempotency-key", "k1")
    assert cli.ok(*grant, "3")["balance"] == "3"
    assert cli.ok(*grant, "3")["balance"] == "3"
    assert "k1" in cli.fails(*grant, "4")
    assert cli.ok("account", "grant", "--account", account, "--reason", "more", "0.5")["balance"] == "3.5"


def test_an_account_is_frozen_unfrozen_and_closed(cli: Cli):
    """A frozen account keeps its balance; a closed one stays closed and its keys are revoked."""
    account = cli.ok("account", "create", "--email", "ann@example.com", "--grant", "1")["account_id"]
    key = cli.ok("key", "create", "--account", account)["key_id"]
    frozen = cli.ok("account", "freeze", account, "--reason", "looks odd")
    assert (frozen["status"], frozen["status_reason"], frozen["balance"]) == ("frozen", "looks odd", "1")
    assert cli.ok("account", "unfreeze", account, "--reason", "cleared")["status"] == "active"
    assert "is active" in cli.fails("account", "unfreeze", account, "--reason", "cleared")
    assert cli.ok("account", "close", account, "--reason", "asked for")["status"] == "closed"
    assert "is closed" in cli.fails("account", "unfreeze", account, "--reason", "cleared")
    assert "closed" in cli.fails("key", "create", "--account", account)
    assert [(each["key_id"], each["status"]) for each in cli.ok("key", "list")] == [(key, "revoked")]


def test_a_key_has_the_limits_that_were_asked_for(cli: Cli):
    """Every option of `key create` arrives; of the secret only the prefix is ever listed."""
    cli.ok(
        "channel", "add", "--name", "main", "--kind", "openai-compatible", "--base-url", "https://api.example.com/v1"
    )
    for model in ("a", "b"):
        cli.ok("model", "add", model, "--route", "main/x", "--input", "1", "--output", "2")
    account = cli.ok("account", "create", "--email", "ann@example.com")["account_id"]
    made = cli.ok(
        *("key", "create", "--account", account, "--kind", "test", "--name", "ci", "--rpm", "10", "--tpm", "1000"),
        *("--concurrency", "2", "--daily", "1.5", "--models", "a,b", "--cidr", "10.0.0.0/8,::1", "--expires", "30d"),
    )
    assert made["api_key"].startswith("fb_test_")
    (key,) = cli.ok("key", "list", "--account", account)
    assert key["limits"] == {"requests_per_minute": 10, "tokens_per_minute": 1000, "concurrency": 2, "daily": "1.5"}
    assert (key["kind"], key["name"], key["models"], key["cidrs"]) == (
        "test",
        "ci",
        ["a", "b"],
        ["10.0.0.0/8", "::1/128"],
    )
    expires = datetime.fromisoformat(key["expires_at"])
    assert timedelta(days=29, hours=23) < expires - datetime.now(UTC) <= timedelta(days=30)
    assert made["api_key"] not in str(key)
    assert made["api_key"].startswith(key["prefix"])


@pytest.mark.parametrize(
    "arguments",
    [("--cidr", "10.0.0.1/8"), ("--cidr", "home"), ("--expires", "2001-01-01")],
)
def test_a_key_that_could_not_work_is_not_made(cli: Cli, arguments: tuple[str, ...]):
    """A network that is none, or an expiry in the past, is refused instead of stored."""
    account = cli.ok("account", "create", "--email", "ann@example.com")["account_id"]
    cli.fails("key", "create", "--account", account, *arguments)
    assert cli.ok("key", "list") == []


def test_what_does_not_exist_is_said_in_one_line(cli: Cli):
    """Unknown ids end with status 1 and the id, never with a traceback."""
    unknown = str(uuid.uuid4())
    for arguments in (
        ("account", "show", unknown),
        ("account", "freeze", unknown, "--reason", "x"),
        ("account", "grant", "--account", unknown, "--reason", "x", "1"),
        ("key", "create", "--account", unknown),
        ("key", "revoke", unknown),
        ("jobs", "show", unknown),
    ):
        assert unknown in cli.fails(*arguments)
    assert cli.ok("jobs", "list") == []


def test_revoking_a_key_twice_changes_nothing(cli: Cli):
    account = cli.ok("account", "create", "--email", "ann@example.com")["account_id"]
    key = cli.ok("key", "create", "--account", account)["key_id"]
    assert cli.ok("key", "revoke", key)["status"] == "revoked"
    assert cli.ok("key", "revoke", "--key", key)["status"] == "revoked"


def test_credit_is_given_for_a_time_and_not_to_a_closed_account(cli: Cli):
    """As promotional credit that expires; nobody could spend what a closed account is given."""
    account = cli.ok("account", "create", "--email", "ann@example.com")["account_id"]
    grant = ("account", "grant", "2", "--account", account, "--reason", "spring")
    assert cli.ok(*grant, "--kind", "promo", "--expires", "30d")["balance"] == "2"
    assert "in the future" in cli.fails(*grant, "--expires", "2001-01-01", status=2)
    assert cli.ok("audit", "list", "--action", "account.grant")[0]["after"]["kind"] == "promo"
    cli.ok("account", "close", account, "--reason", "asked for")
    assert "is closed" in cli.fails(*grant)
    assert cli.ok("account", "show", account)["balance"] == "2"
