"""Nothing of a provider's side reaches a client with images, sounds, judgements or ranks either."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.gateway import Answer, Gateway, Shop, running_gateway
from tests.support.hostile import READABLE, SECRETS, UPSTREAM_MODEL, VENDOR, Hostile, running_hostile
from tests.support.hostile_media import MEDIA_ANSWERS, PICTURE, SOUND
from tests.support.media import PNG, sell_media, send_form, wav
from tests.support.postgres import TestDatabase

Parts = tuple[tuple[str, Any], ...]
_DRAWN: Parts = (("model", "painter"), ("prompt", "a cat"), ("image", ("in.png", PNG)))
_HEARD: Parts = (("model", "token-listener"), ("file", ("in.wav", wav(1.0))))

# Path, and a JSON body or the parts of a form; what of the provider's words the client gets.
ASKS: dict[str, tuple[str, dict[str, Any] | Parts, bytes]] = {
    "image": ("/v1/images/generations", {"model": "painter", "prompt": "a cat"}, PICTURE.encode()),
    "image stream": (
        "/v1/images/generations",
        {"model": "painter", "prompt": "a cat", "stream": True, "partial_images": 1},
        PICTURE.encode(),
    ),
    "edit": ("/v1/images/edits", _DRAWN, PICTURE.encode()),
    "edit stream": ("/v1/images/edits", (*_DRAWN, ("stream", "true")), PICTURE.encode()),
    "speech": ("/v1/audio/speech", {"model": "speaker", "input": "hello", "voice": "alloy"}, SOUND),
    "speech stream": (
        "/v1/audio/speech",
        {"model": "speaker", "input": "hello", "voice": "alloy", "stream_format": "sse"},
        PICTURE.encode(),
    ),
    "transcript": ("/v1/audio/transcriptions", (*_HEARD, ("response_format", "json")), b"words"),
    "transcript stream": ("/v1/audio/transcriptions", (*_HEARD, ("stream", "true")), b"words"),
    "judgement": ("/v1/moderations", {"model": "judge", "input": "hello"}, b"flagged"),
    "ranks": ("/v1/rerank", {"model": "ranker", "query": "q", "documents": ["three small words"]}, b"relevance_score"),
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Hostile]:
    with running_hostile(MEDIA_ANSWERS) as server:
        yield server


@pytest.fixture
def gateway(database: TestDatabase, shop: Shop, provider: Hostile) -> Iterator[Gateway]:
    sell_media(shop, f"{provider.url}/v1", upstream_model=UPSTREAM_MODEL, provider=VENDOR)
    with running_gateway(database) as running:
        running.key = shop.key(shop.account())
        yield running


def _ask(gateway: Gateway, path: str, body: dict[str, Any] | Parts) -> Answer:
    if isinstance(body, dict):
        return gateway.call("POST", path, body)
    return send_form(gateway, path, *body)


@pytest.mark.parametrize("mode", ["answer", "error", "broken"])
def test_nothing_of_the_providers_side_is_told(gateway: Gateway, provider: Hostile, mode: str) -> None:
    """Headers, ids, names, addresses, costs, comments and error texts stay behind; what was asked for arrives."""
    provider.mode = mode
    found: dict[str, Any] = {}
    for name, (path, body, wanted) in ASKS.items():
        answer = _ask(gateway, path, body)
        parts = [f"{each}: {value}" for each, value in answer.headers.items() if each != "x-request-id"]
        whole = "\n".join([*parts, answer.body.decode()]).lower()
        secrets = (*SECRETS, str(provider.server_address[1]))
        leaks = [secret for secret in secrets if secret.lower() in whole]
        if leaks:
            found[name] = (leaks, answer.body.decode()[:2000])
        if mode == "error":
            assert answer.status == 400, (name, answer.body)
            assert all(words in answer.body.decode() for words in READABLE), (name, answer.body)
        else:
            assert answer.status == 200, (name, answer.body)
            assert (b"error" if mode == "broken" and "stream" in name else wanted) in answer.body, (name, answer.body)
    assert not found, json.dumps(found, indent=1)
