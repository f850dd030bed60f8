"""Transcripts of recordings, in OpenAI's dialect: a form with a file in, JSON or text or events out.

How long a recording is nobody knows before it is heard, so it is bounded by its bytes (audio_length). Afterwards the
provider's word counts: its seconds, the duration of the verbose format, or its audio tokens, of which ten are a second.
"""

import math
from typing import Any

import msgspec

from farebox.dialects.audio_length import longest_seconds, usual_seconds
from farebox.dialects.exchange import JobStamp, Media, ParsedRequest, PlainAnswer, ProviderFault
from farebox.dialects.json_body import MalformedJson, Spans, edit, read_value
from farebox.dialects.media_answer import identity_changes, is_told, plain_answer, read_object, unusable, value_at
from farebox.dialects.media_events import EVENTS, EventRelay
from farebox.dialects.media_request import FormRequest, Judge, encoded, form_request, form_tree, judge_fields, refused
from farebox.dialects.multipart import Form
from farebox.dialects.openai_fields import FIELDS, bad_field
from farebox.dialects.openai_usage import stamped_usage
from farebox.dialects.scrub import Scrub
from farebox.dialects.text_bytes import count_bytes
from farebox.domain.pieces import Pieces
from farebox.domain.usage import Usage

TOKENS_PER_SECOND = 10
_JSON_FORMATS = ("json", "verbose_json", "diarized_json")
_TEXT_FORMATS = {"text": b"text/plain; charset=utf-8", "srt": b"application/x-subrip", "vtt": b"text/vtt"}
_BYTES_PER_TOKEN = 4

_FIELDS: dict[str, Judge] = {
    "file_id": refused("refers to a file kept at the provider. Send the file itself"),
    "url": refused("would have the provider fetch a file that cannot be bounded. Send the file itself"),
    "known_speaker_references[]": refused("has no price here. Remove it"),
}
# What must be known before a large file is passed on; the rest may follow it.
_BEFORE_THE_FILE = frozenset({"model", "stream", "response_format", "prompt", "file", *_FIELDS, *FIELDS})


def parse_request(form: Form, raw: bytes) -> FormRequest:
    """A request to transcribe a file, which may still be on its way; raises Refusal."""
    tree = form_tree(form, flags=("stream",))
    facts = judge_fields(tree, _FIELDS)
    if len(form.files) != 1 or form.files[0].name != "file" or "file" in tree:
        raise bad_field("file", "must be one file")
    kind = tree.get("response_format") or "json"
    if kind not in _JSON_FORMATS and kind not in _TEXT_FORMATS:
        raise bad_field("response_format", f"must be one of {', '.join((*_JSON_FORMATS, *_TEXT_FORMATS))}")
    file = form.files[0]
    usual = usual_seconds(file.head, file.size)
    text = count_bytes(str(tree.get("prompt") or "").encode())
    media = Media(
        most=Pieces(audio_seconds=longest_seconds(file.head, file.size)),
        counted=_heard(usual),
        takes=b"text/event-stream" if facts.stream else b"*/*",
        gives=EVENTS if facts.stream else _TEXT_FORMATS.get(kind, b"application/json"),
    )
    return form_request("audio.transcriptions", form, raw, facts, media, text, stream=facts.stream)


def may_follow_the_file(name: str) -> bool:
    """Whether a field decides nothing about price or shape."""
    return name.casefold() not in _BEFORE_THE_FILE


def upstream_body(parsed: ParsedRequest, upstream_model: str) -> bytes:
    raise AssertionError("transcriptions are forms")


def added_fields(parsed: ParsedRequest, upstream_model: str) -> tuple[tuple[str, str], ...]:
    """Nothing but what the client has sent."""
    del parsed, upstream_model
    return ()


