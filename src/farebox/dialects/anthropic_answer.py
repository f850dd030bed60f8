"""Plain answers of Anthropic's messages, passed through: read for usage, stamped with our identity and the cost."""

import re
from typing import Any

import msgspec

from farebox.dialects.anthropic_usage import read_usage, write_usage
from farebox.dialects.exchange import JobStamp, PlainAnswer, ProviderFault
from farebox.dialects.identity import IDENTITY, IDENTITY_IN_USAGE, without_identity
from farebox.dialects.json_body import MalformedJson, Spans, edit, json_string, members
from farebox.domain.usage import Usage

# What tells where it was served; the tier and all counts stay.
USAGE_EXTRAS = IDENTITY_IN_USAGE
TOP_LEVEL_EXTRAS = IDENTITY | {"container", "cost"}

_WRITTEN = re.compile(rb'"(?:text|thinking|partial_json|input)"[ \t\n\r]*:[ \t\n\r]*("(?:[^"\\]|\\.)*"|\{[^{}]*\})')


def read_answer(status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
    """A successful answer, read; a channel fault when it is not one although its status says so."""
    try:
        raw.decode()
        spans = members(raw)
    except (MalformedJson, UnicodeDecodeError):
        return _unusable(status, f"not_json:{content_type.partition(';')[0].strip()[:40]}")
    if value_at(raw, spans, "type") != b'"message"' or value_at(raw, spans, "error") != b"null":
        return _unusable(status, "error_in_answer")
    content = value_at(raw, spans, "content")
    if not content.startswith(b"["):
        return _unusable(status, "empty_answer")
    usage = read_usage(decoded(value_at(raw, spans, "usage")))
    provider_id = decoded(value_at(raw, spans, "id"))
    return PlainAnswer(
        raw=raw,
        usage=usage,
        estimated_output_tokens=0 if usage else -(-written_bytes(content) // 4),
        provider_id=provider_id if isinstance(provider_id, str) else None,
        endpoint="messages",
        spans=spans,
    )


def stamp_answer(answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
    """The answer as the customer gets it. `usage` is written where the provider reported none."""
    changes = identity_changes(answer.spans, stamp)
    content = value_at(answer.raw, answer.spans, "content")
    if (stripped := without_identity(content)) is not content:
        changes["content"] = stripped
    reported = value_at(answer.raw, answer.spans, "usage")
    changes["usage"] = (
        stamped_usage(reported, cost) if answer.usage is not None else msgspec.json.encode(write_usage(usage, cost))
    )
    return edit(answer.raw, answer.spans, changes)


def identity_changes(spans: Spans, stamp: JobStamp) -> dict[str, bytes | None]:
    """What must change in a message so that it is ours and does not name the provider's side."""
    changes: dict[str, bytes | None] = {name: None for name in spans if name in TOP_LEVEL_EXTRAS}
    changes["id"] = f'"msg_{stamp.job_id.hex}"'.encode()
    changes["model"] = json_string(stamp.model)
    return changes


def stamped_usage(reported: bytes, cost: str | None) -> bytes:
    """The provider's usage object with our cost and without what tells where it was served."""
    spans = members(reported)
    changes: dict[str, bytes | None] = {name: None for name in spans if name in USAGE_EXTRAS}
    if cost is not None:
        changes["cost"] = json_string(cost)
    return edit(reported, spans, changes)


def value_at(raw: bytes, spans: Spans, name: str) -> bytes:
    span = spans.get(name)
    return b"null" if span is None else raw[span[0] : span[1]]


def decoded(raw: bytes) -> Any:
    """The value of checked JSON; None for numbers that no machine type holds."""
    try:
        return msgspec.json.decode(raw)
    except msgspec.MsgspecError:
        return None


def written_bytes(content: bytes) -> int:
    """Bytes that the model wrote in a piece of content."""
    return sum(map(len, _WRITTEN.findall(content)))


def _unusable(status: int, code: str) -> ProviderFault:
    return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code=code)
