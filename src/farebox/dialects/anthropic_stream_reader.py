"""A stream of Anthropic's messages, read into events."""

from typing import Any

import msgspec

from farebox.dialects.anthropic_errors import read_stream_error
from farebox.dialects.anthropic_reply import Block, read_stop
from farebox.dialects.anthropic_usage import read_usage
from farebox.dialects.conversation import Signature
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.reply import (
    Ended,
    Event,
    Failed,
    OpaqueArrived,
    PartEnded,
    ReasoningDelta,
    SignatureDelta,
    Started,
    Stopped,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
    UsageReported,
)
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.dialects.signatures import unseal, unwrap
from farebox.dialects.sse import EventSplitter, event_data


class _Delta(msgspec.Struct, gc=False):
    type: str = ""
    text: str = ""
    thinking: str = ""
    signature: str = ""
    partial_json: str = ""
    stop_reason: str | None = None
    stop_sequence: str | None = None


class _Message(msgspec.Struct, gc=False):
    id: str | None = None
    model: str | None = None
    usage: dict[str, Any] | None = None


_NOTHING = msgspec.Raw(b"")


class _Event(msgspec.Struct, gc=False):
    type: str = ""
    index: int = 0
    delta: _Delta | None = None
    content_block: msgspec.Raw = _NOTHING
    message: _Message | None = None
    usage: dict[str, Any] | None = None


_EVENT = msgspec.json.Decoder(_Event)
_BLOCK = msgspec.json.Decoder(Block)
_DATA = b"\ndata: "
_NO_DELTA = _Delta()
_OWN_KINDS = frozenset({"text", "thinking", "tool_use"})
_OWN_DELTAS = frozenset({"text_delta", "thinking_delta", "signature_delta", "input_json_delta"})


class AnthropicStreamReader:
    """One stream; see StreamReader."""

    def __init__(self, scrub: Scrub = NO_NAMES) -> None:
        self._scrub = scrub
        self._splitter = EventSplitter()
        self._usage: dict[str, Any] = {}
        self._is_over = False
        self._is_started = False
        self._block = -1  # the newest block
        self._kind: str | None = None  # its type while it is open
        self._has_arguments = False

    def feed(self, chunk: bytes) -> list[Event]:
        found: list[Event] = []
        if self._is_over:
            return found
        for raw in self._splitter.feed(chunk):
            self._read(raw, found)
        if self._splitter.is_too_large and not self._is_over:
            found += self._fail("event_too_large")
        return found

    def end_of_input(self) -> list[Event]:
        found: list[Event] = []
        if not self._is_over and (rest := self._splitter.rest()).rstrip().endswith(b"}"):
            # A last event without its blank line.
            self._read(rest, found)
        return found

    def _read(self, raw: bytes, found: list[Event]) -> None:
        if self._is_over:
            return
        at = raw.find(_DATA)
        data = raw[at + len(_DATA) :] if at >= 0 and raw.count(b"\n") == 1 else event_data(raw)[0]
        if not data.strip():
            return
        try:
            event = _EVENT.decode(data)
            self._add(event, data, found)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            found += self._fail("malformed_event")

    def _add(self, event: _Event, data: bytes, found: list[Event]) -> None:
        match event.type:
            case "content_block_delta":
                self._add_delta(event.delta or _NO_DELTA, event.index, found)
            case "content_block_start":
                self._start_block(event.content_block, event.index, found)
            case "content_block_stop":
                self._stop_block(event.index, found)
            case "message_start":
                message = event.message or _Message()
                self._is_started = True
                self._usage = message.usage or {}
                found.append(Started(message.id, message.model, read_usage(self._usage)))
            case "message_delta":
                self._end_message(event, found)
            case "message_stop":
                self._expect(self._is_started and self._kind is None)
                self._is_over = True
                found.append(Ended())
            case "error":
                self._is_over = True
                found.append(read_stream_error(data, self._scrub))
            case _:  # ping, and what is new
                pass

    def _expect(self, is_in_order: bool) -> None:
        """Blocks come one after the other, and each delta belongs to the open one: else nobody knows what is meant."""
        if not is_in_order:
            raise msgspec.ValidationError

    def _add_delta(self, delta: _Delta, index: int, found: list[Event]) -> None:
        self._expect(self._kind is not None and index == self._block)
        match delta.type, self._kind:
            case "text_delta", "text":
                found.append(TextDelta(delta.text, index))
            case "input_json_delta", "tool_use":
                if delta.partial_json:
                    self._has_arguments = True
                    found.append(ToolArgumentsDelta(delta.partial_json, index))
            case "thinking_delta", "thinking":
                found.append(ReasoningDelta(delta.thinking, index))
            case "signature_delta", "thinking":
                found.append(SignatureDelta(unwrap(delta.signature, "anthropic"), index))
            case _:
                # Citations and what hosted tools write, which other dialects do not have.
                self._expect(delta.type not in _OWN_DELTAS or self._kind not in _OWN_KINDS)

    def _start_block(self, raw: msgspec.Raw, index: int, found: list[Event]) -> None:
        self._expect(self._is_started and self._kind is None and index > self._block)
        block = _BLOCK.decode(raw)
        self._block, self._kind = index, block.type
        match block.type:
            case "text":
                if block.text:
                    found.append(TextDelta(block.text, index))
            case "thinking":
                found.append(ReasoningDelta(block.thinking, index))
                if block.signature:
                    found.append(SignatureDelta(unwrap(block.signature, "anthropic"), index))
            case "redacted_thinking":
                sealed = unseal(block.data, "anthropic")
                found.append(SignatureDelta(sealed.sealed or Signature("", "anthropic"), index, 0, True, sealed.id))
            case "tool_use":
                found.append(ToolCallStarted(block.id, block.name, index))
                # Anthropic starts with an empty object; some servers give all arguments at once.
                arguments = bytes(block.input).decode()
                self._has_arguments = arguments.strip("{} \t\r\n") != ""
                if self._has_arguments:
                    found.append(ToolArgumentsDelta(arguments, index))
            case _:
                found.append(OpaqueArrived("anthropic", bytes(raw), index))

    def _stop_block(self, index: int, found: list[Event]) -> None:
        self._expect(self._kind is not None and index == self._block)
        if self._kind == "tool_use" and not self._has_arguments:
            found.append(ToolArgumentsDelta("{}", index))
        self._kind = None
        found.append(PartEnded(index))

    def _end_message(self, event: _Event, found: list[Event]) -> None:
        if event.usage:
            # Counts that it leaves out or gives as null still stand from before.
            self._usage |= {name: count for name, count in event.usage.items() if count is not None}
            usage = read_usage(self._usage)
            if usage is not None:
                found.append(UsageReported(usage))
        delta = event.delta or _NO_DELTA
        stop = read_stop(delta.stop_reason, delta.stop_sequence)
        if stop is not None:
            found.append(Stopped(stop))

    def _fail(self, code: str) -> list[Event]:
        self._is_over = True
        return [Failed(ProviderFault(fault="channel", status=502, body=b"", retry_after_s=None, code=code))]
