"""Requests of the Gemini dialect for passing through: generateContent, countTokens and embeddings.

Reads only what billing and routing need and what must be refused; everything else stays the client's bytes, and the
upstream body is those bytes with a few values spliced. The model stands in the path, and in some bodies once more.
"""

import re
from collections.abc import Collection
from typing import Any, Literal
from urllib.parse import parse_qs, quote, unquote

import msgspec

from farebox.dialects.exchange import ParsedRequest
from farebox.dialects.gemini_fields import as_list, spellings
from farebox.dialects.gemini_frames import Form
from farebox.dialects.gemini_judge import Facts, judge_embedding, judge_request
from farebox.dialects.gemini_media import measure_contents
from farebox.dialects.json_body import edit, json_string, members
from farebox.dialects.request_body import read_request_body
from farebox.dialects.request_fields import bad_value
from farebox.dialects.text_bytes import count_bytes, with_media

Method = Literal["generateContent", "streamGenerateContent", "countTokens", "embedContent", "batchEmbedContents"]

LONGEST_NAME = 256
_PATH = re.compile(
    r"/v1(?:beta)?/models/(.+):"
    r"(generateContent|streamGenerateContent|countTokens|embedContent|batchEmbedContents)"
)
_EMBEDDINGS: tuple[Method, ...] = ("embedContent", "batchEmbedContents")
_RAW_LIST = msgspec.json.Decoder(list[msgspec.Raw])


class Path(msgspec.Struct, frozen=True):
    """What a request's path and query say: which model, what to do, and in which form a stream is to come."""

    model: str
    method: Method
    form: Form = "sse"


class GeminiRequest(ParsedRequest, frozen=True):
    """The facts of a request; `endpoint` is what billing takes it for, chat or embeddings."""

    method: Method = "generateContent"
    form: Form = "sse"
    config_name: str = "generationConfig"  # as the client spelled it
    bound_name: str = "maxOutputTokens"


