"""What plain answers of the endpoints beside conversation have in common: read, judged, and stamped with our identity.

What a provider says beyond the members of the dialect and names its side goes, as everywhere (openai_extras).
"""

from uuid import UUID

from farebox.dialects.exchange import JobStamp, PlainAnswer, ProviderFault
from farebox.dialects.identity import without_identity
from farebox.dialects.json_body import MalformedJson, Spans, json_string, members
from farebox.dialects.openai_answer import string_at
from farebox.dialects.openai_extras import EVERY
from farebox.domain.job import Endpoint
from farebox.domain.usage import Usage

_NULL = b"null"
_NESTED = (b"{", b"[")


def unusable(status: int, code: str) -> ProviderFault:
    """An answer that is none although its status says so."""
    return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code=code)


def read_object(status: int, content_type: str, raw: bytes) -> Spans | ProviderFault:
    """The members of a JSON answer that tells of no error."""
    try:
        raw.decode()
        spans = members(raw)
    except (MalformedJson, UnicodeDecodeError):
        return unusable(status, f"not_json:{content_type.partition(';')[0].strip()[:40]}")
    if value_at(raw, spans, "error") != _NULL:
        return unusable(status, "error_in_answer")
    return spans


def value_at(raw: bytes, spans: Spans, name: str) -> bytes:
    """The bytes of a member's value; null when it is not there."""
    span = spans.get(name)
    return _NULL if span is None else raw[span[0] : span[1]]


def is_told(reported: bytes) -> bool:
    """Whether a usage object is there and says anything."""
    return reported.startswith(b"{") and reported.strip(b"{} \t\n\r") != b""


def plain_answer(endpoint: Endpoint, raw: bytes, spans: Spans, usage: Usage, *, is_counted: bool) -> PlainAnswer:
    return PlainAnswer(
        raw=raw,
        usage=usage,
        estimated_output_tokens=usage.output_tokens,
        provider_id=string_at(raw, spans, "id"),
        endpoint=endpoint,
        spans=spans,
        is_counted=is_counted,
    )


def identity_changes(raw: bytes, spans: Spans, stamp: JobStamp, id_prefix: str) -> dict[str, bytes | None]:
    """What must change in an answer or event so that it is ours: at its top, and within its lists and objects."""
    changes: dict[str, bytes | None] = dict.fromkeys(spans.keys() & EVERY.top)
    for name in spans.keys() - changes.keys():
        value = value_at(raw, spans, name)
        if value[:1] in _NESTED:
            cleaned = without_identity(value)
            if cleaned is not value:
                changes[name] = cleaned
    if "id" in spans:
        changes["id"] = our_id(id_prefix, stamp.job_id)
    if "model" in spans:
        changes["model"] = json_string(stamp.model)
    return changes


def our_id(prefix: str, job_id: UUID) -> bytes:
    return f'"{prefix}{job_id.hex}"'.encode()
