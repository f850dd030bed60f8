"""Plain answers of Anthropic's messages, read and written.

What other dialects have and Anthropic lacks is written so that its clients return it unchanged: reasoning without a
signature as thinking with an empty one, sealed reasoning as redacted thinking, and the signature of a tool call or a
text (Gemini) as redacted thinking right after it.
"""

from typing import Any

import msgspec

from farebox.dialects.anthropic_usage import read_usage, write_usage
from farebox.dialects.codec import AnswerStamp
from farebox.dialects.conversation import AssistantPart, Opaque, Reasoning, RefusalPart, Signature, Text, ToolCall
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.reply import Answer, Choice, Stop, StopReason
from farebox.dialects.signatures import LAST_MARK, seal, unseal, unwrap, wrap
from farebox.domain.errors import Refusal

_STOP_BY_REASON: dict[str, StopReason] = {
    "end_turn": "end",
    "stop_sequence": "stop_sequence",
    "max_tokens": "length",
    "tool_use": "tool_calls",
    "pause_turn": "paused",
    "refusal": "refusal",
    "model_context_window_exceeded": "context_full",
}
_REASON_BY_STOP: dict[StopReason, str] = {stop: reason for reason, stop in _STOP_BY_REASON.items()} | {
    "filtered": "refusal"
}


class Block(msgspec.Struct):
    """A content block, or the first form of one in a stream."""

    type: str
    text: str = ""
    thinking: str = ""
    signature: str = ""
    data: str = ""
    id: str = ""
    name: str = ""
    input: msgspec.Raw = msgspec.Raw(b"{}")


class _Answer(msgspec.Struct):
    content: list[msgspec.Raw]
    type: str = "message"
    id: str | None = None
    model: str | None = None
    stop_reason: str | None = None
    stop_sequence: str | None = None
    usage: Any = None


_ANSWER = msgspec.json.Decoder(_Answer)
_BLOCK = msgspec.json.Decoder(Block)
_JSON_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


def read_answer(status: int, content_type: str, raw: bytes) -> Answer | ProviderFault:
    """A provider's message; a channel fault when it is none although its status says so."""
    try:
        answer = _ANSWER.decode(raw)
        parts = [part for block in answer.content if (part := _part(bytes(block))) is not None]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        code = f"not_a_message:{content_type.partition(';')[0].strip()[:40]}"
        return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code=code)
    if answer.type != "message":
        return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code="error_in_answer")
    choice = Choice(tuple(parts), read_stop(answer.stop_reason, answer.stop_sequence))
    return Answer((choice,), usage=read_usage(answer.usage), id=answer.id, model=answer.model)


def _part(raw: bytes) -> AssistantPart | None:
    block = _BLOCK.decode(raw)
    match block.type:
        case "text":
            return Text(block.text) if block.text else None
        case "thinking":
            return Reasoning(block.thinking, unwrap(block.signature, "anthropic") if block.signature else None)
        case "redacted_thinking":
            return unseal(block.data, "anthropic")
        case "tool_use":
            return ToolCall(block.id, block.name, bytes(block.input).decode())
        case _:
            return Opaque("anthropic", raw)


def read_stop(reason: str | None, sequence: str | None) -> Stop | None:
    """Why it stopped; a reason that is new to us counts as an end."""
    return None if reason is None else Stop(_STOP_BY_REASON.get(reason, "end"), sequence)


def write_stop(stop: Stop | None) -> tuple[str, str | None]:
    """stop_reason and stop_sequence."""
    if stop is None:
        return "end_turn", None
    # Without the sequence there is nothing that the reason would refer to.
    reason = "end" if stop.reason == "stop_sequence" and stop.sequence is None else stop.reason
    return _REASON_BY_STOP[reason], stop.sequence if reason == "stop_sequence" else None


def write_answer(answer: Answer, stamp: AnswerStamp) -> bytes:
    """The message as the client gets it; a message has one choice."""
    choice = answer.choices[0] if answer.choices else Choice(())
    is_cut = choice.stop is not None and choice.stop.reason in ("length", "context_full")
    reason, sequence = write_stop(choice.stop)
    message = {
        "id": f"msg_{stamp.job.job_id.hex}",
        "type": "message",
        "role": "assistant",
        "model": stamp.job.model,
        "content": [block for part in choice.parts for block in _blocks(part, is_cut=is_cut)],
        "stop_reason": reason,
        "stop_sequence": sequence,
        "usage": write_usage(stamp.usage, stamp.cost),
    }
    return msgspec.json.encode(message)


def _blocks(part: AssistantPart, *, is_cut: bool) -> list[Any]:
    match part:
        case Text() | RefusalPart():
            blocks: list[Any] = [{"type": "text", "text": part.text}]
        case ToolCall():
            blocks = [{"type": "tool_use", "id": part.id, "name": part.name, "input": _input(part, is_cut=is_cut)}]
        case Reasoning():
            return reasoning_blocks(part)
        case Opaque():
            return [msgspec.Raw(part.raw)] if part.dialect == "anthropic" else []
    signature = getattr(part, "signature", None)
    if signature is not None:
        blocks.append({"type": "redacted_thinking", "data": signature_of_last(signature)})
    return blocks


def reasoning_blocks(part: Reasoning) -> list[dict[str, Any]]:
    """Readable and sealed reasoning are two blocks."""
    blocks: list[dict[str, Any]] = []
    if part.text or part.sealed is None:
        signature = "" if part.signature is None else wrap(part.signature, "anthropic")
        blocks.append({"type": "thinking", "thinking": part.text, "signature": signature})
    if part.sealed is not None:
        blocks.append({"type": "redacted_thinking", "data": seal(part.sealed, part.id, "anthropic")})
    return blocks


def signature_of_last(signature: Signature) -> str:
    """The data of the redacted thinking that carries the signature of the part before it."""
    return wrap(Signature(LAST_MARK + signature.value, signature.by), "anthropic")


def _input(call: ToolCall, *, is_cut: bool) -> msgspec.Raw:
    arguments = call.arguments_json.strip() or "{}"
    try:
        _JSON_OBJECT.decode(arguments)
    except (msgspec.MsgspecError, RecursionError) as error:
        if is_cut:
            # Arguments that the output bound cut off; the stop reason says so.
            return msgspec.Raw(b"{}")
        raise Refusal(
            "provider_error", "The model called a tool with arguments that are not a JSON object. Try again."
        ) from error
    return msgspec.Raw(arguments.encode())
