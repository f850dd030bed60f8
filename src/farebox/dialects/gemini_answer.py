"""Plain answers of the Gemini dialect for passing through: read for usage, then stamped with our identity and the cost.

The answer stays the provider's bytes; only the members named here are spliced.
"""

import msgspec

from farebox.dialects.exchange import JobStamp, PlainAnswer, ProviderFault
from farebox.dialects.gemini_output import OutputCount
from farebox.dialects.gemini_request import Method
from farebox.dialects.gemini_usage import read_usage, stamped_usage, usage_object
from farebox.dialects.identity import IDENTITY, without_identity
from farebox.dialects.json_body import MalformedJson, Spans, edit, json_string, members
from farebox.domain.usage import Usage

# What only Vertex AI sends, what tells of Google's model behind ours, and what gateways before Google add.
TOP_LEVEL_EXTRAS = IDENTITY | {
    "createTime",
    "modelStatus",
    "sdkHttpResponse",
    "metadata",
    "pydantic_ai_gateway",
    "cost",
}
_CONTENTS = ("candidates", "promptFeedback", "embedding", "embeddings")

_BODY_NAMES: dict[Method, str] = {
    "generateContent": "candidates",
    "streamGenerateContent": "candidates",
    "countTokens": "totalTokens",
    "embedContent": "embedding",
    "batchEmbedContents": "embeddings",
}


def read_answer(method: Method, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
    """A successful answer, read; a channel fault when it is not one although its status says so."""
    try:
        raw.decode()
        spans = members(raw)
    except (MalformedJson, UnicodeDecodeError):
        return _unusable(status, f"not_json:{content_type.partition(';')[0].strip()[:40]}")
    if value_at(raw, spans, "error") != b"null":
        return _unusable(status, "error_in_answer")
    body = value_at(raw, spans, _BODY_NAMES[method])
    is_generated = method == "generateContent"
    is_blocked = is_generated and b'"blockReason"' in value_at(raw, spans, "promptFeedback")
    if is_generated and not is_blocked and (not body.startswith(b"[") or body.strip(b"[] \t\n\r") == b""):
        return _unusable(status, "empty_answer")
    if not is_generated and method != "countTokens" and body[:1] not in (b"{", b"["):
        return _unusable(status, "empty_answer")
    usage = read_usage(msgspec.json.decode(value_at(raw, spans, "usageMetadata")))
    estimated = 0
    if usage is None and is_generated:
        count = OutputCount()
        count.add(body)
        estimated = count.tokens
    return PlainAnswer(
        raw=raw,
        usage=usage,
        estimated_output_tokens=estimated,
        provider_id=string_at(raw, spans, "responseId"),
        endpoint="chat.completions" if is_generated else "embeddings",
        spans=spans,
    )


def stamp_answer(answer: PlainAnswer, stamp: JobStamp, cost: str | None, usage: Usage) -> bytes:
    """The answer as the customer gets it. `usage` is written where the provider reported none.

    An answer of countTokens costs nothing: its `cost` is None, and nothing is added.
    """
    raw, spans = answer.raw, answer.spans
    changes = identity_changes(raw, spans, stamp)
    if cost is not None:
        changes["usageMetadata"] = (
            stamped_usage(value_at(raw, spans, "usageMetadata"), cost)
            if answer.usage is not None
            else usage_object(usage, cost)
        )
    return edit(raw, spans, changes) if changes else raw


def identity_changes(raw: bytes, spans: Spans, stamp: JobStamp) -> dict[str, bytes | None]:
    """What must change in any answer or chunk so that it is ours and does not name the provider's side."""
    changes: dict[str, bytes | None] = {name: None for name in spans if name in TOP_LEVEL_EXTRAS}
    if "modelVersion" in spans:
        changes["modelVersion"] = json_string(stamp.model)
    if "responseId" in spans:
        changes["responseId"] = b'"%b"' % stamp.job_id.hex.encode()
    for name in _CONTENTS:
        value = value_at(raw, spans, name)
        if (stripped := without_identity(value)) is not value:
            changes[name] = stripped
    return changes


def string_at(raw: bytes, spans: Spans, name: str) -> str | None:
    try:
        return msgspec.json.decode(value_at(raw, spans, name), type=str) or None
    except msgspec.MsgspecError:
        return None


def value_at(raw: bytes, spans: Spans, name: str) -> bytes:
    span = spans.get(name)
    return b"null" if span is None else raw[span[0] : span[1]]


def _unusable(status: int, code: str) -> ProviderFault:
    return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code=code)
