"""Speech, in OpenAI's dialect: text in, sound out, as bytes or as events.

The characters of the input are known before the call. Models that are sold by the token are bounded by them too:
speech has about 15 characters and 21 tokens a second.
"""

import math
from typing import Any
from uuid import UUID

import msgspec

from farebox.dialects.exchange import JobStamp, Media, ParsedRequest, PlainAnswer, ProviderFault, StreamEnd
from farebox.dialects.json_body import Spans
from farebox.dialects.media_answer import is_told, read_object, unusable, value_at
from farebox.dialects.media_events import EVENTS, EventRelay
from farebox.dialects.media_request import Judge, encoded, judge_fields, media_request, text_field, upstream_json
from farebox.dialects.openai_fields import bad_field
from farebox.dialects.openai_usage import read_usage_bytes, stamped_usage
from farebox.dialects.request_body import read_request_body
from farebox.dialects.scrub import Scrub
from farebox.domain.errors import Refusal
from farebox.domain.pieces import Pieces
from farebox.domain.usage import Usage

_CONTENT_TYPES = {
    "mp3": b"audio/mpeg",
    "opus": b"audio/opus",
    "aac": b"audio/aac",
    "flac": b"audio/flac",
    "wav": b"audio/wav",
    "pcm": b"audio/pcm",
}
# Slow speech, pauses and digits read out included; what is usual is a good third of it.
_MOST_TOKENS_PER_CHARACTER = 4
_LEAST_OUTPUT_TOKENS = 64
_USUAL_TOKENS_PER_CHARACTER = 1.4
_TOKENS_PER_SECOND = 21
# On the high side of what vendors give, because it divides what a client is charged for who went away midway.
_BYTES_PER_SECOND = {"mp3": 20_000, "opus": 8_000, "aac": 16_000, "flac": 48_000, "wav": 48_000, "pcm": 48_000}
# So many bytes are kept back until the charge is durable.
_WITHHELD_BYTES = 64


def _voice(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise bad_field(name, "must be the name of a voice: voices kept at the provider cannot be reached")


def _speed(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.25 <= value <= 4:
        raise bad_field(name, "must be a number from 0.25 to 4")


_FIELDS: dict[str, Judge] = {"voice": _voice, "speed": _speed}


def parse_request(raw: bytes) -> ParsedRequest:
    """A request for speech; always a stream, because sound is passed on as it comes. Raises Refusal."""
    body = read_request_body(raw)
    facts = judge_fields(body.tree, _FIELDS)
    text = text_field(body.tree, "input")
    kind = body.tree.get("response_format") or "mp3"
    if not isinstance(kind, str) or kind not in _CONTENT_TYPES:
        raise bad_field("response_format", f"must be one of {', '.join(_CONTENT_TYPES)}")
    form = body.tree.get("stream_format") or "audio"
    if form not in ("audio", "sse"):
        raise bad_field("stream_format", "must be audio or sse")
    characters = len(text)
    pieces = Pieces(characters=characters)
    usual = math.ceil(characters / 4)
    media = Media(
        most=pieces,
        counted=Usage(input_tokens=usual, pieces=pieces),
        takes=b"text/event-stream" if form == "sse" else b"*/*",
        gives=EVENTS if form == "sse" else _CONTENT_TYPES[kind],
        makes="audio",
    )
    return media_request(
        "audio.speech",
        raw,
        body,
        facts,
        media,
        stream=True,
        most_output_tokens=_LEAST_OUTPUT_TOKENS + _MOST_TOKENS_PER_CHARACTER * characters,
    )


def upstream_body(parsed: ParsedRequest, upstream_model: str) -> bytes:
    return upstream_json(parsed, upstream_model, {})


def added_fields(parsed: ParsedRequest, upstream_model: str) -> tuple[tuple[str, str], ...]:
    """Nothing: speech is no form."""
    del parsed, upstream_model
    return ()


def read_answer(parsed: ParsedRequest, status: int, content_type: str, raw: bytes) -> ProviderFault:
    """What came instead of sound."""
    del parsed
    found = read_object(status, content_type, raw)
    return found if isinstance(found, ProviderFault) else unusable(status, "not_audio")


def stamp_answer(answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
    raise AssertionError("speech is always a stream")


def relay(parsed: ParsedRequest, stamp: JobStamp, scrub: Scrub) -> "SoundRelay | EventRelay":
    """Sound on its way: as it is, or in events."""
    assert parsed.media is not None
    gives = parsed.media.gives
    kind = next((name for name, value in _CONTENT_TYPES.items() if value == gives), "mp3")
    per_token = _BYTES_PER_SECOND[kind] // _TOKENS_PER_SECOND
    if gives != EVENTS:
        return SoundRelay(parsed, per_token)
    pieces = parsed.media.most

    def read(data: bytes, spans: Spans) -> Usage | None:
        usage = read_usage_bytes(value_at(data, spans, "usage"), parsed.endpoint)
        if usage is None:
            return None
        return msgspec.structs.replace(usage, audio_output_tokens=usage.output_tokens, pieces=pieces)

    # In events sound is base64: four characters for three bytes.
    return EventRelay(stamp, scrub, {"speech.audio.done"}, read, _usage_value, bytes_per_token=per_token * 4 // 3)


class SoundRelay:
    """Sound as it is; crossing.Relay tells what each member means.

    Nothing in the bytes tells their end, so a broken stream has no last word: `fail` gives none, and the connection is
    broken off, which no client takes for an end.
    """

    def __init__(self, parsed: ParsedRequest, bytes_per_token: int) -> None:
        assert parsed.media is not None
        self.saw_data = False
        self.usage: Usage | None = None
        self.end: StreamEnd | None = None
        self.provider_id: str | None = None
        self.provider_error: ProviderFault | None = None
        self._usual_tokens = math.ceil(parsed.media.most.characters * _USUAL_TOKENS_PER_CHARACTER)
        self._bytes_per_token = bytes_per_token
        self._bytes = 0
        self._withheld = b""

    @property
    def is_finishing(self) -> bool:
        return False

    @property
    def output_tokens_estimated(self) -> int:
        """By the bytes that have come, at a rate that is on the high side, and never more than the text usually has."""
        return min(self._usual_tokens, self._bytes // self._bytes_per_token)

    def feed(self, chunk: bytes) -> bytes:
        if self.end is not None or not chunk:
            return b""
        self.saw_data = True
        self._bytes += len(chunk)
        sound = self._withheld + chunk
        self._withheld = sound[-_WITHHELD_BYTES:]
        return sound[:-_WITHHELD_BYTES]

    def end_of_input(self) -> bytes:
        if self.end is None:
            self.end = StreamEnd("done" if self.saw_data else "cut")
        return b""

    def stop_as_length(self, note: str) -> bytes:
        """Nothing: the hold covers all of the text."""
        del note
        return b""

    def finish(self, cost: str | None, usage: Usage) -> bytes:
        del cost, usage
        return self._withheld

    def fail(self, refusal: Refusal, job_id: UUID | None) -> bytes:
        del refusal, job_id
        return b""


def _usage_value(reported: bytes, usage: Usage, cost: str | None) -> bytes:
    if is_told(reported):
        return stamped_usage(reported, cost)
    counts = {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens}
    return encoded({**counts, "total_tokens": usage.total_tokens, "cost": cost})
