"""Events written as a stream of Anthropic's messages.

The stop reason stands in the same event as the usage, so both are withheld for `finish`. A block is opened by the
first delta of its part and has a number of its own, since a foreign signature takes a block more.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from farebox.dialects.anthropic_errors import write_error_event
from farebox.dialects.anthropic_reply import signature_of_last, write_stop
from farebox.dialects.anthropic_usage import write_usage
from farebox.dialects.conversation import Signature
from farebox.dialects.exchange import JobStamp
from farebox.dialects.reply import (
    Event,
    OpaqueArrived,
    PartEnded,
    ReasoningDelta,
    RefusalDelta,
    SignatureDelta,
    Started,
    Stop,
    Stopped,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
)
from farebox.dialects.signatures import joined, seal, wrap
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

_encode = msgspec.json.encode
_DELTA = (
    b'event: content_block_delta\ndata: {"type":"content_block_delta","index":%d,"delta":{"type":"%b","%b":%b}}\n\n'
)
_START = b'event: content_block_start\ndata: {"type":"content_block_start","index":%d,"content_block":%b}\n\n'
_STOP = b'event: content_block_stop\ndata: {"type":"content_block_stop","index":%d}\n\n'
_EMPTY_TEXT = b'{"type":"text","text":""}'
_EMPTY_THINKING = b'{"type":"thinking","thinking":"","signature":""}'


class AnthropicStreamWriter:
    """One stream; see StreamWriter."""

    def __init__(self, job: JobStamp) -> None:
        self._job = job
        self._is_started = False
        self._blocks = 0
        self._open_part: int | None = None
        self._kind = b""  # of the open block: text, thinking, tool, sealed
        self._signature: Signature | None = None  # of the open part, or its sealed content, not yet written
        self._sealed_id: str | None = None
        self._stop: Stop | None = None

    def write(self, events: Sequence[Event]) -> bytes:
        return b"".join([self._written(event) for event in events])

    def _written(self, event: Event) -> bytes:
        match event:
            case TextDelta() | RefusalDelta():
                head = b"" if self._is_open(event.part, b"text") else self._open(event.part, b"text", _EMPTY_TEXT)
                return head + _DELTA % (self._blocks - 1, b"text_delta", b"text", _encode(event.text))
            case ToolArgumentsDelta():
                return _DELTA % (self._blocks - 1, b"input_json_delta", b"partial_json", _encode(event.json))
            case ReasoningDelta():
                head = (
                    b""
                    if self._is_open(event.part, b"thinking")
                    else self._open(event.part, b"thinking", _EMPTY_THINKING)
                )
                if not event.text:
                    return head
                return head + _DELTA % (self._blocks - 1, b"thinking_delta", b"thinking", _encode(event.text))
            case ToolCallStarted():
                block = _encode({"type": "tool_use", "id": event.id, "name": event.name, "input": {}})
                return self._open(event.part, b"tool", block)
            case SignatureDelta():
                return self._take_signature(event)
            case PartEnded():
                return self._close() if event.part == self._open_part else b""
            case Started():
                return self._start(event.usage)
            case Stopped():
                self._stop = event.stop
            case OpaqueArrived() if event.dialect == "anthropic":
                return self._whole_block(event.raw)
            case _:
                pass
        return b""

    def stop_as_length(self, note: str) -> bytes:
        # Anthropic's stop reason has no room for a note; the comment is for whoever looks at the bytes.
        self._stop = Stop("length")
        return self._close() + b": %b\n\n" % note.replace("\n", " ").encode()

    def finish(self, cost: str | None, usage: Usage) -> bytes:
        head = (b"" if self._is_started else self._start(None)) + self._close()
        reason, sequence = write_stop(self._stop)
        message = {
            "type": "message_delta",
            "delta": {"stop_reason": reason, "stop_sequence": sequence},
            "usage": write_usage(usage, cost),
        }
        return b'%bevent: message_delta\ndata: %b\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n' % (
            head,
            _encode(message),
        )

    def fail(self, refusal: Refusal, job_id: UUID | None) -> bytes:
        return write_error_event(refusal, job_id)

    def _start(self, usage: Usage | None) -> bytes:
        self._is_started = True
        message: dict[str, Any] = {
            "id": f"msg_{self._job.job_id.hex}",
            "type": "message",
            "role": "assistant",
            "model": self._job.model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": write_usage(usage or Usage(), None),
        }
        return b"event: message_start\ndata: %b\n\n" % _encode({"type": "message_start", "message": message})

    def _is_open(self, part: int, kind: bytes) -> bool:
        return part == self._open_part and kind == self._kind

    def _open(self, part: int | None, kind: bytes, block: bytes) -> bytes:
        head = (b"" if self._is_started else self._start(None)) + self._close()
        self._open_part = part
        self._kind = kind
        self._blocks += 1
        return head + _START % (self._blocks - 1, block)

    def _take_signature(self, event: SignatureDelta) -> bytes:
        # Signatures are written whole when their part ends, since their mark may stand before the first piece only.
        head = b""
        if not event.is_sealed:
            if event.part != self._open_part:
                # Of thinking that the provider keeps to itself.
                head = self._open(event.part, b"thinking", _EMPTY_THINKING)
        elif not self._is_open(event.part, b"sealed"):
            # Readable and sealed reasoning of one part are two blocks; the second has its content in its start.
            head = (b"" if self._is_started else self._start(None)) + self._close()
            self._open_part, self._kind = event.part, b"sealed"
        self._gather(event)
        return head

    def _gather(self, event: SignatureDelta) -> None:
        self._signature = joined(self._signature, event.signature)
        self._sealed_id = event.id or self._sealed_id

    def _close(self) -> bytes:
        if self._open_part is None:
            return b""
        kind, signature, index = self._kind, self._signature, self._blocks - 1
        sealed_id = self._sealed_id
        self._open_part = self._signature = self._sealed_id = None
        if kind == b"sealed":
            assert signature is not None
            return self._redacted(seal(signature, sealed_id, "anthropic"))
        end = _STOP % index
        if signature is None:
            return end
        if kind == b"thinking":
            value = _encode(wrap(signature, "anthropic"))
            return _DELTA % (index, b"signature_delta", b"signature", value) + end
        return end + self._redacted(signature_of_last(signature))

    def _redacted(self, data: str) -> bytes:
        return self._whole_block(_encode({"type": "redacted_thinking", "data": data}))

    def _whole_block(self, block: bytes) -> bytes:
        head = (b"" if self._is_started else self._start(None)) + self._close()
        self._blocks += 1
        index = self._blocks - 1
        return head + _START % (index, block) + _STOP % index
