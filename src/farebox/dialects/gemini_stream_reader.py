"""A stream of Gemini's streamGenerateContent, read into events.

It has no end mark: it is whole when its body has ended and every candidate named its reason to finish. A text grows
over the chunks until another kind of part comes; a signed one stands for itself, as in a plain answer.
"""

from typing import Literal

import msgspec

from farebox.dialects.conversation import Signature
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.gemini_errors import read_stream_error
from farebox.dialects.gemini_frames import FrameSplitter
from farebox.dialects.gemini_logprobs import read_logprobs
from farebox.dialects.gemini_reply import (
    BODY,
    PART,
    Body,
    Call,
    Candidate,
    arguments_of,
    is_broken,
    is_mark,
    made_call_id,
    read_stop,
)
from farebox.dialects.gemini_reply import Part as WirePart
from farebox.dialects.gemini_signatures import unpack
from farebox.dialects.gemini_usage import read_usage
from farebox.dialects.reply import (
    Ended,
    Event,
    Failed,
    LogprobsDelta,
    OpaqueArrived,
    PartEnded,
    ReasoningDelta,
    SignatureDelta,
    Started,
    Stop,
    Stopped,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
    UsageReported,
)
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.domain.usage import Usage

MOST_CHOICES = 128


class _Choice:
    """One candidate on its way; `open` is the kind of the part that may still grow."""

    __slots__ = ("calls", "open", "part", "reason")

    def __init__(self) -> None:
        self.part = -1
        self.open: Literal["", "text", "thought"] = ""
        self.calls = 0
        self.reason: str | None = None


class GeminiStreamReader:
    """One stream; see StreamReader."""

    def __init__(self, scrub: Scrub = NO_NAMES) -> None:
        self._scrub = scrub
        self._splitter = FrameSplitter()
        self._choices: dict[int, _Choice] = {}
        self._usage: Usage | None = None
        self._response_id: str | None = None
        self._is_started = False
        self._is_blocked = False
        self._is_over = False

    def feed(self, chunk: bytes) -> list[Event]:
        found: list[Event] = []
        if self._is_over:
            return found
        for data in self._splitter.feed(chunk):
            self._read(data, found)
        if self._splitter.is_too_large and not self._is_over:
            self._fail("event_too_large", found)
        return found

    def end_of_input(self) -> list[Event]:
        found: list[Event] = []
        if not self._is_over and (rest := self._splitter.rest()):
            self._read(rest, found)
        if not self._is_over:
            self._end(found)
        return found

    def _end(self, found: list[Event]) -> None:
        """Say that the stream is whole, if it is."""
        if not self._choices and self._is_blocked:
            found += [Stopped(Stop("filtered")), Ended()]
            self._is_over = True
            return
        stops: list[tuple[int, _Choice, Stop]] = []
        for index, choice in self._choices.items():
            stop = read_stop(choice.reason, has_calls=choice.calls > 0)
            if stop is None:
                return
            stops.append((index, choice, stop))
        if stops:
            self._is_over = True
            for index, choice, stop in stops:
                self._end_part(choice, index, found)
                found.append(Stopped(stop, index))
            found.append(Ended())

    def _read(self, data: bytes, found: list[Event]) -> None:
        if self._is_over:
            return
        try:
            body = BODY.decode(data)
            if bytes(body.error) != b"null":
                self._is_over = True
                found.append(read_stream_error(data, self._scrub))
                return
            self._add(body, found)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self._fail("malformed_event", found)

    def _add(self, body: Body, found: list[Event]) -> None:
        if not self._is_started:
            self._is_started = True
            self._response_id = body.response_id
            found.append(Started(body.response_id, body.model_version))
        self._is_blocked = self._is_blocked or body.is_blocked
        for candidate in body.candidates or ():
            if not 0 <= candidate.index < MOST_CHOICES:
                self._fail("malformed_event", found)
                return
            choice = self._choices.setdefault(candidate.index, _Choice())
            self._add_candidate(candidate, choice, found)
            if is_broken(candidate.finish_reason, has_calls=choice.calls > 0):
                self._fail((candidate.finish_reason or "").lower(), found)
                return
        usage = read_usage(body.usage_metadata)
        if usage is not None and usage != self._usage:
            self._usage = usage
            found.append(UsageReported(usage))

    def _add_candidate(self, candidate: Candidate, choice: _Choice, found: list[Event]) -> None:
        index = candidate.index
        for raw in candidate.raw_parts:
            self._add_part(PART.decode(raw), raw, choice, index, found)
        if candidate.logprobs_result is not None:
            tokens = read_logprobs(candidate.logprobs_result)
            if tokens is not None:
                found.append(LogprobsDelta(tokens, index))
        choice.reason = candidate.finish_reason or choice.reason

    def _add_part(self, part: WirePart, raw: msgspec.Raw, choice: _Choice, index: int, found: list[Event]) -> None:
        if part.function_call is not None:
            self._add_call(part.function_call, part.thought_signature, choice, index, found)
            return
        packed = part.thought_signature
        if part.text is None and not is_mark(bytes(raw)):
            self._start_part("", choice, index, found)
            found.append(OpaqueArrived("gemini", bytes(raw), choice.part, index))
            found.append(PartEnded(choice.part, index))
            return
        text = part.text or ""
        if packed is None:
            if text:
                self._grow(text, "thought" if part.thought else "text", choice, index, found)
            return
        signature, sealed, item_id = unpack(packed)
        is_thought = part.thought or sealed is not None or item_id is not None
        kind: Literal["text", "thought"] = "thought" if is_thought else "text"
        if choice.open != kind:
            self._start_part(kind, choice, index, found)
        if not is_thought:
            found.append(TextDelta(text, choice.part, index))
        elif text or sealed is None:
            found.append(ReasoningDelta(text, choice.part, index, item_id))
        if sealed is not None:
            found.append(SignatureDelta(sealed, choice.part, index, True, item_id))
        self._close(signature, choice, index, found)

    def _grow(
        self, text: str, kind: Literal["text", "thought"], choice: _Choice, index: int, found: list[Event]
    ) -> None:
        if choice.open != kind:
            self._start_part(kind, choice, index, found)
        delta = TextDelta if kind == "text" else ReasoningDelta
        found.append(delta(text, choice.part, index))

    def _add_call(self, call: Call, packed: str | None, choice: _Choice, index: int, found: list[Event]) -> None:
        self._start_part("", choice, index, found)
        call_id = call.id or made_call_id(self._response_id or "", index, choice.calls, call)
        choice.calls += 1
        found.append(ToolCallStarted(call_id, call.name, choice.part, index))
        found.append(ToolArgumentsDelta(arguments_of(call), choice.part, index))
        self._close(unpack(packed)[0] if packed else None, choice, index, found)

    def _close(self, signature: Signature | None, choice: _Choice, index: int, found: list[Event]) -> None:
        if signature is not None:
            found.append(SignatureDelta(signature, choice.part, index))
        found.append(PartEnded(choice.part, index))
        choice.open = ""

    def _start_part(
        self, kind: Literal["", "text", "thought"], choice: _Choice, index: int, found: list[Event]
    ) -> None:
        self._end_part(choice, index, found)
        choice.part += 1
        choice.open = kind

    def _end_part(self, choice: _Choice, index: int, found: list[Event]) -> None:
        if choice.open:
            found.append(PartEnded(choice.part, index))
            choice.open = ""

    def _fail(self, code: str, found: list[Event]) -> None:
        self._is_over = True
        found.append(Failed(ProviderFault(fault="channel", status=502, body=b"", retry_after_s=None, code=code)))
