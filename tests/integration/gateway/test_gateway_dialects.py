"""Clients of every dialect, with their official SDKs as they are, and a provider that speaks OpenAI's chat alone."""

from collections.abc import Iterator
from typing import Any

import anthropic
import openai
import pytest
from google import genai
from google.genai import errors, types
from tests.support.gateway import MODEL, Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess


@pytest.fixture
def gateway(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> Iterator[Gateway]:
    """A worker whose one channel is a server that knows chat completions only."""
    shop.sell(provider.base_url, kind="openai-compatible")
    with running_gateway(database, simulator_url=provider.url) as running:
        running.key = shop.key(shop.account())
        yield running


@pytest.fixture
def claude(gateway: Gateway) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(api_key=gateway.key, base_url=gateway.url, max_retries=0) as client:
        yield client


@pytest.fixture
def gemini(gateway: Gateway) -> Iterator[genai.Client]:
    with genai.Client(api_key=gateway.key, http_options=types.HttpOptions(base_url=gateway.url)) as client:
        yield client


@pytest.fixture
def responses(gateway: Gateway) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key=gateway.key, base_url=gateway.base_url, max_retries=0) as client:
        yield client


def ask_claude(client: anthropic.Anthropic, text: str = "echo: hello there", **fields: Any) -> anthropic.types.Message:
    messages: Any = [{"role": "user", "content": text}]
    return client.messages.create(**{"model": MODEL, "max_tokens": 100, "messages": messages, **fields})


def charged(shop: Shop, endpoint: str) -> Any:
    """The one job of this test, which must be settled at the provider's own count."""
    job = shop.only_job()
    assert (job["endpoint"], job["outcome"], job["usage_source"]) == (endpoint, "completed", "provider")
    assert job["charge_nano"] == job["input_tokens"] * 1000 + job["output_tokens"] * 2000 > 0
    return job


# -- Anthropic's messages ------------------------------------------------------------------------------------------


def test_claude_plain(claude: anthropic.Anthropic, shop: Shop) -> None:
    """A message with its stop reason, usage and cost; the receipt says the same."""
    answer = ask_claude(claude, system="Be brief.")
    job = charged(shop, "messages")
    assert answer.id == f"msg_{job['id'].hex}"
    assert answer.model == MODEL
    assert [block.text for block in answer.content if block.type == "text"] == ["hello there"]
    assert answer.stop_reason == "end_turn"
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (job["input_tokens"], job["output_tokens"])
    assert float(answer.usage.cost) == pytest.approx(job["charge_nano"] / 1e9)  # type: ignore[attr-defined]


def test_claude_stream(claude: anthropic.Anthropic, shop: Shop) -> None:
    """The SDK's own accumulator puts the events together to the plain answer."""
    messages: Any = [{"role": "user", "content": "echo: hello there"}]
    with claude.messages.stream(model=MODEL, max_tokens=100, messages=messages) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    job = charged(shop, "messages")
    assert text == "hello there"
    assert final.stop_reason == "end_turn"
    assert final.usage.output_tokens == job["output_tokens"]
    assert job["stream"]


def test_claude_count_tokens_is_free(claude: anthropic.Anthropic, shop: Shop, provider: SimulatorProcess) -> None:
    """A count asks no provider and makes no job; more text has more tokens."""
    short = claude.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "hello"}])
    long = claude.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "hello " * 400}])
    assert 0 < short.input_tokens < 50 < long.input_tokens < 1200
    assert provider.stats()["requests"] == 0
    assert shop.rows("SELECT FROM job UNION ALL SELECT FROM hold") == []


def test_claude_lists_models(claude: anthropic.Anthropic) -> None:
    """The model list in Anthropic's shape."""
    assert [model.id for model in claude.models.list()] == [MODEL]
    assert claude.models.retrieve(MODEL).display_name == MODEL


# -- Gemini's generateContent ----------------------------------------------------------------------------------------


