"""Every client's dialect before every kind of provider: plain, streamed, tools, limits, faults; all charged alike."""

import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from tests.support.gateway import MODEL, PROVIDER_KEY, Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.sdk.clients import PYTHON
from tests.support.sdk.matrix import KINDS
from tests.support.sdk.question import Question, Turn
from tests.support.simulator import SimulatorProcess

PAIRS = [(name, streams) for name in PYTHON for streams in (False, True)]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def gateway(database: TestDatabase, shop: Shop, provider: SimulatorProcess, kind: str) -> Iterator[Gateway]:
    """A worker with one channel of the kind, whose simulator refuses members that its dialect does not have."""
    provider.set(record_bodies=True, unknown_fields="refuse")
    shop.sell(provider.base_url if kind.startswith("openai") else provider.url, kind=kind)
    with running_gateway(database) as running:
        running.key = shop.key(shop.account())
        yield running


def ask(gateway: Gateway, client: str, text: str, **fields: Any) -> Turn:
    return PYTHON[client](gateway.url, gateway.key, Question(text=text, **fields))


def latest_job(shop: Shop, number: int) -> Any:
    """The newest of `number` jobs, once so many have ended."""
    rows = shop.wait_for(
        lambda: (
            found if len(found := shop.rows("SELECT * FROM job ORDER BY created_at DESC, id DESC")) == number else None
        )
    )
    return rows[0]


def test_words_in_words_out(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """The same text, the same stop, the provider's usage, one charge, the provider's own key in its own header."""
    for number, (client, streams) in enumerate(PAIRS, 1):
        turn = ask(gateway, client, "echo: hello there", streams=streams)
        assert (turn.text, turn.calls, turn.stop) == ("hello there", [], "end"), (client, streams)
        job = latest_job(shop, number)
        assert (job["outcome"], job["usage_source"], job["stream"]) == ("completed", "provider", streams)
        assert (turn.input_tokens, turn.output_tokens) == (job["input_tokens"], job["output_tokens"])
        assert job["charge_nano"] == job["input_tokens"] * 1000 + job["output_tokens"] * 2000 > 0
    assert provider.key_uses(PROVIDER_KEY) == len(PAIRS)


def test_the_output_limit_is_carried(gateway: Gateway, provider: SimulatorProcess) -> None:
    """The client's bound binds the provider, and the reason to stop says so."""
    provider.set(chunks=40)
    for client, streams in PAIRS:
        turn = ask(gateway, client, "tell me much", streams=streams, most=16)
        assert (turn.stop, turn.output_tokens) == ("length", 16), (client, streams)


def test_the_provider_is_spoken_to_in_its_own_way(gateway: Gateway, provider: SimulatorProcess, kind: str) -> None:
    """Path and body are the provider's, whoever asks; only a client of responses may pass through as such."""
    ask(gateway, "responses", "echo: hi")
    path = {
        "openai": "/v1/responses",
        "anthropic": "/v1/messages",
        "gemini": f"/v1beta/models/{MODEL}:generateContent",
    }
    assert provider.stats()["paths"] == {path.get(kind, "/v1/chat/completions"): 1}
    assert "echo: hi" in json.dumps(provider.bodies()[-1]["body"])


def test_a_provider_that_breaks_off_is_an_error_and_free(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess
) -> None:
    """A truncated stream never ends like a clean one, in whatever pair of dialects."""
    provider.set(cut=3)
    for number, client in enumerate(PYTHON, 1):
        with pytest.raises(Exception, match=r"broke off|provider_error|PROVIDER_ERROR"):
            ask(gateway, client, "hello", streams=True)
        job = latest_job(shop, number)
        assert (job["outcome"], job["charge_nano"]) == ("provider_cut", 0), client


def test_a_missing_usage_is_estimated(gateway: Gateway, shop: Shop, provider: SimulatorProcess, kind: str) -> None:
    """Where the provider counts nothing we count, never above the hold."""
    provider.set(usage="missing")
    # A message that starts without usage breaks Anthropic's own SDK, as it would at Anthropic.
    pairs = [pair for pair in PAIRS if (kind, *pair) != ("anthropic", "anthropic", True)]
    for number, (client, streams) in enumerate(pairs, 1):
        turn = ask(gateway, client, "echo: some words to count", streams=streams)
        job = latest_job(shop, number)
        assert job["usage_source"] == "estimated", (client, streams)
        assert 0 < job["charge_nano"] <= job["hold_nano"], (client, streams)
        assert turn.output_tokens == job["output_tokens"], (client, streams)


def test_embeddings_of_two_dialects(gateway: Gateway, shop: Shop, kind: str) -> None:
    """OpenAI's SDK, which asks for base64, and Gemini's paths get the same vectors from either vendor."""
    body = {"model": MODEL, "input": ["a", "b"], "encoding_format": "float"}
    plain = gateway.call("POST", "/v1/embeddings", body)
    if kind == "anthropic":
        assert (plain.status, plain.json["error"]["param"]) == (400, "model")
        return
    assert plain.status == 200
    vectors = [entry["embedding"] for entry in plain.json["data"]]
    with openai.OpenAI(api_key=gateway.key, base_url=gateway.base_url, max_retries=0) as client:
        packed = client.embeddings.create(model=MODEL, input=["a", "b"])
    assert packed.data[1].embedding == pytest.approx(vectors[1], abs=1e-6)
    requests = [{"content": {"parts": [{"text": text}]}} for text in ("a", "b")]
    path = f"/v1beta/models/{MODEL}:batchEmbedContents"
    batch = gateway.call("POST", path, {"requests": [{"model": f"models/{MODEL}", **entry} for entry in requests]})
    assert [entry["values"] for entry in batch.json["embeddings"]] == [pytest.approx(vector) for vector in vectors]
    one = gateway.call("POST", f"/v1beta/models/{MODEL}:embedContent", requests[0])
    assert one.json["embedding"]["values"] == pytest.approx(vectors[0])
    assert [job["charge_nano"] > 0 for job in shop.rows("SELECT charge_nano FROM job")] == [True] * 4
