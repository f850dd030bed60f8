"""Models that are sold per call, on the command line: by the tiers of the policy."""

from pathlib import Path

import pytest
from tests.integration.boot.conftest import Cli

TIERS = """
[pricing]
context_tiers = [{ up_to_input_tokens = 1000, per_call = "0.5" }, { per_call = "3" }]
"""
LOCAL = ("--base-url", "http://127.0.0.1:9/v1", "--allow-private")


@pytest.fixture
def channel(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PROVIDER_KEY", "sk-provider-secret")
    cli.ok("channel", "add", "--name", "main", "--kind", "openai", "--api-key-env", "PROVIDER_KEY", *LOCAL)
    return "main/x"


def test_a_model_is_sold_by_a_multiple_of_the_tiers(cli: Cli, channel: str):
    """The bounds are values of the policy; the model says how many times their price it costs."""
    cli.ok("model", "add", "plain", "--route", channel, "--per-call", "1")
    Path(cli.data_dir, "farebox.toml").write_text(TIERS)
    cli.ok("model", "add", "dear", "--route", channel, "--per-call", "10")
    shown = {model["model"]: model["pricing"] for model in cli.ok("model", "list")}
    assert shown["plain"] == {"up_to_16384": "1", "up_to_32768": "2", "up_to_131072": "5", "up_to_any": "10"}
    assert shown["dear"] == {"up_to_1000": "5", "up_to_any": "30"}


def test_a_model_has_one_kind_of_price(cli: Cli, channel: str):
    """Per call and per token together, no price at all, or none of a call: bad usage, nothing is sold."""
    for prices in (("--per-call", "2", "--input", "1", "--output", "2"), (), ("--per-call", "0")):
        cli.fails("model", "add", "m", "--route", channel, *prices, status=2)
    assert cli.ok("model", "list") == []
