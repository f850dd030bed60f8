"""Nothing of a provider's side reaches a client: whatever it says, wherever it says it, at every endpoint.

The table `ASKS` is the place for new endpoints; `tests/support/hostile.py` has the answers.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from tests.support import hostile
from tests.support.gateway import RATES, Answer, Gateway, Shop, running_gateway
from tests.support.hostile import READABLE, SECRETS, UPSTREAM_MODEL, Hostile, running_hostile
from tests.support.postgres import TestDatabase

from farebox.catalog.admin import NewRoute

CHANNEL = "acme-east"
KINDS = ("openai", "openai-compatible", "anthropic", "gemini")
SAID = [{"role": "user", "content": "hello"}]

# Path and body with the model's name in place of MODEL; kinds of channel that can serve it.
ASKS: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "chat": ("/v1/chat/completions", {"model": "MODEL", "messages": SAID}, KINDS),
    "chat stream": ("/v1/chat/completions", {"model": "MODEL", "messages": SAID, "stream": True}, KINDS),
    "chat stream with usage": (
        "/v1/chat/completions",
        {"model": "MODEL", "messages": SAID, "stream": True, "stream_options": {"include_usage": True}},
        KINDS,
    ),
    "completions": ("/v1/completions", {"model": "MODEL", "prompt": "hello"}, KINDS[:2]),
    "completions stream": ("/v1/completions", {"model": "MODEL", "prompt": "hello", "stream": True}, KINDS[:2]),
    "embeddings": ("/v1/embeddings", {"model": "MODEL", "input": "hello"}, (*KINDS[:2], "gemini")),
    "responses": ("/v1/responses", {"model": "MODEL", "input": SAID}, KINDS),
    "responses stream": ("/v1/responses", {"model": "MODEL", "input": SAID, "stream": True}, KINDS),
    "messages": ("/v1/messages", {"model": "MODEL", "max_tokens": 50, "messages": SAID}, KINDS),
    "messages stream": ("/v1/messages", {"model": "MODEL", "max_tokens": 50, "messages": SAID, "stream": True}, KINDS),
    "count_tokens": ("/v1/messages/count_tokens", {"model": "MODEL", "messages": SAID}, KINDS),
    "generateContent": ("/v1beta/models/MODEL:generateContent", {"contents": [{"parts": [{"text": "hello"}]}]}, KINDS),
    "streamGenerateContent": (
        "/v1beta/models/MODEL:streamGenerateContent?alt=sse",
        {"contents": [{"parts": [{"text": "hello"}]}]},
        KINDS,
    ),
    "streamGenerateContent as an array": (
        "/v1beta/models/MODEL:streamGenerateContent",
        {"contents": [{"parts": [{"text": "hello"}]}]},
        KINDS,
    ),
    "countTokens": ("/v1beta/models/MODEL:countTokens", {"contents": [{"parts": [{"text": "hello"}]}]}, KINDS),
    "embedContent": (
        "/v1beta/models/MODEL:embedContent",
        {"content": {"parts": [{"text": "hello"}]}},
        (*KINDS[:2], "gemini"),
    ),
    "batchEmbedContents": (
        "/v1beta/models/MODEL:batchEmbedContents",
        {"requests": [{"model": "models/MODEL", "content": {"parts": [{"text": "hello"}]}}]},
        (*KINDS[:2], "gemini"),
    ),
}
CASES = [(name, kind) for name, (_, _, kinds) in ASKS.items() for kind in kinds]
_COUNTS = ("count_tokens", "countTokens")


@pytest.fixture(scope="module")
def provider() -> Iterator[Hostile]:
    with running_hostile() as server:
        yield server


@pytest.fixture
def gateway(database: TestDatabase, shop: Shop, provider: Hostile) -> Iterator[Gateway]:
    """A worker that sells one model on a channel of each kind, all of them the hostile provider."""
    for kind in KINDS:
        base = provider.url if kind in ("anthropic", "gemini") else f"{provider.url}/v1"
        shop.channel(f"{CHANNEL}-{kind}", base, kind=kind, provider=hostile.VENDOR)
        shop.model(
            f"m-{KINDS.index(kind)}", NewRoute(channel=f"{CHANNEL}-{kind}", upstream_model=UPSTREAM_MODEL, cost=RATES)
        )
    with running_gateway(database) as running:
        running.key = shop.key(shop.account())
        yield running


def ask(gateway: Gateway, name: str, kind: str) -> Answer:
    path, body, _ = ASKS[name]
    model = f"m-{KINDS.index(kind)}"
    raw = json.dumps(body).replace("MODEL", model).encode()
    return gateway.call("POST", path.replace("MODEL", model), raw)


def told(answer: Answer, provider: Hostile) -> list[str]:
    """The secrets that this answer tells, in any of its parts."""
    secrets = (*SECRETS, CHANNEL, str(provider.server_address[1]))
    ours = {"x-request-id", "farebox-job-id"}
    parts = [f"{name}: {value}" for name, value in answer.headers.items() if name not in ours]
    whole = "\n".join([*parts, answer.body.decode()]).lower()
    return [secret for secret in secrets if secret.lower() in whole]


@pytest.mark.parametrize("mode", ["answer", "error", "broken"])
def test_nothing_of_the_providers_side_is_told(gateway: Gateway, provider: Hostile, mode: str) -> None:
    """Headers, ids, names, addresses, costs, comments and error texts stay behind; the answer and the advice do not."""
    provider.mode = mode
    found: dict[str, Any] = {}
    for name, kind in CASES:
        answer = ask(gateway, name, kind)
        case = f"{name} at {kind}"
        leaks = told(answer, provider)
        if leaks:
            found[case] = (leaks, answer.body.decode()[:3000])
        text = answer.body.decode()
        if name in _COUNTS:
            assert answer.status == 200, case
        elif mode == "error":
            assert answer.status == 400, (case, text)
            assert all(words in text for words in READABLE), (case, text)
        elif mode == "broken" and "tream" in name:
            assert answer.status == 200, (case, text)
            assert "error" in text, case
        else:
            assert answer.status == 200, (case, text)
            assert "mbed" in name or "words" in text, (case, text)
    assert not found, json.dumps(found, indent=1)


# All the output that a call without a bound may have, at the price of 2 per million tokens, and some input.
MOST_CHARGE = Decimal("0.05")
ABSURD = ("-5", "1" + "0" * 30, "2.5", '"12"', '"many"', "true", "null", "[7]", '{"a":1}')


def test_absurd_counts_reach_no_receipt(gateway: Gateway, provider: Hostile, shop: Shop) -> None:
    """A provider's count is a claim: whatever it is, the answer arrives, and the receipt has credible whole numbers."""
    provider.mode = "answer"
    try:
        for count in ABSURD:
            provider.count = count
            for name, kind in CASES:
                if name in _COUNTS:
                    continue
                answer = ask(gateway, name, kind)
                case = f"{name} at {kind} with {count[:20]}"
                assert answer.status == 200, (case, answer.body)
                receipt = gateway.call("GET", f"/v1/jobs/{answer.job_id}").json
                counts = receipt["usage"].values()
                assert all(type(each) is int and 0 <= each <= 2_000_000_000 for each in counts), (case, receipt)
                assert 0 <= Decimal(receipt["charge"]) < MOST_CHARGE, (case, receipt)
                assert not told(answer, provider), case
    finally:
        provider.count = None
    assert shop.rows("SELECT 1 FROM hold") == []
