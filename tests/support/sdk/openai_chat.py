"""Questions asked by OpenAI's Python SDK with chat completions."""

import contextlib
import json
from typing import Any

import openai
from tests.support.sdk.question import TOOL_SCHEMA, Question, Turn

_STOPS = {"stop": "end", "tool_calls": "tools", "length": "length", None: "left"}


def ask(url: str, key: str, question: Question) -> Turn:
    content: Any = question.text
    if question.image:
        address = question.image if "://" in question.image else f"data:image/png;base64,{question.image}"
        content = [{"type": "text", "text": question.text}, {"type": "image_url", "image_url": {"url": address}}]
    fields: dict[str, Any] = {
        "model": question.model,
        "max_tokens": question.most,
        "messages": [{"role": "user", "content": content}],
    }
    if question.tools:
        fields["tools"] = [
            {"type": "function", "function": {"name": name, "parameters": TOOL_SCHEMA}} for name in question.tools
        ]
    if question.schema is not None:
        asked = {"name": "answer", "schema": question.schema, "strict": True}
        fields["response_format"] = {"type": "json_schema", "json_schema": asked}
    if question.thinks:
        fields["reasoning_effort"] = "low"
    with openai.OpenAI(api_key=key, base_url=f"{url}/v1", max_retries=0) as client:
        return _turn(client, fields, question)


def _turn(client: openai.OpenAI, fields: dict[str, Any], question: Question) -> Turn:
    answer, pieces = _answered(client, fields, question)
    choice = answer.choices[0]
    message = choice.message
    extra = message.model_extra or {}
    calls = message.tool_calls or []
    details = extra.get("reasoning_details") or []
    then = None
    if calls and question.results:
        said = {"role": "assistant", "content": message.content, "tool_calls": [_returned(call) for call in calls]}
        told = [
            {"role": "tool", "tool_call_id": call.id, "content": question.results[call.function.name]} for call in calls
        ]
        messages = [*fields["messages"], {**said, "reasoning_details": details} if details else said, *told]
        then = _turn(client, {**fields, "messages": messages}, question)
    usage = answer.usage
    reasoning = getattr(usage, "completion_tokens_details", None)
    return Turn(
        text=message.content or "",
        thought=extra.get("reasoning_content") or "",
        signatures=[
            *(found for entry in details if (found := entry.get("signature") or entry.get("data"))),
            *(given["google"]["thought_signature"] for call in calls if (given := _extra_content(call))),
        ],
        calls=[(call.function.name, json.loads(call.function.arguments)) for call in calls],
        stop=_STOPS[choice.finish_reason],
        input_tokens=usage.prompt_tokens if usage else 0,
        output_tokens=usage.completion_tokens if usage else 0,
        reasoning_tokens=getattr(reasoning, "reasoning_tokens", 0) or 0,
        pieces=pieces,
        then=then,
    )


def _answered(client: openai.OpenAI, fields: dict[str, Any], question: Question) -> tuple[Any, int]:
    if not question.streams:
        return client.chat.completions.create(**fields), 0
    pieces = 0
    with (
        client.chat.completions.stream(**fields, stream_options={"include_usage": True}) as stream,
        # The SDK's helper takes an answer of full length for an error, after the whole of it has come.
        contextlib.suppress(openai.LengthFinishReasonError),
    ):
        for event in stream:
            pieces += event.type == "content.delta"
            if pieces and pieces == question.leave_after:
                break
    return stream.current_completion_snapshot, pieces


def _extra_content(call: Any) -> Any:
    return (call.model_extra or {}).get("extra_content")


def _returned(call: Any) -> dict[str, Any]:
    """A call as the client sends it back: all that came with it, but for what the SDK has added."""
    plain = call.model_dump(exclude_none=True, exclude={"index"})
    plain["function"].pop("parsed_arguments", None)
    return plain