def read_answer(parsed: ParsedRequest, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
    """A transcript in the format that the client asked for."""
    assert parsed.media is not None
    if parsed.media.gives != b"application/json":
        return _read_text(parsed, status, content_type, raw)
    spans = read_object(status, content_type, raw)
    if isinstance(spans, ProviderFault):
        return spans
    if "text" not in spans and "segments" not in spans:
        return unusable(status, "empty_answer")
    usage = _usage(raw, spans)
    is_counted = usage is None
    if usage is None:
        usage = _counted(parsed, spans["text"][1] - spans["text"][0] if "text" in spans else 0)
    return plain_answer(parsed.endpoint, raw, spans, usage, is_counted=is_counted)


def stamp_answer(answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
    """The answer as the customer gets it: text is as it came."""
    raw, spans = answer.raw, answer.spans
    if not spans:
        return raw
    changes = identity_changes(raw, spans, stamp, "trsc-")
    changes["usage"] = _usage_value(value_at(raw, spans, "usage"), usage, cost)
    return edit(raw, spans, changes)


def relay(parsed: ParsedRequest, stamp: JobStamp, scrub: Scrub) -> EventRelay:
    """A transcript as it is heard."""
    del parsed
    return EventRelay(stamp, scrub, {"transcript.text.done"}, _usage, _usage_value, bytes_per_token=_BYTES_PER_TOKEN)


def _read_text(parsed: ParsedRequest, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
    if content_type.startswith(("text/html", "application/json")) and raw.lstrip()[:1] in (b"<", b"{"):
        return unusable(status, "not_text")
    usage = _counted(parsed, len(raw))
    return plain_answer(parsed.endpoint, raw, {}, usage, is_counted=True)


def _counted(parsed: ParsedRequest, text_bytes: int) -> Usage:
    assert parsed.media is not None
    return parsed.media.delivered(-(-text_bytes // _BYTES_PER_TOKEN))


def _heard(seconds: int) -> Usage:
    tokens = seconds * TOKENS_PER_SECOND
    return Usage(input_tokens=tokens, audio_input_tokens=tokens, pieces=Pieces(audio_seconds=seconds))


def _usage(raw: bytes, spans: Spans) -> Usage | None:
    """What the provider says of the recording, in seconds and in tokens: each from the other where it tells one."""
    reported = _object(value_at(raw, spans, "usage"))
    seconds = _number(reported.get("seconds")) or _number(_value(value_at(raw, spans, "duration")))
    told_input, told_output = _number(reported.get("input_tokens")), _number(reported.get("output_tokens"))
    details = reported.get("input_token_details") or reported.get("input_tokens_details")
    audio = _number(details.get("audio_tokens")) if isinstance(details, dict) else told_input
    if not told_input and not seconds:
        return None
    if not told_input:
        text_bytes = spans["text"][1] - spans["text"][0] if "text" in spans else 0
        return msgspec.structs.replace(_heard(seconds), output_tokens=-(-text_bytes // _BYTES_PER_TOKEN))
    heard = seconds or -(-(audio or told_input) // TOKENS_PER_SECOND)
    return Usage(
        input_tokens=told_input,
        audio_input_tokens=audio or 0,
        output_tokens=told_output or 0,
        pieces=Pieces(audio_seconds=heard),
    )


def _object(raw: bytes) -> dict[str, Any]:
    found = _value(raw)
    return found if isinstance(found, dict) else {}


def _value(raw: bytes) -> Any:
    try:
        return read_value(raw)
    except MalformedJson:
        return None


def _number(value: object) -> int:
    """A claimed count or length in whole units, rounded up; some vendors write numbers as text."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return 0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 10**9:
        return 0
    return math.ceil(value)


def _usage_value(reported: bytes, usage: Usage, cost: str | None) -> bytes:
    if is_told(reported):
        return stamped_usage(reported, cost)
    seconds = 0 if usage.pieces is None else usage.pieces.audio_seconds
    return encoded({"type": "duration", "seconds": seconds, "cost": cost})
