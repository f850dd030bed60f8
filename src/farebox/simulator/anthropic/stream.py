"""A message as events: each block is opened, grows and is closed; pings and errors come in between."""

from collections.abc import Iterator
from typing import Any

import msgspec

from farebox.simulator.answer import Answer, Part
from farebox.simulator.anthropic.answer import block_of, ending, opening
from farebox.simulator.anthropic.errors import OVERLOADED, encode_error
from farebox.simulator.anthropic.request import MessagesRequest
from farebox.simulator.anthropic.usage import usage_at_end, usage_at_start
from farebox.simulator.errors import ProviderError
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.stream import Endings, Event, ended, giant_text

OVERLOADED_STATUS = 529


def message_events(
    request: MessagesRequest, model: str, answer: Answer, usage: dict[str, Any], options: SimulatorOptions
) -> list[Event]:
    """All events of the message in order."""
    choice = answer.choices[0]
    first = {**opening(model, options), "usage": usage if options.usage == "middle" else usage_at_start(usage)}
    if options.usage == "missing":
        del first["usage"]
    events = [_event("message_start", {"message": first})]
    for at, part in enumerate(choice.parts):
        block = block_of(request, part, at, options)
        events.append(_event("content_block_start", {"index": at, "content_block": _emptied(block)}))
        if at == 0:
            events.append(_event("ping", {}))
        for delta, tokens in _deltas(part, block, options):
            events.append(_event("content_block_delta", {"index": at, "delta": delta}, tokens))
        events.append(_event("content_block_stop", {"index": at}))
    return ended(_with_usage(events, ending(choice), usage, options), _endings(options), options)


def _with_usage(
    events: list[Event], reason: dict[str, Any], usage: dict[str, Any], options: SimulatorOptions
) -> list[Event]:
    """The closing delta with the usage that the options ask for, and more of them where usage is to come oftener."""
    final = _event("message_delta", {"delta": reason, "usage": usage_at_end(usage)})
    match options.usage:
        case "missing" | "middle":
            return [*events, _event("message_delta", {"delta": reason})]
        case "twice":
            return [*events, final, final]
        case "growing":
            grown, sent = [], 0
            for event in events:
                grown.append(event)
                if event.tokens:
                    sent += event.tokens
                    so_far = {"delta": {"stop_reason": None, "stop_sequence": None}, "usage": {"output_tokens": sent}}
                    grown.append(_event("message_delta", so_far))
            return [*grown, final]
        case _:
            return [*events, final]


def _endings(options: SimulatorOptions) -> Endings:
    named = ProviderError(options.error_type or OVERLOADED.type, None, options.error_message or OVERLOADED.message)
    error = b"event: error\ndata: " + encode_error(OVERLOADED_STATUS, named) + b"\n\n"
    giant = {"index": 0, "delta": {"type": "text_delta", "text": giant_text(options)}}
    return Endings(
        end=(_event("message_stop", {}),), error=(Event(error),), giant=_event("content_block_delta", giant, 1)
    )


def _emptied(block: dict[str, Any]) -> dict[str, Any]:
    empty: dict[str, dict[str, Any]] = {
        "thinking": {"thinking": "", "signature": ""},
        "tool_use": {"input": {}},
        "text": {"text": ""},
    }
    return {**block, **empty.get(block["type"], {})}


def _deltas(part: Part, block: dict[str, Any], options: SimulatorOptions) -> Iterator[tuple[dict[str, Any], int]]:
    if block["type"] == "redacted_thinking":
        return
    if part.kind == "tool":
        yield {"type": "input_json_delta", "partial_json": ""}, 1
    if part.kind != "reasoning" or block["thinking"]:
        for start in range(0, len(part.tokens), options.tokens_per_chunk):
            group = part.tokens[start : start + options.tokens_per_chunk]
            yield _delta(part, "".join(group)), len(group)
    if part.kind == "reasoning":
        yield {"type": "signature_delta", "signature": block["signature"]}, 0


def _delta(part: Part, text: str) -> dict[str, Any]:
    match part.kind:
        case "tool":
            return {"type": "input_json_delta", "partial_json": text}
        case "reasoning":
            return {"type": "thinking_delta", "thinking": text}
        case _:
            return {"type": "text_delta", "text": text}


def _event(kind: str, body: dict[str, Any], tokens: int = 0) -> Event:
    data = msgspec.json.encode({"type": kind, **body})
    return Event(b"event: %s\ndata: %s\n\n" % (kind.encode(), data), tokens)
