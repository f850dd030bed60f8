"""Streams of OpenAI's responses to a client of the same dialect: relayed event by event, stamped with our identity.

Deltas, nearly all events, hold nothing of the provider's identity and pass without being parsed. The events that hold
a response object are stamped; the last of them, which has the usage, is withheld for `finish`, after the settlement.
There is no end mark. However the network split them, the events give the same bytes.
"""

import re
from uuid import UUID

import msgspec

from farebox.dialects.exchange import JobStamp, ProviderFault, StreamEnd
from farebox.dialects.identity import any_of, without_identity
from farebox.dialects.json_body import MalformedJson, Spans, edit, members
from farebox.dialects.openai_answer import string_at
from farebox.dialects.openai_errors import judge_stream_error
from farebox.dialects.openai_output import OutputCount
from farebox.dialects.openai_usage import read_usage_bytes
from farebox.dialects.responses_answer import RESPONSE_EXTRAS, identity_changes, stamp_response, value_at
from farebox.dialects.responses_errors import error_event, judge_failure, response_error
from farebox.dialects.responses_progress import Progress
from farebox.dialects.responses_reply import response_object
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.dialects.sse import EventSplitter, event_data
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

_NULL = b"null"
_INSIDE = rb'[^"\\]*(?:\\.[^"\\]*)*'
_DELTA_EVENT = re.compile(
    rb'(?:event: ?response\.[a-z_.]+\.delta\n)?data: ?\{"type": ?"response\.'
    rb"(?:output_text|refusal|reasoning_summary_text|reasoning_text|function_call_arguments|custom_tool_call_input)"
    rb'\.delta",[^\n]*\}\Z'
)
_DELTA = re.compile(rb'"delta"[ \t]*:[ \t]*"(%b)"' % _INSIDE)
_EXTRA = re.compile(rb'"(?:%b)"[ \t]*:' % any_of(RESPONSE_EXTRAS))
_ENDS = ("response.completed", "response.incomplete")
_FAILURES = ("response.failed", "response.cancelled")


