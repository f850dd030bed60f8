"""A response as events: every item is added, grows and is done, and the whole of it comes once more at the end."""

from typing import Any

import msgspec

from farebox.simulator.answer import Answer, Choice, Part
from farebox.simulator.errors import error_for
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.responses.answer import content_of, item_of, logprobs_of, opening, output_items, response_of
from farebox.simulator.responses.request import ResponsesRequest
from farebox.simulator.stream import Endings, Event, ended, giant_text

OBFUSCATION = 16


class Numbered:
    """Events in the order in which they are numbered."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(self, kind: str, body: dict[str, Any], tokens: int = 0) -> None:
        self.events.append(numbered(kind, body, len(self.events), tokens))


def response_events(
    request: ResponsesRequest, model: str, answer: Answer, usage: dict[str, Any] | None, options: SimulatorOptions
) -> list[Event]:
    """All events of the response in order."""
    choice = answer.choices[0]
    first = opening(request, model, options)
    early = options.usage in ("middle", "twice")
    out = Numbered()
    out.add("response.created", {"response": first})
    out.add("response.in_progress", {"response": {**first, "usage": usage if early else None}})
    done = output_items(request, choice)
    for at, part in enumerate(choice.parts):
        _add_item(out, request, part, at, choice, done[at], options)
    final = response_of(request, model, answer, None if options.usage == "middle" else usage, options)
    number = len(out.events)
    kind = "response.incomplete" if final["status"] == "incomplete" else "response.completed"
    item_id = done[0]["id"] if done else ""
    endings = Endings(
        end=(numbered(kind, {"response": final}, number),),
        error=_failure(first, number, options),
        giant=_text_delta(request, item_id, 0, (giant_text(options),), number),
    )
    return ended(out.events, endings, options)


def _add_item(
    out: Numbered,
    request: ResponsesRequest,
    part: Part,
    at: int,
    choice: Choice,
    done: dict[str, Any],
    options: SimulatorOptions,
) -> None:
    size = options.tokens_per_chunk
    groups = [part.tokens[start : start + size] for start in range(0, len(part.tokens), size)]
    empty = item_of(request, Part(part.kind, (), part.name), at, choice)
    match part.kind:
        case "reasoning":
            out.add("response.output_item.added", {"item": {**empty, "summary": []}, "output_index": at})
            if request.summarizes:
                _grow_summary(out, done["id"], at, groups)
        case "tool":
            out.add("response.output_item.added", {"item": {**empty, "status": "in_progress"}, "output_index": at})
            _grow_arguments(out, done, at, groups)
        case _:
            opened = {**empty, "status": "in_progress", "content": []}
            out.add("response.output_item.added", {"item": opened, "output_index": at})
            _grow_message(out, request, part, done["id"], at, groups)
    out.add("response.output_item.done", {"item": done, "output_index": at})


def _grow_summary(out: Numbered, item_id: str, at: int, groups: list[tuple[str, ...]]) -> None:
    place = {"item_id": item_id, "output_index": at, "summary_index": 0}
    text = "".join("".join(group) for group in groups)
    name = "response.reasoning_summary"
    out.add(f"{name}_part.added", {**place, "part": {"type": "summary_text", "text": ""}})
    for group in groups:
        body = {**place, "delta": "".join(group), "obfuscation": "x" * OBFUSCATION}
        out.add(f"{name}_text.delta", body, len(group))
    out.add(f"{name}_text.done", {**place, "text": text})
    out.add(f"{name}_part.done", {**place, "part": {"type": "summary_text", "text": text}})


def _grow_arguments(out: Numbered, done: dict[str, Any], at: int, groups: list[tuple[str, ...]]) -> None:
    place = {"item_id": done["id"], "output_index": at}
    for group in groups:
        body = {**place, "delta": "".join(group), "obfuscation": "x" * OBFUSCATION}
        out.add("response.function_call_arguments.delta", body, len(group))
    out.add("response.function_call_arguments.done", {**place, "arguments": done["arguments"]})


def _grow_message(
    out: Numbered, request: ResponsesRequest, part: Part, item_id: str, at: int, groups: list[tuple[str, ...]]
) -> None:
    place = {"content_index": 0, "item_id": item_id, "output_index": at}
    out.add("response.content_part.added", {**place, "part": content_of(request, part.kind, ())})
    for group in groups:
        if part.kind == "refusal":
            out.add("response.refusal.delta", {**place, "delta": "".join(group)}, len(group))
        else:
            out.events.append(_text_delta(request, item_id, at, group, len(out.events)))
    if part.kind == "refusal":
        out.add("response.refusal.done", {**place, "refusal": part.text})
    else:
        logprobs = logprobs_of(request, part.tokens)
        out.add("response.output_text.done", {**place, "logprobs": logprobs, "text": part.text})
    out.add("response.content_part.done", {**place, "part": content_of(request, part.kind, part.tokens)})


def _text_delta(request: ResponsesRequest, item_id: str, at: int, tokens: tuple[str, ...], number: int) -> Event:
    body = {
        "content_index": 0,
        "delta": "".join(tokens),
        "item_id": item_id,
        "logprobs": logprobs_of(request, tokens),
        "obfuscation": "x" * OBFUSCATION,
        "output_index": at,
    }
    return numbered("response.output_text.delta", body, number, len(tokens))


def _failure(first: dict[str, Any], number: int, options: SimulatorOptions) -> tuple[Event, ...]:
    """An error, and the response as it failed: clients look at either."""
    usual = error_for(500, options.organization)
    message = options.error_message or usual.message
    code = options.error_code or "server_error"
    error = {"code": code, "message": message, "param": None}
    failed = {**first, "status": "failed", "error": {"code": code, "message": message}}
    return (
        numbered("error", error, number),
        numbered("response.failed", {"response": failed}, number + 1),
    )


def numbered(kind: str, body: dict[str, Any], number: int, tokens: int = 0) -> Event:
    data = msgspec.json.encode({"type": kind, **body, "sequence_number": number})
    return Event(b"event: %s\ndata: %s\n\n" % (kind.encode(), data), tokens)
