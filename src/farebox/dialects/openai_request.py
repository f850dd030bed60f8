"""Requests of the OpenAI dialect: chat completions, completions and embeddings.

Reads only what billing and routing need and what must be refused; everything else stays the client's bytes, and the
upstream body is those bytes with a few values spliced. Knows no price, no account and no network.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from farebox.dialects.call_ids import with_fitting_ids
from farebox.dialects.exchange import ByteCount, ParsedRequest
from farebox.dialects.json_body import edit, json_string, members
from farebox.dialects.openai_fields import Facts, apply_fields, bad_field
from farebox.dialects.openai_media import measure_messages
from farebox.dialects.request_body import read_request_body
from farebox.dialects.text_bytes import count_bytes, with_media
from farebox.domain.job import Endpoint

BOUND_NAMES = ("max_completion_tokens", "max_tokens")
NO_RENAMES: Mapping[str, str] = MappingProxyType({})
_NULL = b"null"


def parse_request(endpoint: Endpoint, raw: bytes) -> ParsedRequest:
    """The facts of a request; raises Refusal 'invalid_request' that names the field in `param`.

    Whoever calls has bounded the size of `raw`.
    """
    body = read_request_body(raw)
    facts = Facts()
    apply_fields(body.tree, facts)
    model, *alternatives = _models_in_order(facts)
    text, prompts = _PROMPTS[endpoint](body.tree, body.spans, count_bytes(body.plain))
    if facts.best_of and facts.best_of < facts.n:
        raise bad_field("best_of", "must not be smaller than `n`")
    if facts.stream and endpoint == "embeddings":
        raise bad_field("stream", "is not for embeddings")
    return ParsedRequest(
        endpoint=endpoint,
        raw=raw,
        spans=body.spans,
        model=model,
        stream=facts.stream,
        wants_stream_usage=facts.stream and facts.include_usage,
        most_output_tokens=facts.most_output_tokens,
        answers=max(facts.n, facts.best_of) * prompts,
        text=text,
        alternatives=tuple(alternatives),
    )


def upstream_body(
    parsed: ParsedRequest,
    *,
    upstream_model: str,
    most_output_tokens: int | None,
    ask_stream_usage: bool,
    end_user: str | None,
    bound_name: str = "max_completion_tokens",
    end_user_name: str = "user",
    leaves_out: Sequence[str] = (),
    renames: Mapping[str, str] = NO_RENAMES,
    call_id_length: int | None = None,
) -> bytes:
    """The client's bytes with the provider's model name, the output bound and the wish for usage spliced in.

    `most_output_tokens` lowers whichever bound the client gave; where it gave none, `bound_name` is added (the name
    depends on the kind of channel, and is always `max_tokens` for completions). None leaves the client's as it is, but
    a server that may know only `max_tokens` is told the bound under that name too. `leaves_out` are fields that the
    server refuses and that change no answer, `renames` those that it calls otherwise; `call_id_length` is the only one
    that ids of tool calls may have.
    """
    raw, spans = parsed.raw, parsed.spans
    changes: dict[str, bytes | None] = {"model": json_string(upstream_model)}
    if "models" in spans:
        changes["models"] = None
    if most_output_tokens is not None and parsed.endpoint != "embeddings":
        given = False
        for name in BOUND_NAMES:
            value = _value(raw, spans, name)
            if value is not None:
                given = True
                if value > most_output_tokens:
                    changes[name] = b"%d" % most_output_tokens
        if not given:
            changes["max_tokens" if parsed.endpoint == "completions" else bound_name] = b"%d" % most_output_tokens
    if bound_name == "max_tokens" and "max_tokens" not in changes and _value(raw, spans, "max_tokens") is None:
        # Older servers know only this name: a bound under the newer one would bound nothing.
        newer = _value(raw, spans, "max_completion_tokens")
        if newer is not None:
            changes["max_tokens"] = changes.get("max_completion_tokens") or b"%d" % newer
    if ask_stream_usage and parsed.stream and not parsed.wants_stream_usage:
        changes["stream_options"] = _with_usage(raw, spans)
    if end_user is not None:
        changes[end_user_name] = json_string(end_user)
    for name in leaves_out:
        if name in spans or name in changes:
            changes[name] = None
    if call_id_length is not None and parsed.endpoint == "chat.completions":
        start, end = spans["messages"]
        changes["messages"] = with_fitting_ids(raw[start:end], call_id_length)
    for name, theirs in renames.items() if parsed.endpoint == "chat.completions" else ():
        _rename(raw, spans, changes, name, theirs)
    return edit(raw, spans, changes)


def _rename(
    raw: bytes, spans: dict[str, tuple[int, int]], changes: dict[str, bytes | None], name: str, theirs: str
) -> None:
    """Say under the server's name what stands under ours; of two bounds the lower is kept."""
    value = changes.get(name, _span_value(raw, spans, name))
    if value is None:
        return
    changes[name] = None
    given = changes.get(theirs, _span_value(raw, spans, theirs))
    if given is None or given == _NULL:
        changes[theirs] = value
    elif theirs in BOUND_NAMES and value != _NULL:
        changes[theirs] = min(value, given, key=int)


