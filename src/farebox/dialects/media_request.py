"""What the requests of all endpoints beside conversation have in common: reading without doubt, and judged fields.

The table of openai_fields holds for them too; each endpoint adds its own. Knows no price and no network.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec

from farebox.dialects.exchange import ByteCount, Media, ParsedRequest
from farebox.dialects.json_body import StrictBody, edit, json_string
from farebox.dialects.multipart import Form
from farebox.dialects.openai_fields import Facts, apply_fields, bad_field
from farebox.dialects.text_bytes import count_bytes
from farebox.domain.job import Endpoint

LONGEST_WORD = 32

Judge = Callable[[str, Any], None]


class FormRequest(ParsedRequest, frozen=True, kw_only=True):
    """A request that came as a form; `raw` tells its parts in a fixed order, for comparing requests."""

    form: Form


def judge_fields(tree: Mapping[str, Any], judges: Mapping[str, Judge]) -> Facts:
    """The facts that all requests have; raises Refusal naming the field that has no price, or reaches into state.

    A field of `judges` is judged by them alone: some names mean other things than in conversation.
    """
    facts = Facts()
    apply_fields({name: value for name, value in tree.items() if name.casefold() not in judges}, facts)
    for name, value in tree.items():
        folded = name.casefold()
        if folded in judges:
            if folded != name:
                raise bad_field(name, f"must be written `{folded}`")
            if value is not None:
                judges[name](name, value)
    if facts.model is None and not facts.models:
        raise bad_field("model", "is missing. Name a model; GET /v1/models lists them")
    return facts


def models_in_order(facts: Facts) -> list[str]:
    named = [] if facts.model is None else [facts.model]
    return list(dict.fromkeys([*named, *facts.models]))


def media_request(
    endpoint: Endpoint,
    raw: bytes,
    body: StrictBody,
    facts: Facts,
    media: Media,
    *,
    stream: bool = False,
    answers: int = 1,
    most_output_tokens: int = 0,
) -> ParsedRequest:
    """The facts of a JSON request; `most_output_tokens` are those of one answer."""
    model, *others = models_in_order(facts)
    return ParsedRequest(
        endpoint=endpoint,
        raw=raw,
        spans=body.spans,
        model=model,
        stream=stream,
        wants_stream_usage=stream,
        most_output_tokens=most_output_tokens,
        answers=answers,
        text=count_bytes(body.plain),
        alternatives=tuple(others),
        media=media,
    )


def form_request(
    endpoint: Endpoint,
    form: Form,
    raw: bytes,
    facts: Facts,
    media: Media,
    text: ByteCount,
    *,
    stream: bool,
    answers: int = 1,
    most_output_tokens: int = 0,
) -> FormRequest:
    """The facts of a request that came as a form."""
    assert facts.model is not None
    return FormRequest(
        endpoint=endpoint,
        raw=raw,
        spans={},
        model=facts.model,
        stream=stream,
        wants_stream_usage=stream,
        most_output_tokens=most_output_tokens,
        answers=answers,
        text=text,
        media=media,
        form=form,
    )


def form_tree(form: Form, *, numbers: Collection[str] = (), flags: Collection[str] = ()) -> dict[str, Any]:
    """The fields of a form as JSON would have them; fields whose name ends in [] may come often."""
    tree: dict[str, Any] = {}
    for name, value in form.fields:
        if name.endswith("[]"):
            tree.setdefault(name, []).append(value)
            continue
        if name in tree:
            raise bad_field(name, "is given twice. Send each field once")
        if name in numbers:
            tree[name] = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value
        elif name in flags:
            tree[name] = {"true": True, "false": False}.get(value.lower(), value)
        else:
            tree[name] = value
    return tree


def upstream_json(parsed: ParsedRequest, upstream_model: str, changes: Mapping[str, bytes | None]) -> bytes:
    """The client's bytes with the provider's model name, and what else is to change."""
    named: dict[str, bytes | None] = {"model": json_string(upstream_model), **changes}
    if "models" in parsed.spans:
        named["models"] = None
    return edit(parsed.raw, parsed.spans, named)


def word(name: str, value: object) -> str:
    """A short word of a field that decides a price, in lower case; empty for `auto`."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_WORD or not value.isascii():
        raise bad_field(name, "must be a short word, such as those of the API reference")
    lowered = value.lower()
    if not all(character.isalnum() or character in "x*:._-" for character in lowered):
        raise bad_field(name, "must be a short word, such as those of the API reference")
    return "" if lowered == "auto" else lowered


def refused(reason: str) -> Judge:
    def judge(name: str, value: Any) -> None:
        del value
        raise bad_field(name, reason)

    return judge


def only(*allowed: Any, reason: str) -> Judge:
    def judge(name: str, value: Any) -> None:
        if not any(type(value) is type(entry) and value == entry for entry in allowed):
            raise bad_field(name, reason)

    return judge


def whole(least: int, most: int) -> Judge:
    def judge(name: str, value: Any) -> None:
        if type(value) is not int or not least <= value <= most:
            raise bad_field(name, f"must be a whole number from {least} to {most}")

    return judge


def text_field(tree: Mapping[str, Any], name: str) -> str:
    """A text that must be there."""
    value = tree.get(name)
    if not isinstance(value, str) or not value:
        raise bad_field(name, "must be a text that is not empty")
    return value


def encoded(value: Any) -> bytes:
    return msgspec.json.encode(value)
