"""Requests of OpenAI's responses that go to a provider of the same dialect: the client's bytes with few changes.

Nothing may be kept at the provider, which it would do by default: `store` is set to false. Knows no price, no account
and no network.
"""

import msgspec

from farebox.dialects.exchange import ParsedRequest
from farebox.dialects.json_body import edit, json_string
from farebox.dialects.openai_fields import Facts, bad_field
from farebox.dialects.request_body import read_request_body
from farebox.dialects.responses_fields import BOUND, apply_fields, measure_input
from farebox.dialects.responses_reasoning import is_foreign
from farebox.dialects.text_bytes import count_bytes, with_media


def parse_request(raw: bytes) -> ParsedRequest:
    """The facts of a request; raises Refusal 'invalid_request' that names the field in `param`.

    Whoever calls has bounded the size of `raw`.
    """
    body = read_request_body(raw)
    facts = Facts()
    apply_fields(body.tree, facts)
    named = ([] if facts.model is None else [facts.model]) + list(facts.models)
    if not named:
        raise bad_field("model", "is missing. Name a model; GET /v1/models lists them")
    model, *alternatives = dict.fromkeys(named)
    media = measure_input(body.tree.get("input"))
    return ParsedRequest(
        endpoint="responses",
        raw=raw,
        spans=body.spans,
        model=model,
        stream=facts.stream,
        # A stream of this dialect always ends with its usage.
        wants_stream_usage=facts.stream,
        most_output_tokens=facts.most_output_tokens,
        answers=1,
        text=with_media(count_bytes(body.plain), media.tokens, media.replaced_bytes, media.replaced_signs),
        alternatives=tuple(alternatives),
    )


def upstream_body(
    parsed: ParsedRequest,
    *,
    upstream_model: str,
    most_output_tokens: int | None,
    end_user: str | None,
    end_user_name: str = "safety_identifier",
) -> bytes:
    """The client's bytes with the provider's model name, the output bound and `store: false` spliced in.

    `most_output_tokens` lowers the client's bound, and is the bound where the client gave none. Reasoning that another
    dialect's provider had sealed is taken out of the input: this one could only refuse it.
    """
    raw, spans = parsed.raw, parsed.spans
    changes: dict[str, bytes | None] = {"model": json_string(upstream_model), "store": b"false"}
    if "models" in spans:
        changes["models"] = None
    given = parsed.most_output_tokens
    if most_output_tokens is not None and (given is None or given > most_output_tokens):
        changes[BOUND] = b"%d" % most_output_tokens
    if end_user is not None:
        changes[end_user_name] = json_string(end_user)
    start, end = spans["input"]
    if b'"fb1.' in raw and raw[start : start + 1] == b"[":
        changes["input"] = _without_foreign_reasoning(raw[start:end])
    return edit(raw, spans, changes)


class _Item(msgspec.Struct):
    type: str | None = None
    encrypted_content: str | None = None


_ITEM = msgspec.json.Decoder(_Item)


def _without_foreign_reasoning(items: bytes) -> bytes:
    kept = []
    for item in msgspec.json.decode(items, type=list[msgspec.Raw]):
        try:
            read = _ITEM.decode(item)
        except msgspec.MsgspecError:
            read = _Item()
        if not (read.type == "reasoning" and read.encrypted_content and is_foreign(read.encrypted_content)):
            kept.append(bytes(item))
    return b"[%b]" % b",".join(kept)
