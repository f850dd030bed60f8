"""A response on the wire: output items, and the object around them that repeats what was asked."""

from typing import Any

import msgspec

from farebox.simulator.answer import Answer, Choice, Part
from farebox.simulator.identity import ANSWER_HOLE, CALL_HOLE, CREATED_HOLE, model_name
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.responses.check import REASONING
from farebox.simulator.responses.request import ResponsesRequest
from farebox.simulator.signature import seal


def response_of(
    request: ResponsesRequest, model: str, answer: Answer, usage: dict[str, Any] | None, options: SimulatorOptions
) -> dict[str, Any]:
    """The finished response."""
    choice = answer.choices[0]
    cut_short = choice.finish_reason == "length"
    return {
        **opening(request, model, options),
        "status": "incomplete" if cut_short else "completed",
        "completed_at": None if cut_short else CREATED_HOLE,
        "incomplete_details": {"reason": "max_output_tokens"} if cut_short else None,
        "output": output_items(request, choice),
        "service_tier": options.service_tier or "default",
        "usage": usage,
    }


def opening(request: ResponsesRequest, model: str, options: SimulatorOptions) -> dict[str, Any]:
    """The response before anything is said in it."""
    reasoning = request.reasoning
    response: dict[str, Any] = {
        "id": f"resp_{ANSWER_HOLE}",
        "object": "response",
        "created_at": CREATED_HOLE,
        "status": "in_progress",
        "background": False,
        "billing": {"payer": "developer"},
        "completed_at": None,
        "error": None,
        "incomplete_details": None,
        "instructions": request.instructions,
        "max_output_tokens": request.max_output_tokens,
        "max_tool_calls": None,
        "model": model_name(model, options),
        "output": [],
        "parallel_tool_calls": request.parallel_tool_calls is not False,
        "previous_response_id": None,
        "prompt_cache_key": None,
        "reasoning": {
            "effort": None if reasoning is None else reasoning.effort,
            "summary": None if reasoning is None else reasoning.summary,
        },
        "safety_identifier": None,
        "service_tier": "auto",
        "store": request.store is not False,
        "temperature": 1.0 if request.temperature is None else request.temperature,
        "text": {"format": _format(request), "verbosity": "medium"},
        "tool_choice": request.tool_choice or "auto",
        "tools": [_tool(tool.name, tool.parameters) for tool in request.functions],
        "top_logprobs": request.top_logprobs or 0,
        "top_p": 1.0 if request.top_p is None else request.top_p,
        "truncation": "disabled",
        "usage": None,
        "user": None,
        "metadata": request.metadata or {},
    }
    if options.provider:
        response["provider"] = options.provider
    return response


def output_items(request: ResponsesRequest, choice: Choice) -> list[dict[str, Any]]:
    cut_short = choice.finish_reason == "length"
    items = [item_of(request, part, at, choice) for at, part in enumerate(choice.parts)]
    if items and cut_short and items[-1]["type"] != "reasoning":
        items[-1]["status"] = "incomplete"
    return items


def item_of(request: ResponsesRequest, part: Part, at: int, choice: Choice) -> dict[str, Any]:
    """A part as a finished output item."""
    match part.kind:
        case "reasoning":
            summary = [{"type": "summary_text", "text": part.text}] if request.summarizes else []
            item = {"id": f"rs_{CALL_HOLE}r{at}", "type": "reasoning", "summary": summary}
            return {**item, "encrypted_content": seal(REASONING, part.text)} if request.wants_encrypted else item
        case "tool":
            led = "r" if choice.text("reasoning") is not None else "n"
            return {
                "id": f"fc_{CALL_HOLE}{led}{at}",
                "type": "function_call",
                "status": "completed",
                "arguments": part.text,
                "call_id": f"call_{CALL_HOLE}0{at}",
                "name": part.name,
            }
        case _:
            return {
                "id": f"msg_{ANSWER_HOLE}{at}",
                "type": "message",
                "status": "completed",
                "content": [content_of(request, part.kind, part.tokens)],
                "role": "assistant",
            }


def content_of(request: ResponsesRequest, kind: str, tokens: tuple[str, ...]) -> dict[str, Any]:
    """The only part of a message."""
    text = "".join(tokens)
    if kind == "refusal":
        return {"type": "refusal", "refusal": text}
    return {"type": "output_text", "annotations": [], "logprobs": logprobs_of(request, tokens), "text": text}


def logprobs_of(request: ResponsesRequest, tokens: tuple[str, ...]) -> list[dict[str, Any]]:
    """The scores of `tokens`; empty when they were not asked for."""
    if not request.wants_logprobs:
        return []
    scores = []
    for token in tokens:
        score = {"token": token, "bytes": list(token.encode("utf-8", "surrogatepass")), "logprob": -0.25}
        ranks = range(request.top_logprobs or 0)
        scores.append({**score, "top_logprobs": [{**score, "logprob": -0.25 - rank} for rank in ranks]})
    return scores


def _format(request: ResponsesRequest) -> dict[str, Any]:
    shape = None if request.text is None else request.text.format
    if shape is None or shape.type == "text":
        return {"type": "text"}
    named = msgspec.to_builtins(shape)
    return {"name": "answer", "strict": True, "description": None, **named} if shape.schema is not None else named


def _tool(name: str, parameters: dict[str, Any] | None) -> dict[str, Any]:
    return {"type": "function", "description": None, "name": name, "parameters": parameters, "strict": True}
