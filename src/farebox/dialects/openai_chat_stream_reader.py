"""A stream of OpenAI's chat completions, read into events.

Chunks do not say which part they belong to or when one ends: a part ends when another kind begins, or another tool
call. So a piece of a call that has ended is a provider's fault.
"""

from typing import Any

import msgspec

from farebox.dialects.conversation import AssistantPart, RefusalPart, ToolCall
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.openai_chat_errors import read_stream_error
from farebox.dialects.openai_chat_reasoning import Detail, read_detail, read_extra_content
from farebox.dialects.openai_chat_reply import (
    Call,
    Function,
    Logprobs,
    WireMessage,
    arguments_text,
    made_call_id,
    read_logprobs,
    read_stop,
    read_usage,
    split_content,
)
from farebox.dialects.reply import (
    Ended,
    Event,
    Failed,
    LogprobsDelta,
    PartEnded,
    ReasoningDelta,
    RefusalDelta,
    SignatureDelta,
    Started,
    Stopped,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
    UsageReported,
)
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.dialects.sse import EventSplitter, event_data


class _Choice(msgspec.Struct, gc=False):
    index: int = 0
    delta: WireMessage | None = None
    finish_reason: str | None = None
    logprobs: Logprobs | None = None


class _Chunk(msgspec.Struct, gc=False):
    id: str | None = None
    model: str | None = None
    choices: list[_Choice] | None = None
    usage: Any = None
    error: Any = None
    x_groq: Any = None


_CHUNK = msgspec.json.Decoder(_Chunk)
_PLAIN_HEAD = b"data: "
_FUNCTION = Function()

# What the open part of a choice is; tool calls and entries of reasoning_details are told apart by their numbers too.
_Kind = tuple[str, int]
_TEXT: _Kind = ("text", 0)
_REFUSAL: _Kind = ("refusal", 0)
_REASONING: _Kind = ("reasoning", -1)


class _OpenChoice:
    """What one choice has come to."""

    __slots__ = ("call_ids", "calls", "has_arguments", "is_stopped", "kind", "number", "part", "seen")

    def __init__(self) -> None:
        self.part = -1
        self.kind: _Kind | None = None
        self.calls = 0
        self.call_ids: dict[int, str] = {}
        self.number = -1  # the provider's index of the last call
        self.has_arguments = False
        self.seen: set[type[AssistantPart]] = set()
        self.is_stopped = False