def _span_value(raw: bytes, spans: dict[str, tuple[int, int]], name: str) -> bytes | None:
    span = spans.get(name)
    return None if span is None else raw[span[0] : span[1]]


def _value(raw: bytes, spans: dict[str, tuple[int, int]], name: str) -> Any:
    span = spans.get(name)
    return None if span is None else msgspec.json.decode(raw[span[0] : span[1]])


def _with_usage(raw: bytes, spans: dict[str, tuple[int, int]]) -> bytes:
    span = spans.get("stream_options")
    given = b"null" if span is None else raw[span[0] : span[1]]
    if given == b"null":
        return b'{"include_usage":true}'
    return edit(given, members(given), {"include_usage": b"true"})


def _models_in_order(facts: Facts) -> list[str]:
    if facts.model is not None and not facts.models:
        return [facts.model]
    named = ([] if facts.model is None else [facts.model]) + list(facts.models)
    if not named:
        raise bad_field("model", "is missing. Name a model; GET /v1/models lists them")
    return list(dict.fromkeys(named))


def _messages(tree: dict[str, Any], spans: dict[str, tuple[int, int]], text: ByteCount) -> tuple[ByteCount, int]:
    del spans
    messages = tree.get("messages")
    if not isinstance(messages, list) or not messages:
        raise bad_field("messages", "must be a list with at least one message")
    for index, message in enumerate(messages):
        if not isinstance(message, dict):
            raise bad_field(f"messages[{index}]", "must be an object")
    media = measure_messages(messages)
    return with_media(text, media.tokens, media.replaced_bytes, media.replaced_signs), 1


def _prompt(tree: dict[str, Any], spans: dict[str, tuple[int, int]], text: ByteCount) -> tuple[ByteCount, int]:
    """Every prompt of a list is answered `n` times, and all answers are charged."""
    prompt = _required("prompt", tree)
    many = len(prompt) if isinstance(prompt, list) and not _all_numbers(prompt) else 1
    return _with_tokens(text, prompt, spans["prompt"]), many


def _input(tree: dict[str, Any], spans: dict[str, tuple[int, int]], text: ByteCount) -> tuple[ByteCount, int]:
    return _with_tokens(text, _required("input", tree), spans["input"]), 1


def _required(name: str, tree: dict[str, Any]) -> Any:
    value = tree.get(name)
    if not isinstance(value, (str, list)) or not value:
        raise bad_field(name, "must be a text or a list that is not empty")
    return value


def _with_tokens(text: ByteCount, value: Any, span: tuple[int, int]) -> ByteCount:
    """Input given as token numbers is counted exactly: its digits are no text."""
    if isinstance(value, str) or isinstance(value[0], str):
        return text
    if isinstance(value[0], int):
        tokens = len(value)
    elif isinstance(value[0], list):
        tokens = sum(len(entry) for entry in value if isinstance(entry, list))
    else:
        return text
    # Text in a list that starts with numbers is a mistake or a trick, and keeps its bytes as well.
    is_pure = all(isinstance(entry, int) or (isinstance(entry, list) and _all_numbers(entry)) for entry in value)
    replaced = span[1] - span[0] if is_pure else 0
    return with_media(text, tokens, replaced, replaced)


def _all_numbers(entries: list[Any]) -> bool:
    return all(isinstance(entry, int) for entry in entries)


_PROMPTS = {"chat.completions": _messages, "completions": _prompt, "embeddings": _input}
