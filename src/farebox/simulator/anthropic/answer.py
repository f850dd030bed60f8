"""A message on the wire: content blocks, stop reason and the envelope around them."""

from typing import Any

import msgspec

from farebox.simulator.answer import Answer, Choice, Part
from farebox.simulator.anthropic.check import REDACTED, THOUGHT
from farebox.simulator.anthropic.request import MessagesRequest
from farebox.simulator.identity import ANSWER_HOLE, CALL_HOLE, model_name
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.signature import seal, sign


def message_of(
    request: MessagesRequest, model: str, answer: Answer, usage: dict[str, Any], options: SimulatorOptions
) -> dict[str, Any]:
    """The plain answer."""
    choice = answer.choices[0]
    blocks = [block_of(request, part, at, options) for at, part in enumerate(choice.parts)]
    message = {**opening(model, options), "content": blocks, **ending(choice), "usage": usage}
    if options.usage == "missing":
        del message["usage"]
    return message


def opening(model: str, options: SimulatorOptions) -> dict[str, Any]:
    """The message before anything is said in it."""
    message: dict[str, Any] = {
        "model": model_name(model, options),
        "id": f"msg_{ANSWER_HOLE}",
        "type": "message",
        "role": "assistant",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
    }
    if options.provider:
        message["provider"] = options.provider
    return message


def ending(choice: Choice) -> dict[str, Any]:
    """Why the message ended; a refusal says what kind it was."""
    details = None
    if choice.text("refusal") is not None:
        reason = "refusal"
        details = {"type": "refusal", "category": None, "explanation": choice.text("refusal")}
    elif choice.stop_sequence:
        reason = "stop_sequence"
    else:
        reason = {"length": "max_tokens", "tool_calls": "tool_use"}.get(choice.finish_reason, "end_turn")
    return {"stop_reason": reason, "stop_sequence": choice.stop_sequence or None, "stop_details": details}


def block_of(request: MessagesRequest, part: Part, at: int, options: SimulatorOptions) -> dict[str, Any]:
    """A part as a finished content block; a call that was cut short has what could still be read of its input."""
    match part.kind:
        case "reasoning" if options.redact_thoughts:
            return {"type": "redacted_thinking", "data": seal(REDACTED, part.text)}
        case "reasoning":
            text = part.text if request.shows_thoughts else ""
            return {"type": "thinking", "thinking": text, "signature": sign(THOUGHT, text)}
        case "tool":
            try:
                given = msgspec.json.decode(part.text or "{}")
            except msgspec.DecodeError:
                given = {}
            return {"type": "tool_use", "id": tool_id(at), "name": part.name, "input": given}
        case _:
            return {"type": "text", "text": part.text}


def tool_id(at: int) -> str:
    return f"toolu_{CALL_HOLE}0{at}"
