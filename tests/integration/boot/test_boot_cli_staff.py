"""Operators and admin tokens on the command line: the way in and the way back, each with its line of the trail."""

import asyncio

import pytest
from tests.integration.boot.conftest import Cli
from tests.support.postgres import TestDatabase
from tests.support.tills import ask, ask_value

from farebox.identity.password import is_password


def test_operators_are_added_changed_and_revoked_but_not_the_last(cli: Cli):
    """A new one gets a password, printed once; one with all scopes stays."""
    first = cli.ok("operator", "add", "--email", "op@example.com")
    assert (first["scopes"], len(first["password"]) >= 20) == (["*"], True)
    second = cli.ok("operator", "add", "--email", "two@example.com", "--scopes", "money:read,audit:read")
    assert "operator already" in cli.fails("operator", "add", "--email", "TWO@example.com")
    assert "all:write" in cli.fails("operator", "add", "--email", "x@example.com", "--scopes", "all:write")
    assert "no e-mail address" in cli.fails("operator", "add", "--email", "nobody")
    changed = cli.ok("operator", "change", "--email", "two@example.com", "--scopes", "risk:write")
    assert (changed["person_id"], changed["scopes"]) == (second["person_id"], ["risk:write"])
    assert "has to stay" in cli.fails("operator", "revoke", "--email", "op@example.com")
    cli.ok("operator", "revoke", "--email", "two@example.com", "--reason", "left")
    assert "no such operator" in cli.fails("operator", "revoke", "--email", "two@example.com")
    assert [each["email"] for each in cli.ok("operator", "list")] == ["op@example.com"]
    again = cli.ok("operator", "add", "--email", "two@example.com")
    assert "password" not in again
    actions = [line["action"] for line in cli.ok("audit", "list")]
    assert actions == ["operator.add", "operator.revoke", "operator.change", "operator.add", "operator.add"]


def test_who_is_locked_out_gets_a_new_password(cli: Cli, database: TestDatabase):
    """Printed once; second factors go only when asked for, and sessions end."""
    made = cli.ok("operator", "add", "--email", "op@example.com")
    asyncio.run(
        ask(
            database.admin_url,
            f"INSERT INTO totp (person_id, sealed, confirmed_at) VALUES ('{made['person_id']}', '', now()) RETURNING 1",
        )
    )
    reset = cli.ok("operator", "reset-password", "--email", "op@example.com")
    stored = asyncio.run(ask_value(database.admin_url, "SELECT password_hash FROM person"))
    assert asyncio.run(is_password(reset["password"], stored))
    assert not asyncio.run(is_password(made["password"], stored))
    assert cli.ok("operator", "list")[0]["second_factor"]
    cli.ok("operator", "reset-password", "--email", "op@example.com", "--second-factors", "--reason", "phone lost")
    assert not cli.ok("operator", "list")[0]["second_factor"]
    line = cli.ok("audit", "list")[0]
    assert (line["action"], line["after"]) == ("operator.reset_password", {"second_factors_removed": True})
    assert reset["password"] not in str(cli.ok("audit", "list"))


def test_tokens_are_made_listed_and_revoked(cli: Cli, database: TestDatabase):
    """The secret is printed once and stored as a hash; an end within a year."""
    made = cli.ok("token", "create", "--name", "ci", "--scopes", "money:read", "--expires", "30d")
    assert made["token"].startswith(made["prefix"])
    assert "within a year" in cli.fails("token", "create", "--name", "x", "--scopes", "*", "--expires", "400d")
    (listed,) = cli.ok("token", "list")
    assert ("token" in listed, listed["revoked_at"]) == (False, None)
    assert cli.ok("token", "revoke", made["token_id"])["revoked_at"] is not None
    assert "no such token" in cli.fails("token", "revoke", "00000000-0000-7000-8000-000000000000")
    stored = asyncio.run(ask_value(database.admin_url, "SELECT row_to_json(admin_token)::text FROM admin_token"))
    assert made["prefix"] in stored
    assert made["token"] not in stored


@pytest.mark.parametrize("arguments", [("add",), ("revoke",), ("reset-password",), ("change", "--email", "x@y.zz")])
def test_what_is_missing_is_bad_usage(cli: Cli, arguments: tuple[str, ...]):
    """Exit status 2, and nothing done."""
    cli.fails("operator", *arguments, status=2)
