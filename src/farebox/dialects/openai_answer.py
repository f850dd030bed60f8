"""Plain answers of the OpenAI dialect: read for usage, then stamped with our identity and the cost.

The answer stays the provider's bytes; only the members named here are spliced.
"""

import re
from uuid import UUID

import msgspec

from farebox.dialects.exchange import JobStamp, PlainAnswer, ProviderFault
from farebox.dialects.identity import without_identity
from farebox.dialects.json_body import MalformedJson, Spans, edit, json_string, members
from farebox.dialects.openai_extras import EVERY, Strip
from farebox.dialects.openai_output import OutputCount
from farebox.dialects.openai_usage import read_usage_bytes, stamped_usage, usage_object
from farebox.domain.job import Endpoint
from farebox.domain.usage import Usage

ID_PREFIX: dict[Endpoint, str] = {"chat.completions": "chatcmpl-", "completions": "cmpl-", "embeddings": "embd-"}

# Gateways before providers mark a choice so when its provider failed halfway.
_FAILED = re.compile(rb'"finish_reason"[ \t\n\r]*:[ \t\n\r]*"error"')


def read_answer(endpoint: Endpoint, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
    """A successful answer, read; a channel fault when it is not one although its status says so.

    The body decides, not its declared type: some servers label JSON as text.
    """
    try:
        raw.decode()
        spans = members(raw)
    except (MalformedJson, UnicodeDecodeError):
        return _unusable(status, f"not_json:{content_type.partition(';')[0].strip()[:40]}")
    if _value(raw, spans, "error") != b"null":
        return _unusable(status, "error_in_answer")
    body = _value(raw, spans, "data" if endpoint == "embeddings" else "choices")
    if not body.startswith(b"[") or body.strip(b"[] \t\n\r") == b"":
        return _unusable(status, "empty_answer")
    if b'"error"' in body and _FAILED.search(body):
        return _unusable(status, "error_in_answer")
    usage = read_usage_bytes(_value(raw, spans, "usage"), endpoint)
    return PlainAnswer(
        raw=raw,
        usage=usage,
        estimated_output_tokens=0 if usage or endpoint == "embeddings" else _estimate(endpoint, body),
        provider_id=string_at(raw, spans, "id"),
        endpoint=endpoint,
        spans=spans,
    )


def stamp_answer(answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage, strip: Strip = EVERY) -> bytes:
    """The answer as the customer gets it. `usage` is written where the provider reported none."""
    raw, spans = answer.raw, answer.spans
    changes = identity_changes(raw, spans, answer.endpoint, stamp, strip)
    changes["usage"] = (
        stamped_usage(_value(raw, spans, "usage"), cost, strip)
        if answer.usage is not None
        else usage_object(usage, cost, answer.endpoint)
    )
    return edit(raw, spans, changes)


def identity_changes(
    raw: bytes, spans: Spans, endpoint: Endpoint, stamp: JobStamp, strip: Strip
) -> dict[str, bytes | None]:
    """What must change in any answer or chunk so that it is ours and does not name the provider's side."""
    changes: dict[str, bytes | None] = dict.fromkeys(spans.keys() & strip.top)
    if "id" in spans:
        changes["id"] = our_id(endpoint, stamp.job_id)
    if "model" in spans:
        changes["model"] = json_string(stamp.model)
    if "choices" in spans:
        start, end = spans["choices"]
        choices = raw[start:end]
        stripped = strip.choices(choices)
        if stripped is not choices:
            changes["choices"] = stripped
    if endpoint == "embeddings" and "data" in spans:
        start, end = spans["data"]
        vectors = raw[start:end]
        if (stripped := without_identity(vectors)) is not vectors:
            changes["data"] = stripped
    return changes


def our_id(endpoint: Endpoint, job_id: UUID) -> bytes:
    """The id of an answer as JSON: the dialect's prefix and the job id."""
    return f'"{ID_PREFIX[endpoint]}{job_id.hex}"'.encode()


def string_at(raw: bytes, spans: Spans, name: str) -> str | None:
    value = _value(raw, spans, name)
    try:
        return msgspec.json.decode(value, type=str) or None
    except msgspec.MsgspecError:
        return None


def _value(raw: bytes, spans: Spans, name: str) -> bytes:
    span = spans.get(name)
    return b"null" if span is None else raw[span[0] : span[1]]


def _estimate(endpoint: Endpoint, choices: bytes) -> int:
    count = OutputCount(is_chat=endpoint == "chat.completions")
    count.add(choices)
    return count.tokens


def _unusable(status: int, code: str) -> ProviderFault:
    return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code=code)
