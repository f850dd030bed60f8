"""The simulator says nothing that the providers of the other dialects do not say: members and types of recordings."""

import json
import urllib.request
from pathlib import Path

import pytest
from tests.support.simulator import running_simulator

RECORDINGS = Path(__file__).parents[4] / "shared" / "recordings"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
USER = [{"role": "user", "content": "hello"}]
CONTENTS = [{"role": "user", "parts": [{"text": "hello"}]}]
ANTHROPIC = {"model": "sim-chat", "max_tokens": 2000, "messages": USER}
REASONED = {"reasoning": {"effort": "low", "summary": "auto"}, "include": ["reasoning.encrypted_content"]}
FUNCTION = {"type": "function", "name": "weather", "parameters": SCHEMA, "description": "d", "strict": True}
CASES = {
    "anthropic-messages": [
        ("/v1/messages", ANTHROPIC),
        (
            "/v1/messages",
            {**ANTHROPIC, "stop_sequences": ["zzz"], "thinking": {"type": "enabled", "budget_tokens": 1024}},
        ),
        ("/v1/messages", {**ANTHROPIC, "tools": [{"name": "weather", "input_schema": SCHEMA}]}),
    ],
    "openai-responses": [
        ("/v1/responses", {"model": "sim-chat", "input": USER, "instructions": "Be brief."}),
        ("/v1/responses", {"model": "sim-chat", "input": USER, "tools": [FUNCTION], **REASONED}),
    ],
    "gemini": [
        ("/v1beta/models/sim-chat:", {"contents": CONTENTS}),
        (
            "/v1beta/models/gemini-3-sim:",
            {"contents": CONTENTS, "generationConfig": {"thinkingConfig": {"includeThoughts": True}}},
        ),
        (
            "/v1beta/models/gemini-3-sim:",
            {"contents": CONTENTS, "tools": [{"functionDeclarations": [{"name": "weather", "parameters": SCHEMA}]}]},
        ),
    ],
}
ALL = [(family, path, body) for family, cases in CASES.items() for path, body in cases]
# What the documentation or other recordings show, and these few streams and dates of recording do not.
ALSO_SENT = {
    "anthropic-messages": {
        ".message.usage.inference_geo:str",
        ".usage.output_tokens_details:dict",
        ".usage.output_tokens_details.thinking_tokens:int",
    },
    "openai-responses": {
        ".response.billing:dict",
        ".response.billing.payer:str",
        ".response.reasoning.effort:NoneType",
        ".response.reasoning.effort:str",
        ".response.reasoning.summary:str",
        ".response.usage.input_tokens_details.cache_write_tokens:int",
        ".response.instructions:str",
        ".summary_index:int",
        ".part.type:str",
    },
    "gemini": {".usageMetadata.serviceTier:str", ".candidates[].content.parts[].functionCall.id:str"},
}


def members(value, path=""):
    """Every path with its JSON type in a value; places in lists are alike, and a customer's own data is not entered."""
    yield f"{path}:{type(value).__name__}"
    if isinstance(value, dict):
        for name, inner in value.items():
            own = name in ("args", "input", "parameters", "metadata", "schema") or path.endswith("tool_choice")
            yield from (members(inner, f"{path}.{name}") if not own else ())
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner, path + "[]")


def data_values(text):
    return [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]


@pytest.fixture(scope="module")
def recorded():
    """What each provider was seen to send, by family: (members of plain answers, members of events, event types)."""
    if not RECORDINGS.exists():
        pytest.skip("no recorded provider traffic beside the repository")
    found = {}
    for family in CASES:
        plain, events, kinds = set(), set(), set()
        for line in (RECORDINGS / f"{family}.jsonl").read_text().splitlines():
            record = json.loads(line)
            if "text" in record["response"]:
                for value in data_values(record["response"]["text"]):
                    events.update(members(value))
                    kinds.add(value.get("type", ""))
            elif record["status"] < 300:
                plain.update(members(record["response"]["json"]))
        found[family] = plain, events, kinds
    return found


@pytest.fixture(scope="module")
def simulator():
    with running_simulator() as running:
        yield running


def posted(simulator, path, body):
    headers = {"authorization": "Bearer sk-1", "anthropic-version": "2023-06-01"}
    request = urllib.request.Request(simulator.url + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as response:
        return response.read().decode()


@pytest.mark.parametrize(("family", "path", "body"), ALL)
def test_plain_answers(recorded, simulator, family, path, body):
    """Every member of a plain answer is one that the provider sends, with its type."""
    answer = json.loads(posted(simulator, path + ("generateContent" if path.endswith(":") else ""), body))
    assert set(members(answer)) - recorded[family][0] - ALSO_SENT[family] == set()


@pytest.mark.parametrize(("family", "path", "body"), ALL)
def test_events(recorded, simulator, family, path, body):
    """Every member of an event is one that the provider sends there or in a plain answer, with its type."""
    if path.endswith(":"):
        text = posted(simulator, path + "streamGenerateContent?alt=sse", body)
    else:
        text = posted(simulator, path, {**body, "stream": True})
    plain, events, _ = recorded[family]
    within = {".response" + member for member in plain} | {
        ".item" + member.removeprefix(".output[]") for member in plain
    }
    within |= {".message" + member for member in plain}
    within |= {".content_block" + member.removeprefix(".content[]") for member in plain if ".content[]" in member}
    found = {member for value in data_values(text) for member in members(value)}
    assert found - events - plain - within - ALSO_SENT[family] == set()


@pytest.mark.parametrize("family", ["anthropic-messages", "openai-responses"])
def test_event_types(recorded, simulator, family):
    """No event has a type that the provider does not send; summaries are from its documentation."""
    for path, body in CASES[family]:
        kinds = {value["type"] for value in data_values(posted(simulator, path, {**body, "stream": True}))}
        assert {kind for kind in kinds - recorded[family][2] if "reasoning_summary" not in kind} == set()


def test_counting(simulator):
    """Both ways to count tokens have the recorded members."""
    if not RECORDINGS.exists():
        pytest.skip("no recorded provider traffic beside the repository")
    seen = set()
    for line in (RECORDINGS / "count-tokens.jsonl").read_text().splitlines():
        seen.update(members(json.loads(line)["response"]["json"]))
    for path, body in (
        ("/v1/messages/count_tokens", {"model": "sim-chat", "messages": USER}),
        ("/v1beta/models/sim-chat:countTokens", {"contents": CONTENTS}),
    ):
        assert set(members(json.loads(posted(simulator, path, body)))) - seen == set()
