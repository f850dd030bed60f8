"""What of a passed-through stream has been said: enough to end it properly when it must stop before its end.

Kept are the whole items and the deltas since, as the provider's bytes, up to a bound; what is beyond it is missing in
the last event and nowhere else.
"""

import msgspec

from farebox.dialects.json_body import MalformedJson, Spans, edit, members

MOST_KEPT_BYTES = 4 * 1024 * 1024

_INCOMPLETE = b'"incomplete"'


class Progress:
    """The output of one stream on its way."""

    def __init__(self) -> None:
        self.items: list[bytes] = []
        self._item: bytes | None = None  # as it was added
        self._item_index = b"0"
        self._parts: list[bytes] = []  # whole ones of the open item
        self._part: bytes | None = None  # as it was added
        self._deltas: list[bytes] = []  # of the open part or call, as insides of JSON strings
        self._kept_bytes = 0

    def add_delta(self, delta: bytes) -> None:
        if self._keeps(delta):
            self._deltas.append(delta)

    def note(self, kind: bytes, data: bytes, spans: Spans) -> None:
        """Follow an event that starts or ends an item or a part."""
        if kind == b"response.output_item.added":
            self._item = _at(data, spans, "item")
            self._item_index = _at(data, spans, "output_index")
            self._parts = []
            self._part = None
            self._deltas = []
        elif kind == b"response.output_item.done":
            item = _at(data, spans, "item")
            if self._keeps(item):
                self.items.append(item)
            self._item = None
        elif kind == b"response.content_part.added":
            self._part = _at(data, spans, "part")
            self._deltas = []
        elif kind == b"response.content_part.done":
            part = _at(data, spans, "part")
            if self._keeps(part):
                self._parts.append(part)
            self._part = None

    def _keeps(self, piece: bytes) -> bool:
        self._kept_bytes += len(piece)
        return self._kept_bytes <= MOST_KEPT_BYTES

    def cut(self) -> list[tuple[bytes, bytes]]:
        """(type, members after the number) of the events that end what is open."""
        if self._item is None:
            return []
        try:
            return self._cut(self._item)
        except (MalformedJson, msgspec.MsgspecError):
            return []

    def _cut(self, item: bytes) -> list[tuple[bytes, bytes]]:
        spans = members(item)
        changes: dict[str, bytes | None] = {"status": _INCOMPLETE}
        kind = msgspec.json.decode(_at(item, spans, "type"), type=str)
        said = b'"%b"' % b"".join(self._deltas)
        events: list[tuple[bytes, bytes]] = []
        place = b'"item_id":%b,"output_index":%b' % (_at(item, spans, "id"), self._item_index)
        if kind == "function_call":
            changes["arguments"] = said
            events.append((b"response.function_call_arguments.done", b'%b,"arguments":%b' % (place, said)))
        elif kind == "message":
            parts = list(self._parts)
            if self._part is not None:
                name = b"refusal" if b'"refusal"' in self._part else b"text"
                part = edit(self._part, members(self._part), {name.decode(): said})
                place += b',"content_index":%d' % len(parts)
                done = b"response.refusal.done" if name == b"refusal" else b"response.output_text.done"
                events.append((done, b'%b,"%b":%b' % (place, name, said)))
                events.append((b"response.content_part.done", b'%b,"part":%b' % (place, part)))
                parts.append(part)
            changes["content"] = b"[%b]" % b",".join(parts)
        whole = edit(item, spans, changes)
        events.append((b"response.output_item.done", b'"output_index":%b,"item":%b' % (self._item_index, whole)))
        self.items.append(whole)
        self._item = None
        return events


def _at(data: bytes, spans: Spans, name: str) -> bytes:
    span = spans.get(name)
    return b"null" if span is None else data[span[0] : span[1]]
