"""Splicing changes what it names and nothing else; strict reading refuses what two parsers could read differently."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farebox.dialects.json_body import DuplicateKey, MalformedJson, edit, members, read_strict, read_value

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=6), VALUES, max_size=6)
LAYOUTS = st.sampled_from([(None, (",", ":")), (None, (", ", ": ")), (2, (" ,\n", "\t: "))])


@st.composite
def written_objects(draw: st.DrawFn) -> tuple[dict, bytes]:
    tree = draw(OBJECTS)
    indent, separators = draw(LAYOUTS)
    text = json.dumps(tree, indent=indent, separators=separators, ensure_ascii=draw(st.booleans()))
    return tree, text.encode("utf-8")


@given(written_objects())
def test_spans_hold_exactly_the_values(written: tuple[dict, bytes]) -> None:
    """Whatever the spacing and the escapes, a span is one value: splicing can never cut into a neighbour."""
    tree, raw = written
    spans = members(raw)
    assert list(spans) == list(tree)
    assert {name: json.loads(raw[start:end]) for name, (start, end) in spans.items()} == tree


@given(written_objects(), st.data())
def test_edit_does_what_a_dictionary_would(written: tuple[dict, bytes], data: st.DataObject) -> None:
    """Any mix of replaced, removed and added members gives the object that the same changes give to a dictionary."""
    tree, raw = written
    names = data.draw(st.lists(st.sampled_from([*tree, "new", "newer"]), unique=True))
    changes = {name: data.draw(st.sampled_from([b'"changed"', b"1e400", None])) for name in names}
    expected = {name: value for name, value in tree.items() if name not in changes}
    expected |= {name: json.loads(value) for name, value in changes.items() if value is not None}
    assert json.loads(edit(raw, members(raw), changes)) == expected


def test_untouched_bytes_stay() -> None:
    """Numbers that no machine type holds, odd spacing and escapes survive a change beside them."""
    raw = b'{ "a" :1e400 , "model":"x","big":123456789012345678901234567890,"e":"\\u00e9\\/" }'
    changed = edit(raw, members(raw), {"model": b'"y"'})
    assert changed == raw.replace(b'"x"', b'"y"')


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'"x"',
        b"{",
        b'{"a":1}x',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":"\xff"}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\x00"}',
        b'{"a":"\\u0000"}',
        b'{"\\\\\\u0000":1}',
        b'{"a":"\\ud800"}',
        b'{"a":["\\udc00\\ud800"]}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":01}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":' + b"[" * 65 + b"]" * 65 + b"}",
        b'{"a":' + b'{"a":' * 70 + b"1" + b"}" * 70 + b"}",
        b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b'{"a":' + b"[" * 200_000,
    ],
)
def test_doubtful_bodies_are_refused(raw: bytes) -> None:
    """Each of these is read differently by different parsers, or breaks some; none ends in another exception."""
    with pytest.raises(MalformedJson):
        read_strict(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":1}',
        b'{"a":1,"\\u0061":2}',
        b'{"a":1,"b":22,"a":333,"c":4}',
        b'{"a":{"b":[{"c":1,"c":1}]}}',
        '{"é":1,"\\u00e9":2}'.encode(),
    ],
)
def test_duplicate_keys_are_refused_at_any_depth(raw: bytes) -> None:
    """Our reading and the provider's could differ in `max_tokens`: the first or the last of two."""
    with pytest.raises(DuplicateKey):
        read_strict(raw)


_objects_with_repeats = st.recursive(
    st.sampled_from([b"1", b"null", b'":"', b'"a"', b"12345678901234567890123", b"[]"]),
    lambda inner: st.lists(st.tuples(st.sampled_from([b"a", b"b", b"\\u0061", b":"]), inner), max_size=4).map(
        lambda members: b"{%b}" % b", ".join(b'"%b": %b' % member for member in members)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("raw", [b'{"a":1,"a":1}', b'{"a":1,"b":22,"a":333,"c":4}', b'{"a":1,"a":1,"b":1}'])
def test_spans_are_never_given_for_duplicate_keys(raw: bytes) -> None:
    """An answer with equal keys cannot be stamped for sure, so it has no spans at all."""
    with pytest.raises(DuplicateKey):
        members(raw)


def test_escaped_backslash_before_u0000_is_text() -> None:
    """The text `\\u0000`, written with an escaped backslash, holds no NUL and passes."""
    assert read_strict(b'{"a":"\\\\u0000"}').tree == {"a": "\\u0000"}


def test_escapes_weigh_what_they_stand_for() -> None:
    """The same text costs the same hold whether the client's library escapes it or not."""
    escaped = read_strict(json.dumps({"a": "语言" * 50}).encode())
    assert escaped.plain == json.dumps({"a": "语言" * 50}, ensure_ascii=False, separators=(",", ":")).encode()


@given(_objects_with_repeats)
def test_a_value_is_read_as_written_or_refused_for_a_key_given_twice(raw: bytes) -> None:
    """The quick way for plain objects must see what the thorough one sees: a count that stands twice is no count."""
    pairs: list[list[tuple[str, object]]] = []
    expected = json.loads(raw, object_pairs_hook=lambda found: pairs.append(found) or dict(found))
    if all(len(dict(found)) == len(found) for found in pairs):
        assert read_value(raw) == expected
    else:
        with pytest.raises(DuplicateKey):
            read_value(raw)


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\u0aDd81e.-nul tr', max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """No input raises anything but MalformedJson."""
    for read in (read_strict, members):
        with contextlib.suppress(MalformedJson):
            read(raw)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "the body is empty"),
        (b" \n", "the body is empty"),
        (b'\xef\xbb\xbf{"a":1}', "byte order mark"),
        ('{"a":1}'.encode("utf-16"), "UTF-16"),
        ('{"a":1}'.encode("utf-16-le"), "UTF-16"),
        ('{"a":1}'.encode("utf-32-be"), "UTF-32"),
        (b'{"a":1,"seed":-' + b"9" * 5000 + b"}", "`seed` has a number with more digits"),
        (b'{"a":"' + b"9" * 5000 + b'","metadata":{"b":[' + b"9" * 5000 + b"]}}", "`metadata` has a number"),
        (b'{"a":' + b"9" * 5000 + b",}", "not valid JSON"),
    ],
)
def test_what_is_wrong_is_told(raw: bytes, told: str):
    """Whoever reads the error knows what to change: no `not valid JSON` for what other readers take."""
    with pytest.raises(MalformedJson) as refused:
        read_strict(raw)
    assert told in str(refused.value)


def test_numbers_beyond_machine_types_pass():
    """JSON knows no largest number; below Python's own bound every one is read."""
    assert read_strict(b'{"seed":123456789012345678901234567890}').tree["seed"] == 123456789012345678901234567890