def test_gemini_plain(gemini: genai.Client, shop: Shop) -> None:
    """A candidate with its finish reason, usage and our id."""
    config = types.GenerateContentConfig(system_instruction="Be brief.", max_output_tokens=100)
    answer = gemini.models.generate_content(model=MODEL, contents="echo: hello there", config=config)
    job = charged(shop, "chat.completions")
    assert answer.text == "hello there"
    assert answer.candidates is not None
    assert answer.candidates[0].finish_reason == types.FinishReason.STOP
    assert answer.model_version == MODEL
    assert answer.usage_metadata is not None
    assert answer.usage_metadata.prompt_token_count == job["input_tokens"]
    assert answer.usage_metadata.candidates_token_count == job["output_tokens"]
    assert answer.response_id is not None
    assert job["id"].hex in answer.response_id


def test_gemini_stream(gemini: genai.Client, shop: Shop) -> None:
    """Chunks make up the text; the last one has usage and the reason to finish."""
    chunks = list(gemini.models.generate_content_stream(model=MODEL, contents="echo: hello there"))
    job = charged(shop, "chat.completions")
    assert "".join(chunk.text or "" for chunk in chunks) == "hello there"
    assert chunks[-1].candidates is not None
    assert chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP
    assert chunks[-1].usage_metadata is not None
    assert chunks[-1].usage_metadata.candidates_token_count == job["output_tokens"]


def test_gemini_stream_as_one_array(gateway: Gateway, shop: Shop) -> None:
    """Without `alt=sse` a stream is one JSON array, declared as JSON, with the key in the query."""
    body = {"contents": [{"parts": [{"text": "echo: hello there"}]}]}
    path = f"/v1beta/models/{MODEL}:streamGenerateContent?key={gateway.key}"
    answer = gateway.call("POST", path, body, key=None, headers={"authorization": ""})
    assert answer.status == 401  # an empty authorization is no key, and the query's is not looked for
    answer = gateway.call("POST", path, body)
    assert answer.headers["content-type"].startswith("application/json")
    parts = [chunk["candidates"][0]["content"]["parts"] for chunk in answer.json if chunk.get("candidates")]
    assert "".join(part.get("text", "") for found in parts for part in found) == "hello there"
    charged(shop, "chat.completions")


def test_gemini_counts_lists_and_embeds(gemini: genai.Client, shop: Shop) -> None:
    """countTokens is free; models have Gemini's shape; embeddings come from a provider of OpenAI's dialect."""
    counted = gemini.models.count_tokens(model=MODEL, contents="hello " * 400)
    assert counted.total_tokens is not None
    assert 50 < counted.total_tokens < 1200
    assert shop.rows("SELECT FROM job UNION ALL SELECT FROM hold") == []
    assert [model.name for model in gemini.models.list()] == [f"models/{MODEL}"]
    assert gemini.models.get(model=MODEL).display_name == MODEL
    found = gemini.models.embed_content(model=MODEL, contents=["a", "b"])
    assert found.embeddings is not None
    assert len(found.embeddings) == 2
    assert found.embeddings[0].values != found.embeddings[1].values
    assert shop.only_job()["endpoint"] == "embeddings"


# -- OpenAI's responses ------------------------------------------------------------------------------------------------


def test_responses_plain(responses: openai.OpenAI, shop: Shop) -> None:
    """A response of a model whose provider knows chat completions only."""
    answer = responses.responses.create(model=MODEL, input="echo: hello there", instructions="Be brief.", store=False)
    job = charged(shop, "responses")
    assert answer.output_text == "hello there"
    assert answer.status == "completed"
    assert answer.id == f"resp_{job['id'].hex}"
    assert answer.usage is not None
    assert answer.usage.output_tokens == job["output_tokens"]


def test_responses_stream(responses: openai.OpenAI, shop: Shop) -> None:
    """The SDK's accumulator agrees with the deltas; the end is `response.completed` with usage."""
    with responses.responses.stream(model=MODEL, input="echo: hello there", store=False) as stream:
        deltas = [event.delta for event in stream if event.type == "response.output_text.delta"]
        final = stream.get_final_response()
    job = charged(shop, "responses")
    assert "".join(deltas) == final.output_text == "hello there"
    assert final.usage is not None
    assert final.usage.input_tokens == job["input_tokens"]


# -- how it fails ------------------------------------------------------------------------------------------------------


