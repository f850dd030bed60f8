"""`farebox model route`, `price`, `channel change`: what the catalogue says from now on, and its trail."""

import pytest
from tests.integration.boot.conftest import Cli

LOCAL = ("--base-url", "http://127.0.0.1:9/v1", "--allow-private")
COMPATIBLE = ("--kind", "openai-compatible", "--api-key-env", "PROVIDER_KEY")


@pytest.fixture
def model(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model on one of two channels."""
    monkeypatch.setenv("PROVIDER_KEY", "sk-provider-secret")
    for name in ("main", "spare"):
        cli.ok("channel", "add", "--name", name, *COMPATIBLE, *LOCAL)
    cli.ok("model", "add", "m", "--route", "main/a", "--input", "1", "--output", "2")
    return "m"


def routes(cli: Cli) -> list[str]:
    return list(cli.ok("model", "list")[0]["routes"])


def test_routes_come_and_go(cli: Cli, model: str):
    """One at a time, with cost; the last stays, and what is not there is named."""
    cost = ("--cost-input", "0.5", "--cost-output", "1")
    cli.ok("model", "route", "add", model, "spare/b@1:3", *cost)
    assert routes(cli) == ["main/a@0:1", "spare/b@1:3"]
    found = cli.ok("model", "route", "list", model)
    assert found[1]["cost"] == {"input": "0.5", "output": "1"}
    cli.ok("model", "route", "add", model, "spare/b@0:2", *cost)
    assert sorted(routes(cli)) == ["main/a@0:1", "spare/b@0:2"]
    cli.ok("model", "route", "remove", model, "main/a")
    assert routes(cli) == ["spare/b@0:2"]
    assert "last route" in cli.fails("model", "route", "remove", model, "spare/b")
    assert "no route main/a" in cli.fails("model", "route", "remove", model, "main/a")
    assert "nowhere" in cli.fails("model", "route", "add", model, "nowhere/a", *cost)
    assert "no model" in cli.fails("model", "route", "add", "other", "main/a", *cost)
    assert "must look like" in cli.fails("model", "route", "add", model, "main", *cost, status=2)
    assert routes(cli) == ["spare/b@0:2"]
    changes = cli.ok("audit", "list", "--action", "model.change")
    assert len(changes) == 3
    assert [len(changes[0][when]["routes"]) for when in ("before", "after")] == [2, 1]


def test_a_route_without_known_cost_is_remarked_on(cli: Cli, model: str):
    """It serves all the same; margins count it as free, and that is said."""
    status, _, err = cli.run("model", "route", "add", model, "spare/b")
    assert status == 0
    assert "no list prices are known for spare/b" in err
    assert "nowhere" in cli.fails("model", "route", "add", model, "nowhere/b")


def test_what_is_said_of_a_model_changes(cli: Cli, model: str):
    """Only what is named; none lifts a size, and a change that says nothing is bad usage."""
    told = cli.ok("model", "change", model, "--context", "8000", "--family", "m family", "--task", "chat")
    assert told == {"model": model, "context_tokens": 8000, "tasks": ["chat"], "family": "m family"}
    cli.ok("model", "change", model, "--max-output", "100")
    (listed,) = cli.ok("model", "list")
    assert (listed["context"], listed["max_output"], listed["tasks"]) == (8000, 100, ["chat"])
    cli.ok("model", "change", model, "--context", "none")
    assert cli.ok("model", "list")[0]["context"] is None
    assert cli.fails("model", "change", model, status=2)
    assert "--task" in cli.fails("model", "change", model, "--task", "dance", status=2)
    assert "no model" in cli.fails("model", "change", "other", "--context", "1")
    last = cli.ok("audit", "list", "--action", "model.change")[0]
    assert (last["before"], last["after"]) == ({"context_tokens": 8000}, {"context_tokens": None})


def test_coming_prices_are_taken_back(cli: Cli, model: str):
    """The prices before are in force from that moment; those in force stay, and a preview changes nothing."""
    assert cli.ok("model", "price", model, "--input", "3", "--effective", "7d")["rate_card"] == 2
    preview = cli.ok("price", "preview", model, "--input", "9")
    assert (preview["jobs"], preview["difference"], preview["is_estimate"]) == (0, "0", False)
    assert cli.fails("price", "preview", model, status=2)
    assert cli.ok("price", "cancel", model, "--version", "2", "--reason", "too much")["version"] == 3
    (undone, coming, now) = cli.ok("price", "list", model)
    assert [each["coming"] for each in (undone, coming, now)] == [True, True, False]
    assert (undone["pricing"]["input"], undone["starts_at"]) == ("1", coming["starts_at"])
    assert "in force already" in cli.fails("price", "cancel", model, "--version", "1")
    assert "no version 9" in cli.fails("price", "cancel", model, "--version", "9")
    for arguments in (("list", "other"), ("preview", "other", "--input", "1"), ("cancel", "other", "--version", "1")):
        assert "no model" in cli.fails("price", *arguments)
    (line,) = cli.ok("audit", "list", "--action", "price.cancel")
    assert (line["actor_kind"], line["reason"], line["before"]) == ("command", "too much", {"version": 2})


def test_a_channel_is_led_elsewhere(cli: Cli, model: str):
    """What is not named stays; the own network needs saying so each time, and a refusal changes nothing."""
    there = "http://127.0.0.1:8/v2"
    assert "--allow-private" in cli.fails("channel", "change", "main", "--base-url", there)
    assert cli.ok("audit", "list", "--action", "channel.change") == []
    changed = cli.ok("channel", "change", "main", "--base-url", there, "--allow-private")
    assert changed == {
        "name": "main",
        "kind": "openai-compatible",
        "provider": "127.0.0.1",
        "base_url": there,
        "allow_private": True,
    }
    listed = {each["name"]: (each["base_url"], each["keys"]) for each in cli.ok("channel", "list")}
    assert listed == {"main": (there, 1), "spare": ("http://127.0.0.1:9/v1", 1)}
    assert "no channel" in cli.fails("channel", "change", "other", "--base-url", there, "--allow-private")
    (line,) = cli.ok("audit", "list", "--action", "channel.change")
    assert (line["before"]["base_url"], line["after"]["base_url"]) == ("http://127.0.0.1:9/v1", there)
