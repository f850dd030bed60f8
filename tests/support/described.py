"""Operations of an OpenAPI document: where they take ids."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_LETTERS = re.compile(r"\[[^]]*\]|\\.")


@dataclass(frozen=True)
class Operation:
    """One method of one path. Ids are named as the document names them."""

    method: str
    path: str
    in_path: tuple[str, ...]
    ids_in_query: tuple[str, ...]
    ids_in_body: tuple[str, ...]
    takes_body: bool
    texts_in_body: tuple[str, ...]
    is_public: bool

    @property
    def label(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def ids_in_fields(self) -> tuple[str, ...]:
        return self.ids_in_query + self.ids_in_body


def operations(document: dict[str, Any], start: str) -> Iterator[Operation]:
    """Those of the paths that begin so."""
    for path, methods in document["paths"].items():
        if not path.startswith(start):
            continue
        for method, told in methods.items():
            parameters = told.get("parameters", [])
            body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            yield Operation(
                method=method.upper(),
                path=path,
                in_path=tuple(each["name"] for each in parameters if each["in"] == "path"),
                ids_in_query=tuple(
                    each["name"]
                    for each in parameters
                    if each["in"] == "query" and _is_id(document, each["schema"], frozenset())
                ),
                ids_in_body=tuple(_fields_of_ids(document, body)) if body else (),
                takes_body=body is not None,
                texts_in_body=tuple(_texts(document, body)) if body else (),
                is_public="security" not in told,
            )


def _fields_of_ids(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    for name, field in _resolved(document, schema).get("properties", {}).items():
        if _is_id(document, field, frozenset()):
            yield name


def unbounded(document: dict[str, Any]) -> Iterator[str]:
    """Where bodies and parameters take a text, a number or a list without an end."""
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            for each in told.get("parameters", []):
                yield from _endless(document, each["schema"], f"{method.upper()} {path} {each['name']}", frozenset())
            for content in told.get("requestBody", {}).get("content", {}).values():
                yield from _endless(document, content["schema"], f"{method.upper()} {path}", frozenset())


def _endless(document: dict[str, Any], schema: dict[str, Any], place: str, seen: frozenset[str]) -> Iterator[str]:
    reference = schema.get("$ref", "")
    if reference in seen:
        return
    found = _resolved(document, schema)
    if not _ENDS[found.get("type", "")](found):
        yield place
    deeper = seen | {reference} if reference else seen
    for name, inner in found.get("properties", {}).items():
        yield from _endless(document, inner, f"{place} .{name}", deeper)
    for inner in (*found.get("anyOf", ()), *found.get("oneOf", ())):
        yield from _endless(document, inner, place, deeper)
    if isinstance(found.get("items"), dict):
        yield from _endless(document, found["items"], f"{place} []", deeper)


def _text_ends(schema: dict[str, Any]) -> bool:
    is_one_of = "enum" in schema or "const" in schema or schema.get("format") in ("uuid", "date-time", "date")
    # A pattern without * or +, but for those that are letters, has an end of its own.
    pattern = _LETTERS.sub("", schema.get("pattern", "*"))
    return is_one_of or "maxLength" in schema or not ({"*", "+"} & set(pattern) or ",}" in pattern)


_ENDS: dict[str, Callable[[dict[str, Any]], bool]] = defaultdict(
    lambda: lambda _: True,
    string=_text_ends,
    integer=lambda schema: {"maximum", "exclusiveMaximum", "enum", "const"} & schema.keys() != set(),
    array=lambda schema: "maxItems" in schema,
)


def _texts(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    for name, field in _resolved(document, schema).get("properties", {}).items():
        kinds = [_resolved(document, each).get("type") for each in (field, *field.get("anyOf", ()))]
        if "string" in kinds:
            yield name


def _is_id(document: dict[str, Any], schema: dict[str, Any], seen: frozenset[str]) -> bool:
    """Whether an id is in it, however deep."""
    reference = schema.get("$ref", "")
    if reference in seen:
        return False
    found = _resolved(document, schema)
    inner = [*found.get("anyOf", ()), *found.get("oneOf", ()), *found.get("properties", {}).values()]
    inner += [found[name] for name in ("items", "additionalProperties") if isinstance(found.get(name), dict)]
    deeper = seen | {reference} if reference else seen
    return found.get("format") == "uuid" or any(_is_id(document, each, deeper) for each in inner)


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"][name] if name else schema
    return found