def test_unknown_keys_and_models_in_every_dialect(
    gateway: Gateway, claude: anthropic.Anthropic, gemini: genai.Client
) -> None:
    """401 and 404 are the SDK's own exceptions, with our code."""
    bad = gateway.key[:-1] + ("A" if gateway.key[-1] != "A" else "B")
    with pytest.raises(anthropic.AuthenticationError) as refused:
        ask_claude(claude.with_options(api_key=bad))
    body: Any = refused.value.body
    assert (body["type"], body["error"]["type"], body["error"]["code"]) == (
        "error",
        "authentication_error",
        "invalid_api_key",
    )
    with pytest.raises(anthropic.NotFoundError) as missing:
        ask_claude(claude, model="none")
    assert missing.value.body["error"]["code"] == "model_not_found"  # type: ignore[index]
    with pytest.raises(errors.ClientError) as unknown:
        gemini.models.generate_content(model="none", contents="hi")
    assert (unknown.value.code, unknown.value.status) == (404, "NOT_FOUND")
    assert unknown.value.details["error"]["details"][0]["reason"] == "MODEL_NOT_FOUND"


def test_too_little_credit_in_every_dialect(gateway: Gateway, shop: Shop) -> None:
    """402 says what was lacking in the client's own shape."""
    key = shop.key(shop.account("0"))
    messages = [{"role": "user", "content": "hi"}]
    said = gateway.call("POST", "/v1/messages", {"model": MODEL, "max_tokens": 9, "messages": messages}, key=key)
    assert (said.status, said.json["error"]["type"]) == (402, "billing_error")
    assert said.json["error"]["code"] == "insufficient_credits"
    assert float(said.json["error"]["required"]) > 0
    path = f"/v1beta/models/{MODEL}:generateContent"
    said = gateway.call("POST", path, {"contents": [{"parts": [{"text": "hi"}]}]}, key=key)
    assert said.status == said.json["error"]["code"] == 402
    assert said.json["error"]["details"][0]["metadata"]["available"] == "0"
    said = gateway.call("POST", "/v1/responses", {"model": MODEL, "input": "hi"}, key=key)
    assert (said.status, said.code) == (402, "insufficient_credits")


@pytest.mark.parametrize("path", ["/v1/messages", f"/v1beta/models/{MODEL}:generateContent", "/v1/responses"])
def test_what_cannot_be_carried_is_refused_by_its_name_and_not_held(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess, path: str
) -> None:
    """A 400 names the client's field before admission: no job, no request to the provider."""
    bodies: dict[str, Any] = {
        "/v1/messages": {
            "model": MODEL,
            "max_tokens": 9,
            "top_k": 5,
            "messages": [{"role": "user", "content": "hi"}],
        },
        "/v1/responses": {"model": MODEL, "input": "hi", "truncation": "auto"},
    }
    fallback = {"contents": [{"parts": [{"text": "hi"}]}], "generationConfig": {"topK": 5}}
    answer = gateway.call("POST", path, bodies.get(path, fallback))
    assert answer.status == 400
    name = {"/v1/messages": "top_k", "/v1/responses": "truncation"}.get(path, "topK")
    assert name in answer.json["error"]["message"]
    assert provider.stats()["requests"] == 0
    assert shop.rows("SELECT FROM job UNION ALL SELECT FROM hold") == []


def test_a_broken_stream_raises_in_the_sdk_and_is_free(
    claude: anthropic.Anthropic, shop: Shop, provider: SimulatorProcess
) -> None:
    """A provider that breaks off midway gives an error event of the client's dialect and never a clean end."""
    provider.set(cut=3)
    messages: Any = [{"role": "user", "content": "hello"}]
    with (
        pytest.raises(anthropic.APIStatusError) as broken,
        claude.messages.stream(model=MODEL, max_tokens=100, messages=messages) as stream,
    ):
        list(stream)
    assert broken.value.body["error"]["code"] == "provider_error"  # type: ignore[index]
    job = shop.only_job()
    assert (job["outcome"], job["charge_nano"]) == ("provider_cut", 0)


