"""What the hostile provider says of images, sounds, judgements and ranks: all of it with its names in every corner."""

from collections.abc import Iterator
from typing import Any

from tests.support.hostile import NESTED, TAGS, UPSTREAM_MODEL, USAGE_TAGS

PICTURE = "AAECAwQF"
SOUND = b"ID3 three small words"
_TOKENS = {"input_tokens": 9, "output_tokens": 3, "total_tokens": 12, **USAGE_TAGS}


def _images() -> dict[str, Any]:
    image = {"b64_json": PICTURE, "revised_prompt": "three small words", **NESTED}
    return {"created": 1, "model": UPSTREAM_MODEL, "data": [image], "usage": _TOKENS, **TAGS}


def _image_events(kind: str) -> Iterator[tuple[str, Any]]:
    part, whole = f"{kind}.partial_image", f"{kind}.completed"
    yield part, {"type": part, "b64_json": PICTURE, "partial_image_index": 0, "detail": dict(NESTED), **TAGS}
    yield whole, {"type": whole, "b64_json": PICTURE, "usage": _TOKENS, "detail": dict(NESTED), **TAGS}


def _transcript() -> dict[str, Any]:
    segment = {"id": 0, "start": 0.0, "end": 1.0, "text": "three small words", **NESTED}
    usage = {"type": "duration", "seconds": 1, **USAGE_TAGS}
    return {"text": "three small words", "duration": 1.0, "segments": [segment], "usage": usage, **TAGS}


def _transcript_events() -> Iterator[tuple[str, Any]]:
    usage = {"type": "tokens", "input_token_details": {"audio_tokens": 9, "text_tokens": 0}, **_TOKENS}
    for word in ("three", " small", " words"):
        yield "transcript.text.delta", {"type": "transcript.text.delta", "delta": word, **TAGS}
    done = {"type": "transcript.text.done", "text": "three small words", "usage": usage}
    yield "transcript.text.done", {**done, "logprobs": [{"token": "three", **NESTED}], **TAGS}


def _speech_events() -> Iterator[tuple[str, Any]]:
    for _ in range(3):
        yield "speech.audio.delta", {"type": "speech.audio.delta", "audio": PICTURE, "detail": dict(NESTED), **TAGS}
    yield "speech.audio.done", {"type": "speech.audio.done", "usage": _TOKENS, **TAGS}


def _judgement() -> dict[str, Any]:
    result = {"flagged": False, "categories": {"hate": False}, "category_scores": {"hate": 0.1}, **NESTED}
    return {"id": "modr-secret-1", "model": UPSTREAM_MODEL, "results": [result], **TAGS}


def _ranks() -> dict[str, Any]:
    result = {"index": 0, "relevance_score": 0.5, "document": {"text": "three small words"}, **NESTED}
    meta = {"billed_units": {"search_units": 1}, "api_version": {"version": "secret-2"}, **NESTED}
    return {"id": "secret-3", "model": UPSTREAM_MODEL, "results": [result], "meta": meta, **TAGS}


MEDIA_ANSWERS: dict[str, tuple[Any, Any]] = {
    "/images/generations": (_images, lambda: _image_events("image_generation")),
    "/images/edits": (_images, lambda: _image_events("image_edit")),
    "/audio/speech": (SOUND, _speech_events),
    "/audio/transcriptions": (_transcript, _transcript_events),
    "/moderations": (_judgement, None),
    "/rerank": (_ranks, None),
}
