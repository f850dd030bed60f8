"""Plain answers of OpenAI's chat completions, read and written, and the pieces that streams share with them."""

import hashlib
from collections.abc import Sequence, Set
from itertools import zip_longest
from typing import Any

import msgspec

from farebox.dialects.codec import AnswerStamp
from farebox.dialects.conversation import AssistantPart, Reasoning, RefusalPart, Signature, Text, ToolCall
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.openai_chat_reasoning import (
    Detail,
    read_details,
    read_extra_content,
    write_details,
    write_extra_content,
)
from farebox.dialects.openai_usage import read_usage as read_openai_usage
from farebox.dialects.openai_usage import write_usage as write_openai_usage
from farebox.dialects.reply import Answer, Choice, Stop, StopReason, TokenLogprob
from farebox.domain.usage import Usage

_STOP_BY_REASON: dict[str, StopReason] = {
    "stop": "end",
    "length": "length",
    "model_length": "context_full",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "filtered",
    "sensitive": "filtered",
}
_REASON_BY_STOP: dict[StopReason, str] = {
    "end": "stop",
    "stop_sequence": "stop",
    "paused": "stop",
    "length": "length",
    "context_full": "length",
    "tool_calls": "tool_calls",
    "refusal": "content_filter",
    "filtered": "content_filter",
}


class Function(msgspec.Struct, gc=False):
    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class Call(msgspec.Struct, gc=False):
    """A tool call, or a piece of one in a stream."""

    index: int | None = None
    id: str | None = None
    function: Function | None = None
    extra_content: Any = None


class WireMessage(msgspec.Struct, gc=False):
    """A message, or the delta of one in a stream. Mistral's content may be a list of parts."""

    content: str | list[Any] | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    reasoning_details: list[Detail] | None = None
    tool_calls: list[Call] | None = None
    extra_content: Any = None


class Logprob(msgspec.Struct, gc=False):
    token: str
    logprob: float
    bytes: list[int] | None = None
    top_logprobs: "list[Logprob] | None" = None


class Logprobs(msgspec.Struct, gc=False):
    content: list[Logprob] | None = None
    refusal: list[Logprob] | None = None


class _Choice(msgspec.Struct):
    message: WireMessage
    index: int = 0
    finish_reason: str | None = None
    logprobs: Logprobs | None = None


class _Answer(msgspec.Struct):
    choices: list[_Choice]
    id: str | None = None
    model: str | None = None
    usage: Any = None
    error: Any = None


_ANSWER = msgspec.json.Decoder(_Answer)


def read_answer(status: int, content_type: str, raw: bytes) -> Answer | ProviderFault:
    """A provider's answer; a channel fault when it is none although its status says so."""
    try:
        answer = _ANSWER.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _unusable(status, f"not_an_answer:{content_type.partition(';')[0].strip()[:40]}")
    if answer.error is not None or any(choice.finish_reason == "error" for choice in answer.choices):
        return _unusable(status, "error_in_answer")
    if not answer.choices:
        return _unusable(status, "empty_answer")
    choices = sorted(answer.choices, key=lambda choice: choice.index)
    return Answer(
        choices=tuple(_choice(choice, answer.id) for choice in choices),
        usage=read_usage(answer.usage),
        id=answer.id,
        model=answer.model,
    )


def _unusable(status: int, code: str) -> ProviderFault:
    return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code=code)


def _choice(choice: _Choice, answer_id: str | None) -> Choice:
    message = choice.message
    thought, words = split_content(message.content)
    plain_text = message.reasoning_content or message.reasoning or thought
    parts: list[AssistantPart] = [*read_details(message.reasoning_details or (), plain_text)]
    if words:
        parts.append(Text(words, signature=read_extra_content(message.extra_content)))
    if message.refusal:
        parts.append(RefusalPart(message.refusal))
    for index, call in enumerate(message.tool_calls or ()):
        parts.append(_tool_call(call, call.id or made_call_id(answer_id, choice.index, index)))
    return Choice(
        tuple(parts), read_stop(choice.finish_reason, {type(part) for part in parts}), read_logprobs(choice.logprobs)
    )


def _tool_call(call: Call, call_id: str) -> ToolCall:
    function = call.function or Function()
    return ToolCall(
        call_id, function.name or "", arguments_text(function) or "{}", read_extra_content(call.extra_content)
    )


def arguments_text(function: Function) -> str:
    """The arguments as JSON text; some servers give the object itself."""
    arguments = function.arguments
    return msgspec.json.encode(arguments).decode() if isinstance(arguments, dict) else arguments or ""


def made_call_id(answer_id: str | None, choice: int, index: int) -> str:
    """An id for a call that came without one: the same on every reading, another in every answer."""
    seed = f"{answer_id}/{choice}/{index}".encode()
    return f"call_{hashlib.sha256(seed).hexdigest()[:24]}"


