"""Events written as a stream of OpenAI's responses.

The last event holds the whole response, so what was said is kept until then. An item stays open until a part comes that
does not belong to it; reason to stop and usage stand in the last event, which is withheld for `finish`.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from farebox.dialects.conversation import (
    AssistantPart,
    Opaque,
    Reasoning,
    RefusalPart,
    Text,
    ToolCall,
)
from farebox.dialects.exchange import JobStamp
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
    TokenLogprob,
    ToolArgumentsDelta,
    ToolCallStarted,
)
from farebox.dialects.responses_errors import error_event, response_error
from farebox.dialects.responses_growing import GrowingPart
from farebox.dialects.responses_output import (
    call_item,
    content_part,
    item_id,
    items_of_run,
    message_item,
    with_logprobs,
    write_logprobs,
)
from farebox.dialects.responses_reasoning import joins, reasoning_item
from farebox.dialects.responses_reply import ending_of, is_incomplete, response_object, told_stop
from farebox.dialects.responses_usage import write_usage
from farebox.dialects.signatures import joined
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

_encode = msgspec.json.encode
_DELTA = (
    b'event: response.%b.delta\ndata: {"type":"response.%b.delta","sequence_number":%d,"item_id":%b,'
    b'"output_index":%d,%b"delta":%b%b}\n\n'
)
_NO_LOGPROBS = b',"logprobs":[]'


class ResponsesStreamWriter:
    """One stream; see StreamWriter."""

    def __init__(self, job: JobStamp, created_s: int) -> None:
        self._job = job
        self._created_s = created_s
        self._number = 0  # of the next event
        self._items: list[Any] = []  # complete ones
        self._run: list[AssistantPart] = []  # ended parts of the open item
        self._part: GrowingPart | None = None
        self._item_id = b""  # of the open item, as JSON
        self._logprobs: list[TokenLogprob] = []
        self._stop: Stop | None = None
        self._has_refusal = False
        self._note: str | None = None

    def write(self, events: Sequence[Event]) -> bytes:
        head = b"" if self._number else self._start()
        return head + b"".join([self._written(event) for event in events])

    def stop_as_length(self, note: str) -> bytes:
        self._note = note
        self._stop = Stop("length")
        return self.write(()) + self._close_item()

    def finish(self, cost: str | None, usage: Usage) -> bytes:
        head = self.write(()) + self._close_item()
        changes = ending_of(self._told_stop()) | {
            "output": with_logprobs(self._items, self._logprobs),
            "usage": write_usage(usage, cost),
        }
        if self._note is not None:
            changes["farebox"] = {"note": self._note}
        return head + self._response_event(f"response.{changes['status']}", changes)

    def fail(self, refusal: Refusal, job_id: UUID | None) -> bytes:
        head = self.write(()) + error_event(refusal, job_id, self._number)
        self._number += 1
        changes = {"status": "failed", "error": response_error(refusal), "output": self._items}
        return head + self._response_event("response.failed", changes)

    def _start(self) -> bytes:
        return self._response_event("response.created", {}) + self._response_event("response.in_progress", {})

    def _response_event(self, kind: str, changes: dict[str, Any]) -> bytes:
        return self._event(kind, {"response": response_object(self._job, self._created_s, changes)})

    def _event(self, kind: str, members: dict[str, Any]) -> bytes:
        body = _encode({"type": kind, "sequence_number": self._number, **members})
        self._number += 1
        return b"event: %b\ndata: %b\n\n" % (kind.encode(), body)

    def _written(self, event: Event) -> bytes:
        if getattr(event, "choice", 0):
            # A response has one answer; asking for more is refused.
            return b""
        match event:
            case TextDelta():
                return self._words(event.part, Text(""), event.text)
            case ToolArgumentsDelta():
                return self._words(event.part, ToolCall("", "", ""), event.json)
            case ReasoningDelta():
                return self._words(event.part, Reasoning(id=event.id), event.text)
            case ToolCallStarted():
                return self._open(event.part, ToolCall(event.id, event.name, ""))
            case RefusalDelta():
                self._has_refusal = True
                return self._words(event.part, RefusalPart(""), event.text)
            case SignatureDelta():
                return self._sign(event)
            case LogprobsDelta():
                return self._add_logprobs(event)
            case OpaqueArrived() if event.dialect == "openai_responses":
                return self._open(event.part, Opaque(event.dialect, event.raw))
            case PartEnded():
                is_open = self._part is not None and self._part.number == event.part
                return self._close_part() if is_open else b""
            case Stopped():
                self._stop = event.stop
                return self._close_item()
            case _:
                return b""

    def _words(self, number: int, frame: AssistantPart, words: str) -> bytes:
        part = self._part
        head = b""
        if part is None or part.number != number:
            head = self._open(number, frame)
            part = self._part
            assert part is not None
        part.words.append(words)
        if not words:
            return head
        if isinstance(frame, Reasoning) and not part.has_summary:
            part.has_summary = True
            head += self._about_part("response.reasoning_summary_part.added", {"type": "summary_text", "text": ""})
        return head + self._delta(frame, words, _NO_LOGPROBS)

    def _delta(self, frame: AssistantPart, words: str, logprobs: bytes) -> bytes:
        match frame:
            case Text():
                kind, place, more = b"output_text", b'"content_index":%d,' % len(self._run), logprobs
            case RefusalPart():
                kind, place, more = b"refusal", b'"content_index":%d,' % len(self._run), b""
            case Reasoning():
                kind, place, more = b"reasoning_summary_text", b'"summary_index":%d,' % self._summaries(), b""
            case _:
                kind, place, more = b"function_call_arguments", b"", b""
        number = self._number
        self._number += 1
        return _DELTA % (kind, kind, number, self._item_id, len(self._items), place, _encode(words), more)

    def _summaries(self) -> int:
        return sum(isinstance(part, Reasoning) and part.text != "" for part in self._run)

    def _open(self, number: int, frame: AssistantPart) -> bytes:
        head = self._close_part()
        if self._run and not joins(self._run[-1], frame):
            head += self._close_item()
        is_new = not self._run
        self._part = GrowingPart(number, frame)
        index = len(self._items)
        item: dict[str, Any] | None = None
        match frame:
            case Text() | RefusalPart():
                item = message_item([], item_id("msg", self._job, index), "in_progress")
            case ToolCall():
                item = call_item(frame, item_id("fc", self._job, index), "in_progress") | {"arguments": ""}
            case Reasoning():
                item = reasoning_item([frame], item_id("rs", self._job, index))
            case Opaque():
                pass
        if is_new and item is not None:
            self._item_id = _encode(item["id"])
            head += self._event("response.output_item.added", {"output_index": index, "item": item})
        if isinstance(frame, Text | RefusalPart):
            head += self._about_part("response.content_part.added", content_part(frame))
        return head

    def _about_part(self, kind: str, part: dict[str, Any]) -> bytes:
        return self._event(kind, {**self._place(), "part": part})

    def _place(self) -> dict[str, Any]:
        """Where the open part stands."""
        assert self._part is not None
        place: dict[str, Any] = {"item_id": msgspec.Raw(self._item_id), "output_index": len(self._items)}
        if isinstance(self._part.frame, Reasoning):
            return place | {"summary_index": self._summaries()}
        return place if isinstance(self._part.frame, ToolCall) else place | {"content_index": len(self._run)}

    def _sign(self, event: SignatureDelta) -> bytes:
        head = b""
        if self._part is None or self._part.number != event.part:
            head = self._open(event.part, Reasoning(id=event.id))
        part = self._part
        assert part is not None
        before = part.sealed if event.is_sealed else part.signature
        grown = joined(before, event.signature)
        if event.is_sealed:
            part.sealed = grown
        else:
            part.signature = grown
        return head

    def _add_logprobs(self, event: LogprobsDelta) -> bytes:
        self._logprobs += event.tokens
        if self._part is None or not isinstance(self._part.frame, Text):
            return b""
        return self._delta(self._part.frame, "", b',"logprobs":' + _encode(write_logprobs(event.tokens)))

    def _close_part(self) -> bytes:
        part = self._part
        if part is None:
            return b""
        whole = part.whole()
        written = b""
        match whole:
            case Text() | RefusalPart():
                content = content_part(whole)
                kind = "output_text" if isinstance(whole, Text) else "refusal"
                words = {"text": whole.text, "logprobs": []} if isinstance(whole, Text) else {"refusal": whole.text}
                written = self._event(f"response.{kind}.done", self._place() | words)
                written += self._about_part("response.content_part.done", content)
            case Reasoning() if part.has_summary:
                written = self._event("response.reasoning_summary_text.done", self._place() | {"text": whole.text})
                summary = {"type": "summary_text", "text": whole.text}
                written += self._about_part("response.reasoning_summary_part.done", summary)
            case ToolCall():
                done = self._place() | {"name": whole.name, "arguments": whole.arguments_json or "{}"}
                written = self._event("response.function_call_arguments.done", done)
            case _:
                pass
        self._part = None
        self._run.append(whole)
        return written

    def _close_item(self) -> bytes:
        written = self._close_part()
        if not self._run:
            return written
        status = "incomplete" if is_incomplete(self._told_stop()) else "completed"
        items = items_of_run(self._run, len(self._items), self._job, status)
        is_announced = not isinstance(self._run[0], Opaque)
        self._run = []
        for item in items:
            place = {"output_index": len(self._items), "item": item}
            if not is_announced:
                written += self._event("response.output_item.added", place)
            written += self._event("response.output_item.done", place)
            is_announced = False
            self._items.append(item)
        return written

    def _told_stop(self) -> Stop | None:
        return told_stop(self._stop, has_refusal=self._has_refusal)
