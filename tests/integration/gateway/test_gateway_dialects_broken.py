"""Wrong and truncated answers, from every kind of provider to clients of every dialect: an error, and free."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from tests.support.gateway import RATES, Answer, Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.sdk.matrix import KINDS
from tests.support.simulator import SimulatorProcess

from farebox.catalog.admin import NewRoute
from farebox.domain.policy import EndingPolicy, Policy
from farebox.gateway.options import GatewayOptions

pytestmark = pytest.mark.timeout(120)

CHAT = [{"role": "user", "content": "hello"}]
# What the provider does wrong, as its model's name asks for it.
WRONG_PLAIN = {
    "web page": "fault=html",
    "half of the JSON": "fault=malformed_json",
    "half of the body": "cut=0",
    "error with 200": "fault=error_body",
    "broken chunks": "framing=bad_chunk",
    "nothing": "fault=reset_after_headers",
    "too much": "body_bytes=3000000",
}
WRONG_STREAM = {
    "truncated": "cut=3",
    "closed": "cut=3&cut_style=fin",
    "reset": "cut=3&cut_style=reset",
    "end without an end mark": "cut=3&cut_style=clean",
    "broken event": "fault=malformed_event",
    "error event": "fault=error_event",
    "web page": "fault=html",
    "giant event": "fault=giant_line&giant_bytes=9000000",
}
BEFORE_THE_FIRST_EVENT = {"web page"}


@dataclass(frozen=True)
class Client:
    """How one dialect asks for an answer, what its errors look like, and what ends a good stream."""

    body: dict[str, Any]
    path: Callable[[str, bool], str]
    code: Callable[[Any], str]
    end_mark: bytes

    def ask(self, gateway: Gateway, model: str, *, streams: bool) -> Answer:
        body = self.body if self.end_mark == b'"finishReason"' else {**self.body, "model": model, "stream": streams}
        return gateway.call("POST", self.path(model, streams), body)


def last_of(answer: Answer) -> Any:
    """The last thing that a stream says; Gemini's errors stand there without the name of an event's data."""
    return json.loads(answer.body.strip().rsplit(b"\n", 1)[1].removeprefix(b"data: "))


def gemini_code(body: Any) -> str:
    assert isinstance(body["error"]["code"], int)
    return str(body["error"]["details"][0]["reason"]).lower()


def anthropic_code(body: Any) -> str:
    assert body["type"] == "error"
    assert body["error"]["type"]
    return str(body["error"]["code"])


def responses_code(body: Any) -> str:
    """Of a refusal, or of the event that ends a stream."""
    if "response" in body:
        assert (body["type"], body["response"]["status"]) == ("response.failed", "failed")
        return str(body["response"]["error"]["code"])
    return str(body["error"]["code"]) if "error" in body else str(body["code"])


CLIENTS = {
    "openai": Client(
        {"messages": CHAT},
        lambda _model, _streams: "/v1/chat/completions",
        lambda body: str(body["error"]["code"]),
        b"[DONE]",
    ),
    "responses": Client(
        {"input": "hello", "store": False},
        lambda _model, _streams: "/v1/responses",
        responses_code,
        b"response.completed",
    ),
    "anthropic": Client(
        {"messages": CHAT, "max_tokens": 100},
        lambda _model, _streams: "/v1/messages",
        anthropic_code,
        b"message_stop",
    ),
    "gemini": Client(
        {"contents": [{"parts": [{"text": "hello"}]}]},
        lambda model, streams: (
            f"/v1beta/models/{model}:streamGenerateContent?alt=sse"
            if streams
            else f"/v1beta/models/{model}:generateContent"
        ),
        gemini_code,
        b'"finishReason"',
    ),
}


def model_of(kind: str, client: str, form: str, number: int) -> str:
    return f"{kind}-{client}-{form}-{number}"


@pytest.fixture(scope="module")
def shop(module_database: TestDatabase, gateway_simulator: SimulatorProcess) -> Iterator[Shop]:
    """A channel and a model for each wrong answer to each client, so that no channel is given up between them."""
    gateway_simulator.reset()
    with contextlib.closing(Shop(module_database)) as made:
        for kind, client in product(KINDS, CLIENTS):
            url = gateway_simulator.base_url if kind.startswith("openai") else gateway_simulator.url
            for form, wrongs in (("plain", WRONG_PLAIN), ("stream", WRONG_STREAM)):
                for number, suffix in enumerate(wrongs.values()):
                    name = model_of(kind, client, form, number)
                    made.channel(name, url, kind=kind)
                    made.model(name, NewRoute(channel=name, upstream_model=f"sim-chat?{suffix}", cost=RATES))
        yield made


@pytest.fixture(scope="module")
def key(shop: Shop) -> str:
    return shop.key(shop.account())


@pytest.fixture(scope="module")
def gateway(module_database: TestDatabase, shop: Shop, key: str) -> Iterator[Gateway]:
    with running_gateway(module_database, options=GatewayOptions(answer_most_bytes=1_000_000, drain_s=20)) as running:
        running.key = key
        yield running


kinds = pytest.mark.parametrize("kind", KINDS)


@kinds
def test_a_wrong_plain_answer_is_an_error_and_free(gateway: Gateway, shop: Shop, kind: str) -> None:
    """Whatever the provider's body is, the client gets a 502 in its own dialect, and no charge."""
    for name, client in CLIENTS.items():
        for number, wrong in enumerate(WRONG_PLAIN):
            answer = client.ask(gateway, model_of(kind, name, "plain", number), streams=False)
            assert (answer.status, client.code(answer.json)) == (502, "provider_error"), (name, wrong)
            job = shop.job(answer.job_id)
            assert (job["outcome"], job["charge_nano"]) == ("provider_error", 0), (name, wrong)
    assert shop.rows("SELECT FROM hold") == []


