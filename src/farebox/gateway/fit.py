"""A request against the model that it names: whether the model does such work, and bounds that only the model tells.

Pure. What is refused here costs nothing and names the field.
"""

import msgspec

from farebox.catalog.snapshot import Model
from farebox.dialects.conversation import Untranslatable
from farebox.dialects.exchange import Media, ParsedRequest
from farebox.dialects.openai_transcriptions import TOKENS_PER_SECOND
from farebox.domain.job import TASK_OF, Task
from farebox.domain.pieces import Pieces
from farebox.domain.pricing import PerTokenCard, RateCard

ENDPOINTS_OF: dict[Task, tuple[str, ...]] = {
    "chat": ("/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/messages"),
    "embeddings": ("/v1/embeddings",),
    "images": ("/v1/images/generations", "/v1/images/edits"),
    "speech": ("/v1/audio/speech",),
    "transcriptions": ("/v1/audio/transcriptions",),
    "moderations": ("/v1/moderations",),
    "rerank": ("/v1/rerank",),
}


def fitted(parsed: ParsedRequest, model: Model, card: RateCard) -> ParsedRequest:
    """The request with its bounds for this model; raises Untranslatable."""
    if TASK_OF[parsed.endpoint] not in model.tasks:
        paths = ", ".join(path for task in model.tasks for path in ENDPOINTS_OF[task])
        raise Untranslatable("model", f"cannot be called at this endpoint. It serves {paths}")
    media = parsed.media
    if media is None:
        return parsed
    match parsed.endpoint:
        case "audio.transcriptions":
            return _heard(parsed, media, model)
        case "images.generations" | "images.edits":
            _require_price(media.most, card)
            # The operator's word on tokens per image stands before what OpenAI publishes for its own models.
            most_tokens = model.most_output_tokens or parsed.most_output_tokens
            return msgspec.structs.replace(parsed, most_output_tokens=most_tokens)
        case _:
            return parsed


def _heard(parsed: ParsedRequest, media: Media, model: Model) -> ParsedRequest:
    """A recording is no longer than its bytes allow, nor than the model can hear."""
    most, counted = media.most.audio_seconds, media.counted
    if model.most_audio_seconds is not None:
        most = min(most, model.most_audio_seconds)
    assert counted.pieces is not None
    heard = min(counted.pieces.audio_seconds, most)
    tokens = most * TOKENS_PER_SECOND
    return msgspec.structs.replace(
        parsed,
        # As many words as there are sounds: nobody speaks faster than ten tokens a second.
        most_output_tokens=tokens,
        text=msgspec.structs.replace(parsed.text, media_tokens=tokens),
        media=msgspec.structs.replace(
            media,
            most=Pieces(audio_seconds=most),
            counted=msgspec.structs.replace(
                counted,
                input_tokens=heard * TOKENS_PER_SECOND,
                audio_input_tokens=heard * TOKENS_PER_SECOND,
                pieces=Pieces(audio_seconds=heard),
            ),
        ),
    )


def _require_price(most: Pieces, card: RateCard) -> None:
    prices = card.rates.pieces if isinstance(card.rates, PerTokenCard) else None
    if prices is None or prices.prices_image(most.image_size, most.image_quality):
        return
    field = "quality" if prices.prices_image(most.image_size, "") else "size"
    known = sorted({getattr(price, field) for price in prices.images} - {""})
    raise Untranslatable(field, f"has no price for this model. Use {' or '.join(known)}")
