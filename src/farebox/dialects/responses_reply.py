"""Plain answers of OpenAI's responses, read and written."""

from collections.abc import Sequence
from typing import Any

import msgspec

from farebox.dialects.codec import AnswerStamp
from farebox.dialects.conversation import AssistantPart, Opaque, RefusalPart, Text, ToolCall
from farebox.dialects.exchange import JobStamp, ProviderFault
from farebox.dialects.reply import Answer, Choice, Stop, TokenLogprob
from farebox.dialects.responses_errors import judge_failure
from farebox.dialects.responses_output import write_items
from farebox.dialects.responses_reasoning import reasoning_parts
from farebox.dialects.responses_usage import read_usage, write_usage

# Statuses with which an answer is usable; some vendors write the second.
_WHOLE = ("completed", "complete")


class Logprob(msgspec.Struct, gc=False):
    """A token as providers report it."""

    token: str
    logprob: float
    bytes: tuple[int, ...] | None = None
    top_logprobs: tuple["Logprob", ...] | None = None


class Piece(msgspec.Struct, gc=False):
    """A part of a message, of a summary or of reasoning."""

    type: str = ""
    text: str = ""
    refusal: str = ""
    logprobs: tuple[Logprob, ...] | None = None


class Item(msgspec.Struct, gc=False):
    """An output item of a kind that every dialect knows."""

    type: str = ""
    id: str | None = None
    content: tuple[Piece, ...] | None = None
    summary: tuple[Piece, ...] | None = None
    encrypted_content: str | None = None
    call_id: str | None = None
    name: str = ""
    arguments: str | None = None


class _Kind(msgspec.Struct, gc=False):
    type: str = ""


class _Incomplete(msgspec.Struct, gc=False):
    reason: str | None = None


class Response(msgspec.Struct, gc=False):
    """What we read of a response."""

    status: str | None = None
    id: str | None = None
    model: str | None = None
    output: tuple[msgspec.Raw, ...] | None = None
    usage: dict[str, Any] | None = None
    error: msgspec.Raw = msgspec.Raw(b"null")
    incomplete_details: _Incomplete | None = None


KNOWN_ITEMS = frozenset({"message", "reasoning", "function_call"})
ITEM = msgspec.json.Decoder(Item)
KIND = msgspec.json.Decoder(_Kind)
_RESPONSE = msgspec.json.Decoder(Response)


def read_answer(status: int, content_type: str, raw: bytes) -> Answer | ProviderFault:
    """A provider's response; a channel fault when it is none although its status says so."""
    try:
        response = _RESPONSE.decode(raw)
        parts: list[AssistantPart] = []
        logprobs: list[TokenLogprob] | None = None
        for item in response.output or ():
            parts += parts_of(bytes(item))
            for tokens in logprobs_of(bytes(item)):
                logprobs = [*(logprobs or ()), *tokens]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _unusable(status, f"not_a_response:{content_type.partition(';')[0].strip()[:40]}")
    if not is_usable(response) or bytes(response.error) != b"null":
        fault = judge_failure(raw)
        return msgspec.structs.replace(fault, fault="channel", status=status, body=b"")
    kinds = {type(part) for part in parts}
    stop = read_stop(response, has_calls=ToolCall in kinds, has_refusal=RefusalPart in kinds)
    choice = Choice(tuple(parts), stop, None if logprobs is None else tuple(logprobs))
    return Answer((choice,), usage=read_usage(response.usage), id=response.id, model=response.model)


def is_usable(response: Response) -> bool:
    """Whether the response is an answer: whole, or cut by a bound or a filter."""
    return response.output is not None and (response.status in _WHOLE or response.status == "incomplete")


def read_stop(response: Response, *, has_calls: bool, has_refusal: bool) -> Stop:
    """Why it stopped, of which the dialect tells little: the rest follows from what was said."""
    if response.status == "incomplete":
        details = response.incomplete_details
        return Stop("filtered" if details is not None and details.reason == "content_filter" else "length")
    if has_calls:
        return Stop("tool_calls")
    return Stop("refusal" if has_refusal else "end")


def parts_of(raw: bytes) -> list[AssistantPart]:
    """The parts of an output item; pieces without words have no trace. Raises MsgspecError."""
    if KIND.decode(raw).type not in KNOWN_ITEMS:
        return [Opaque("openai_responses", raw)]
    item = ITEM.decode(raw)
    match item.type:
        case "function_call":
            return [ToolCall(item.call_id or item.id or "", item.name, item.arguments or "")]
        case "reasoning":
            texts = [piece.text for piece in (*(item.summary or ()), *(item.content or ()))]
            return [*reasoning_parts(item.id, texts, item.encrypted_content)]
        case _:
            found = [said(piece) for piece in item.content or ()]
            return [part for part in found if part is not None]


def said(piece: Piece) -> Text | RefusalPart | None:
    """A part of a message; None where it has no words."""
    if piece.type == "refusal":
        return RefusalPart(piece.refusal) if piece.refusal else None
    return Text(piece.text) if piece.text else None


def logprobs_of(raw: bytes) -> list[tuple[TokenLogprob, ...]]:
    """The log probabilities in an output item, part by part."""
    if KIND.decode(raw).type != "message":
        return []
    return [read_logprobs(piece.logprobs) for piece in ITEM.decode(raw).content or () if piece.logprobs]


def read_logprobs(tokens: Sequence[Logprob]) -> tuple[TokenLogprob, ...]:
    return tuple(
        TokenLogprob(entry.token, entry.logprob, entry.bytes, read_logprobs(entry.top_logprobs or ()))
        for entry in tokens
    )


def write_answer(answer: Answer, stamp: AnswerStamp) -> bytes:
    """The response as the client gets it; it has one choice."""
    choice = answer.choices[0] if answer.choices else Choice(())
    stop = told_stop(choice.stop, has_refusal=any(isinstance(part, RefusalPart) for part in choice.parts))
    items = write_items(choice.parts, choice.logprobs, stamp.job, is_cut=is_incomplete(stop))
    response = response_object(stamp.job, stamp.created_s, ending_of(stop))
    response["output"] = items
    response["usage"] = write_usage(stamp.usage, stamp.cost)
    return msgspec.json.encode(response)


def response_object(job: JobStamp, created_s: int, changes: dict[str, Any]) -> dict[str, Any]:
    """A response with every member that SDKs count on; what only the provider would know has its usual value."""
    return {
        "id": f"resp_{job.job_id.hex}",
        "object": "response",
        "created_at": created_s,
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "max_output_tokens": None,
        "metadata": {},
        "model": job.model,
        "output": [],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "store": False,
        "temperature": None,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": None,
        "truncation": "disabled",
        "usage": None,
        **changes,
    }


def told_stop(stop: Stop | None, *, has_refusal: bool) -> Stop | None:
    """The stop as this dialect can tell it: a refusal without words would look like a normal end."""
    return Stop("filtered") if stop is not None and stop.reason == "refusal" and not has_refusal else stop


def is_incomplete(stop: Stop | None) -> bool:
    return stop is not None and stop.reason in ("length", "context_full", "filtered")


def ending_of(stop: Stop | None) -> dict[str, Any]:
    """The members of a response that tell how it ended."""
    if not is_incomplete(stop):
        return {"status": "completed"}
    assert stop is not None
    reason = "content_filter" if stop.reason == "filtered" else "max_output_tokens"
    return {"status": "incomplete", "incomplete_details": {"reason": reason}}


def _unusable(status: int, code: str) -> ProviderFault:
    return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code=code)
