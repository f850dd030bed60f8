"""Plain answers of Gemini's generateContent, read and written.

Calls without ids get one made of the answer's own id and the call's place, so that it is the same on every reading and
no other answer of the conversation has it.
"""

import hashlib
from typing import Any, cast

import msgspec

from farebox.dialects.codec import AnswerStamp
from farebox.dialects.conversation import AssistantPart, Opaque, Reasoning, RefusalPart, Signature, Text, ToolCall
from farebox.dialects.conversation import Part as WholePart
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.gemini_logprobs import read_logprobs, write_logprobs
from farebox.dialects.gemini_parts import append_part
from farebox.dialects.gemini_signatures import pack, unpack
from farebox.dialects.gemini_usage import read_usage, write_usage
from farebox.dialects.reply import Answer, Choice, Stop, StopReason
from farebox.domain.errors import Refusal

_STOP_BY_REASON: dict[str, StopReason] = {
    "STOP": "end",
    "MAX_TOKENS": "length",
    "SAFETY": "filtered",
    "RECITATION": "filtered",
    "LANGUAGE": "filtered",
    "OTHER": "filtered",
    "BLOCKLIST": "filtered",
    "PROHIBITED_CONTENT": "filtered",
    "SPII": "filtered",
    "IMAGE_SAFETY": "filtered",
    "IMAGE_PROHIBITED_CONTENT": "filtered",
    "IMAGE_RECITATION": "filtered",
    "IMAGE_OTHER": "filtered",
    "MODEL_ARMOR": "filtered",
    "ESCALATION": "filtered",
}
# The model's output was no answer; to call it an end would stop an agent in silence.
_BROKEN_REASONS = frozenset(
    {
        "MALFORMED_FUNCTION_CALL",
        "MALFORMED_RESPONSE",
        "MISSING_THOUGHT_SIGNATURE",
        "NO_IMAGE",
    }
)
# Calls of tools that the client did not define; it is the client's to say so to the model. FUNCTION_CALL is no reason
# of Google's; servers and mocks that imitate its dialect give it.
_CALL_REASONS = frozenset({"UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "FUNCTION_CALL"})
_REASON_BY_STOP: dict[StopReason, str] = {
    "end": "STOP",
    "stop_sequence": "STOP",
    "tool_calls": "STOP",
    "length": "MAX_TOKENS",
    "context_full": "MAX_TOKENS",
    "filtered": "SAFETY",
    "refusal": "SAFETY",
    "paused": "OTHER",
}


class Call(msgspec.Struct):
    name: str = ""
    id: str | None = None
    args: msgspec.Raw = msgspec.Raw(b"{}")


class Part(msgspec.Struct, rename="camel"):
    """What a part of an answer may hold for other dialects."""

    text: str | None = None
    thought: bool = False
    thought_signature: str | None = None
    function_call: Call | None = None


class _Content(msgspec.Struct):
    parts: list[msgspec.Raw] | None = None


class Candidate(msgspec.Struct, rename="camel"):
    content: _Content | None = None
    finish_reason: str | None = None
    index: int = 0
    logprobs_result: Any = None

    @property
    def raw_parts(self) -> list[msgspec.Raw]:
        return (self.content.parts if self.content is not None else None) or []


class _Feedback(msgspec.Struct, rename="camel"):
    block_reason: str | None = None


class Body(msgspec.Struct, rename="camel"):
    """An answer, or a piece of one in a stream."""

    candidates: list[Candidate] | None = None
    prompt_feedback: _Feedback | None = None
    usage_metadata: Any = None
    model_version: str | None = None
    response_id: str | None = None
    error: msgspec.Raw = msgspec.Raw(b"null")

    @property
    def is_blocked(self) -> bool:
        return self.prompt_feedback is not None and bool(self.prompt_feedback.block_reason)


BODY = msgspec.json.Decoder(Body)
PART = msgspec.json.Decoder(Part)
_JSON_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


def read_answer(status: int, content_type: str, raw: bytes) -> Answer | ProviderFault:
    """A provider's answer; a channel fault when it is none although its status says so."""
    try:
        body = BODY.decode(raw)
        if bytes(body.error) != b"null":
            return _unusable(status, "error_in_answer")
        candidates = sorted(body.candidates or (), key=lambda candidate: candidate.index)
        choices = [_choice(candidate, body.response_id or "") for candidate in candidates]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _unusable(status, f"not_an_answer:{content_type.partition(';')[0].strip()[:40]}")
    for candidate, choice in zip(candidates, choices, strict=True):
        if is_broken(candidate.finish_reason, has_calls=any(isinstance(part, ToolCall) for part in choice.parts)):
            return _unusable(status, (candidate.finish_reason or "").lower())
    if not choices:
        if not body.is_blocked:
            return _unusable(status, "empty_answer")
        choices = [Choice((), Stop("filtered"))]
    usage = read_usage(body.usage_metadata)
    return Answer(tuple(choices), usage=usage, id=body.response_id, model=body.model_version)


def is_broken(reason: str | None, *, has_calls: bool) -> bool:
    """Whether the reason says that there is no answer."""
    return reason in _BROKEN_REASONS or (reason in _CALL_REASONS and not has_calls)


def read_stop(reason: str | None, *, has_calls: bool) -> Stop | None:
    """Why it stopped; a reason that is new to us counts as a filter's, since the answer may be incomplete."""
    if not reason or reason.endswith("_UNSPECIFIED"):
        return None
    stop: StopReason = "end" if reason in _CALL_REASONS else _STOP_BY_REASON.get(reason, "filtered")
    return Stop("tool_calls" if stop == "end" and has_calls else stop)


def made_call_id(response_id: str, choice: int, number: int, call: Call) -> str:
    """An id for a call that has none."""
    place = f"{response_id}\0{choice}\0{number}\0{call.name}".encode()
    # Where the answer has no id either, the arguments tell it from others.
    told = place if response_id else place + bytes(call.args)
    return f"call_{hashlib.sha256(told).hexdigest()[:24]}"


def _choice(candidate: Candidate, response_id: str) -> Choice:
    parts: list[WholePart] = []
    calls = 0
    for raw in candidate.raw_parts:
        part = _part(bytes(raw), response_id, candidate.index, calls)
        calls += isinstance(part, ToolCall)
        append_part(parts, part)
    stop = read_stop(candidate.finish_reason, has_calls=calls > 0)
    return Choice(cast("tuple[AssistantPart, ...]", tuple(parts)), stop, read_logprobs(candidate.logprobs_result))


def _part(raw: bytes, response_id: str, choice: int, number: int) -> AssistantPart:
    part = PART.decode(raw)
    signature, sealed, item_id = unpack(part.thought_signature) if part.thought_signature else (None, None, None)
    call = part.function_call
    if call is not None:
        call_id = call.id or made_call_id(response_id, choice, number, call)
        return ToolCall(call_id, call.name, arguments_of(call), signature)
    if part.text is None and not is_mark(raw):
        return Opaque("gemini", raw)
    text = part.text or ""
    if part.thought or sealed is not None or item_id is not None:
        return Reasoning(text, signature, sealed, item_id)
    return Text(text, signature=signature)


def is_mark(raw: bytes) -> bool:
    """Whether a part without text holds a signature and nothing else."""
    names = _JSON_OBJECT.decode(raw).keys()
    return "thoughtSignature" in names and names <= {"thoughtSignature", "thought"}


def arguments_of(call: Call) -> str:
    """The arguments as JSON text."""
    text = bytes(call.args).decode()
    return "{}" if text == "null" else text


def write_answer(answer: Answer, stamp: AnswerStamp) -> bytes:
    """The answer as the client gets it."""
    candidates = [_candidate(choice, index) for index, choice in enumerate(answer.choices)]
    return msgspec.json.encode(
        {
            "candidates": candidates,
            "usageMetadata": write_usage(stamp.usage, stamp.cost),
            "modelVersion": stamp.job.model,
            "responseId": stamp.job.job_id.hex,
        }
    )


def _candidate(choice: Choice, index: int) -> dict[str, Any]:
    is_cut = choice.stop is not None and choice.stop.reason in ("length", "context_full")
    parts = [written for part in choice.parts for written in write_parts(part, is_cut=is_cut)]
    candidate: dict[str, Any] = {"content": {"parts": parts, "role": "model"}}
    candidate["finishReason"] = write_stop(choice.stop)
    candidate["index"] = index
    if choice.logprobs is not None:
        candidate["logprobsResult"] = write_logprobs(choice.logprobs)
    return candidate


def write_stop(stop: Stop | None) -> str:
    return "STOP" if stop is None else _REASON_BY_STOP[stop.reason]


def write_parts(part: AssistantPart, *, is_cut: bool) -> list[Any]:
    match part:
        case Text() | RefusalPart():
            return [text_part(part.text, getattr(part, "signature", None))]
        case Reasoning():
            packed = pack(part.signature, part.sealed, part.id)
            written: dict[str, Any] = {"text": part.text, "thought": True}
            return [written if packed is None else written | {"thoughtSignature": packed}]
        case ToolCall():
            return [call_part(part, is_cut=is_cut)]
        case Opaque():
            return [msgspec.Raw(part.raw)] if part.dialect == "gemini" else []


def text_part(text: str, signature: Signature | None) -> dict[str, Any]:
    packed = pack(signature)
    return {"text": text} if packed is None else {"text": text, "thoughtSignature": packed}


def call_part(call: ToolCall, *, is_cut: bool) -> dict[str, Any]:
    """A whole call. Arguments that are no object end the answer, unless the output bound cut them off."""
    arguments = call.arguments_json.strip() or "{}"
    try:
        _JSON_OBJECT.decode(arguments)
    except (msgspec.MsgspecError, RecursionError) as error:
        if not is_cut:
            raise Refusal(
                "provider_error", "The model called a tool with arguments that are not a JSON object. Try again."
            ) from error
        arguments = "{}"
    written: dict[str, Any] = {
        "functionCall": {"id": call.id, "name": call.name, "args": msgspec.Raw(arguments.encode())}
    }
    packed = pack(call.signature)
    return written if packed is None else written | {"thoughtSignature": packed}


def _unusable(status: int, code: str) -> ProviderFault:
    return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code=code)