def test_a_broken_stream_of_gemini_and_of_responses(
    gateway: Gateway, gemini: genai.Client, responses: openai.OpenAI, provider: SimulatorProcess
) -> None:
    """The same for the others: their SDKs raise."""
    provider.set(cut=3)
    with pytest.raises(errors.APIError):
        list(gemini.models.generate_content_stream(model=MODEL, contents="hello"))
    with pytest.raises(openai.APIError):
        list(responses.responses.create(model=MODEL, input="hello", stream=True, store=False))
    path = f"/v1beta/models/{MODEL}:streamGenerateContent?alt=sse"
    cut = gateway.call("POST", path, {"contents": [{"parts": [{"text": "hi"}]}]})
    assert b'"PROVIDER_ERROR"' in cut.body


def test_a_providers_refusal_passes_in_the_clients_shape(
    claude: anthropic.Anthropic, gemini: genai.Client, shop: Shop, provider: SimulatorProcess
) -> None:
    """Content policy: the provider's status and words, scrubbed, in Anthropic's and Gemini's shapes; not charged."""
    provider.set(fault="content_filter")
    with pytest.raises(anthropic.BadRequestError) as refused:
        ask_claude(claude)
    body: Any = refused.value.body
    assert body["type"] == "error"
    assert body["error"]["message"]
    with pytest.raises(errors.ClientError) as also:
        gemini.models.generate_content(model=MODEL, contents="hi")
    assert also.value.code == 400
    assert {job["charge_nano"] for job in shop.rows("SELECT charge_nano FROM job")} == {0}


def test_a_failing_provider_is_a_502_in_the_clients_shape(
    claude: anthropic.Anthropic, gateway: Gateway, provider: SimulatorProcess
) -> None:
    """After all routes failed: not charged, with the job id."""
    provider.set(status=500)
    with pytest.raises(anthropic.InternalServerError) as failed:
        ask_claude(claude)
    body: Any = failed.value.body
    assert (failed.value.status_code, body["error"]["code"]) == (502, "provider_error")
    assert body["error"]["job_id"] == failed.value.response.headers["farebox-job-id"]


def test_a_client_that_leaves_pays_what_it_got(
    claude: anthropic.Anthropic, shop: Shop, provider: SimulatorProcess
) -> None:
    """Cancel: a translated stream closed by its client ends at the provider, and is charged as delivered."""
    provider.set(chunks=10_000, gap_ms=2)
    messages: Any = [{"role": "user", "content": "hello"}]
    with claude.messages.stream(model=MODEL, max_tokens=20_000, messages=messages) as stream:
        for _, _text in zip(range(5), stream.text_stream, strict=False):
            pass
    job = shop.only_job()
    assert job["outcome"] == "client_disconnected"
    assert 0 < job["output_tokens"] < 5_000
    provider.wait_for(lambda stats: stats["concurrent"] == 0)


def test_a_stream_that_outgrows_its_balance_ends_as_max_tokens(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess
) -> None:
    """A refused extension ends a translated stream with the dialect's own word for length."""
    provider.set(chunks=3000)
    key = shop.key(shop.account("0.003"))
    path = f"/v1beta/models/{MODEL}:streamGenerateContent?alt=sse"
    answer = gateway.call("POST", path, {"contents": [{"parts": [{"text": "hi"}]}]}, key=key)
    assert answer.status == 200
    last = [event for event in answer.events if event.get("candidates")][-1]
    assert last["candidates"][0]["finishReason"] == "MAX_TOKENS"
    job = shop.only_job()
    assert job["outcome"] == "completed"
    assert 0 < job["charge_nano"] <= 3_000_000


def test_test_keys_reach_the_simulator_in_every_dialect(gateway: Gateway, shop: Shop) -> None:
    """A test key costs nothing whatever its client speaks."""
    key = shop.key(shop.account("0"), kind="test")
    with anthropic.Anthropic(api_key=key, base_url=gateway.url, max_retries=0) as client:
        answer = ask_claude(client)
    assert answer.content[0].text == "hello there"  # type: ignore[union-attr]
    assert answer.usage.cost == "0"  # type: ignore[attr-defined]


def test_counting_is_bounded_per_key(claude: anthropic.Anthropic, gateway: Gateway) -> None:
    """A free answer is not to be had without end: 429 with retry-after."""
    application: Any = gateway.application
    application._counts._most = 2
    for _ in range(2):
        claude.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "hello"}])
    with pytest.raises(anthropic.RateLimitError) as refused:
        claude.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "hello"}])
    assert 0 < int(refused.value.response.headers["retry-after"]) <= 60
