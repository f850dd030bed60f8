"""The deployment's secret key: lost, wrong, or new while nothing is sealed yet."""

import asyncio
import json
import os

import pytest
from tests.integration.boot.conftest import Cli
from tests.support.postgres import TestDatabase
from tests.support.server import farebox
from tests.support.tills import ask

LOCAL = ("--base-url", "http://127.0.0.1:9/v1", "--allow-private")
OTHER_KEY = "another-key-0123456789-0123456789-0123456789"


def add_channel(name: str) -> tuple[str, ...]:
    return ("channel", "add", "--name", name, "--kind", "openai", "--api-key-env", "PROVIDER_KEY", *LOCAL)


@pytest.fixture
def provider_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVIDER_KEY", "sk-provider-secret")


@pytest.mark.usefixtures("provider_key")
def test_a_wrong_secret_key_is_noticed(cli: Cli, monkeypatch: pytest.MonkeyPatch):
    """A key that does not open what is sealed is refused by the server and by commands, and named by doctor."""
    cli.ok(*add_channel("first"))
    monkeypatch.setenv("FAREBOX_SECRET_KEY", OTHER_KEY)
    assert "FAREBOX_SECRET_KEY is not the key" in cli.fails(*add_channel("second"))
    started = farebox("serve", "--data", str(cli.data_dir), "--port", "0", env=dict(os.environ))
    assert (started.returncode, "is not the key" in started.stderr) == (1, True), started.stderr
    status, out, _ = cli.run("doctor", "--json")
    [wrong] = [check for check in json.loads(out)["checks"] if not check["ok"]]
    assert (status, wrong["name"]) == (1, "sealed keys")
    monkeypatch.delenv("FAREBOX_SECRET_KEY")
    cli.ok(*add_channel("second"))
    assert cli.ok("doctor")["ok"]


@pytest.mark.usefixtures("provider_key")
def test_a_key_of_before_the_canary_is_tried_on_what_is_sealed(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, database_without_canary: None
):
    """A database of an earlier release has no canary: the oldest provider key says whether the key is right."""
    monkeypatch.setenv("FAREBOX_SECRET_KEY", OTHER_KEY)
    assert "is not the key" in cli.fails(*add_channel("second"))
    monkeypatch.delenv("FAREBOX_SECRET_KEY")
    cli.ok(*add_channel("second"))


@pytest.fixture
def database_without_canary(cli: Cli, provider_key: None, database: TestDatabase) -> None:
    cli.ok(*add_channel("first"))
    asyncio.run(ask(database.admin_url, "DELETE FROM secret_canary RETURNING 1"))


@pytest.mark.usefixtures("provider_key")
def test_the_key_may_change_while_nothing_is_sealed(cli: Cli, monkeypatch: pytest.MonkeyPatch):
    """An operator who sets a key of his own after a first look loses nothing, and is not held up."""
    monkeypatch.setenv("FAREBOX_SECRET_KEY", OTHER_KEY)
    cli.ok("channel", "add", "--name", "bare", "--kind", "openai-compatible", *LOCAL)
    monkeypatch.delenv("FAREBOX_SECRET_KEY")
    cli.ok(*add_channel("first"))
    monkeypatch.setenv("FAREBOX_SECRET_KEY", OTHER_KEY)
    assert "is not the key" in cli.fails(*add_channel("second"))


def test_second_factors_are_sealed_too(cli: Cli, database: TestDatabase, monkeypatch: pytest.MonkeyPatch):
    """Another key would lock out everybody who has an authenticator app, so it is refused as with provider keys."""
    cli.ok("channel", "add", "--name", "bare", "--kind", "openai-compatible", *LOCAL)
    person = cli.ok("operator", "add", "--email", "op@example.com")["person_id"]
    enrolled = f"INSERT INTO totp (person_id, sealed, confirmed_at) VALUES ('{person}', '', now()) RETURNING 1"
    asyncio.run(ask(database.admin_url, enrolled))
    monkeypatch.setenv("FAREBOX_SECRET_KEY", OTHER_KEY)
    monkeypatch.setenv("PROVIDER_KEY", "sk-provider-secret")
    assert "is not the key" in cli.fails(*add_channel("first"))
