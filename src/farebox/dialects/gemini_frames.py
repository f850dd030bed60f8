"""How Gemini's streams are framed: server-sent events, or one JSON array that grows.

`streamGenerateContent` gives an array unless the client asks for `alt=sse`. Farebox always asks its providers for
events, but reads both, since some servers know one only. An error midway comes as a bare object between the events;
Google's SDKs look for it there.
"""

import re
from typing import Literal

from farebox.dialects.sse import MOST_EVENT_BYTES, EventSplitter, event_data

Form = Literal["sse", "array"]

_SPACE = b" \t\r\n"
_BETWEEN = b" \t\r\n,[]"
_OUTSIDE = re.compile(rb'["{}]')
_IN_TEXT = re.compile(rb'["\\]')


class FrameSplitter:
    """Cuts a stream into its objects, the same however its bytes were split.

    The first byte that is not space tells the form. `is_too_large` becomes true at an object past the bound, and none
    comes after it.
    """

    __slots__ = ("_array", "_events", "_form")

    def __init__(self, most_bytes: int = MOST_EVENT_BYTES) -> None:
        self._form: Form | None = None
        self._events = EventSplitter(most_bytes)
        self._array = _ArraySplitter(most_bytes)

    def feed(self, chunk: bytes) -> list[bytes]:
        """The objects that are complete now."""
        if self._form is None:
            chunk = chunk.lstrip(_SPACE)
            if not chunk:
                return []
            self._form = "array" if chunk[:1] == b"[" else "sse"
        if self._form == "array":
            return self._array.feed(chunk)
        return [data for event in self._events.feed(chunk) if (data := _data_of(event))]

    def rest(self) -> bytes:
        """An object whose blank line is missing; to be asked when the stream has ended."""
        rest = _data_of(self._events.rest()) if self._form == "sse" else b""
        return rest if rest.endswith(b"}") else b""

    @property
    def is_too_large(self) -> bool:
        return self._events.is_too_large or self._array.is_too_large


def _data_of(event: bytes) -> bytes:
    if event.startswith(b"data: ") and b"\n" not in event:
        return event[6:].strip()
    if event[:1] == b"{":
        # Spread over lines, it has none that could be taken for a field of an event.
        return event.strip()
    return event_data(event)[0].strip()


class _ArraySplitter:
    """Objects of a growing array."""

    __slots__ = ("_depth", "_in_text", "_is_escaped", "_most_bytes", "_pending", "is_too_large")

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._pending = bytearray()
        self._depth = 0
        self._in_text = False
        self._is_escaped = False
        self.is_too_large = False

    def feed(self, chunk: bytes) -> list[bytes]:
        found: list[bytes] = []
        start = at = 0
        while not self.is_too_large and (end := self._next_end(chunk, at)) is not None:
            entry = (bytes(self._pending) + chunk[start:end]).lstrip(_BETWEEN)
            self._pending.clear()
            self.is_too_large = len(entry) > self._most_bytes
            if not self.is_too_large:
                found.append(entry)
            start = at = end
        self._pending += chunk[start:]
        if not self._depth:
            # Between objects are only commas, spaces and brackets.
            self._pending.clear()
        if len(self._pending) > self._most_bytes:
            self.is_too_large = True
            self._pending.clear()
        return found

    def _next_end(self, chunk: bytes, at: int) -> int | None:
        """Where the next object ends; None when it does not end here."""
        if self._is_escaped and at < len(chunk):
            self._is_escaped = False
            at += 1
        while (mark := (_IN_TEXT if self._in_text else _OUTSIDE).search(chunk, at)) is not None:
            at = mark.end()
            match mark[0]:
                case b'"':
                    self._in_text = not self._in_text
                case b"{":
                    self._depth += 1
                case b"}":
                    self._depth = max(0, self._depth - 1)
                    if not self._depth:
                        return at
                case _:  # a backslash, whose next byte means nothing
                    self._is_escaped = at == len(chunk)
                    at += 1
        return None


class FrameWriter:
    """Puts objects into the client's form."""

    __slots__ = ("_is_array", "_is_first")

    def __init__(self, form: Form = "sse") -> None:
        self._is_array = form == "array"
        self._is_first = True

    def frame(self, data: bytes) -> bytes:
        """One object."""
        if not self._is_array:
            return b"data: %b\r\n\r\n" % data
        head = b"[" if self._is_first else b",\r\n"
        self._is_first = False
        return head + data

    def end(self) -> bytes:
        """What follows the last object."""
        if not self._is_array:
            return b""
        return b"[]" if self._is_first else b"\r\n]"

    def error(self, data: bytes) -> bytes:
        """An error in place of what was still to come."""
        return self.frame(data) + self.end() if self._is_array else data + b"\r\n\r\n"
