"""Forms of files and fields (multipart/form-data): cut into parts as their bytes come, and written anew.

Strict where two readers could understand a form differently: nothing before the first boundary, no folded or encoded
parts, every part with one name. Memory is bounded by a part's header; content is handed on at once. Knows no endpoint.
"""

import re

import msgspec

MOST_HEAD_BYTES = 8 * 1024

_CONTENT_TYPE = re.compile(
    rb"multipart/form-data\s*;\s*boundary=(?:\"([^\"]{1,70})\"|([^\s;\"]{1,70}))\s*", re.IGNORECASE
)
_BOUNDARY = re.compile(rb"[0-9A-Za-z'()+_,./:=? -]*[0-9A-Za-z'()+_,./:=?-]")
_PARAMETER = re.compile(r"\s*;\s*([A-Za-z*]+)=(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;\"]+))")
_PLAIN_ENCODINGS = frozenset({"7bit", "8bit", "binary"})
_FILE_TYPE = re.compile(rb"[A-Za-z0-9!#$&^_.+/-]{3,127}")
_UNSAFE = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


class MalformedForm(ValueError):
    """Bytes that are no form that we are willing to read; the text says why, for people."""


class PartHead(msgspec.Struct, frozen=True):
    """The beginning of a part; a file has a `filename`. `content_at` is where in the form its content begins."""

    name: str
    filename: str | None
    content_type: bytes
    content_at: int


class PartEnd(msgspec.Struct, frozen=True):
    """The end of the part that began last."""


Event = PartHead | PartEnd | bytes


class File(msgspec.Struct, frozen=True):
    """A file of a form: its first bytes, and its size or a bound of it. `data` is None while it is on its way."""

    name: str
    filename: str
    content_type: bytes
    head: bytes
    size: int
    data: bytes | None


class Form(msgspec.Struct, frozen=True):
    """Fields and files in the order in which they came."""

    fields: tuple[tuple[str, str], ...]
    files: tuple[File, ...]


def boundary_of(content_type: bytes) -> bytes:
    """The boundary that a Content-Type names; raises MalformedForm."""
    found = _CONTENT_TYPE.fullmatch(content_type.strip())
    boundary = b"" if found is None else (found[1] or found[2])
    if not _BOUNDARY.fullmatch(boundary):
        raise MalformedForm("the body must be multipart/form-data with a boundary")
    return boundary


class FormScanner:
    """The events of a form, the same however its bytes were split."""

    __slots__ = ("_at", "_delimiter", "_pending", "_step", "is_complete")

    def __init__(self, boundary: bytes) -> None:
        self.is_complete = False
        self._delimiter = b"\r\n--" + boundary
        # The first boundary has no line before it: with one put there it is like the others.
        self._pending = bytearray(b"\r\n")
        self._at = -2
        self._step = self._begin

    def feed(self, data: bytes) -> list[Event]:
        """What is known now; raises MalformedForm."""
        self._pending += data
        events: list[Event] = []
        while self._step(events):
            pass
        return events

    def _take(self, size: int) -> bytes:
        taken = bytes(self._pending[:size])
        del self._pending[:size]
        self._at += size
        return taken

    def _begin(self, events: list[Event]) -> bool:
        size = len(self._delimiter)
        if not self._delimiter.startswith(bytes(self._pending[:size])):
            raise MalformedForm("the form does not begin with its boundary")
        if len(self._pending) < size:
            return False
        self._take(size)
        self._step = self._after_boundary
        return True

    def _after_boundary(self, events: list[Event]) -> bool:
        if len(self._pending) < 2:
            return False
        after = self._take(2)
        if after == b"--":
            self.is_complete = True
            self._step = self._after_end
        elif after == b"\r\n":
            self._step = self._head
        else:
            raise MalformedForm("a boundary of the form is followed by something else")
        return True

    def _after_end(self, events: list[Event]) -> bool:
        if not b"\r\n".startswith(bytes(self._pending)):
            raise MalformedForm("something follows the end of the form")
        return False

    def _head(self, events: list[Event]) -> bool:
        end = self._pending.find(b"\r\n\r\n", 0, MOST_HEAD_BYTES)
        if end < 0:
            if len(self._pending) >= MOST_HEAD_BYTES:
                raise MalformedForm("a part of the form has too large a header")
            return False
        head = self._take(end + 4)
        events.append(_read_head(head[:-4], self._at))
        self._step = self._content
        return True

    def _content(self, events: list[Event]) -> bool:
        end = self._pending.find(self._delimiter)
        sure = len(self._pending) - len(self._delimiter) + 1 if end < 0 else end
        if sure > 0:
            events.append(self._take(sure))
        if end < 0:
            return False
        self._take(len(self._delimiter))
        events.append(PartEnd())
        self._step = self._after_boundary
        return True


def _read_head(head: bytes, content_at: int) -> PartHead:
    headers: dict[str, str] = {}
    for line in head.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        try:
            key, text = name.decode("ascii").lower(), value.decode()
        except UnicodeDecodeError as error:
            raise MalformedForm("a part of the form has a header that is not UTF-8") from error
        if not colon or key != key.strip() or key in headers or "\r" in text or "\n" in text or "\0" in text:
            raise MalformedForm("a part of the form has a header that cannot be read")
        headers[key] = text.strip()
    if headers.get("content-transfer-encoding", "binary").lower() not in _PLAIN_ENCODINGS:
        raise MalformedForm("a part of the form is encoded; send it as it is")
    name_of = _parameters(headers.get("content-disposition", ""))
    file_type = headers.get("content-type", "").encode()
    return PartHead(
        name=name_of["name"],
        filename=name_of.get("filename"),
        content_type=file_type if _FILE_TYPE.fullmatch(file_type) else b"application/octet-stream",
        content_at=content_at,
    )


def _parameters(disposition: str) -> dict[str, str]:
    kind, _, _ = disposition.partition(";")
    at = len(kind)
    found: dict[str, str] = {}
    while at < len(disposition):
        match = _PARAMETER.match(disposition, at)
        if match is None or match[1].lower() in found:
            raise MalformedForm("a part of the form has a Content-Disposition that cannot be read")
        found[match[1].lower()] = match[3] if match[2] is None else re.sub(r"\\(.)", r"\1", match[2])
        at = match.end()
    if kind.strip().lower() != "form-data" or not found.get("name"):
        raise MalformedForm("every part of the form must be form-data with a name")
    if "filename*" in found:
        found.setdefault("filename", "file")
    return found


def write_field(boundary: bytes, name: str, value: str) -> bytes:
    """One field with the boundary before it."""
    shown = name.translate(_UNSAFE).encode()
    return b'--%b\r\ncontent-disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (boundary, shown, value.encode())


def write_file_head(boundary: bytes, file: File) -> bytes:
    """What stands before a file's content."""
    return b'--%b\r\ncontent-disposition: form-data; name="%b"; filename="%b"\r\ncontent-type: %b\r\n\r\n' % (
        boundary,
        file.name.translate(_UNSAFE).encode(),
        file.filename.translate(_UNSAFE).encode(),
        file.content_type,
    )


def write_form(boundary: bytes, form: Form) -> bytes:
    """A whole form, fields first. The boundary must stand in no file."""
    pieces = [write_field(boundary, name, value) for name, value in form.fields]
    for file in form.files:
        assert file.data is not None
        pieces += (write_file_head(boundary, file), file.data, b"\r\n")
    return b"".join((*pieces, b"--%b--\r\n" % boundary))
