"""Plain answers of OpenAI's responses that go to a client of the same dialect: stamped, and otherwise as they came."""

from typing import Any

import msgspec

from farebox.dialects.exchange import JobStamp, PlainAnswer, ProviderFault
from farebox.dialects.identity import without_identity
from farebox.dialects.json_body import MalformedJson, Spans, edit, json_string, members
from farebox.dialects.openai_answer import string_at
from farebox.dialects.openai_extras import EVERY
from farebox.dialects.openai_output import OutputCount
from farebox.dialects.openai_usage import read_usage_bytes, stamped_usage
from farebox.dialects.responses_errors import judge_failure
from farebox.dialects.responses_usage import write_usage
from farebox.domain.usage import Usage

# What of a response tells about the operator's account, or repeats the end user's id that we gave the provider.
RESPONSE_EXTRAS = EVERY.top | {"billing"}
_ECHOES = ("safety_identifier", "user")
_NULL = b"null"
_USABLE = ("completed", "complete", "incomplete")


def read_answer(status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
    """A successful response, read; a channel fault when it is not one although its status says so.

    The body decides, not its declared type: some servers label JSON as text.
    """
    try:
        raw.decode()
        spans = members(raw)
    except (MalformedJson, UnicodeDecodeError):
        return _unusable(status, f"not_json:{content_type.partition(';')[0].strip()[:40]}")
    if value_at(raw, spans, "error") != _NULL or string_at(raw, spans, "status") == "failed":
        return _unusable(status, judge_failure(raw).code)
    output = value_at(raw, spans, "output")
    if not output.startswith(b"[") or string_at(raw, spans, "status") not in _USABLE:
        return _unusable(status, "empty_answer")
    usage = read_usage_bytes(value_at(raw, spans, "usage"), "responses")
    count = OutputCount(is_chat=False)
    if usage is None:
        count.add(output)
    return PlainAnswer(
        raw=raw,
        usage=usage,
        estimated_output_tokens=count.tokens,
        provider_id=string_at(raw, spans, "id"),
        endpoint="responses",
        spans=spans,
    )


def stamp_answer(answer: PlainAnswer, stamp: JobStamp, cost: str | None, usage: Usage) -> bytes:
    """The response as the customer gets it. `usage` is written where the provider reported none."""
    return stamp_response(answer.raw, answer.spans, stamp, cost, None if answer.usage is not None else usage)


def stamp_response(
    raw: bytes, spans: Spans, stamp: JobStamp, cost: str | None, unreported: Usage | None, **changes: Any
) -> bytes:
    """A response object with our identity and the cost; `unreported` stands where the provider told no usage."""
    stamped = identity_changes(raw, spans, stamp) | changes
    if unreported is None:
        stamped["usage"] = stamped_usage(value_at(raw, spans, "usage"), cost)
    else:
        stamped["usage"] = msgspec.json.encode(write_usage(unreported, cost))
    return edit(raw, spans, stamped)


def identity_changes(raw: bytes, spans: Spans, stamp: JobStamp) -> dict[str, bytes | None]:
    """What must change in a response object so that it is ours and does not name the provider's side.

    Ids of items stay: the client sends them back.
    """
    changes: dict[str, bytes | None] = {name: None for name in spans if name in RESPONSE_EXTRAS}
    changes["id"] = b'"resp_%b"' % stamp.job_id.hex.encode()
    changes["model"] = json_string(stamp.model)
    output = value_at(raw, spans, "output")
    if (stripped := without_identity(output)) is not output:
        changes["output"] = stripped
    for name in _ECHOES:
        if value_at(raw, spans, name) != _NULL:
            changes[name] = _NULL
    return changes


def value_at(raw: bytes, spans: Spans, name: str) -> bytes:
    span = spans.get(name)
    return _NULL if span is None else raw[span[0] : span[1]]


def _unusable(status: int, code: str) -> ProviderFault:
    return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code=code)
