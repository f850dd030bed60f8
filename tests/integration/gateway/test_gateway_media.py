"""Images, audio, moderations and reranking through a worker, with the official OpenAI SDK: answers, holds, receipts."""

import base64
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openai
import pytest
from tests.support.gateway import Gateway, Shop, running_gateway
from tests.support.media import PNG, check_receipt, sell_media, send_form, wav
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess

from farebox.catalog.admin import NewRoute
from farebox.domain.pieces import ImagePrice, PiecePrices
from farebox.domain.pricing import PerTokenCard, TokenPrices

Client = openai.OpenAI


@pytest.fixture
def gateway(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> Iterator[Gateway]:
    sell_media(shop, provider.base_url)
    with running_gateway(database, simulator_url=provider.url) as running:
        running.key = shop.key(shop.account())
        yield running


@pytest.fixture
def client(gateway: Gateway) -> Iterator[Client]:
    with Client(api_key=gateway.key, base_url=gateway.base_url, max_retries=0) as made:
        yield made


def only_receipt(gateway: Gateway, shop: Shop) -> Any:
    return check_receipt(gateway, str(shop.only_job()["id"]))


def test_images_are_charged_by_the_piece(gateway: Gateway, shop: Shop, client: Client) -> None:
    """Two images of high quality are two times the price of high quality, held before and charged after."""
    answer = client.images.generate(model="painter", prompt="a fox", n=2, quality="high", size="1024x1024")
    assert answer.data is not None
    assert len(answer.data) == 2
    assert base64.b64decode(answer.data[0].b64_json or "").startswith(b"\x89PNG")
    usage: Any = answer.usage
    assert Decimal(usage.cost) == Decimal("0.08")
    receipt = only_receipt(gateway, shop)
    assert (receipt["hold"], receipt["charge"], receipt["endpoint"]) == ("0.08", "0.08", "images.generations")
    assert [(line["class"], line["quantity"]) for line in receipt["lines"]] == [("image", 2)]
    used = receipt["usage"]
    assert (used["images"], used["image_size"], used["image_quality"]) == (2, "1024x1024", "high")


def test_what_is_left_to_the_provider_is_held_at_the_dearest(gateway: Gateway, shop: Shop, client: Client) -> None:
    """Without a quality the hold is for high quality; the charge is for what the provider says it made."""
    client.images.generate(model="painter", prompt="a fox")
    receipt = only_receipt(gateway, shop)
    assert (receipt["hold"], receipt["charge"], receipt["usage"]["image_quality"]) == ("0.04", "0.01", "medium")


def test_a_quality_without_a_price_is_charged_within_the_hold(gateway: Gateway, shop: Shop, client: Client) -> None:
    """Held at the dearest of the size, and nothing is written off when the provider names another quality."""
    cent = 10**10
    images = (
        ImagePrice(5 * cent, "1024x1024", "standard"),
        ImagePrice(10 * cent, "1024x1024", "hd"),
        ImagePrice(15 * cent, "1792x1024"),
    )
    rates = PerTokenCard(TokenPrices(0, 0), pieces=PiecePrices(images=images))
    shop.model("sized", *_routes("sim-sized"), rates=rates, tasks=("images",))
    client.images.generate(model="sized", prompt="a fox", size="1024x1024")
    receipt = only_receipt(gateway, shop)
    assert (receipt["hold"], receipt["charge"], receipt["usage"]["image_quality"]) == ("0.1", "0.1", "medium")


def test_images_by_the_token(gateway: Gateway, shop: Shop, client: Client) -> None:
    """Image tokens have their own price, in and out."""
    client.images.edit(model="token-painter", prompt="a fox", image=[("a.png", PNG, "image/png")] * 2, quality="low")
    receipt = only_receipt(gateway, shop)
    lines = {line["class"]: line["quantity"] for line in receipt["lines"]}
    assert lines["image_input"] == 2 * 323
    assert lines["image_output"] > 0
    assert "output" not in lines
    assert receipt["usage_source"] == "provider"


def test_images_as_a_stream(gateway: Gateway, shop: Shop, client: Client) -> None:
    """Previews come as they are made; the last event comes after the charge and says what it was."""
    events = list(client.images.generate(model="painter", prompt="a fox", stream=True, partial_images=2))
    assert [event.type.rpartition(".")[2] for event in events] == ["partial_image", "partial_image", "completed"]
    receipt = only_receipt(gateway, shop)
    assert receipt["charge"] == events[-1].usage.cost == "0.01"  # type: ignore[union-attr]
    answer = gateway.call("POST", "/v1/images/generations", {"model": "painter", "prompt": "a fox", "stream": True})
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"


def test_an_address_never_names_the_provider(gateway: Gateway, shop: Shop, client: Client) -> None:
    """A provider that gives addresses is asked for images; one that gives them all the same has failed."""
    shop.model("addresses", *_routes("sim-addresses"), tasks=("images",))
    assert client.images.generate(model="addresses", prompt="a fox").data[0].b64_json  # type: ignore[index]
    with pytest.raises(openai.BadRequestError) as asked:
        client.images.generate(model="addresses", prompt="a fox", response_format="url")
    assert asked.value.param == "response_format"
    shop.model("gpt-image-addresses", *_routes("sim-addresses-gpt-image"), tasks=("images",))
    with pytest.raises(openai.InternalServerError):
        client.images.generate(model="gpt-image-addresses", prompt="a fox")


def test_speech_is_charged_by_the_character(gateway: Gateway, shop: Shop, client: Client) -> None:
    """The characters are known before: the hold is the charge. Sound comes in pieces, whole and in its own type."""
    text = "x" * 999 + "é"
    with client.audio.speech.with_streaming_response.create(
        model="speaker", voice="alloy", input=text, response_format="wav", speed=1.5
    ) as response:
        assert response.headers["content-type"] == "audio/wav"
        assert response.headers["farebox-job-id"]
        assert len(b"".join(response.iter_bytes())) == 64_000
    receipt = only_receipt(gateway, shop)
    assert (receipt["hold"], receipt["charge"]) == ("0.015", "0.015")
    assert [(line["class"], line["quantity"]) for line in receipt["lines"]] == [("character", 1000)]
    assert receipt["usage_source"] == "estimated"


def test_speech_as_events(gateway: Gateway, shop: Shop) -> None:
    """With `stream_format: sse` the provider counts, and its last event carries the cost."""
    body = {"model": "speaker", "voice": "alloy", "input": "x" * 100, "stream_format": "sse"}
    answer = gateway.call("POST", "/v1/audio/speech", body)
    assert answer.headers["content-type"].startswith("text/event-stream")
    *deltas, done = answer.events
    assert len(b"".join(base64.b64decode(delta["audio"]) for delta in deltas)) == 6_400
    assert (done["type"], done["usage"]["cost"]) == ("speech.audio.done", "0.0015")
    assert only_receipt(gateway, shop)["usage_source"] == "provider"


@pytest.mark.parametrize("form", ["json", "verbose_json", "text", "srt"])
def test_transcription_is_charged_by_the_second(gateway: Gateway, shop: Shop, client: Client, form: Any) -> None:
    """Held for all that the file can be, charged for what was heard; where no provider tells, by the file's header."""
    heard: Any = client.audio.transcriptions.create(
        model="listener", file=("a.wav", wav(4.5)), response_format=form, prompt="echo: well heard"
    )
    assert "well heard" in (heard if isinstance(heard, str) else heard.text)
    receipt = only_receipt(gateway, shop)
    seconds = receipt["usage"]["audio_seconds"]
    assert seconds == 5
    assert Decimal(receipt["charge"]) == Decimal("0.0001") * seconds
    assert receipt["usage_source"] == ("provider" if "json" in form else "estimated")
    if form == "json":
        assert Decimal(heard.usage.cost) == Decimal(receipt["charge"])


def test_a_transcript_as_a_stream(gateway: Gateway, shop: Shop, client: Client) -> None:
    """Deltas, then the last event with the usage and its cost."""
    stream = client.audio.transcriptions.create(model="listener", file=("a.wav", wav(2)), stream=True)
    events: list[Any] = list(stream)
    assert "".join(event.delta for event in events[:-1]) == events[-1].text
    assert events[-1].usage.cost == only_receipt(gateway, shop)["charge"] == "0.0002"


def test_seconds_are_priced_as_tokens_where_tokens_are_sold(gateway: Gateway, shop: Shop, client: Client) -> None:
    """A provider that tells only seconds is not free on a card by the token."""
    client.audio.transcriptions.create(model="token-listener", file=("a.wav", wav(2)))
    lines = {line["class"]: line["quantity"] for line in only_receipt(gateway, shop)["lines"]}
    assert lines["audio_input"] == 20
    assert lines["output"] > 0


def test_fields_may_stand_in_any_order_in_a_small_form(gateway: Gateway, provider: SimulatorProcess) -> None:
    """As curl and the Node SDK send them: the file first."""
    answer = send_form(
        gateway,
        "/v1/audio/transcriptions",
        ("file", ("a.wav", wav(1))),
        ("response_format", "text"),
        ("model", "listener"),
        ("prompt", "echo: in order"),
    )
    assert (answer.status, answer.body.strip()) == (200, b"in order")
    assert answer.headers["content-type"].startswith("text/plain")
    assert provider.stats()["last"][-1]["model"] == "sim-listener"


def test_moderations_are_free(gateway: Gateway, shop: Shop, client: Client) -> None:
    """A model without prices costs nothing; the verdicts are the provider's under our names."""
    verdict = client.moderations.create(model="judge", input=["good", "forbidden"])
    assert [result.flagged for result in verdict.results] == [False, True]
    assert (verdict.model, verdict.id[:5]) == ("judge", "modr-")
    assert only_receipt(gateway, shop)["charge"] == "0"


def test_rerank_is_charged_by_the_search(gateway: Gateway, shop: Shop) -> None:
    """150 documents are two searches; of what the provider tells of itself only the units are left."""
    body = {"model": "ranker", "query": "red fox", "documents": [f"fox {n}" for n in range(150)], "top_n": 3}
    answer = gateway.call("POST", "/v1/rerank", body)
    assert [result["index"] for result in answer.json["results"]] == [0, 1, 2]
    assert answer.json["meta"] == {"billed_units": {"search_units": 2}}
    assert (answer.json["model"], answer.json["usage"]["cost"]) == ("ranker", "0.004")
    receipt = only_receipt(gateway, shop)
    assert (receipt["hold"], receipt["charge"]) == ("0.004", "0.004")
    assert answer.headers["farebox-cost"] == "0.004"
    assert "farebox-balance" in answer.headers


REFUSED: list[tuple[str, Any, str]] = [
    ("/v1/chat/completions", {"model": "painter", "messages": [{"role": "user", "content": "x"}]}, "model"),
    ("/v1/images/generations", {"model": "speaker", "prompt": "x"}, "model"),
    ("/v1/images/generations", {"model": "painter", "prompt": "x", "num_images": 9}, "num_images"),
    ("/v1/images/generations", {"model": "painter", "prompt": "x", "N": 9}, "N"),
    ("/v1/images/generations", {"model": "painter", "prompt": "x", "n": 0}, "n"),
    ("/v1/images/generations", {"prompt": "x"}, "model"),
    ("/v1/images/generations", {"model": "painter", "prompt": "x", "background": "auto", "store": True}, "store"),
    ("/v1/audio/speech", {"model": "speaker", "input": "x", "voice": {"id": "voice_1"}}, "voice"),
    ("/v1/audio/speech", {"model": "speaker", "input": ""}, "input"),
    ("/v1/moderations", {"model": "judge"}, "input"),
    ("/v1/rerank", {"model": "ranker", "query": "x", "documents": []}, "documents"),
    ("/v1/rerank", {"model": "ranker", "query": "x", "documents": [1]}, "documents[0]"),
]


def test_what_has_no_price_is_refused_by_name(gateway: Gateway, shop: Shop) -> None:
    """400 that names the field, before anything is held or sent."""
    for path, body, param in REFUSED:
        answer = gateway.call("POST", path, body)
        assert (answer.status, answer.code, answer.json["error"]["param"]) == (400, "invalid_request", param)
    assert shop.rows("SELECT FROM job") == shop.rows("SELECT FROM hold") == []


def test_a_size_without_a_price_is_refused(gateway: Gateway, shop: Shop) -> None:
    """Where prices are by size, another size has none."""
    rates = PerTokenCard(TokenPrices(0, 0), pieces=PiecePrices(images=(ImagePrice(10**10, "1024x1024"),)))
    shop.model("square", *_routes("sim-square"), rates=rates, tasks=("images",))
    body = {"model": "square", "prompt": "x"}
    assert gateway.call("POST", "/v1/images/generations", {**body, "size": "1024x1024"}).status == 200
    answer = gateway.call("POST", "/v1/images/generations", {**body, "size": "512x512"})
    assert (answer.status, answer.json["error"]["param"]) == (400, "size")
    assert "1024x1024" in answer.json["error"]["message"]


def test_test_keys_reach_the_simulator_for_nothing(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """Every kind of work can be tried before paying."""
    gateway.key = shop.key(shop.account(credit="0"), kind="test")
    answer = gateway.call("POST", "/v1/images/generations", {"model": "painter", "prompt": "x", "quality": "high"})
    assert (answer.status, answer.headers["farebox-cost"]) == (200, "0")
    assert provider.stats()["last"][-1]["model"] == "painter"
    sound = gateway.call("POST", "/v1/audio/speech", {"model": "speaker", "input": "xy", "voice": "alloy"})
    assert (sound.status, len(sound.body)) == (200, 128)


def test_models_tell_prices_and_endpoints(gateway: Gateway) -> None:
    """What is sold by the piece is listed so."""
    listed = {model["id"]: model for model in gateway.call("GET", "/v1/models").json["data"]}
    assert listed["painter"]["endpoints"] == ["/v1/images/generations", "/v1/images/edits"]
    assert listed["painter"]["pricing"]["images"][1] == {"size": None, "quality": "high", "per_image": "0.04"}
    assert listed["speaker"]["pricing"]["characters"] == "15"
    assert listed["listener"]["pricing"]["audio_second"] == "0.0001"
    assert listed["ranker"]["pricing"]["search_unit"] == "0.002"


def test_an_idempotency_key_is_used_once(gateway: Gateway, shop: Shop) -> None:
    """For sound and for forms, too: the same again is a conflict, another file a mismatch."""
    speech = {"model": "speaker", "input": "x", "voice": "alloy"}
    key = {"idempotency-key": "one"}
    assert gateway.call("POST", "/v1/audio/speech", speech, headers=key).status == 200
    assert gateway.call("POST", "/v1/audio/speech", speech, headers=key).status == 409
    path, other = "/v1/audio/transcriptions", {"idempotency-key": "two"}
    parts = (("model", "listener"), ("file", ("a.wav", wav(1))))
    assert send_form(gateway, path, *parts, **other).status == 200
    assert send_form(gateway, path, *parts, **other).status == 409
    assert send_form(gateway, path, parts[0], ("file", ("a.wav", wav(1) + b"x")), **other).status == 422
    assert len(shop.rows("SELECT FROM job")) == 2


def _routes(upstream_model: str) -> Any:
    return (NewRoute(channel="first", upstream_model=upstream_model),)
