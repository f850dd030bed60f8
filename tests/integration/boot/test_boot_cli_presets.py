"""Channels by preset on the command line, and the costs that a model's routes get from it."""

import asyncio
from typing import Any

import asyncpg
import pytest
from tests.integration.boot.conftest import Cli
from tests.support.postgres import TestDatabase

from farebox.catalog.store import load_snapshot
from farebox.domain.pricing import PerTokenCard

KEY = ("--api-key-env", "PROVIDER_KEY")
# Names are looked up in no test: where a preset's own host would be, a local one stands in.
LOCAL = ("--base-url", "http://127.0.0.1:9/v1", "--allow-private")


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVIDER_KEY", "sk-provider-secret")


async def costs(database: TestDatabase) -> dict[str, PerTokenCard]:
    """The cost of each route by its upstream model, as a worker reads it."""
    connection = await asyncpg.connect(database.app_url)
    try:
        snapshot = await load_snapshot(connection)
    finally:
        await connection.close()
    found: dict[str, PerTokenCard] = {}
    for model in snapshot.models.values():
        for route in model.routes:
            assert isinstance(route.cost, PerTokenCard)
            found[route.upstream_model] = route.cost
    return found


def listed(cli: Cli) -> dict[str, Any]:
    (channel,) = cli.ok("channel", "list")
    return dict(channel)


def test_presets_are_listed(cli: Cli) -> None:
    """Each with what an operator must know to choose and to use it."""
    found = {entry["preset"]: entry for entry in cli.ok("channel", "presets")}
    assert len(found) >= 14
    assert found["azure"]["key_header"] == "api-key"
    assert found["mistral"]["deviations"]
    assert found["openai"]["prices_as_of"]
    assert found["ollama"]["needs_key"] is False


@pytest.mark.parametrize(
    ("preset", "kind", "provider"),
    [
        ("openrouter", "openai-compatible", "openrouter"),
        ("dashscope", "openai-compatible", "alibaba"),
        ("anthropic", "anthropic", "anthropic"),
        ("gemini", "gemini", "google"),
        ("openai", "openai", "openai"),
    ],
)
def test_a_preset_fills_in_what_is_not_given(cli: Cli, preset: str, kind: str, provider: str) -> None:
    """Name, kind, provider and address come from the preset; an option that is given goes before it."""
    cli.ok("channel", "add", "--preset", preset, *KEY)
    channel = listed(cli)
    assert (channel["name"], channel["kind"], channel["provider"]) == (provider, kind, provider)
    assert channel["base_url"].startswith("https://")
    assert channel["keys"] == 1


def test_options_go_before_the_preset(cli: Cli) -> None:
    """A proxy before a vendor keeps the vendor's preset, by the provider's name."""
    cli.ok("channel", "add", "--preset", "groq", "--name", "fast", "--concurrency", "3", *KEY, *LOCAL)
    channel = listed(cli)
    assert (channel["name"], channel["provider"], channel["base_url"]) == ("fast", "groq", LOCAL[1])


def test_local_servers_need_an_address_and_no_key(cli: Cli) -> None:
    """Nobody knows where an operator's own server is, and it may ask for nothing."""
    assert "such as http://HOST:8000/v1" in cli.fails("channel", "add", "--preset", "vllm", status=2)
    assert cli.ok("channel", "add", "--preset", "vllm", *LOCAL)["name"] == "vllm"
    assert listed(cli)["keys"] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--preset", "nobody", *KEY), "there is no preset 'nobody'"),
        (("--preset", "openrouter"), "--api-key-env"),
        ((*KEY, *LOCAL), "--preset"),
        (("--kind", "openai", *KEY), "--name"),
        (("--preset", "openrouter", "--kind", "anthropic", *KEY), "belongs to the preset anthropic"),
        (("--preset", "vllm", "--provider", "mine", *LOCAL), "belongs to the preset openai-compatible"),
        (("--preset", "groq", "--base-url", "https://openrouter.ai/api/v1", *KEY), "belongs to the preset openrouter"),
    ],
)
def test_what_does_not_go_together_is_told(cli: Cli, arguments: tuple[str, ...], says: str) -> None:
    """One line that says what to do, bad usage, and no channel."""
    assert says in cli.fails("channel", "add", *arguments, status=2)
    assert cli.ok("channel", "list") == []


def test_costs_come_from_the_presets_list(cli: Cli, database: TestDatabase) -> None:
    """Each route costs what its own provider lists; what nobody lists is free and told; given costs go before all."""
    cli.ok("channel", "add", "--preset", "anthropic", "--name", "a", *KEY, *LOCAL)
    cli.ok("channel", "add", "--preset", "openrouter", "--name", "r", *KEY, *LOCAL)
    sell = ("--input", "9", "--output", "9")
    routes = ("--route", "a/claude-haiku-4-5", "--route", "r/anthropic/claude-haiku-4.5")
    status, _, err = cli.run("model", "add", "haiku", *routes, *sell)
    assert (status, err) == (0, "")
    status, _, err = cli.run("model", "add", "odd", "--route", "a/unheard-of", *sell)
    assert status == 0
    assert "a/unheard-of" in err
    cli.ok("model", "add", "mine", "--route", "a/claude-opus-5-5", "--cost-input", "1", "--cost-output", "2", *sell)
    found = asyncio.run(costs(database))
    assert found["claude-haiku-4-5"] == found["anthropic/claude-haiku-4.5"]
    prices = found["claude-haiku-4-5"].prices
    assert (prices.input, prices.cache_write, prices.cache_write_1h) == (1_000_000, 1_250_000, 2_000_000)
    assert (found["unheard-of"].prices.input, found["unheard-of"].prices.output) == (0, 0)
    assert (found["claude-opus-5-5"].prices.input, found["claude-opus-5-5"].prices.cached_input) == (1_000_000, None)
    assert "--cost-input" in cli.fails(
        "model", "add", "x", "--route", "a/y", *sell, "--cost-cached-input", "1", status=2
    )