class OpenAIChatStreamReader:
    """One stream; see StreamReader."""

    def __init__(self, scrub: Scrub = NO_NAMES) -> None:
        self._scrub = scrub
        self._splitter = EventSplitter()
        self._choices: dict[int, _OpenChoice] = {}
        self._id: str | None = None
        self._is_started = False
        self._is_over = False

    def feed(self, chunk: bytes) -> list[Event]:
        found: list[Event] = []
        for raw in self._splitter.feed(chunk):
            self._read(raw, found)
        if self._splitter.is_too_large and not self._is_over:
            self._fail("event_too_large", found)
        return found

    def end_of_input(self) -> list[Event]:
        found: list[Event] = []
        rest = self._splitter.rest().strip()
        if rest.endswith((b"}", b"[DONE]")):
            # A last event without its blank line.
            self._read(rest, found)
        # Some servers leave out the end mark: then a reason to finish in every choice shows that all is there.
        if not self._is_over and self._choices and all(choice.is_stopped for choice in self._choices.values()):
            self._end(found)
        return found

    def _end(self, found: list[Event]) -> None:
        if not self._choices:
            self._fail("empty_stream", found)
            return
        for index, opened in self._choices.items():
            # Some servers give the end mark and no reason.
            if not opened.is_stopped:
                self._stop("stop", opened, index, found)
        self._is_over = True
        found.append(Ended())

    def _read(self, raw: bytes, found: list[Event]) -> None:
        if self._is_over:
            return
        name = b""
        if raw.startswith(_PLAIN_HEAD) and b"\n" not in raw:
            data = raw[len(_PLAIN_HEAD) :]
        else:
            data, name = event_data(raw)
        if data.strip() == b"[DONE]":
            self._end(found)
        elif data.strip():
            try:
                self._add(_CHUNK.decode(data), data, found, is_error=name == b"error")
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                self._fail("malformed_event", found)

    def _add(self, chunk: _Chunk, data: bytes, found: list[Event], *, is_error: bool) -> None:
        reported = chunk.usage or (chunk.x_groq.get("usage") if isinstance(chunk.x_groq, dict) else None)
        if reported and (usage := read_usage(reported)) is not None:
            found.append(UsageReported(usage))
        if is_error or chunk.error is not None:
            self._is_over = True
            found.append(read_stream_error(data, self._scrub))
            return
        if not self._is_started:
            self._is_started = True
            self._id = chunk.id or None
            found.append(Started(self._id, chunk.model))
        for choice in chunk.choices or ():
            self._add_choice(choice, found)

    def _add_choice(self, choice: _Choice, found: list[Event]) -> None:
        index = choice.index
        opened = self._choices.get(index)
        if opened is None:
            opened = self._choices[index] = _OpenChoice()
        delta = choice.delta
        if delta is not None:
            content = delta.content
            if type(content) is str and content and opened.kind is _TEXT and _is_only_text(delta):
                # Most chunks are this.
                found.append(TextDelta(content, opened.part, index))
            else:
                self._add_delta(delta, opened, index, found)
        if choice.logprobs is not None and (tokens := read_logprobs(choice.logprobs)) is not None:
            found.append(LogprobsDelta(tokens, index))
        if choice.finish_reason == "error":
            self._fail("finish_reason_error", found)
        elif choice.finish_reason is not None and not opened.is_stopped:
            self._stop(choice.finish_reason, opened, index, found)

    def _stop(self, reason: str, opened: _OpenChoice, index: int, found: list[Event]) -> None:
        self._end_part(opened, index, found)
        opened.is_stopped = True
        stop = read_stop(reason, opened.seen)
        assert stop is not None
        found.append(Stopped(stop, index))

    def _add_delta(self, delta: WireMessage, opened: _OpenChoice, index: int, found: list[Event]) -> None:
        thought, words = split_content(delta.content)
        if delta.reasoning_details:
            self._add_details(delta.reasoning_details, opened, index, found)
        elif readable := delta.reasoning_content or delta.reasoning or thought:
            self._turn_to(_REASONING, opened, index, found)
            found.append(ReasoningDelta(readable, opened.part, index))
        if words:
            self._turn_to(_TEXT, opened, index, found)
            found.append(TextDelta(words, opened.part, index))
        if delta.extra_content is not None and opened.kind is _TEXT:
            signature = read_extra_content(delta.extra_content)
            if signature is not None:
                found.append(SignatureDelta(signature, opened.part, index))
        if delta.refusal:
            opened.seen.add(RefusalPart)
            self._turn_to(_REFUSAL, opened, index, found)
            found.append(RefusalDelta(delta.refusal, opened.part, index))
        if delta.tool_calls:
            self._add_calls(delta.tool_calls, opened, index, found)

    def _add_details(self, details: list[Detail], opened: _OpenChoice, index: int, found: list[Event]) -> None:
        for detail in details:
            reasoning = read_detail(detail)
            if reasoning is None:
                continue
            number = detail.index if detail.index is not None else -1
            kind = "sealed" if reasoning.sealed is not None else "reasoning"
            self._turn_to((kind, number), opened, index, found)
            if reasoning.sealed is not None:
                found.append(SignatureDelta(reasoning.sealed, opened.part, index, True, reasoning.id))
            if reasoning.text:
                found.append(ReasoningDelta(reasoning.text, opened.part, index))
            if reasoning.signature is not None:
                found.append(SignatureDelta(reasoning.signature, opened.part, index))

    def _add_calls(self, calls: list[Call], opened: _OpenChoice, index: int, found: list[Event]) -> None:
        for call in calls:
            self._add_call(call, opened, index, found)

    def _add_call(self, call: Call, opened: _OpenChoice, index: int, found: list[Event]) -> None:
        function = call.function or _FUNCTION
        number = call.index if call.index is not None else (opened.calls if function.name else opened.calls - 1)
        known = opened.call_ids.get(number)
        # Some servers give every call the index 0, and another id.
        is_new = known is None or bool(call.id and call.id != known and function.name)
        if is_new:
            opened.seen.add(ToolCall)
            call_id = call.id or made_call_id(self._id, index, opened.calls)
            self._turn_to(("call", opened.calls), opened, index, found)
            opened.calls += 1
            opened.call_ids[number] = call_id
            opened.number = number
            opened.has_arguments = False
            found.append(ToolCallStarted(call_id, function.name or "", opened.part, index))
        elif opened.kind != ("call", opened.calls - 1) or number != opened.number:
            self._fail("interleaved_tool_calls", found)
            return
        arguments = arguments_text(function)
        if arguments:
            opened.has_arguments = True
            found.append(ToolArgumentsDelta(arguments, opened.part, index))
        if call.extra_content is not None and (signature := read_extra_content(call.extra_content)) is not None:
            found.append(SignatureDelta(signature, opened.part, index))

    def _turn_to(self, kind: _Kind, opened: _OpenChoice, index: int, found: list[Event]) -> None:
        if opened.kind == kind:
            return
        self._end_part(opened, index, found)
        opened.kind = kind
        opened.part += 1

    def _end_part(self, opened: _OpenChoice, index: int, found: list[Event]) -> None:
        if opened.kind is None:
            return
        if opened.kind[0] == "call" and not opened.has_arguments:
            found.append(ToolArgumentsDelta("{}", opened.part, index))
        found.append(PartEnded(opened.part, index))
        opened.kind = None

    def _fail(self, code: str, found: list[Event]) -> None:
        self._is_over = True
        found.append(Failed(ProviderFault(fault="channel", status=502, body=b"", retry_after_s=None, code=code)))


def _is_only_text(delta: WireMessage) -> bool:
    return not (
        delta.tool_calls
        or delta.reasoning_details
        or delta.reasoning_content
        or delta.reasoning
        or delta.refusal
        or delta.extra_content
    )