def split_content(content: str | list[Any] | None) -> tuple[str, str]:
    """(reasoning, text) of a content; only Mistral's lists hold the first."""
    if not isinstance(content, list):
        return "", content or ""
    thought, words = [], []
    for part in content:
        if isinstance(part, dict):
            if part.get("type") == "thinking":
                thought.append(split_content(part.get("thinking"))[1])
            elif isinstance(part.get("text"), str):
                words.append(part["text"])
    return "".join(thought), "".join(words)


def read_stop(reason: str | None, kinds: Set[type[AssistantPart]]) -> Stop | None:
    """Why it stopped. Many servers say `stop` after tool calls, which would silently stop a client's agent."""
    if reason is None:
        return None
    stop = _STOP_BY_REASON.get(reason, "end")
    if stop == "end":
        if ToolCall in kinds:
            stop = "tool_calls"
        elif RefusalPart in kinds:
            stop = "refusal"
    return Stop(stop)


def write_stop(stop: Stop | None, *, has_refusal: bool) -> str:
    """finish_reason. A refusal in words ends as usual; without words only the reason can tell of it."""
    if stop is None or (stop.reason == "refusal" and has_refusal):
        return "stop"
    return _REASON_BY_STOP[stop.reason]


def read_logprobs(logprobs: Logprobs | None) -> tuple[TokenLogprob, ...] | None:
    """Log probabilities of content and refusal tokens; None when not reported."""
    if logprobs is None:
        return None
    return tuple(_logprob(entry) for entry in [*(logprobs.content or ()), *(logprobs.refusal or ())]) or None


def _logprob(entry: Logprob) -> TokenLogprob:
    raw_bytes = None if entry.bytes is None else tuple(entry.bytes)
    return TokenLogprob(entry.token, entry.logprob, raw_bytes, tuple(map(_logprob, entry.top_logprobs or ())))


def write_logprobs(tokens: tuple[TokenLogprob, ...] | None) -> dict[str, Any] | None:
    if tokens is None:
        return None
    return {"content": [_write_logprob(token) for token in tokens], "refusal": None}


def _write_logprob(token: TokenLogprob) -> dict[str, Any]:
    top = [{"token": other.token, "logprob": other.logprob, "bytes": other.bytes} for other in token.top]
    return {"token": token.token, "logprob": token.logprob, "bytes": token.bytes, "top_logprobs": top}


def write_answer(answer: Answer, stamp: AnswerStamp) -> bytes:
    """The answer as the client gets it."""
    return msgspec.json.encode(
        {
            "id": f"chatcmpl-{stamp.job.job_id.hex}",
            "object": "chat.completion",
            "created": stamp.created_s,
            "model": stamp.job.model,
            "choices": [_write_choice(index, choice) for index, choice in enumerate(answer.choices)],
            "usage": write_usage(stamp.usage, stamp.cost),
        }
    )


def _write_choice(index: int, choice: Choice) -> dict[str, Any]:
    texts = [part for part in choice.parts if isinstance(part, Text)]
    reasoning = [part for part in choice.parts if isinstance(part, Reasoning)]
    refusal = "".join(part.text for part in choice.parts if isinstance(part, RefusalPart))
    message: dict[str, Any] = {
        "role": "assistant",
        "content": "".join(text.text for text in texts) if texts else None,
        "refusal": refusal or None,
    }
    if reasoning:
        readable = "".join(part.text for part in reasoning)
        if readable:
            message["reasoning_content"] = readable
        message["reasoning_details"] = write_details(reasoning)
    if (signature := text_signature(choice.parts)) is not None:
        message["extra_content"] = write_extra_content(signature)
    calls = [_write_call(part) for part in choice.parts if isinstance(part, ToolCall)]
    if calls:
        message["tool_calls"] = calls
    return {
        "index": index,
        "message": message,
        "logprobs": write_logprobs(choice.logprobs),
        "finish_reason": write_stop(choice.stop, has_refusal=bool(refusal)),
    }


def text_signature(parts: Sequence[AssistantPart]) -> Signature | None:
    """The one signature that a message's text has place for: the first one that no more text follows at once."""
    for part, following in zip_longest(parts, parts[1:]):
        if isinstance(part, Text) and part.signature is not None and not isinstance(following, Text):
            return part.signature
    return None


def _write_call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments_json}
    written: dict[str, Any] = {"id": call.id, "type": "function", "function": function}
    if call.signature is not None:
        written["extra_content"] = write_extra_content(call.signature)
    return written


def read_usage(reported: object) -> Usage | None:
    return read_openai_usage(reported, "chat.completions")


def write_usage(usage: Usage, cost: str | None) -> dict[str, Any]:
    return write_openai_usage(usage, cost, "chat.completions")
