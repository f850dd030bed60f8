"""Streams of Anthropic's messages, passed through: stamped with our identity, watched for usage and the end.

Only the first event tells the provider's identity, and the last two the usage and the end; those are taken apart.
Events of content pass as they came, known by the line that names them. Withheld for `finish`, which comes after the
settlement: the last `message_delta` with its usage, and `message_stop`.
"""

from typing import Any
from uuid import UUID

import msgspec

from farebox.dialects.anthropic_answer import (
    decoded,
    identity_changes,
    stamped_usage,
    value_at,
    written_bytes,
)
from farebox.dialects.anthropic_errors import judge_stream_error, write_error_event
from farebox.dialects.anthropic_usage import read_usage, write_usage
from farebox.dialects.exchange import JobStamp, ProviderFault, StreamEnd
from farebox.dialects.identity import tells_identity, without_identity
from farebox.dialects.json_body import MalformedJson, edit, members
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.dialects.sse import EventSplitter, event_data
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

_PLAIN_DELTA = b"event: content_block_delta\ndata: "
_STOP_EVENT = b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
_BYTES_PER_TOKEN = 4


class AnthropicRelay:
    """One stream from a provider to a client of the same dialect; the face of openai_stream.StreamRelay."""

    def __init__(self, stamp: JobStamp, *, scrub: Scrub = NO_NAMES) -> None:
        self.saw_data = False
        self.usage: Usage | None = None
        self.end: StreamEnd | None = None
        self.provider_id: str | None = None
        self.provider_error: ProviderFault | None = None
        self._stamp = stamp
        self._scrub = scrub
        self._splitter = EventSplitter()
        self._written_bytes = 0
        self._reported: dict[str, Any] = {}
        self._open_block: int | None = None
        self._last_delta: bytes | None = None  # the withheld message_delta
        self._is_cut_short = False

    @property
    def is_finishing(self) -> bool:
        """A block is whole: the message may be, too, whose last delta has the usage."""
        return self._open_block is None and self._written_bytes > 0

    @property
    def output_tokens_estimated(self) -> int:
        return -(-self._written_bytes // _BYTES_PER_TOKEN)

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
            out = self._relay(rest.rstrip())
        if self.end is None:
            self.end = StreamEnd("cut")
        return out

    def finish(self, cost: str | None, usage: Usage) -> bytes:
        """The withheld tail of a stream that ended well: stop reason, usage with its cost, and the end."""
        if self._last_delta is None or self._is_cut_short:
            delta = {"stop_reason": "max_tokens" if self._is_cut_short else "end_turn", "stop_sequence": None}
            event = {"type": "message_delta", "delta": delta, "usage": write_usage(usage, cost)}
            return _event(b"message_delta", msgspec.json.encode(event)) + _STOP_EVENT
        spans = members(self._last_delta)
        reported = value_at(self._last_delta, spans, "usage")
        stamped = (
            stamped_usage(reported, cost)
            if reported.startswith(b"{") and self.usage is not None
            else msgspec.json.encode(write_usage(usage, cost))
        )
        return _event(b"message_delta", edit(self._last_delta, spans, {"usage": stamped})) + _STOP_EVENT

    def stop_as_length(self, note: str) -> bytes:
        """What closes the open block; `finish` then ends the message as `max_tokens`. The note is a comment."""
        self._is_cut_short = True
        closed = b""
        if self._open_block is not None:
            closed = _event(b"content_block_stop", b'{"type":"content_block_stop","index":%d}' % self._open_block)
            self._open_block = None
        return closed + b": %b\n\n" % note.replace("\n", " ").encode()

    def fail(self, refusal: Refusal, job_id: UUID | None) -> bytes:
        return write_error_event(refusal, job_id)

    def _relay(self, event: bytes) -> bytes:
        if self.end is not None:
            return b""
        if (
            event.startswith(_PLAIN_DELTA)
            and event.count(b"\n") == 1
            and event.rstrip().endswith(b"}")
            and not tells_identity(event)
            and b'"cost"' not in event
        ):
            self.saw_data = True
            self._written_bytes += written_bytes(event)
            return event + b"\n\n"
        data, _ = event_data(event)
        data = data.strip()
        if not data:
            return b""
        try:
            data.decode()
            return self._look_closer(without_identity(data))
        except (MalformedJson, UnicodeDecodeError):
            self._fail("malformed_event")
            return b""

    def _look_closer(self, data: bytes) -> bytes:
        spans = members(data)
        if "cost" in spans:
            data = edit(data, spans, {"cost": None})
            spans = members(data)
        name = value_at(data, spans, "type").strip(b'"')
        match name:
            case b"message_start":
                return self._start(data)
            case b"message_delta":
                return self._withhold(data)
            case b"message_stop":
                self.end = StreamEnd("done")
                return b""
            case b"error":
                self.provider_error = judge_stream_error(data, self._scrub)
                self.end = StreamEnd("error")
                return b""
            case b"content_block_start":
                self._open_block = _whole(decoded(value_at(data, spans, "index")))
            case b"content_block_stop":
                self._open_block = None
            case b"content_block_delta":
                self._written_bytes += written_bytes(data)
            case b"ping":
                return _event(name, data)
            case _:
                pass
        self.saw_data = True
        return _event(name, data)

    def _start(self, data: bytes) -> bytes:
        spans = members(data)
        message = value_at(data, spans, "message")
        inner = members(message)
        reported = value_at(message, inner, "usage")
        self._take_usage(reported)
        provider_id = decoded(value_at(message, inner, "id"))
        self.provider_id = provider_id if isinstance(provider_id, str) else None
        changes = identity_changes(inner, self._stamp)
        # Clients of this dialect read the counts without looking whether they are there.
        told = reported if reported.startswith(b"{") else msgspec.json.encode(write_usage(Usage(), None))
        changes["usage"] = stamped_usage(told, None)
        self.saw_data = True
        return _event(b"message_start", edit(data, spans, {"message": edit(message, inner, changes)}))

    def _withhold(self, data: bytes) -> bytes:
        before, self._last_delta = self._last_delta, data
        self._take_usage(value_at(data, members(data), "usage"))
        return b"" if before is None else _event(b"message_delta", before)

    def _take_usage(self, reported: bytes) -> None:
        counts = decoded(reported)
        if isinstance(counts, dict):
            # Counts that are left out or null still stand from before.
            self._reported |= {name: count for name, count in counts.items() if count is not None}
            self.usage = read_usage(self._reported) or self.usage

    def _fail(self, code: str) -> None:
        self.provider_error = ProviderFault(fault="channel", status=502, body=b"", retry_after_s=None, code=code)
        self.end = StreamEnd("error")


def _event(name: bytes, data: bytes) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name, data)


def _whole(value: Any) -> int:
    return value if type(value) is int else 0
