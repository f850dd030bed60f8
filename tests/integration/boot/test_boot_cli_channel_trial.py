"""`farebox channel test`: how it shows what a channel answers, and how fast."""

from collections.abc import Iterator

import pytest
from tests.integration.boot.conftest import Cli
from tests.support.simulator import SimulatorProcess, running_simulator


@pytest.fixture(scope="module")
def provider() -> Iterator[SimulatorProcess]:
    with running_simulator() as simulator:
        yield simulator


@pytest.fixture
def channel(cli: Cli, provider: SimulatorProcess, monkeypatch: pytest.MonkeyPatch) -> str:
    provider.reset()
    monkeypatch.setenv("K", "sk-provider-secret-0001")
    cli.ok(
        *("channel", "add", "--name", "first", "--kind", "openai-compatible", "--base-url", provider.base_url),
        *("--allow-private", "--api-key-env", "K"),
    )
    return "first"


def test_the_list_of_models_is_timed(cli: Cli, channel: str, provider: SimulatorProcess) -> None:
    """It costs nothing, and tells connection, first byte and all of it."""
    found = cli.ok("channel", "test", channel)
    assert (found["ok"], found["status"], found["upstream_model"]) == (True, 200, None)
    assert 0 <= found["connect_ms"] <= found["first_byte_ms"] <= found["latency_ms"]
    assert provider.stats()["paths"] == {"/v1/models": 1}


def test_a_call_of_one_token_proves_a_model(cli: Cli, channel: str, provider: SimulatorProcess) -> None:
    """By our name of the model, if it has a route there, or by the provider's own."""
    cli.ok(
        *("model", "add", "ours", "--input", "1", "--output", "1"),
        *("--route", f"{channel}/sim-chat", "--cost-input", "1", "--cost-output", "1"),
    )
    for name in ("ours", "sim-chat"):
        found = cli.ok("channel", "test", channel, "--model", name)
        assert (found["ok"], found["upstream_model"]) == (True, "sim-chat")
    assert [head["model"] for head in provider.stats()["last"]] == ["sim-chat", "sim-chat"]
    assert provider.stats()["last"][-1]["max_tokens"] == 1


def test_what_fails_is_told_with_status_1(cli: Cli, channel: str, provider: SimulatorProcess) -> None:
    """The provider's words, scrubbed, help to find out why; the command's status tells scripts."""
    provider.set(status=500, error_message="worker org-0123456789 is out of memory")
    status, out, err = cli.run("channel", "test", channel, "--model", "sim-chat")
    assert status == 1
    assert "does not work: the provider answers with status 500" in err
    assert "out of memory" in out
    assert "org-0123456789" not in out
