"""Moderation, in OpenAI's dialect: texts and images judged. Sold by the request or for nothing."""

from typing import Any

import msgspec

from farebox.dialects.exchange import JobStamp, Media, ParsedRequest, PlainAnswer, ProviderFault
from farebox.dialects.json_body import edit
from farebox.dialects.media_answer import identity_changes, plain_answer, read_object, unusable, value_at
from farebox.dialects.media_events import EventRelay
from farebox.dialects.media_request import judge_fields, media_request, upstream_json
from farebox.dialects.openai_fields import bad_field
from farebox.dialects.openai_media import measure_messages
from farebox.dialects.openai_usage import read_usage_bytes
from farebox.dialects.request_body import read_request_body
from farebox.dialects.scrub import Scrub
from farebox.dialects.text_bytes import count_bytes, with_media
from farebox.domain.pieces import Pieces
from farebox.domain.usage import Usage

_NO_PIECES = Pieces()


def parse_request(raw: bytes) -> ParsedRequest:
    """A request to judge texts, or the parts of one message; raises Refusal."""
    body = read_request_body(raw)
    facts = judge_fields(body.tree, {})
    given: Any = body.tree.get("input")
    if not isinstance(given, str | list) or not given:
        raise bad_field("input", "must be a text, or a list that is not empty")
    if facts.stream:
        raise bad_field("stream", "is not for moderations")
    parts = measure_messages([{"content": given}])
    text = with_media(count_bytes(body.plain), parts.tokens, parts.replaced_bytes, parts.replaced_signs)
    usual = Usage(input_tokens=-(-(text.ascii + text.cjk + text.other) // 4), pieces=_NO_PIECES)
    parsed = media_request("moderations", raw, body, facts, Media(most=_NO_PIECES, counted=usual))
    return msgspec.structs.replace(parsed, text=text)


def upstream_body(parsed: ParsedRequest, upstream_model: str) -> bytes:
    return upstream_json(parsed, upstream_model, {})


def added_fields(parsed: ParsedRequest, upstream_model: str) -> tuple[tuple[str, str], ...]:
    """Nothing: moderations are no forms."""
    del parsed, upstream_model
    return ()


def read_answer(parsed: ParsedRequest, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
    """The verdicts."""
    assert parsed.media is not None
    spans = read_object(status, content_type, raw)
    if isinstance(spans, ProviderFault):
        return spans
    if value_at(raw, spans, "results").strip(b"[] \t\n\r") in (b"", b"null"):
        return unusable(status, "empty_answer")
    usage = read_usage_bytes(value_at(raw, spans, "usage"), parsed.endpoint)
    return plain_answer(parsed.endpoint, raw, spans, usage or parsed.media.counted, is_counted=usage is None)


def stamp_answer(answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
    """The answer as the customer gets it. The dialect has no usage object here; the cost stands in the header."""
    del cost, usage
    changes = identity_changes(answer.raw, answer.spans, stamp, "modr-")
    changes["usage"] = None
    return edit(answer.raw, answer.spans, changes)


def relay(parsed: ParsedRequest, stamp: JobStamp, scrub: Scrub) -> EventRelay:
    raise AssertionError("moderations are never streamed: requests for it are refused")
