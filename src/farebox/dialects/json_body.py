"""JSON bodies as bytes: where the members of an object lie, how to change a few of them, and what is not readable.

Bodies pass through Farebox as they came. So nothing here re-encodes: it finds the span of each member and splices, and
numbers too large for any machine type, odd spacing and unknown members survive. Knows no dialect and no HTTP.
"""

import contextlib
import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

Span = tuple[int, int]
Spans = dict[str, Span]

DEEPEST_NESTING = 64

# A delimiter, a key and its colon: what stands before each value of an object.
_BEFORE_VALUE = re.compile(rb'[ \t\n\r]*[{,][ \t\n\r]*"[^"\\]*(?:\\.[^"\\]*)*"[ \t\n\r]*:[ \t\n\r]*')
# An escaped NUL whose backslash is not itself escaped.
_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
# Python reads no whole number of more digits than this (sys.get_int_max_str_digits).
_STRING_OR_ENDLESS_NUMBER = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|(\d{4301})')
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_COMPACT = (b'{"', b',"')
_SPACE = b" \t\n\r"
_RAW_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_decode = msgspec.json.Decoder().decode


class MalformedJson(ValueError):
    """Bytes that are not one JSON object we are willing to read; the text says why, for people."""


class DuplicateKey(MalformedJson):
    """An object that has a key twice: two readers could understand it differently."""

    def __init__(self, key: str) -> None:
        super().__init__("an object in the body has the same key twice")
        self.key = key[:100]


def members(raw: bytes) -> Spans:
    """Name to (start, end) of the value in `raw`, in order, for the members of the object that `raw` is.

    Checks the grammar of everything inside at the speed of C, without building it. Raises MalformedJson.
    """
    try:
        values = _RAW_MEMBERS.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise MalformedJson("the body is not a JSON object") from error
    except RecursionError as error:
        raise MalformedJson("the body is nested too deeply") from error
    spans: Spans = {}
    if not values:
        return spans
    at = 0
    for name, value in values.items():
        # Where a key stands without spaces and escapes, its length tells where its value starts.
        start = at + len(name) + 4
        if raw[start - 2 : start] != b'":' or raw[at : at + 2] not in _COMPACT or not name.isascii():
            before = _BEFORE_VALUE.match(raw, at)
            if before is None:
                raise DuplicateKey(name)
            start = before.end()
        elif raw[start] in _SPACE:
            start = _BEFORE_VALUE.match(raw, at).end()  # type: ignore[union-attr]
        at = start + len(value)
        spans[name] = (start, at)
    # The decoder keeps one of two equal keys: then the bytes do not line up with what it found.
    if raw[at:].strip() != b"}":
        raise DuplicateKey(name)
    return spans


def edit(raw: bytes, spans: Spans, changes: Mapping[str, bytes | None]) -> bytes:
    """The object with some members changed: new bytes for a value, None to take the member out; new names are appended.

    All other bytes stay as they are. `spans` are those of `members(raw)`.
    """
    pieces: list[bytes] = []
    at = 0
    end = raw.index(b"{") + 1
    is_first = True
    names = len(spans)
    for position, (name, (start, value_end)) in enumerate(spans.items(), 1):
        if name not in changes:
            is_first = False
        elif (new := changes[name]) is not None:
            is_first = False
            pieces += (raw[at:start], new)
            at = value_end
        elif not is_first:
            # With the comma before it.
            pieces.append(raw[at:end])
            at = value_end
        else:
            # Nothing stands before it, so it goes with the comma after it.
            pieces.append(raw[at:end] if at < end else b"")
            at = raw.index(b",", value_end) + 1 if position < names else value_end
        end = value_end
    added = [b"%b:%b" % (json_string(k), v) for k, v in changes.items() if v is not None and k not in spans]
    if added:
        pieces += (raw[at:end], b"" if is_first else b",", b",".join(added))
        at = max(at, end)
    pieces.append(raw[at:])
    return b"".join(pieces)


def json_string(text: str) -> bytes:
    """The text as a JSON string."""
    return msgspec.json.encode(text)


class StrictBody(msgspec.Struct, frozen=True):
    """A client's body, read without doubt about its meaning.

    `plain` is the body with its escapes undone where it has any: what its text weighs.
    """

    tree: dict[str, Any]
    spans: Spans
    plain: bytes


