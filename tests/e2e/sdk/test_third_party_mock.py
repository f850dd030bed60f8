"""Somebody else's mock of the providers behind Farebox gives what our simulator gives: we did not test our own ideas.

`@copilotkit/aimock` knows the dialects of all three vendors; each question goes to a channel of each kind before it and
to one before the simulator, and the customer sees the same.
"""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.gateway import RATES, Gateway, Shop, running_gateway
from tests.support.node import PACKAGES, node
from tests.support.postgres import TestDatabase
from tests.support.sdk.clients import PYTHON, ask
from tests.support.sdk.matrix import KINDS
from tests.support.sdk.question import ANSWER_SCHEMA, Question, Raised, Turn
from tests.support.simulator import SimulatorProcess

from farebox.catalog.admin import NewRoute

# The first of them may have to install the packages of Node.js.
pytestmark = pytest.mark.timeout(300)

RESULTS = {"weather": "sunny", "clock": "noon"}
PAIRS = [(client, kind) for client in PYTHON for kind in KINDS]
pairs = pytest.mark.parametrize(("client", "kind"), PAIRS, ids=[f"{client} - {kind}" for client, kind in PAIRS])
FORMS = (False, True)
# Models by their names' ends, and how the simulator behaves behind them; the mock goes by what it is told.
BEHAVIOURS = {
    "": "",
    "-busy": "?status=429",
    "-refused": "?status=400",
    "-wordy": "?chunks=40",
    "-silent": "?usage=missing",
}


@pytest.fixture(scope="module")
def mock_url() -> Iterator[str]:
    """The mock as a process of its own, on a port that it chose."""
    with subprocess.Popen(
        [node(), "mock.js"], cwd=PACKAGES, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"the mock did not start: exit status {process.wait()}"
        yield json.loads(line)["url"]
        process.stdin.close()
        assert process.wait(10) == 0


@pytest.fixture(scope="module")
def gateway(
    module_database: TestDatabase, shop: Shop, provider: SimulatorProcess, mock_url: str, account: Any
) -> Iterator[Gateway]:
    """Beside the simulator's channels one of each kind before the mock."""
    for kind in KINDS:
        path = "/v1" if kind.startswith("openai") else ""
        for owner, url in (("", provider.url), ("mock-", mock_url)):
            # Channels of their own, so that none is given up for what was asked of another.
            for name, suffix in BEHAVIOURS.items():
                if owner or name:
                    made = f"{owner}{kind}{name}"
                    shop.channel(made, url + path, kind=kind)
                    upstream_model = "mocked" if owner else f"sim-chat{suffix}"
                    shop.model(made, NewRoute(channel=made, upstream_model=upstream_model, cost=RATES))
    with running_gateway(module_database) as running:
        running.key = shop.key(account)
        yield running


def both(gateway: Gateway, client: str, kind: str, behaviour: str = "", **fields: Any) -> tuple[Any, Any]:
    """What the same question gives before the mock and before the simulator."""
    theirs, ours = (
        ask(client, gateway.url, gateway.key, Question(model=f"{owner}{kind}{behaviour}", **fields))
        for owner in ("mock-", "")
    )
    return theirs, ours


def said(turn: Turn) -> tuple[Any, ...]:
    return turn.text, turn.calls, turn.stop


@pytest.mark.parametrize("streams", FORMS)
@pairs
def test_words(gateway: Gateway, shop: Shop, client: str, kind: str, streams: bool) -> None:
    """The same text and stop, and the provider's own count, which is what is charged."""
    theirs, ours = both(gateway, client, kind, text="echo: hello there", streams=streams)
    assert said(theirs) == said(ours) == ("hello there", [], "end")
    for turn, model in ((theirs, f"mock-{kind}"), (ours, kind)):
        job = latest_job(shop, model)
        assert (job["outcome"], job["usage_source"]) == ("completed", "provider"), model
        assert (turn.input_tokens, turn.output_tokens) == (job["input_tokens"], job["output_tokens"]), model
        assert job["charge_nano"] == job["input_tokens"] * 1000 + job["output_tokens"] * 2000 > 0


@pytest.mark.parametrize("streams", FORMS)
@pairs
def test_missing_usage(gateway: Gateway, shop: Shop, client: str, kind: str, streams: bool) -> None:
    """Where a provider counts nothing we count, whoever's words it is."""
    if (client, kind, streams) == ("anthropic", "anthropic", True):
        pytest.skip("a message that starts without usage breaks Anthropic's own SDK, as it would at Anthropic")
    text = "count nothing\necho: hello there"
    theirs, ours = both(gateway, client, kind, "-silent", text=text, streams=streams)
    assert said(theirs) == said(ours) == ("hello there", [], "end")
    # The mock's own count of chat completions cannot be taken away.
    models = [f"{kind}-silent"] + ([] if kind.startswith("openai") else [f"mock-{kind}-silent"])
    jobs = [latest_job(shop, model) for model in models]
    assert {job["usage_source"] for job in jobs} == {"estimated"}
    assert all(0 < job["charge_nano"] <= job["hold_nano"] for job in jobs)


# The mock has a reason for calls that Google has not; it passes through to Google's SDK, which wonders.
@pytest.mark.filterwarnings("ignore:FUNCTION_CALL is not a valid FinishReason:UserWarning")
@pytest.mark.parametrize("streams", FORMS)
@pairs
def test_parallel_tools(gateway: Gateway, client: str, kind: str, streams: bool) -> None:
    """The same calls, and the same words about their results."""
    tools: dict[str, Any] = {"tools": tuple(RESULTS), "results": RESULTS}
    theirs, ours = both(gateway, client, kind, text="echo: Paris", streams=streams, **tools)
    calls = [("weather", {"city": "Paris"}), ("clock", {"city": "Paris"})]
    assert said(theirs) == said(ours) == ("", calls, "tools")
    assert theirs.then.stop == ours.then.stop == "end"
    for turn in (theirs.then, ours.then):
        assert all(result in turn.text for result in RESULTS.values())


@pytest.mark.parametrize("streams", FORMS)
@pairs
def test_the_end_by_length(gateway: Gateway, client: str, kind: str, streams: bool) -> None:
    """The same reason to stop."""
    theirs, ours = both(gateway, client, kind, "-wordy", text="say much", streams=streams, most=16)
    assert theirs.text == "one two three"
    assert theirs.stop == ours.stop == "length"


@pytest.mark.parametrize("streams", FORMS)
@pairs
def test_json(gateway: Gateway, client: str, kind: str, streams: bool) -> None:
    """The same JSON."""
    theirs, ours = both(gateway, client, kind, text="give JSON\necho: Paris", streams=streams, schema=ANSWER_SCHEMA)
    assert json.loads(theirs.text) == json.loads(ours.text)
    assert theirs.stop == ours.stop == "end"


@pairs
def test_errors(gateway: Gateway, client: str, kind: str) -> None:
    """The same exceptions: a busy provider is the gateway's trouble, a refused request the customer's."""
    for behaviour, text, status in (("-busy", "be busy", 503), ("-refused", "be refused", 400)):
        theirs, ours = both(gateway, client, kind, behaviour, text=text)
        assert isinstance(theirs, Raised), theirs
        assert isinstance(ours, Raised), ours
        assert (theirs.name, theirs.status) == (ours.name, ours.status)
        assert theirs.status == status


def latest_job(shop: Shop, model: str) -> Any:
    """The newest job of this model, once it has ended."""
    row = shop.rows("SELECT id FROM job WHERE model = $1 ORDER BY created_at DESC, id DESC LIMIT 1", model)
    return shop.job(str(row[0]["id"]))
