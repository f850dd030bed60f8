"""The official Google SDK, unmodified, against the simulator process, and what its provider insists on."""

import base64
import json
import urllib.request

import pytest
from google import genai
from google.genai import errors, types
from tests.support.simulator import running_simulator

CITY = types.Schema(type="OBJECT", properties={"city": types.Schema(type="STRING")}, required=["city"])
TOOLS = [
    types.Tool(function_declarations=[types.FunctionDeclaration(name=name, parameters=CITY)])
    for name in ("weather", "clock")
]
MANUAL = types.AutomaticFunctionCallingConfig(disable=True)
THOUGHTS = types.ThinkingConfig(include_thoughts=True)


@pytest.fixture(scope="module")
def simulator():
    with running_simulator() as running:
        yield running


@pytest.fixture
def client(simulator):
    with genai.Client(api_key="goog-1", http_options=types.HttpOptions(base_url=simulator.url)) as client:
        yield client
    simulator.reset()


def ask(client, contents="echo: hello there", *, model="sim-chat", stream=False, **config):
    """The parts, the finish reason and the usage of an answer, plain or gathered from its stream."""
    wanted = types.GenerateContentConfig(automatic_function_calling=MANUAL, **config)
    if not stream:
        answers = [client.models.generate_content(model=model, contents=contents, config=wanted)]
    else:
        answers = list(client.models.generate_content_stream(model=model, contents=contents, config=wanted))
    candidates = [candidate for answer in answers for candidate in answer.candidates or ()]
    parts = [part for candidate in candidates if candidate.content for part in candidate.content.parts or ()]
    return parts, candidates[-1].finish_reason if candidates else None, answers[-1]


def text_of(parts):
    return "".join(part.text or "" for part in parts if not part.thought)


@pytest.mark.parametrize("stream", [False, True])
def test_text(client, stream):
    """A plain answer and a stream say the same, with the same usage."""
    parts, finish, last = ask(client, stream=stream)
    assert text_of(parts) == "hello there"
    assert finish == "STOP"
    usage = last.usage_metadata
    assert (usage.prompt_token_count, usage.candidates_token_count, usage.total_token_count) == (5, 2, 7)


@pytest.mark.parametrize("stream", [False, True])
def test_finish_reasons(client, simulator, stream):
    """Each way to end has its own finish reason; a blocked prompt has no candidate at all."""
    assert ask(client, stream=stream, max_output_tokens=1)[1] == "MAX_TOKENS"
    parts, finish, _ = ask(client, stream=stream, stop_sequences=[" there"])
    assert (text_of(parts), finish) == ("hello", "STOP")
    simulator.set(output="refusal")
    assert ask(client, stream=stream)[1] == "SAFETY"
    simulator.set(block_prompt=True)
    _, finish, last = ask(client, stream=stream)
    assert finish is None
    assert last.prompt_feedback.block_reason == "PROHIBITED_CONTENT"


@pytest.mark.parametrize("stream", [False, True])
def test_tools_with_thinking_and_a_second_turn(client, stream):
    """Parallel calls, the first of them signed; their results come back as text when all is returned unchanged."""
    parts, _, last = ask(client, "echo: Paris", stream=stream, tools=TOOLS, thinking_config=THOUGHTS)
    calls = [part for part in parts if part.function_call]
    assert [(part.function_call.name, part.function_call.args) for part in calls] == [
        ("weather", {"city": "Paris"}),
        ("clock", {"city": "Paris"}),
    ]
    assert [bool(part.thought_signature) for part in calls] == [True, False]
    assert any(part.thought for part in parts)
    usage = last.usage_metadata
    assert usage.thoughts_token_count == 8
    assert usage.total_token_count == usage.prompt_token_count + usage.candidates_token_count + 8
    second, _, _ = ask(client, second_turn(calls), stream=stream, tools=TOOLS, thinking_config=THOUGHTS)
    assert text_of(second) == "The tool returned: was weather; was clock"


def second_turn(calls):
    results = [
        types.Part.from_function_response(
            name=part.function_call.name, response={"result": f"was {part.function_call.name}"}
        )
        for part in calls
    ]
    return [
        types.Content(role="user", parts=[types.Part(text="echo: Paris")]),
        types.Content(role="model", parts=calls),
        types.Content(role="user", parts=results),
    ]


@pytest.mark.parametrize("harm", ["dropped", "altered", "moved", "result lost"])
def test_signatures_must_come_back_unchanged(client, harm):
    """A signature that is lost, altered or on the wrong call is a 400, and so is a missing result."""
    parts, _, _ = ask(client, "echo: Paris", tools=TOOLS, thinking_config=THOUGHTS)
    calls = [part for part in parts if part.function_call]
    turn = second_turn(calls)
    signature = calls[0].thought_signature
    if harm == "dropped":
        calls[0].thought_signature = None
    elif harm == "altered":
        calls[0].thought_signature = signature[:-1] + bytes([signature[-1] ^ 1])
    elif harm == "moved":
        calls[1].thought_signature = signature
    else:
        del turn[2].parts[1]
    with pytest.raises(errors.ClientError) as caught:
        ask(client, turn, tools=TOOLS, thinking_config=THOUGHTS)
    assert caught.value.code == 400