def read_strict(raw: bytes) -> StrictBody:
    """Read a body of which every reader must understand the same: a provider's parser will read these bytes again.

    Refused with MalformedJson: bytes that are not UTF-8, anything but an object, NaN and Infinity, keys given twice at
    any depth, NUL characters, lone surrogates, more than DEEPEST_NESTING levels.
    """
    text = _as_text(raw)
    try:
        # Before `members`: it tells all duplicate keys from other mistakes.
        tree = _decode_strictly(text)
    except DuplicateKey:
        raise
    except RecursionError as error:
        raise MalformedJson("the body is nested too deeply") from error
    except ValueError as error:
        raise _malformed(raw) from error
    if not isinstance(tree, dict):
        raise MalformedJson("the body is not a JSON object")
    # So few brackets cannot nest too deeply, and most bodies have no more.
    if raw.count(b"[") + raw.count(b"{") > DEEPEST_NESTING and _is_deeper_than(tree, DEEPEST_NESTING):
        raise MalformedJson(f"the body is nested deeper than {DEEPEST_NESTING} levels")
    plain = _unescaped(raw, tree) if b"\\u" in raw else raw
    return StrictBody(tree, members(raw), plain)


def _as_text(raw: bytes) -> str:
    if raw.startswith(_BYTE_ORDER_MARKS) or b"\0" in raw[:4]:
        raise MalformedJson("the body has a byte order mark or is UTF-16 or UTF-32, not plain UTF-8")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise MalformedJson("the body is not valid UTF-8") from error


def _malformed(raw: bytes) -> MalformedJson:
    """Why a body is not read, as precisely as it can be told."""
    if not raw.strip():
        return MalformedJson("the body is empty")
    at = next((found.start() for found in _STRING_OR_ENDLESS_NUMBER.finditer(raw) if found[1]), -1)
    with contextlib.suppress(MalformedJson):
        for name, (start, end) in members(raw).items() if at >= 0 else ():
            if start <= at < end:
                return MalformedJson(f"the value of `{name[:100]}` has a number with more digits than anybody reads")
    return MalformedJson("the body is not valid JSON")


def read_value(raw: bytes) -> Any:
    """Any JSON value, numbers of any size included, that is not ambiguous; raises MalformedJson."""
    found = _read_plain_object(raw)
    if found is not None:
        return found
    try:
        return _STRICT.decode(raw.decode())
    except MalformedJson:
        raise
    except (ValueError, RecursionError) as error:
        raise MalformedJson("the value is not valid JSON") from error


def _read_plain_object(raw: bytes) -> dict[str, Any] | None:
    """An object of at most two levels without a key given twice, read at the speed of C; None for everything else.

    Each member has one colon in the text. As many distinct keys as colons: then no key was given twice, none hides on
    a deeper level, and no colon stands in a string.
    """
    try:
        tree = _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if type(tree) is not dict:
        return None
    keys = len(tree)
    for value in tree.values():
        if type(value) is dict:
            keys += len(value)
    return tree if raw.count(b":") == keys else None


def _decode_strictly(text: str) -> Any:
    """As `_STRICT.decode`, which first looks for white space around the value with two regular expressions."""
    try:
        value, end = _STRICT.scan_once(text, 0)  # type: ignore[attr-defined]  # the C scanner, in no type stub
    except StopIteration:
        end = -1
    return value if end == len(text) else _STRICT.decode(text)


def _unescaped(raw: bytes, tree: dict[str, Any]) -> bytes:
    if b"\\u0000" in raw and _ESCAPED_NUL.search(raw):
        raise MalformedJson("the body contains a NUL character")
    try:
        return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        raise MalformedJson("the body contains half of a surrogate pair") from error


def _is_deeper_than(tree: object, levels: int) -> bool:
    level = [tree]
    for _ in range(levels):
        below: list[object] = []
        for node in level:
            below += node.values() if isinstance(node, dict) else node  # type: ignore[arg-type]
        level = [node for node in below if isinstance(node, (dict, list))]
        if not level:
            return False
    return True


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise DuplicateKey(key)
            seen.add(key)
    return found


def _no_constant(name: str) -> None:
    raise MalformedJson(f"{name} is not JSON")


_STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)
