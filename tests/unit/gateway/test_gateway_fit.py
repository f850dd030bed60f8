"""Requests beside conversation against their model: what it serves, what it bounds, and what a provider may claim."""

import msgspec
import pytest
from tests.support.media import PER_IMAGE, PER_SECOND, wav
from tests.unit.gateway.facts import a_model, a_quoted, an_admission

from farebox.catalog.snapshot import Model
from farebox.dialects import openai_images, openai_speech, openai_transcriptions
from farebox.dialects.conversation import Untranslatable
from farebox.dialects.exchange import ParsedRequest
from farebox.dialects.multipart import File, Form
from farebox.domain.pieces import ImagePrice, PiecePrices, Pieces
from farebox.domain.policy import EndingPolicy
from farebox.domain.pricing import PerTokenCard, TokenPrices
from farebox.domain.usage import Usage
from farebox.gateway.fit import fitted
from farebox.gateway.settle import Ending, Progress, settlement
from farebox.till.operations import Settle

SPEECH = openai_speech.parse_request(b'{"model":"m","input":"hello","voice":"v"}')


def images(**fields: object) -> ParsedRequest:
    return openai_images.parse_generation(msgspec.json.encode({"model": "m", "prompt": "x", **fields}))


def recording(data: bytes) -> ParsedRequest:
    file = File("file", "a", b"audio/wav", data[:4096], len(data), data)
    return openai_transcriptions.parse_request(Form((("model", "m"),), (file,)), b"{}")


def fit(parsed: ParsedRequest, model: Model) -> ParsedRequest:
    return fitted(parsed, model, model.cards[0].card)


def test_a_model_serves_what_it_is_for() -> None:
    """Anything else is refused with the endpoints that are right."""
    painter = a_model(PER_IMAGE, tasks=("images",))
    assert fit(images(), painter).media is not None
    with pytest.raises(Untranslatable, match="/v1/images/generations, /v1/images/edits") as refused:
        fit(SPEECH, painter)
    assert (refused.value.status, refused.value.param) == (400, "model")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"size": "1024x1024", "quality": "low"}, None),
        ({"size": "1024x1024"}, None),
        ({"quality": "high"}, None),
        ({}, None),
        ({"size": "512x512", "quality": "low"}, "size"),
        ({"size": "1024x1024", "quality": "medium"}, "quality"),
    ],
)
def test_sizes_and_qualities_with_a_price(asked: dict[str, str], field: str | None) -> None:
    """What no price speaks of is refused by its field, with the words that have one."""
    prices = PiecePrices(images=(ImagePrice(1, "1024x1024", "low"), ImagePrice(2, "2048x2048", "high")))
    model = a_model(PerTokenCard(TokenPrices(0, 0), pieces=prices), tasks=("images",))
    if field is None:
        fit(images(**asked), model)
        return
    with pytest.raises(Untranslatable) as refused:
        fit(images(**asked), model)
    assert refused.value.param == field


def test_bounds_that_only_the_model_tells() -> None:
    """Tokens of an image by the operator's word; seconds of a recording at most what the model hears."""
    assert fit(images(quality="low", size="1024x1024"), a_model(tasks=("images",))).most_output_tokens == 1000
    unknown = a_model(tasks=("images",), most_output_tokens=None)
    assert fit(images(quality="low", size="1024x1024"), unknown).most_output_tokens == 272
    parsed = fit(recording(b"OggS" + bytes(75_000)), a_model(tasks=("transcriptions",), most_audio_seconds=60))
    assert parsed.media is not None
    assert parsed.media.most == Pieces(audio_seconds=60)
    assert parsed.text.media_tokens == parsed.most_output_tokens == 600
    assert parsed.media.counted.pieces == Pieces(audio_seconds=10)


def charged(parsed: ParsedRequest, model: Model, ending: Ending) -> Settle:
    quoted = a_quoted(model=model, request=fit(parsed, model))
    hold_nano = quoted.admit.quote.hold_nano(quoted.admit.bound.most)
    progress = Progress(
        hold_nano=hold_nano,
        output_tokens_held=0,
        candidate_index=0,
        finished_us=0,
        first_byte_ms=None,
        latency_ms=0,
    )
    operation = settlement(EndingPolicy(), quoted, an_admission(hold_nano), progress, ending)
    assert isinstance(operation, Settle)
    assert operation.price_nano <= hold_nano
    return operation


def test_a_provider_s_claim_is_cut_to_what_was_asked() -> None:
    """A thousand hours heard in ten seconds of sound, nine images of two: no more is charged than was held."""
    listener = a_model(PER_SECOND, tasks=("transcriptions",))
    claim = Usage(input_tokens=1, pieces=Pieces(audio_seconds=3_600_000))
    told = charged(recording(wav(10)), listener, Ending(outcome="completed", reported=claim))
    assert (told.usage.pieces, told.price_nano) == (Pieces(audio_seconds=10), 10 * 100_000)
    painter = a_model(PER_IMAGE, tasks=("images",))
    claim = Usage(pieces=Pieces(images=9, image_quality="high"))
    told = charged(images(n=2, quality="high"), painter, Ending(outcome="completed", reported=claim))
    assert told.price_nano == 2 * 40_000_000


def test_what_nobody_tells_is_counted_here() -> None:
    """A client that leaves pays the input as it was counted: characters and seconds, but no images that never came."""
    left = Ending(outcome="client_disconnected")
    speaker = a_model(PerTokenCard(TokenPrices(0, 0), pieces=PiecePrices(character=10**9)), tasks=("speech",))
    assert (charged(SPEECH, speaker, left).price_nano, charged(SPEECH, speaker, left).usage_source) == (
        5 * 10**6,
        "estimated",
    )
    listener = a_model(PER_SECOND, tasks=("transcriptions",))
    assert charged(recording(b"OggS" + bytes(75_000)), listener, left).price_nano == 10 * 100_000
    assert charged(images(n=2), a_model(PER_IMAGE, tasks=("images",)), left).price_nano == 0
