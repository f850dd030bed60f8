"""Output items of OpenAI's responses, written from the parts of an answer.

Texts that follow each other are parts of one message; each tool call is an item, and so is each piece of reasoning
that stands alone. Streams and plain answers use the same functions, so that they cannot differ.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from farebox.dialects.conversation import AssistantPart, Opaque, Reasoning, RefusalPart, Text, ToolCall
from farebox.dialects.exchange import JobStamp
from farebox.dialects.reply import TokenLogprob
from farebox.dialects.responses_reasoning import carrier_item, joins, reasoning_item


def write_items(
    parts: Sequence[AssistantPart], logprobs: Sequence[TokenLogprob] | None, job: JobStamp, *, is_cut: bool
) -> list[Any]:
    """The output items; of an answer that was cut the last one is incomplete."""
    runs: list[list[AssistantPart]] = []
    for part in parts:
        if runs and joins(runs[-1][-1], part):
            runs[-1].append(part)
        else:
            runs.append([part])
    items: list[Any] = []
    for index, run in enumerate(runs):
        status = "incomplete" if is_cut and index == len(runs) - 1 else "completed"
        items += items_of_run(run, len(items), job, status)
    return with_logprobs(items, logprobs)


def items_of_run(run: Sequence[AssistantPart], index: int, job: JobStamp, status: str) -> list[Any]:
    """The item that parts belonging together make up, and the one that carries their signature."""
    first, last = run[0], run[-1]
    items: list[Any] = []
    match first:
        case Opaque():
            # Only its own dialect could read it.
            return [msgspec.Raw(first.raw)] if first.dialect == "openai_responses" else []
        case Reasoning():
            pieces = [part for part in run if isinstance(part, Reasoning)]
            return [reasoning_item(pieces, item_id("rs", job, index))]
        case ToolCall():
            items.append(call_item(first, item_id("fc", job, index), status))
        case _:
            content = [content_part(part) for part in run]
            items.append(message_item(content, item_id("msg", job, index), status))
    if isinstance(last, Text | ToolCall) and last.signature is not None:
        items.append(carrier_item(last.signature, item_id("rs", job, index + 1)))
    return items


def item_id(prefix: str, job: JobStamp, index: int) -> str:
    return f"{prefix}_{job.job_id.hex}_{index}"


def message_item(content: list[Any], message_id: str, status: str) -> dict[str, Any]:
    return {"id": message_id, "type": "message", "status": status, "role": "assistant", "content": content}


def call_item(call: ToolCall, call_item_id: str, status: str) -> dict[str, Any]:
    return {
        "id": call_item_id,
        "type": "function_call",
        "status": status,
        "call_id": call.id,
        "name": call.name,
        "arguments": call.arguments_json or "{}",
    }


def content_part(part: AssistantPart) -> dict[str, Any]:
    if isinstance(part, RefusalPart):
        return {"type": "refusal", "refusal": part.text}
    text = part.text if isinstance(part, Text) else ""
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def with_logprobs(items: list[Any], logprobs: Sequence[TokenLogprob] | None) -> list[Any]:
    """The items with all log probabilities at the first text, which nearly always is the only one."""
    if logprobs:
        for item in items:
            for part in item.get("content", ()) if isinstance(item, dict) else ():
                if part["type"] == "output_text":
                    part["logprobs"] = write_logprobs(logprobs)
                    return items
    return items


def write_logprobs(tokens: Sequence[TokenLogprob]) -> list[dict[str, Any]]:
    return [
        {
            "token": entry.token,
            "logprob": entry.logprob,
            "bytes": entry.bytes or (),
            "top_logprobs": [
                {"token": top.token, "logprob": top.logprob, "bytes": top.bytes or ()} for top in entry.top
            ],
        }
        for entry in tokens
    ]
