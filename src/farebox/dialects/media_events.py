"""Streams of events from the endpoints beside conversation: images, speech and transcripts as they are made.

Events pass as they came but for our identity. An event of one of the *last* types completes something and says what it
used; the latest of them is withheld for `finish`, which comes after the settlement. A stream that ends without one was
cut.
"""

from collections.abc import Callable, Collection
from uuid import UUID

import msgspec

from farebox.dialects.exchange import JobStamp, ProviderFault, StreamEnd
from farebox.dialects.json_body import MalformedJson, Spans, edit, members
from farebox.dialects.media_answer import identity_changes, value_at
from farebox.dialects.openai_answer import string_at
from farebox.dialects.openai_errors import error_event, judge_stream_error
from farebox.dialects.scrub import Scrub
from farebox.dialects.sse import EventSplitter, event_data
from farebox.domain.errors import Refusal
from farebox.domain.pieces import Pieces
from farebox.domain.usage import Usage

EVENTS = b"text/event-stream; charset=utf-8"
# A whole image stands in one event.
_MOST_EVENT_BYTES = 32 * 1024 * 1024
_DONE = b"[DONE]"

ReadUsage = Callable[[bytes, Spans], Usage | None]
WriteUsage = Callable[[bytes, Usage, str | None], bytes]


class EventRelay:
    """One stream from a provider to its client; crossing.Relay tells what each member means.

    `read` takes the usage out of a last event, `write` makes that event's usage object with the cost. `is_sum`: each
    last event stands for something of its own, so that their usages add up. So many bytes of `delta` are one token.
    """

    def __init__(
        self,
        stamp: JobStamp,
        scrub: Scrub,
        last: Collection[str],
        read: ReadUsage,
        write: WriteUsage,
        *,
        is_sum: bool = False,
        bytes_per_token: int = 4,
    ) -> None:
        self.saw_data = False
        self.usage: Usage | None = None
        self.end: StreamEnd | None = None
        self.provider_id: str | None = None
        self.provider_error: ProviderFault | None = None
        self._stamp = stamp
        self._scrub = scrub
        self._last = last
        self._read = read
        self._write = write
        self._is_sum = is_sum
        self._bytes_per_token = bytes_per_token
        self._delta_bytes = 0
        self._splitter = EventSplitter(_MOST_EVENT_BYTES)
        self._withheld: tuple[bytes, bytes] | None = None  # name and data of the latest last event
        self._done = b""

    @property
    def is_finishing(self) -> bool:
        return self._withheld is not None and not self._is_sum

    @property
    def output_tokens_estimated(self) -> int:
        return self._delta_bytes // self._bytes_per_token

    def feed(self, chunk: bytes) -> bytes:
        if self.end is not None:
            return b""
        out = b"".join(map(self._relay, self._splitter.feed(chunk)))
        if self._splitter.is_too_large and self.end is None:
            self._fail("event_too_large")
        return out

    def end_of_input(self) -> bytes:
        out = b""
        if self.end is None and (rest := self._splitter.rest()).strip():
            out = self._relay(rest)
        if self.end is None:
            self.end = StreamEnd("cut" if self._withheld is None else "done")
        return out

    def stop_as_length(self, note: str) -> bytes:
        """Nothing: the hold of such a call covers all that it can give, and never has to grow."""
        del note
        return b""

    def finish(self, cost: str | None, usage: Usage) -> bytes:
        if self._withheld is None:
            return self._done
        name, data = self._withheld
        spans = members(data)
        changes = identity_changes(data, spans, self._stamp, "")
        changes["usage"] = self._write(value_at(data, spans, "usage"), usage, cost)
        return _event(name, edit(data, spans, changes)) + self._done

    def fail(self, refusal: Refusal, job_id: UUID | None) -> bytes:
        return error_event(refusal, job_id)

    def _relay(self, event: bytes) -> bytes:
        if self.end is not None:
            return b""
        data, name = event_data(event)
        data = data.strip()
        if data == _DONE:
            self._done = b"data: [DONE]\n\n"
            self.end = StreamEnd("cut" if self._withheld is None else "done")
            return b""
        if not data:
            return b""
        try:
            data.decode()
            spans = members(data)
        except (MalformedJson, UnicodeDecodeError):
            self._fail("malformed_event")
            return b""
        kind = string_at(data, spans, "type") or ""
        if kind == "error" or name == b"error" or value_at(data, spans, "error") != b"null":
            self.provider_error = judge_stream_error(data, self._scrub)
            self.end = StreamEnd("error")
            return b""
        self.saw_data = True
        if kind in self._last:
            return self._keep(name, data, spans)
        for member in ("delta", "audio"):
            if member in spans:
                self._delta_bytes += spans[member][1] - spans[member][0] - 2
        changes = identity_changes(data, spans, self._stamp, "")
        return _event(name, edit(data, spans, changes) if changes else data)

    def _keep(self, name: bytes, data: bytes, spans: Spans) -> bytes:
        used = self._read(data, spans)
        if used is not None:
            self.usage = _sum(self.usage, used) if self._is_sum and self.usage is not None else used
        released, self._withheld = self._withheld, (name, data)
        if released is None:
            return b""
        before = members(released[1])
        changes = identity_changes(released[1], before, self._stamp, "")
        return _event(released[0], edit(released[1], before, changes))

    def _fail(self, code: str) -> None:
        self.provider_error = ProviderFault(fault="channel", status=200, body=b"", retry_after_s=None, code=code)
        self.end = StreamEnd("error")


def _event(name: bytes, data: bytes) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name, data) if name else b"data: %b\n\n" % data


def _sum(one: Usage, other: Usage) -> Usage:
    """Both together; images of one stream have one size and quality."""
    pieces, more = one.pieces or Pieces(), other.pieces or Pieces()
    counts = {name: getattr(one, name) + getattr(other, name) for name in Usage.__struct_fields__ if name != "pieces"}
    return Usage(**counts, pieces=msgspec.structs.replace(pieces, images=pieces.images + more.images))
