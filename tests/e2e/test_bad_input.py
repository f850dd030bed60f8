"""Bad input as a stranger would send it: the right 4xx with `param`, nothing charged, dispatched or logged."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.load import CHAT, call
from tests.support.operator import Customer, Operator
from tests.support.server import running_server
from tests.support.simulator import SimulatorProcess, running_simulator

pytestmark = pytest.mark.timeout(120)

WORD = "aardvark-canary"
COMPLETIONS, EMBEDDINGS = "/v1/completions", "/v1/embeddings"


@pytest.fixture(scope="module")
def provider() -> Iterator[SimulatorProcess]:
    with running_simulator() as started:
        yield started


@pytest.fixture(scope="module")
def operator(module_data_dir: Path, provider: SimulatorProcess) -> Iterator[Operator]:
    with running_server(module_data_dir) as server:
        operator = Operator(server)
        operator.add_channel("up", provider.base_url)
        operator.sell("talk", "up/sim-chat")
        yield operator


@pytest.fixture(scope="module")
def customer(operator: Operator) -> Customer:
    return operator.customer("10")


def chat(**fields: Any) -> bytes:
    return json.dumps({"model": "talk", "messages": [{"role": "user", "content": WORD}], **fields}).encode()


def raw(members: str) -> bytes:
    return b'{"model": "talk", "messages": [{"role": "user", "content": "%s"}], %s}' % (WORD.encode(), members.encode())


# path, body, the param that is named
BAD: dict[str, tuple[str, bytes, str | None]] = {
    "NaN": (CHAT, raw('"temperature": NaN'), None),
    "Infinity": (CHAT, raw('"temperature": -Infinity'), None),
    "a number beyond all floats": (CHAT, raw('"max_tokens": 1e999'), "max_tokens"),
    "half a token": (CHAT, raw('"max_tokens": 1.5'), "max_tokens"),
    "a whole number as float": (CHAT, raw('"max_tokens": 5.0'), "max_tokens"),
    "true as a number": (CHAT, chat(max_tokens=True), "max_tokens"),
    "a number as text": (CHAT, chat(max_tokens="100"), "max_tokens"),
    "no token at all": (CHAT, chat(max_tokens=0), "max_tokens"),
    "negative max_completion_tokens": (CHAT, chat(max_completion_tokens=-1), "max_completion_tokens"),
    "no answer": (CHAT, chat(n=0), "n"),
    "too many answers": (CHAT, chat(n=10_000), "n"),
    "stream as a number": (CHAT, chat(stream=1), "stream"),
    "stream_options as a list": (CHAT, chat(stream=True, stream_options=[]), "stream_options"),
    "include_usage as text": (
        CHAT,
        chat(stream=True, stream_options={"include_usage": "yes"}),
        "stream_options.include_usage",
    ),
    "tools as an object": (CHAT, chat(tools={}), "tools"),
    "a tool of the provider": (CHAT, chat(tools=[{"type": "web_search"}]), "tools[0]"),
    "messages are missing": (CHAT, b'{"model": "talk"}', "messages"),
    "messages are empty": (CHAT, b'{"model": "talk", "messages": []}', "messages"),
    "a message as text": (CHAT, b'{"model": "talk", "messages": ["%s"]}' % WORD.encode(), "messages[0]"),
    "the model is missing": (CHAT, b'{"messages": [{"role": "user", "content": "x"}]}', "model"),
    "the model is empty": (CHAT, chat(model=""), "model"),
    "the model is a list": (CHAT, chat(model=["talk"]), "model"),
    "duplicate keys that differ by an escape": (CHAT, raw('"max_tokens": 1, "max\\u005ftokens": 2'), "max_tokens"),
    "a duplicate key deep inside": (CHAT, raw('"metadata": {"a": {"b": 1, "b": 2}}'), "b"),
    "the same name in capitals": (CHAT, raw('"MAX_TOKENS": 5'), "MAX_TOKENS"),
    "a surrogate in a key": (CHAT, raw('"\\ud800": 1'), None),
    "NUL in a key": (CHAT, raw('"a\\u0000b": 1'), None),
    "a raw control character": (CHAT, chat().replace(b"aardvark", b"aard\x01vark"), None),
    "something after the end": (CHAT, chat() + b"{}", None),
    "a comma too many": (CHAT, raw('"n": 1,'), None),
    "a byte order mark of UTF-16": (CHAT, chat().decode().encode("utf-16"), None),
    "overlong UTF-8": (CHAT, chat().replace(b"aardvark", b"\xc0\xaf"), None),
    "null": (CHAT, b"null", None),
    "nested objects": (CHAT, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, None),
    "state at the provider": (CHAT, chat(previous_response_id="resp_1"), "previous_response_id"),
    "a dearer tier": (CHAT, chat(service_tier="priority"), "service_tier"),
    "no prompt": (COMPLETIONS, b'{"model": "talk"}', "prompt"),
    "a prompt of objects": (COMPLETIONS, b'{"model": "talk", "prompt": {"a": "%s"}}' % WORD.encode(), "prompt"),
    "fewer of the best than answers": (
        COMPLETIONS,
        b'{"model": "talk", "prompt": "x", "best_of": 1, "n": 2}',
        "best_of",
    ),
    "no input": (EMBEDDINGS, b'{"model": "talk"}', "input"),
    "an input of objects": (EMBEDDINGS, b'{"model": "talk", "input": {"a": "%s"}}' % WORD.encode(), "input"),
    "a stream of embeddings": (EMBEDDINGS, b'{"model": "talk", "input": "x", "stream": true}', "stream"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_names_what_is_wrong(operator: Operator, customer: Customer, provider: SimulatorProcess, name: str):
    """400 invalid_request in OpenAI shape with the field in `param`; no content in the message, no job, no charge."""
    path, body, param = BAD[name]
    provider.reset()
    reply = asyncio.run(call(operator.port, customer.key, body, path=path))
    assert reply.status == 400, reply.body[:300]
    error = reply.json["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["code"], error["type"]) == ("invalid_request", "invalid_request_error")
    assert error["param"] == param
    assert "farebox-job-id" not in reply.headers
    assert reply.headers["x-request-id"]
    assert provider.stats()["requests"] == 0


def test_fifty_megabytes_are_refused_at_once(operator: Operator, customer: Customer):
    """413 before the body was sent: no memory, no bandwidth."""
    head = {"content-length": "50000000", "expect": "100-continue"}
    answer = operator.server.request("POST", CHAT, None, key=customer.key, headers=head)
    assert (answer.status, answer.json["error"]["code"]) == (413, "request_too_large")


def test_nothing_of_it_was_kept(operator: Operator, customer: Customer):
    """After all of the above: no job, no charge, no word in the log, and the same key still works."""
    assert operator.jobs(customer.account_id) == []
    assert operator.account(customer.account_id)["balance"] == "10"
    reply = asyncio.run(call(operator.port, customer.key, chat()))
    assert reply.is_served
    assert WORD not in operator.server.logged()
    # What is done every minute is logged beside it.
    assert [line for line in operator.server.logged().splitlines() if "[info " not in line] == []
