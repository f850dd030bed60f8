"""Events written as a stream of Gemini's streamGenerateContent.

A call is written when it is whole, a signature in a part of its own after the text it vouches for. The reasons to
finish stand in the last chunk with the usage, so they are withheld for `finish`.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from farebox.dialects.conversation import Signature, ToolCall
from farebox.dialects.exchange import JobStamp
from farebox.dialects.gemini_errors import write_error
from farebox.dialects.gemini_frames import Form, FrameWriter
from farebox.dialects.gemini_logprobs import write_logprobs
from farebox.dialects.gemini_reply import call_part, write_stop
from farebox.dialects.gemini_signatures import pack
from farebox.dialects.gemini_usage import write_usage
from farebox.dialects.json_body import json_string
from farebox.dialects.reply import (
    Event,
    LogprobsDelta,
    OpaqueArrived,
    PartEnded,
    ReasoningDelta,
    RefusalDelta,
    SignatureDelta,
    Stop,
    Stopped,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
)
from farebox.dialects.signatures import joined
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

_encode = msgspec.json.encode
_CHUNK = b'{"candidates":[{"content":{"parts":[%b],"role":"model"},"index":%d}],%b}'


class _Open:
    """What is known of a part that still grows."""

    __slots__ = ("arguments", "call", "is_thought", "item_id", "sealed", "signature")

    def __init__(self) -> None:
        self.call: ToolCallStarted | None = None
        self.arguments: list[str] = []
        self.is_thought = False
        self.item_id: str | None = None
        self.signature: Signature | None = None
        self.sealed: Signature | None = None


class GeminiStreamWriter:
    """One stream; see StreamWriter."""

    def __init__(self, job: JobStamp, *, form: Form = "sse") -> None:
        self._frames = FrameWriter(form)
        self._identity = b'"modelVersion":%b,"responseId":"%b"' % (json_string(job.model), job.job_id.hex.encode())
        self._open: dict[tuple[int, int], _Open] = {}  # by choice and part
        self._stops: dict[int, Stop | None] = {}
        self._note: str | None = None

    def write(self, events: Sequence[Event]) -> bytes:
        return b"".join([self._written(event) for event in events])

    def _written(self, event: Event) -> bytes:
        match event:
            case TextDelta() | RefusalDelta():
                return self._part(b'{"text":%b}' % json_string(event.text), event.choice) if event.text else b""
            case ReasoningDelta():
                part = self._part_of(event.choice, event.part)
                part.is_thought = True
                part.item_id = event.id or part.item_id
                if not event.text:
                    return b""
                return self._part(b'{"text":%b,"thought":true}' % json_string(event.text), event.choice)
            case ToolArgumentsDelta():
                self._part_of(event.choice, event.part).arguments.append(event.json)
            case ToolCallStarted():
                self._part_of(event.choice, event.part).call = event
            case SignatureDelta():
                self._take_signature(event)
            case PartEnded():
                return self._close(event.choice, event.part, is_cut=None)
            case LogprobsDelta():
                candidate = {"index": event.choice, "logprobsResult": write_logprobs(event.tokens)}
                self._stops.setdefault(event.choice, None)
                return self._frames.frame(b'{"candidates":[%b],%b}' % (_encode(candidate), self._identity))
            case Stopped():
                self._stops[event.choice] = event.stop
                is_cut = event.stop.reason in ("length", "context_full")
                return b"".join(
                    [self._close(*key, is_cut=is_cut) for key in list(self._open) if key[0] == event.choice]
                )
            case OpaqueArrived() if event.dialect == "gemini":
                return self._part(event.raw, event.choice)
            case _:
                pass
        return b""

    def stop_as_length(self, note: str) -> bytes:
        out = b"".join([self._close(*key, is_cut=True) for key in list(self._open)])
        self._stops = {choice: stop or Stop("length") for choice, stop in (self._stops or {0: None}).items()}
        self._note = note
        return out

    def finish(self, cost: str | None, usage: Usage) -> bytes:
        out = b"".join([self._close(*key, is_cut=True) for key in list(self._open)])
        candidates = [self._last(index, stop) for index, stop in sorted((self._stops or {0: None}).items())]
        chunk = b'{"candidates":%b,"usageMetadata":%b,%b}' % (
            _encode(candidates),
            _encode(write_usage(usage, cost)),
            self._identity,
        )
        return out + self._frames.frame(chunk) + self._frames.end()

    def fail(self, refusal: Refusal, job_id: UUID | None) -> bytes:
        return self._frames.error(write_error(refusal, job_id))

    def _last(self, index: int, stop: Stop | None) -> dict[str, Any]:
        content = {"parts": [{"text": ""}], "role": "model"}
        last = {"content": content, "finishReason": write_stop(stop), "index": index}
        return last if self._note is None else last | {"finishMessage": self._note}

    def _part(self, part: bytes, choice: int) -> bytes:
        self._stops.setdefault(choice, None)
        return self._frames.frame(_CHUNK % (part, choice, self._identity))

    def _part_of(self, choice: int, part: int) -> _Open:
        found = self._open.get((choice, part))
        if found is None:
            found = self._open[choice, part] = _Open()
        return found

    def _take_signature(self, event: SignatureDelta) -> None:
        part = self._part_of(event.choice, event.part)
        before = part.sealed if event.is_sealed else part.signature
        grown = joined(before, event.signature)
        if event.is_sealed:
            part.sealed, part.is_thought = grown, True
        else:
            part.signature = grown
        part.item_id = event.id or part.item_id

    def _close(self, choice: int, number: int, *, is_cut: bool | None) -> bytes:
        """End a part. Arguments that are no object wait for the reason to finish: the bound may have cut them."""
        part = self._open.pop((choice, number), None)
        if part is None:
            return b""
        call = part.call
        if call is not None:
            whole = ToolCall(call.id, call.name, "".join(part.arguments), part.signature)
            try:
                written = call_part(whole, is_cut=bool(is_cut))
            except Refusal:
                if is_cut is not None:
                    raise
                self._open[choice, number] = part
                return b""
            return self._part(_encode(written), choice)
        packed = pack(part.signature, part.sealed, part.item_id)
        if packed is None:
            return b""
        thought = b',"thought":true' if part.is_thought else b""
        return self._part(b'{"text":""%b,"thoughtSignature":%b}' % (thought, json_string(packed)), choice)
