"""Questions asked by Anthropic's Python SDK."""

from typing import Any

import anthropic
from tests.support.sdk.question import THINKING_BUDGET, TOOL_SCHEMA, Question, Turn

_STOPS = {"end_turn": "end", "tool_use": "tools", "max_tokens": "length", None: "left"}


def ask(url: str, key: str, question: Question) -> Turn:
    content: list[Any] = [{"type": "text", "text": question.text}]
    if question.image:
        source = {"type": "base64", "media_type": "image/png", "data": question.image}
        address = {"type": "url", "url": question.image}
        content.append({"type": "image", "source": address if "://" in question.image else source})
    fields: dict[str, Any] = {
        "model": question.model,
        "max_tokens": question.most,
        "messages": [{"role": "user", "content": content}],
    }
    if question.tools:
        fields["tools"] = [{"name": name, "input_schema": TOOL_SCHEMA} for name in question.tools]
    if question.schema is not None:
        fields["output_config"] = {"format": {"type": "json_schema", "schema": question.schema}}
    if question.thinks:
        fields["thinking"] = {"type": "enabled", "budget_tokens": THINKING_BUDGET}
        fields["max_tokens"] = question.most + THINKING_BUDGET
    with anthropic.Anthropic(api_key=key, base_url=url, max_retries=0) as client:
        return _turn(client, fields, question)


def _turn(client: anthropic.Anthropic, fields: dict[str, Any], question: Question) -> Turn:
    answer, pieces = _answered(client, fields, question)
    calls = [block for block in answer.content if block.type == "tool_use"]
    then = None
    if calls and question.results:
        told = [
            {"type": "tool_result", "tool_use_id": call.id, "content": question.results[call.name]} for call in calls
        ]
        messages = [
            *fields["messages"],
            {"role": "assistant", "content": answer.content},
            {"role": "user", "content": told},
        ]
        then = _turn(client, {**fields, "messages": messages}, question)
    details = answer.usage.output_tokens_details
    return Turn(
        text="".join(block.text for block in answer.content if block.type == "text"),
        thought="".join(block.thinking for block in answer.content if block.type == "thinking"),
        signatures=[
            found
            for block in answer.content
            if (found := getattr(block, "signature", None) or getattr(block, "data", None))
        ],
        calls=[(call.name, call.input) for call in calls],
        stop=_STOPS[answer.stop_reason],
        input_tokens=answer.usage.input_tokens,
        output_tokens=answer.usage.output_tokens,
        reasoning_tokens=details.thinking_tokens if details else 0,
        pieces=pieces,
        then=then,
    )


def _answered(client: anthropic.Anthropic, fields: dict[str, Any], question: Question) -> tuple[Any, int]:
    if not question.streams:
        return client.messages.create(**fields), 0
    pieces = 0
    with client.messages.stream(**fields) as stream:
        for event in stream:
            pieces += event.type == "text"
            if pieces and pieces == question.leave_after:
                break
        return stream.current_message_snapshot, pieces