class StreamRelay:
    """One stream from a provider to a client; `scrub` says what must not show in errors."""

    def __init__(self, stamp: JobStamp, *, scrub: Scrub = NO_NAMES) -> None:
        self.saw_data = False
        self.usage: Usage | None = None
        self.end: StreamEnd | None = None
        self.provider_id: str | None = None
        self.provider_error: ProviderFault | None = None
        self._stamp = stamp
        self._scrub = scrub
        self._splitter = EventSplitter()
        self._output = OutputCount(is_chat=False)
        self._progress = Progress()
        self._number = 0  # of the next event, as far as we can tell
        self._response: bytes | None = None  # the last state that a response object told, stamped
        self._last: tuple[bytes, Spans] | None = None  # the withheld event
        self._is_usage_told = False  # in the withheld event
        self._note: str | None = None
        self._is_between_items = False

    @property
    def is_finishing(self) -> bool:
        """An item is whole: the response may be, too, whose last event has the usage."""
        return self._is_between_items

    @property
    def output_tokens_estimated(self) -> int:
        return self._output.tokens

    def feed(self, chunk: bytes) -> bytes:
        """Bytes of the provider in, bytes for the client out; nothing more comes out once `end` is set."""
        if self.end is not None:
            return b""
        out = b"".join(map(self._relay, self._splitter.feed(chunk)))
        if self._splitter.is_too_large and self.end is None:
            self._fail("event_too_large")
        return out

    def end_of_input(self) -> bytes:
        """To be called when the provider's body has ended properly: what was still unterminated, and the verdict."""
        out = b""
        if self.end is None and (rest := self._splitter.rest()).rstrip().endswith(b"}"):
            data, _ = event_data(rest)
            try:
                members(data.strip())
                out = self._relay(rest)
            except MalformedJson:
                pass
        if self.end is None:
            self.end = StreamEnd("cut")
        return out

    def stop_as_length(self, note: str) -> bytes:
        """The events that end what is open; `finish` still follows. `note` says why."""
        self._note = note
        pieces = []
        for kind, inner in self._progress.cut():
            pieces.append(self._own_event(kind, inner))
        return b"".join(pieces)

    def finish(self, cost: str | None, usage: Usage) -> bytes:
        """The withheld end of a stream that ended well: the whole response, with its usage and cost."""
        if self._last is not None and self._note is None:
            data, spans = self._last
            raw = value_at(data, spans, "response")
            unreported = None if self._is_usage_told else usage
            response = stamp_response(raw, members(raw), self._stamp, cost, unreported)
            return _event(string_at(data, spans, "type") or "", edit(data, spans, {"response": response}))
        base = self._base()
        changes = {
            "status": b'"incomplete"',
            "incomplete_details": b'{"reason":"max_output_tokens"}',
            "output": b"[%b]" % b",".join(self._progress.items),
            "farebox": msgspec.json.encode({"note": self._note}),
        }
        response = stamp_response(base, members(base), self._stamp, cost, usage, **changes)
        return self._own_event(b"response.incomplete", b'"response":' + response)

    def fail(self, refusal: Refusal, job_id: UUID | None) -> bytes:
        """The events that end a stream that broke."""
        head = error_event(refusal, job_id, self._number)
        self._number += 1
        base = self._base()
        failed = edit(
            base, members(base), {"status": b'"failed"', "error": msgspec.json.encode(response_error(refusal))}
        )
        return head + self._own_event(b"response.failed", b'"response":' + failed)

    def _base(self) -> bytes:
        if self._response is None:
            return msgspec.json.encode(response_object(self._stamp, 0, {}))
        return self._response

    def _own_event(self, kind: bytes, inner: bytes) -> bytes:
        number = self._number
        self._number += 1
        return b'event: %b\ndata: {"type":"%b","sequence_number":%d,%b}\n\n' % (kind, kind, number, inner)

    def _relay(self, event: bytes) -> bytes:
        if self.end is not None:
            return b""
        if _DELTA_EVENT.match(event) and not _EXTRA.search(event):
            self._is_between_items = False
            self._count(event)
            self._number += 1
            self.saw_data = True
            return event + b"\n\n"
        return self._look_closer(event)

    def _count(self, event: bytes) -> None:
        found = _DELTA.search(event)
        if found is not None:
            self._output.add(b'"text":"%b"' % found[1])
            self._progress.add_delta(found[1])

    def _look_closer(self, event: bytes) -> bytes:
        data, name = event_data(event)
        data = data.strip()
        # Some vendors end with the mark of the other dialect.
        if not data or data == b"[DONE]":
            return b""
        try:
            data.decode()
            data = without_identity(data)
            spans = members(data)
        except (MalformedJson, UnicodeDecodeError):
            self._fail("malformed_event")
            return b""
        kind = string_at(data, spans, "type") or ""
        if kind == "error" or name == b"error" or value_at(data, spans, "error") != _NULL:
            self.provider_error = judge_stream_error(data, self._scrub)
            self.end = StreamEnd("error")
            return b""
        try:
            return self._relay_event(kind, data, spans)
        except MalformedJson:
            # An object inside has a key twice.
            self._fail("malformed_event")
            return b""

    def _relay_event(self, kind: str, data: bytes, spans: Spans) -> bytes:
        self._is_between_items = kind == "response.output_item.done"
        changes: dict[str, bytes | None] = {extra: None for extra in spans if extra in RESPONSE_EXTRAS}
        response = value_at(data, spans, "response")
        if response.startswith(b"{"):
            changes["response"] = self._meet(kind, response)
            if self.end is not None:
                kept = edit(data, spans, {name: None for name in changes if name != "response"})
                self._last = (kept, members(kept))
                return b""
        elif kind.endswith(".delta"):
            self._count(data)
        else:
            self._progress.note(kind.encode(), data, spans)
        self.saw_data = True
        self._number += 1
        return _event(kind, edit(data, spans, changes))

    def _meet(self, kind: str, response: bytes) -> bytes:
        """The response object of an event, stamped; the one of the last event is withheld."""
        spans = members(response)
        self.provider_id = string_at(response, spans, "id") or self.provider_id
        failed = kind in _FAILURES or value_at(response, spans, "error") != _NULL
        usage_raw = value_at(response, spans, "usage")
        if usage_raw != _NULL and (usage := read_usage_bytes(usage_raw, "responses")) is not None:
            self.usage = usage
            self._is_usage_told = True
        else:
            self._is_usage_told = False
        if failed:
            self.provider_error = judge_failure(response, self._scrub)
            self.end = StreamEnd("error")
        elif kind in _ENDS:
            if self._output.tokens == 0:
                self._output.add(value_at(response, spans, "output"))
            self.end = StreamEnd("done")
        self._response = edit(response, spans, identity_changes(response, spans, self._stamp) | {"usage": _NULL})
        return self._response

    def _fail(self, code: str) -> None:
        self.provider_error = ProviderFault(fault="channel", status=502, body=b"", retry_after_s=None, code=code)
        self.end = StreamEnd("error")


def _event(kind: str, data: bytes) -> bytes:
    head = b"event: %b\n" % kind.encode() if kind and kind.isascii() and kind.isprintable() else b""
    return b"%bdata: %b\n\n" % (head, data)
