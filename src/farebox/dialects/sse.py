"""Server-sent events out of bytes that arrive in any pieces.

Gives the same events however the bytes were split. Knows the grammar of the WHATWG's event stream (any of three line
ends, comments, data over several lines) and nothing of what the data means.
"""

MOST_EVENT_BYTES = 4 * 1024 * 1024


class EventSplitter:
    """Cuts a byte stream into events; each comes without its blank line, with plain line feeds.

    `is_too_large` becomes true at an event past the bound, and no event comes after it.
    """

    __slots__ = ("_after_cr", "_most_bytes", "_pending", "is_too_large")

    def __init__(self, most_bytes: int = MOST_EVENT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._pending = bytearray()
        self._after_cr = False
        self.is_too_large = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """The events that are complete now."""
        if self.is_too_large:
            return []
        if self._after_cr or b"\r" in chunk:
            chunk = self._with_line_feeds(chunk)
        pending = self._pending
        if not pending and chunk.find(b"\n\n") == len(chunk) - 2 and 2 < len(chunk) <= self._most_bytes:
            return [chunk[:-2]]  # one whole event, as most chunks are
        if pending:
            # A growing event is searched only where it grew.
            searched = max(0, len(pending) - 1)
            pending += chunk
            if pending.find(b"\n\n", searched) < 0:
                self._check_size()
                return []
            chunk = bytes(pending)
            pending.clear()
        events = chunk.split(b"\n\n")
        rest = events.pop()
        pending += rest
        self._check_size()
        if len(chunk) > self._most_bytes:
            events = self._within_bound(events)
        return events

    def rest(self) -> bytes:
        """What came after the last blank line; to be asked when the stream has ended."""
        return bytes(self._pending)

    def _within_bound(self, events: list[bytes]) -> list[bytes]:
        for index, event in enumerate(events):
            if len(event) > self._most_bytes:
                self.is_too_large = True
                self._pending.clear()
                return events[:index]
        return events

    def _check_size(self) -> None:
        # One more than the bound may be the first half of the event's end.
        if len(self._pending) > self._most_bytes + 1:
            self.is_too_large = True
            self._pending.clear()

    def _with_line_feeds(self, chunk: bytes) -> bytes:
        # A carriage return ends a line at once; the line feed that may follow it belongs to it.
        if self._after_cr and chunk[:1] == b"\n":
            chunk = chunk[1:]
            self._after_cr = False
        if chunk:
            self._after_cr = chunk[-1:] == b"\r"
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def event_data(event: bytes) -> tuple[bytes, bytes]:
    """The (data, event name) of an event. Data over several lines is joined by spaces.

    The grammar joins by line feeds; in JSON both are the same white space, and the space fits on one line.
    """
    data: list[bytes] = []
    name = b""
    for line in event.split(b"\n"):
        field, _, value = line.partition(b":")
        if field == b"data":
            data.append(value[1:] if value[:1] == b" " else value)
        elif field == b"event":
            name = value.strip()
    return b" ".join(data), name
