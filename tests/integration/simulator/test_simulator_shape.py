"""The simulator says nothing that the provider it imitates does not say: members and JSON types of recorded answers."""

import json
import urllib.request
from pathlib import Path

import pytest
from tests.support.simulator import running_simulator

RECORDINGS = Path(__file__).parents[4] / "shared" / "recordings" / "openai-chat.jsonl"
TOOL = {"type": "function", "function": {"name": "lookup", "parameters": {"type": "object", "properties": {}}}}


def members(value, path=""):
    """Every (path, JSON type) in a value; places in lists are all alike."""
    yield path, type(value).__name__
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from members(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner, path + "[]")


def data_values(text):
    return [json.loads(line[6:]) for line in text.split("\n") if line.startswith("data: {")]


@pytest.fixture(scope="module")
def recorded():
    """What OpenAI was seen to send: (plain answers, chunks, errors)."""
    if not RECORDINGS.exists():
        pytest.skip("no recorded provider traffic beside the repository")
    plain, chunks, errors = set(), set(), set()
    for line in RECORDINGS.read_text().splitlines():
        record = json.loads(line)
        if "text" in record["response"]:
            chunks.update(found for value in data_values(record["response"]["text"]) for found in members(value))
        else:
            (plain if record["status"] < 300 else errors).update(members(record["response"]["json"]))
    return plain, chunks, errors


@pytest.fixture(scope="module")
def simulator():
    with running_simulator() as running:
        yield running


def posted(simulator, **fields):
    body = {"model": "sim-chat", "messages": [{"role": "user", "content": "hello"}], **fields}
    request = urllib.request.Request(simulator.base_url + "/chat/completions", json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=10) as response:
        return response.read().decode()


@pytest.mark.parametrize("fields", [{}, {"tools": [TOOL]}, {"n": 2, "max_tokens": 3}])
def test_plain_answers(recorded, simulator, fields):
    """Every member of a plain answer is one that OpenAI sends, with its type."""
    assert set(members(json.loads(posted(simulator, **fields)))) - recorded[0] == set()


@pytest.mark.parametrize("fields", [{}, {"tools": [TOOL]}, {"stream_options": {"include_usage": True}}])
def test_chunks(recorded, simulator, fields):
    """Every member of a chunk is one that OpenAI sends, with its type."""
    found = {member for value in data_values(posted(simulator, stream=True, **fields)) for member in members(value)}
    assert found - recorded[1] == set()


def test_errors(recorded, simulator):
    """Errors have OpenAI's members."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        posted(simulator, messages=[])
    with caught.value as response:
        assert set(members(json.load(response))) - recorded[2] == set()
