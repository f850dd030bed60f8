"""Caps, limits and switches on the command line, and the pool of keys of a channel."""

import os
import uuid

import pytest
from tests.integration.boot.conftest import Cli
from tests.support.server import farebox

LOCAL = ("--base-url", "http://127.0.0.1:9/v1", "--allow-private")


@pytest.fixture
def channel(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> str:
    """A channel of a vendor, with one key, and a model on it."""
    monkeypatch.setenv("PROVIDER_KEY", "sk-provider-secret")
    cli.ok("channel", "add", "--name", "main", "--kind", "openai", "--api-key-env", "PROVIDER_KEY", *LOCAL)
    cli.ok("model", "add", "m", "--route", "main/a", "--input", "1", "--output", "2")
    return "main"


def test_caps_of_a_model_are_set_and_lifted_one_by_one(cli: Cli, channel: str):
    """A cap that is not named stays as it is; `none` lifts one; the list shows what is in force."""
    assert cli.ok("model", "cap", "m", "--daily", "50", "--account-daily", "1.5") == {
        "model": "m",
        "daily_cap": "50",
        "account_daily_cap": "1.5",
        "account_rpm": None,
    }
    assert cli.ok("model", "cap", "m", "--account-rpm", "20")["account_rpm"] == 20
    cli.ok("model", "cap", "m", "--daily", "none")
    (listed,) = cli.ok("model", "list")
    assert (listed["daily_cap"], listed["account_daily_cap"]) == (None, "1.5")
    assert "no model" in cli.fails("model", "cap", "other", "--daily", "1")


def test_a_model_is_taken_off_sale_and_put_back(cli: Cli, channel: str):
    assert cli.ok("model", "disable", "m") == {"model": "m", "enabled": False}
    assert cli.ok("model", "list")[0]["enabled"] is False
    assert cli.ok("model", "enable", "m")["enabled"] is True
    assert cli.ok("model", "list")[0]["enabled"] is True
    assert "no model" in cli.fails("model", "disable", "other")


def test_caps_of_a_channel_and_of_its_provider(cli: Cli, channel: str):
    """Both are changed without touching what is not named; a provider that has no channel is refused."""
    cli.ok("channel", "cap", channel, "--daily-cap", "20", "--concurrency", "4")
    assert cli.ok("channel", "cap", channel, "--concurrency", "none") == {
        "name": "main",
        "daily_cap": "20",
        "concurrency": None,
    }
    assert cli.ok("channel", "list")[0]["daily_cap"] == "20"
    assert cli.ok("provider", "list") == [
        {"provider": "openai", "daily_cap": None, "concurrency": None, "stopped": False, "channels": ["main"]}
    ]
    cli.ok("provider", "cap", "openai", "--daily-cap", "100")
    cli.ok("provider", "cap", "openai", "--concurrency", "8")
    (listed,) = cli.ok("provider", "list")
    assert (listed["daily_cap"], listed["concurrency"]) == ("100", 8)
    assert cli.ok("provider", "cap", "openai", "--daily-cap", "none", "--concurrency", "none")["daily_cap"] is None
    assert "no channel" in cli.fails("provider", "cap", "opanai", "--daily-cap", "1")
    assert "no channel" in cli.fails("channel", "cap", "other", "--concurrency", "1")


@pytest.mark.parametrize(
    "arguments",
    [
        ("model", "cap", "m"),
        ("model", "cap", "m", "--daily", "-1"),
        ("model", "cap", "m", "--daily", "much"),
        ("channel", "cap", "main", "--concurrency", "0"),
        ("channel", "cap", "main", "--concurrency", "1.5"),
        ("provider", "cap", "openai", "--concurrency", "9" * 30),
        ("account", "limit", str(uuid.uuid4())),
    ],
)
def test_what_is_no_cap_is_bad_usage(cli: Cli, arguments: tuple[str, ...]):
    """A cap that could not be meant is refused before anything is changed, with exit status 2."""
    cli.fails(*arguments, status=2)


def test_limits_of_an_account_are_set_and_lifted(cli: Cli):
    """All six limits can be set; `none` lifts one, and the others stay."""
    account = cli.ok("account", "create", "--email", "ann@example.com")["account_id"]
    rates = ("--rpm", "60", "--tpm", "9000", "--concurrency", "3")
    cli.ok("account", "limit", account, *rates, "--daily", "1", "--monthly", "20", "--total", "100")
    changed = cli.ok("account", "limit", "--account", account, "--tpm", "none", "--daily", "2.5")
    expected = {"requests_per_minute": 60, "concurrency": 3, "daily": "2.5", "monthly": "20", "total": "100"}
    assert changed == {"account_id": account, "limits": expected}
    assert cli.ok("account", "show", account)["limits"] == expected
    unknown = str(uuid.uuid4())
    assert unknown in cli.fails("account", "limit", unknown, "--rpm", "1")


def test_keys_of_a_channel_are_pooled(cli: Cli, channel: str, monkeypatch: pytest.MonkeyPatch):
    """A second key joins the pool, the first can then go; no secret is ever shown, and the last key stays."""
    monkeypatch.setenv("SECOND_KEY", "sk-second-secret")
    (first,) = cli.ok("channel", "key", "list", channel)
    added = cli.ok("channel", "key", "add", channel, "--api-key-env", "SECOND_KEY")
    assert added == {"channel_key_id": added["channel_key_id"], "name": "main", "keys": 2}
    listed = cli.ok("channel", "key", "list", channel)
    assert [key["channel_key_id"] for key in listed] == [first["channel_key_id"], added["channel_key_id"]]
    assert "secret" not in str(listed)
    assert cli.ok("channel", "list")[0]["keys"] == 2
    assert cli.ok("channel", "key", "remove", first["channel_key_id"])["keys"] == 1
    assert "no channel has" in cli.fails("channel", "key", "remove", first["channel_key_id"])
    assert "last key" in cli.fails("channel", "key", "remove", added["channel_key_id"])
    assert "no channel" in cli.fails("channel", "key", "add", "other", "--api-key-env", "SECOND_KEY")
    assert "SURELY_NOT_SET" in cli.fails("channel", "key", "add", channel, "--api-key-env", "SURELY_NOT_SET")


def test_a_lost_secret_key_is_noticed(cli: Cli, channel: str):
    """A new secret key beside provider keys that it cannot open would hide the loss: no command makes one."""
    path = cli.data_dir / "secret.key"
    kept = path.read_bytes()
    path.unlink()
    message = cli.fails("channel", "key", "add", channel, "--api-key-env", "PROVIDER_KEY")
    assert "secret.key" in message
    assert "restore" in message
    started = farebox("serve", "--data", str(cli.data_dir), "--port", "0", env=dict(os.environ))
    assert (started.returncode, "restore" in started.stderr) == (1, True), started.stderr
    assert not path.exists()
    path.write_bytes(kept)
    path.chmod(0o600)
    assert cli.ok("channel", "key", "add", channel, "--api-key-env", "PROVIDER_KEY")["keys"] == 2


def test_a_key_opens_named_pages_to_browsers(cli: Cli):
    """Origins are kept as a browser sends them; what no browser sends is refused instead of stored."""
    account = cli.ok("account", "create", "--email", "ann@example.com")["account_id"]
    create = ("key", "create", "--account", account)
    cli.ok(
        *(*create, "--monthly", "5", "--total", "9", "--hide-balance"),
        *("--cors-origin", "https://App.example.com:443,http://localhost:3000"),
    )
    (key,) = cli.ok("key", "list")
    assert key["cors_origins"] == ["https://app.example.com", "http://localhost:3000"]
    assert (key["sees_balance"], key["limits"]) == (False, {"monthly": "5", "total": "9"})
    for wrong in ("app.example.com", "https://app.example.com/", "null", "https://a.example.com/page"):
        assert "origin" in cli.fails(*create, "--cors-origin", wrong)
    assert len(cli.ok("key", "list")) == 1
