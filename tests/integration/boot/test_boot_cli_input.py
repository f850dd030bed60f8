"""What an operator mistypes, or does not say, on the command line."""

import uuid

import pytest
from tests.integration.boot.conftest import Cli

LOCAL = ("--base-url", "http://127.0.0.1:9/v1", "--allow-private")


@pytest.fixture
def model(cli: Cli) -> str:
    cli.ok("channel", "add", "--name", "main", "--kind", "openai-compatible", *LOCAL)
    prices = ("--input", "1", "--output", "2", "--cached-input", "0.1", "--cache-write", "1.25", "--per-request", "0.5")
    cli.ok("model", "add", "m", "--route", "main/a", *prices)
    return "m"


def pricing(cli: Cli) -> dict[str, str]:
    (listed,) = cli.ok("model", "list")
    return {
        name: listed["pricing"].get(name) for name in ("input", "output", "cached_input", "cache_write", "per_request")
    }


def test_a_price_that_is_not_named_stays(cli: Cli, model: str):
    """A new price of input must not make cached input ten times as dear in silence."""
    cli.ok("model", "price", model, "--input", "3", "--output", "4")
    assert pricing(cli) == {
        "input": "3",
        "output": "4",
        "cached_input": "0.1",
        "cache_write": "1.25",
        "per_request": "0.5",
    }
    assert cli.ok("model", "price", model, "--cached-input", "0.3")["rate_card"] == 3
    assert pricing(cli)["cached_input"] == "0.3"
    cli.ok("model", "price", model, "--clear", "cache-write", "--clear", "per-request")
    assert pricing(cli) == {
        "input": "3",
        "output": "4",
        "cached_input": "0.3",
        "cache_write": None,
        "per_request": None,
    }


def test_a_price_change_says_what_it_changes(cli: Cli, model: str):
    """Nothing, something unknown, or both ways at once is bad usage and changes nothing."""
    cli.fails("model", "price", model, status=2)
    assert "cached-input" in cli.fails("model", "price", model, "--clear", "input", status=2)
    cli.fails("model", "price", model, "--cache-write", "1", "--clear", "cache-write", status=2)
    assert cli.ok("model", "list")[0]["rate_card"] == 1


def test_a_key_for_a_model_that_is_not_there_is_refused(cli: Cli, model: str):
    """A mistyped model would make a key that can call nothing."""
    account = cli.ok("account", "create", "--email", "ann@example.com")["account_id"]
    message = cli.fails("key", "create", "--account", account, "--models", "m,mm")
    assert "no model mm" in message
    assert cli.ok("key", "list") == []
    cli.ok("key", "create", "--account", account, "--models", "m")


@pytest.mark.parametrize(
    "command",
    [
        ("account", "show", "abc"),
        ("account", "freeze", "abc", "--reason", "r"),
        ("account", "grant", "5", "--account", "abc"),
        ("key", "create", "--account", "abc"),
        ("key", "list", "--account", "abc"),
        ("key", "revoke", "abc"),
        ("jobs", "show", "abc"),
        ("jobs", "list", "--account", "abc"),
    ],
)
def test_what_is_no_id_is_named(cli: Cli, command: tuple[str, ...]):
    """One line that says what an id looks like."""
    message = cli.fails(*command, status=2)
    assert "'abc' is not an id, such as 01a1f000-" in message


def test_ids_are_taken_in_any_writing(cli: Cli):
    """As a person copies one: upper case, spaces around it."""
    account = cli.ok("account", "create", "--email", "ann@example.com")["account_id"]
    assert cli.ok("account", "show", f" {account.upper()} ")["account_id"] == account
    assert cli.ok("account", "freeze", account, "--reason", "r")["status"] == "frozen"
    assert cli.ok("account", "unfreeze", "--account", account, "--reason", "r")["status"] == "active"
    assert cli.ok("account", "close", account, "--reason", "r")["status"] == "closed"
    assert "no account" in cli.fails("account", "close", str(uuid.uuid4()), "--reason", "r")


def test_bytes_that_are_no_text_are_refused(cli: Cli):
    """As a terminal of another encoding sends them: one line, and nothing is written."""
    message = cli.fails("account", "create", "--email", "ann@example.com", "--name", "Zo\udcff", status=2)
    assert "UTF-8" in message
    assert cli.ok("account", "list") == []
