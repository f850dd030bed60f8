"""Requests of Anthropic's messages, passed through: what billing needs is read, the rest stays as it came."""

from farebox.dialects.anthropic_fields import Facts, apply_fields, judge_cache_ttl
from farebox.dialects.anthropic_media import measure_messages
from farebox.dialects.exchange import ParsedRequest
from farebox.dialects.json_body import edit, json_string, members
from farebox.dialects.openai_fields import bad_field
from farebox.dialects.request_body import read_request_body
from farebox.dialects.text_bytes import count_bytes, with_media


def parse_request(raw: bytes, *, is_count: bool = False) -> ParsedRequest:
    """The facts of a body of /v1/messages, or of its count_tokens; raises Refusal that names the field in `param`.

    Whoever calls has bounded the size of `raw`.
    """
    body = read_request_body(raw)
    facts = Facts()
    apply_fields(body.tree, facts)
    if b'"ttl"' in body.plain:
        judge_cache_ttl(body.tree)
    named = list(dict.fromkeys(filter(None, (facts.model, *facts.models))))
    if not named:
        raise bad_field("model", "is missing. Name a model; GET /v1/models lists them")
    if facts.most_output_tokens is None and not is_count:
        raise bad_field("max_tokens", "is missing. Say how many tokens the answer may have")
    messages = body.tree.get("messages")
    if not isinstance(messages, list) or not messages:
        raise bad_field("messages", "must be a list with at least one message")
    media = measure_messages(messages, body.tree.get("system"))
    return ParsedRequest(
        endpoint="messages",
        raw=raw,
        spans=body.spans,
        model=named[0],
        stream=facts.stream,
        wants_stream_usage=facts.stream,
        most_output_tokens=facts.most_output_tokens,
        answers=1,
        text=with_media(count_bytes(body.plain), media.tokens, media.replaced_bytes, media.replaced_signs),
        alternatives=tuple(named[1:]),
    )


def upstream_body(
    parsed: ParsedRequest, *, upstream_model: str, most_output_tokens: int | None, end_user: str | None
) -> bytes:
    """The client's bytes with the provider's model name, a lower output bound and the end user's id spliced in."""
    raw, spans = parsed.raw, parsed.spans
    changes: dict[str, bytes | None] = {"model": json_string(upstream_model)}
    if "models" in spans:
        changes["models"] = None
    if most_output_tokens is not None and parsed.most_output_tokens is not None:
        changes["max_tokens"] = b"%d" % min(most_output_tokens, parsed.most_output_tokens)
    if end_user is not None:
        start, end = spans.get("metadata", (0, 0))
        changes["metadata"] = _with_user(raw[start:end], json_string(end_user))
    return edit(raw, spans, changes)


def _with_user(metadata: bytes, user_id: bytes) -> bytes:
    if not metadata.startswith(b"{"):
        return b'{"user_id":%b}' % user_id
    return edit(metadata, members(metadata), {"user_id": user_id})
