"""Forms: the same parts however their bytes are split, nothing that two readers could understand differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farebox.dialects.multipart import (
    Event,
    File,
    Form,
    FormScanner,
    MalformedForm,
    PartEnd,
    PartHead,
    boundary_of,
    write_form,
)

BOUNDARY = b"b-1"


def scan(raw: bytes, *cuts: int) -> tuple[list[Event], bool]:
    """The events, with neighbouring content joined."""
    scanner = FormScanner(BOUNDARY)
    found: list[Event] = []
    at = 0
    for cut in (*sorted(cuts), len(raw)):
        for event in scanner.feed(raw[at:cut]):
            if isinstance(event, bytes) and found and isinstance(found[-1], bytes):
                found[-1] += event
            else:
                found.append(event)
        at = max(at, cut)
    return found, scanner.is_complete


_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
_name = _text.filter(lambda text: "\\" not in text and "%" not in text)
_data = st.lists(st.sampled_from([b"x", b"\r\n", b"--b-", b"\r\n--b-", b"\r", b"-"]), max_size=8).map(b"".join)
_files = st.builds(lambda name, shown, data: File(name, shown, b"a/b", data, len(data), data), _name, _name, _data)
_forms = st.builds(
    Form, st.lists(st.tuples(_name, _text), max_size=3).map(tuple), st.lists(_files, max_size=3).map(tuple)
)


@given(_forms, st.lists(st.integers(0, 400), max_size=6))
def test_what_is_written_is_read_however_it_is_split(form: Form, cuts: list[int]) -> None:
    """Names, types and content survive, and content that looks nearly like a boundary too."""
    raw = write_form(BOUNDARY, form)
    events, is_complete = scan(raw, *cuts)
    assert is_complete
    expected: list[Event] = []
    for name, value in form.fields:
        expected += [PartHead(name, None, b"application/octet-stream", 0), value.encode(), PartEnd()]
    for file in form.files:
        content = [file.data] if file.data else []
        shown = file.filename
        expected += [PartHead(file.name.replace('"', "%22"), shown.replace('"', "%22"), b"a/b", 0), *content, PartEnd()]
    plain = [PartHead(e.name, e.filename, e.content_type, 0) if isinstance(e, PartHead) else e for e in events]
    assert [_unquoted(event) for event in plain] == [_unquoted(event) for event in expected]
    for event in events:
        if isinstance(event, PartHead):
            assert raw[: event.content_at].endswith(b"\r\n\r\n")


def _unquoted(event: Event) -> Event:
    if isinstance(event, PartHead):
        return PartHead(event.name.replace('"', "%22"), event.filename, event.content_type, 0)
    return event


def part(head: str, content: str = "x") -> bytes:
    return f"--b-1\r\n{head}\r\n\r\n{content}\r\n--b-1--\r\n".encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"preamble\r\n" + part('Content-Disposition: form-data; name="a"'),
        part("Content-Type: text/plain"),
        part('Content-Disposition: attachment; name="a"'),
        part('Content-Disposition: form-data; name="a"; name="b"'),
        part('Content-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="b"'),
        part('Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64'),
        part('Content-Disposition: form-data;\r\n name="a"'),
        part('Content-Disposition: form-data; name=""'),
        part('Content-Disposition: form-data; name="a" ; x'),
        part('Content-Disposition : form-data; name="a"'),
        part('Content-Disposition: form-data; name="a"') + b"epilogue",
        part('Content-Disposition: form-data; name="a"').replace(b"--b-1--", b"--b-1xx"),
        b"--b-1\r\n" + b"a" * 9_000,
    ],
)
def test_what_is_doubtful_is_refused(raw: bytes) -> None:
    """Each of these means other things to other readers."""
    with pytest.raises(MalformedForm):
        scan(raw)


def test_a_cut_form_is_not_complete() -> None:
    """Only the last boundary ends a form."""
    raw = part('Content-Disposition: form-data; name="a"')
    assert scan(raw)[1]
    assert not scan(raw[:-6])[1]


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        (b"multipart/form-data; boundary=abc", b"abc"),
        (b'Multipart/Form-Data; boundary="a b"', b"a b"),
        (b"multipart/form-data", None),
        (b"multipart/form-data; boundary=", None),
        (b"multipart/form-data; boundary=a; boundary=b", None),
        (b"multipart/mixed; boundary=abc", None),
        (b"application/json", None),
    ],
)
def test_boundaries(content_type: bytes, boundary: bytes | None) -> None:
    """One boundary of the form that MIME allows."""
    if boundary is None:
        with pytest.raises(MalformedForm):
            boundary_of(content_type)
    else:
        assert boundary_of(content_type) == boundary