def test_function_calling_modes(client):
    """Forced functions, and none."""

    def calling(**fields):
        config = types.ToolConfig(function_calling_config=types.FunctionCallingConfig(**fields))
        return ask(client, tools=TOOLS, tool_config=config)[0]

    forced = calling(mode="ANY", allowed_function_names=["clock"])
    assert [part.function_call.name for part in forced] == ["clock"]
    assert text_of(calling(mode="NONE")) == "hello there"


@pytest.mark.parametrize("field", ["response_schema", "response_json_schema"])
def test_structured_output(client, field):
    """Output in a format satisfies its schema, in the provider's schema language and in JSON schema."""
    plain = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    schema = CITY if field == "response_schema" else plain
    parts, _, _ = ask(client, "echo: Oslo", response_mime_type="application/json", **{field: schema})
    assert json.loads(text_of(parts)) == {"city": "Oslo"}


def test_images_and_documents(client):
    """Media parts cost tokens."""
    contents = [
        types.Part.from_bytes(data=b"\x89PNG", mime_type="image/png"),
        types.Part.from_uri(file_uri="https://example.com/a.pdf", mime_type="application/pdf"),
        types.Part(text="echo: seen"),
    ]
    parts, _, last = ask(client, contents)
    assert text_of(parts) == "seen"
    assert last.usage_metadata.prompt_token_count == 2 * 85 + 3


def test_cached_tokens_are_part_of_the_prompt(client, simulator):
    """Google counts cached tokens inside the prompt and thoughts outside the candidates."""
    simulator.set(prompt_tokens=100, cached_tokens=60, reasoning_tokens=7)
    usage = ask(client)[2].usage_metadata
    assert (usage.prompt_token_count, usage.cached_content_token_count) == (100, 60)
    assert (usage.candidates_token_count, usage.thoughts_token_count, usage.total_token_count) == (2, 7, 109)


def test_candidates_and_logprobs(client):
    """Several candidates, each with its scores."""
    config = types.GenerateContentConfig(candidate_count=2, response_logprobs=True, logprobs=2)
    answer = client.models.generate_content(model="sim-chat", contents="echo: hello there", config=config)
    assert [candidate.content.parts[0].text for candidate in answer.candidates] == ["hello there"] * 2
    scores = answer.candidates[1].logprobs_result
    assert [score.token for score in scores.chosen_candidates] == ["hello", " there"]
    assert len(scores.top_candidates[0].candidates) == 2


def test_counting_embedding_and_models(client):
    """Counting agrees with what an answer reports; embeddings and the list have this dialect's shape."""
    counted = client.models.count_tokens(model="sim-chat", contents="echo: hello there")
    assert counted.total_tokens == 5
    config = types.EmbedContentConfig(output_dimensionality=16)
    embedded = client.models.embed_content(model="sim-embedding", contents=["a", "b"], config=config)
    assert [len(one.values) for one in embedded.embeddings] == [16, 16]
    assert next(model.name for model in client.models.list()) == "models/sim-chat"


@pytest.mark.parametrize(
    ("options", "error", "status"),
    [
        ({"status": 429}, errors.ClientError, "RESOURCE_EXHAUSTED"),
        ({"status": 403}, errors.ClientError, "PERMISSION_DENIED"),
        ({"status": 503}, errors.ServerError, "UNAVAILABLE"),
        ({"fault": "model_not_found"}, errors.ClientError, "NOT_FOUND"),
        ({"fault": "context_length"}, errors.ClientError, "INVALID_ARGUMENT"),
    ],
)
def test_errors(client, simulator, options, error, status):
    """Errors have the dialect's status words."""
    simulator.set(**options)
    with pytest.raises(error) as caught:
        ask(client)
    assert caught.value.status == status


@pytest.mark.parametrize(
    "options",
    [{"gzip": True}, {"line_end": "crlf"}, {"split_bytes": 1}, {"usage": "middle"}],
)
def test_odd_but_correct_streams(client, simulator, options):
    """Odd forms lose nothing; comments are not among them, because this SDK takes them for broken JSON."""
    simulator.set(**options)
    assert text_of(ask(client, "echo: grüße, 世界", stream=True)[0]) == "grüße, 世界"


def test_beta_path_snake_case_and_array_stream(simulator):
    """A raw client: the beta path, the key in the query, members in snake case, the stream as one JSON array."""
    body = {
        "contents": [
            {
                "parts": [
                    {"inline_data": {"mime_type": "image/png", "data": base64.b64encode(b"x").decode()}},
                    {"text": "echo: seen"},
                ]
            }
        ],
        "generation_config": {"max_output_tokens": 1000},
    }
    url = f"{simulator.url}/v1beta/models/sim%3Fchunks=3:streamGenerateContent?key=goog-1"
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode()), timeout=10) as response:
        assert response.headers["content-type"] == "application/json"
        chunks = json.load(response)
    assert chunks[0]["candidates"][0]["content"]["parts"] == [{"text": "seen"}]
    assert chunks[-1]["candidates"][0]["finishReason"] == "STOP"
    assert chunks[-1]["usageMetadata"]["promptTokenCount"] == 85 + 3
    assert simulator.key_uses("goog-1") >= 1