@kinds
def test_a_wrong_stream_ends_as_an_error_and_free(gateway: Gateway, shop: Shop, kind: str) -> None:
    """However the provider goes wrong, the stream ends with its dialect's error and never like a clean one."""
    for name, client in CLIENTS.items():
        for number, wrong in enumerate(WRONG_STREAM):
            answer = client.ask(gateway, model_of(kind, name, "stream", number), streams=True)
            told = answer.json if answer.status == 502 else last_of(answer)
            assert client.code(told) == "provider_error", (name, wrong)
            assert client.end_mark not in answer.body, (name, wrong)
            assert answer.status in ((502,) if wrong in BEFORE_THE_FIRST_EVENT else (200, 502)), (name, wrong)
            job = shop.job(answer.job_id)
            assert job["charge_nano"] == 0, (name, wrong)
            assert job["outcome"] == ("provider_cut" if answer.status == 200 else "provider_error"), (name, wrong)
    assert shop.rows("SELECT FROM hold") == []


def test_policy_may_charge_what_was_delivered(module_database: TestDatabase, shop: Shop, key: str) -> None:
    """Only the operator's policy makes a truncated stream cost something: what arrived of it, and no more."""
    truncated, half = list(WRONG_STREAM).index("truncated"), list(WRONG_PLAIN).index("half of the body")
    policy = Policy(ending=EndingPolicy(provider_cut="delivered"))
    with running_gateway(module_database, policy=policy) as gateway:
        gateway.key = key
        for kind, (name, client) in product(KINDS, CLIENTS.items()):
            cut = client.ask(gateway, model_of(kind, name, "stream", truncated), streams=True)
            job = shop.job(cut.job_id)
            assert job["outcome"] == "provider_cut", (kind, name)
            assert 0 < job["output_tokens"] < 16, (kind, name)
            assert 0 < job["charge_nano"] <= job["hold_nano"], (kind, name)
            plain = client.ask(gateway, model_of(kind, name, "plain", half), streams=False)
            assert shop.job(plain.job_id)["charge_nano"] == 0, (kind, name)


@kinds
def test_errors_name_no_provider(gateway: Gateway, kind: str) -> None:
    """What the provider said of itself in its error does not reach the client."""
    for name, client in CLIENTS.items():
        for form, wrongs in (("plain", WRONG_PLAIN), ("stream", WRONG_STREAM)):
            number = list(wrongs).index("error with 200" if form == "plain" else "error event")
            answer = client.ask(gateway, model_of(kind, name, form, number), streams=form == "stream")
            said = json.dumps(dict(answer.headers)) + answer.body.decode()
            assert "simulated" not in said, name
            assert "org-" not in said, name
