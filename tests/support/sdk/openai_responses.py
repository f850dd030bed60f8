"""Questions asked by OpenAI's Python SDK with responses, without state at the provider."""

import json
from typing import Any

import openai
from tests.support.sdk.question import TOOL_SCHEMA, Question, Turn


def ask(url: str, key: str, question: Question) -> Turn:
    content: list[Any] = [{"type": "input_text", "text": question.text}]
    if question.image:
        address = question.image if "://" in question.image else f"data:image/png;base64,{question.image}"
        content.append({"type": "input_image", "detail": "auto", "image_url": address})
    fields: dict[str, Any] = {
        "model": question.model,
        "max_output_tokens": question.most,
        "input": [{"role": "user", "content": content}],
        "store": False,
    }
    if question.tools:
        fields["tools"] = [
            {"type": "function", "name": name, "parameters": TOOL_SCHEMA, "strict": False} for name in question.tools
        ]
    if question.schema is not None:
        fields["text"] = {
            "format": {"type": "json_schema", "name": "answer", "schema": question.schema, "strict": True}
        }
    if question.thinks:
        fields["reasoning"] = {"effort": "low", "summary": "auto"}
        fields["include"] = ["reasoning.encrypted_content"]
    with openai.OpenAI(api_key=key, base_url=f"{url}/v1", max_retries=0) as client:
        return _turn(client, fields, question)


def _turn(client: openai.OpenAI, fields: dict[str, Any], question: Question) -> Turn:
    answer, pieces = _answered(client, fields, question)
    calls = [item for item in answer.output if item.type == "function_call"]
    thoughts = [item for item in answer.output if item.type == "reasoning"]
    then = None
    if calls and question.results:
        items = [
            *fields["input"],
            *(item.model_dump(exclude_none=True) for item in answer.output),
            *(
                {"type": "function_call_output", "call_id": call.call_id, "output": question.results[call.name]}
                for call in calls
            ),
        ]
        then = _turn(client, {**fields, "input": items}, question)
    usage = answer.usage
    details = usage.output_tokens_details if usage else None
    stops = {"completed": "tools" if calls else "end", "incomplete": "length", "in_progress": "left"}
    return Turn(
        text=answer.output_text,
        thought="".join(summary.text for item in thoughts for summary in item.summary),
        signatures=[item.encrypted_content for item in thoughts if item.encrypted_content],
        calls=[(call.name, json.loads(call.arguments)) for call in calls],
        stop=stops[answer.status],
        input_tokens=usage.input_tokens if usage else 0,
        output_tokens=usage.output_tokens if usage else 0,
        reasoning_tokens=details.reasoning_tokens if details else 0,
        pieces=pieces,
        then=then,
    )


def _answered(client: openai.OpenAI, fields: dict[str, Any], question: Question) -> tuple[Any, int]:
    if not question.streams:
        return client.responses.create(**fields), 0
    pieces = 0
    answer: Any = None
    with client.responses.create(**fields, stream=True) as stream:
        for event in stream:
            answer = getattr(event, "response", answer)
            pieces += event.type == "response.output_text.delta"
            if pieces and pieces == question.leave_after:
                break
    return answer, pieces
