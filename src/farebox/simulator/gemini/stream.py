"""A generateContent answer in chunks, as events or as the items of one JSON array."""

from typing import Any

import msgspec

from farebox.simulator.answer import Answer, Choice
from farebox.simulator.errors import ProviderError
from farebox.simulator.gemini.answer import call_part, envelope, finish_of, logprobs_of, text_signature
from farebox.simulator.gemini.errors import encode_error, error_for
from farebox.simulator.gemini.request import GenerateRequest
from farebox.simulator.gemini.usage import usage_of, usage_so_far
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.stream import Endings, Event, ended, giant_text

ERROR_STATUS = 503


class Piece(msgspec.Struct, frozen=True):
    """What one chunk adds to its candidate, and the tokens it brings; `end` is only for the last of a candidate."""

    candidate: int
    parts: list[dict[str, Any]]
    tokens: int
    shown: int
    extra: dict[str, Any] = {}
    end: dict[str, Any] | None = None


def content_events(request: GenerateRequest, answer: Answer, options: SimulatorOptions) -> list[Event]:
    """The events of the whole stream in order; a JSON array is made of the same chunks."""
    turns = [_pieces(request, choice, index, options) for index, choice in enumerate(answer.choices)]
    pieces = [piece for turn in turns for piece in turn if piece.end is None]
    pieces += [piece for turn in turns for piece in turn if piece.end is not None]
    middle, shown, events = len(pieces) // 2, 0, []
    for at, piece in enumerate(pieces):
        shown += piece.shown
        usage: dict[str, Any] | None = usage_so_far(answer, shown, options)
        if at == len(pieces) - 1:
            usage = usage_of(answer, options)
        if options.usage == "middle":
            usage = usage_of(answer, options) if at == middle else None
        content = {"content": {"parts": piece.parts, "role": "model"}} if piece.parts else {}
        candidate = {**content, **(piece.end or {}), "index": piece.candidate, **piece.extra}
        events.append(_event({"candidates": [candidate], **envelope(request, usage, options)}, piece.tokens))
    dressed = ended(events[:-1], _endings(request, events[-1], options), options)
    return dressed if request.as_events else _as_array(dressed, options)


def single_event(request: GenerateRequest, body: dict[str, Any], options: SimulatorOptions) -> list[Event]:
    """A stream that is over after one chunk: a blocked prompt."""
    events = ended([], _endings(request, _event(body), options), options)
    return events if request.as_events else _as_array(events, options)


def _pieces(request: GenerateRequest, choice: Choice, index: int, options: SimulatorOptions) -> list[Piece]:
    thinks = any(part.kind == "reasoning" for part in choice.parts)
    pieces: list[Piece] = []
    calls = 0
    for part in choice.parts:
        if part.kind == "tool":
            called = call_part(part, index, calls, signed=thinks and not calls)
            pieces.append(Piece(index, [called], part.cost, part.cost))
            calls += 1
        elif part.kind == "content" or (part.kind == "reasoning" and request.shows_thoughts):
            for start in range(0, len(part.tokens), options.tokens_per_chunk):
                group = part.tokens[start : start + options.tokens_per_chunk]
                if part.kind == "reasoning":
                    pieces.append(Piece(index, [{"text": "".join(group), "thought": True}], len(group), 0))
                else:
                    extra = logprobs_of(request, group)
                    pieces.append(Piece(index, [{"text": "".join(group)}], len(group), len(group), extra))
    signed = thinks and choice.text("content") is not None
    last: dict[str, Any] = {"text": "", "thoughtSignature": text_signature()} if signed else {"text": ""}
    blocked = choice.text("refusal") is not None
    return [*pieces, Piece(index, [] if blocked else [last], 0, 0, end=finish_of(choice))]


def _endings(request: GenerateRequest, last: Event, options: SimulatorOptions) -> Endings:
    usual = error_for(ERROR_STATUS, options.organization)
    named = ProviderError(options.error_type or usual.type, None, options.error_message or usual.message)
    error = Event(b"data: " + encode_error(ERROR_STATUS, named) + b"\n\n")
    content = {"content": {"parts": [{"text": giant_text(options)}], "role": "model"}, "index": 0}
    giant = _event({"candidates": [content], **envelope(request, None, options)}, 1)
    return Endings(end=(last,), error=(error,), giant=giant)


def _as_array(events: list[Event], options: SimulatorOptions) -> list[Event]:
    """The chunks as the items of one JSON array, each sent when it is known."""
    items = [
        msgspec.structs.replace(event, data=(b",\n" if at else b"[") + event.data.partition(b"data: ")[2].rstrip())
        for at, event in enumerate(events)
    ]
    return items if options.fault == "endless" else [*items, Event(b"]")]


def _event(body: dict[str, Any], tokens: int = 0) -> Event:
    return Event(b"data: " + msgspec.json.encode(body) + b"\n\n", tokens)