def parse_path(path: str, query: str = "") -> Path | None:
    """The model and method of a path as it came, still escaped; None when it is no path of this dialect."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    is_events = parse_qs(query).get("alt", [""])[-1].lower() == "sse"
    method: Method = found[2]  # type: ignore[assignment]
    return Path(unquote(found[1]), method, "sse" if is_events or method != "streamGenerateContent" else "array")


def upstream_path(method: Method, upstream_model: str) -> str:
    """The path and query to ask a provider with; streams are always asked for as events."""
    alt = "?alt=sse" if method == "streamGenerateContent" else ""
    return f"/v1beta/models/{quote(upstream_model, safe='')}:{method}{alt}"


def parse_request(path: Path, raw: bytes, *, priced_tools: Collection[str] = ()) -> GeminiRequest:
    """The facts of a request; raises Refusal 'invalid_request' that names the field in `param`.

    `priced_tools` are the tools of the provider that have a price, by their names in lowerCamelCase.
    """
    if not path.model or len(path.model) > LONGEST_NAME:
        raise bad_value("model", f"must be a name of at most {LONGEST_NAME} characters in the path")
    body = read_request_body(raw)
    facts = Facts(priced_tools)
    tree = body.tree
    names = spellings(tree)
    is_embedding = path.method in _EMBEDDINGS
    media = measure_contents(_embeddings(tree, path, facts) if is_embedding else _conversation(tree, path, facts))
    config_name = names.get("generationConfig", "generationConfig")
    config = tree.get(config_name)
    bound_name = spellings(config).get("maxOutputTokens") if isinstance(config, dict) else None
    return GeminiRequest(
        endpoint="embeddings" if is_embedding else "chat.completions",
        raw=raw,
        spans=body.spans,
        model=path.model,
        stream=path.method == "streamGenerateContent",
        wants_stream_usage=True,
        most_output_tokens=facts.most_output_tokens,
        answers=facts.answers,
        text=with_media(count_bytes(body.plain), media.tokens, media.replaced_bytes, media.replaced_signs),
        method=path.method,
        form=path.form,
        config_name=config_name,
        bound_name=bound_name or "maxOutputTokens",
    )


def upstream_body(parsed: GeminiRequest, *, upstream_model: str, most_output_tokens: int | None) -> bytes:
    """The client's bytes with the provider's model name and the output bound spliced in.

    `most_output_tokens` lowers the bound that the client gave, or is added where it gave none.
    """
    raw, spans = parsed.raw, parsed.spans
    changes: dict[str, bytes | None] = {}
    name = json_string(f"models/{upstream_model}")
    if "model" in spans:
        changes["model"] = name if parsed.endpoint == "embeddings" else None
    for member in ("generateContentRequest", "generate_content_request"):
        if parsed.method == "countTokens" and member in spans:
            changes[member] = _renamed(_at(raw, spans, member), name)
    if parsed.method == "batchEmbedContents":
        changes["requests"] = _all_renamed(_at(raw, spans, "requests"), name)
    is_generation = parsed.method in ("generateContent", "streamGenerateContent")
    bound = parsed.most_output_tokens
    if is_generation and most_output_tokens is not None and (bound is None or bound > most_output_tokens):
        config = _at(raw, spans, parsed.config_name)
        config = b"{}" if config == b"null" else config
        changes[parsed.config_name] = edit(config, members(config), {parsed.bound_name: b"%d" % most_output_tokens})
    return edit(raw, spans, changes) if changes else raw


def _conversation(tree: dict[str, Any], path: Path, facts: Facts) -> list[tuple[str, Any]]:
    """The contents of a request with their places; for countTokens the request may be one level down."""
    where = ""
    names = spellings(tree)
    inner_name = names.get("generateContentRequest")
    if path.method == "countTokens" and inner_name is not None and tree[inner_name] is not None:
        tree, where = tree[inner_name], f"{inner_name}."
        if not isinstance(tree, dict):
            raise bad_value(inner_name, "must be an object")
        names = spellings(tree, inner_name)
    judge_request(tree, facts, where.rstrip("."))
    _check_model(tree, where, path)
    given = names.get("contents", "contents")
    contents = as_list(tree.get(given))
    if not contents:
        raise bad_value(f"{where}{given}", "must be a list with at least one turn")
    found = [(f"{where}{given}[{index}]", content) for index, content in enumerate(contents)]
    system_name = names.get("systemInstruction")
    if system_name is not None and tree[system_name] is not None:
        found.append((f"{where}{system_name}", tree[system_name]))
    return found


def _embeddings(tree: dict[str, Any], path: Path, facts: Facts) -> list[tuple[str, Any]]:
    judge_embedding(tree, facts)
    _check_model(tree, "", path)
    if path.method == "embedContent":
        return [("content", _needed(tree, "content", ""))]
    requests = as_list(_needed(tree, "requests", ""))
    found: list[tuple[str, Any]] = []
    for index, request in enumerate(requests):
        where = f"requests[{index}]"
        if not isinstance(request, dict):
            raise bad_value(where, "must be an object")
        judge_embedding(request, facts, where)
        _check_model(request, f"{where}.", path)
        found.append((f"{where}.content", _needed(request, "content", f"{where}.")))
    if not found:
        raise bad_value("requests", "must be a list with at least one request")
    return found


def _needed(tree: dict[str, Any], name: str, where: str) -> Any:
    value = tree.get(name)
    if value is None:
        raise bad_value(f"{where}{name}", "is missing")
    return value


def _check_model(tree: dict[str, Any], where: str, path: Path) -> None:
    named = tree.get("model")
    if named is not None and named not in (path.model, f"models/{path.model}"):
        raise bad_value(f"{where}model", "names another model than the path. Leave it out")


def _renamed(request: bytes, name: bytes) -> bytes:
    return b"null" if request == b"null" else edit(request, members(request), {"model": name})


def _all_renamed(requests: bytes, name: bytes) -> bytes:
    if not requests.startswith(b"["):
        return _renamed(requests, name)
    return b"[" + b",".join(_renamed(bytes(request), name) for request in _RAW_LIST.decode(requests)) + b"]"


def _at(raw: bytes, spans: dict[str, tuple[int, int]], name: str) -> bytes:
    span = spans.get(name)
    return b"null" if span is None else raw[span[0] : span[1]]
