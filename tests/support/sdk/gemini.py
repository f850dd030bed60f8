"""Questions asked by Google's Python SDK."""

import base64
from typing import Any

from google import genai
from google.genai import types
from tests.support.sdk.question import THINKING_BUDGET, TOOL_SCHEMA, Question, Turn

_STOPS = {types.FinishReason.STOP: "end", types.FinishReason.MAX_TOKENS: "length"}


def ask(url: str, key: str, question: Question) -> Turn:
    parts = [types.Part(text=question.text)]
    if "://" in question.image:
        parts.append(types.Part.from_uri(file_uri=question.image, mime_type="image/png"))
    elif question.image:
        parts.append(types.Part.from_bytes(data=base64.b64decode(question.image), mime_type="image/png"))
    declared = [types.FunctionDeclaration(name=name, parameters_json_schema=TOOL_SCHEMA) for name in question.tools]
    config = types.GenerateContentConfig(
        max_output_tokens=question.most,
        tools=[types.Tool(function_declarations=declared)] if declared else None,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    if question.schema is not None:
        config.response_mime_type = "application/json"
        config.response_json_schema = question.schema
    if question.thinks:
        config.thinking_config = types.ThinkingConfig(include_thoughts=True, thinking_budget=THINKING_BUDGET)
        config.max_output_tokens = question.most + THINKING_BUDGET
    with genai.Client(api_key=key, http_options=types.HttpOptions(base_url=url)) as client:
        return _turn(client, [types.Content(role="user", parts=parts)], config, question)


def _turn(client: genai.Client, contents: list[Any], config: types.GenerateContentConfig, question: Question) -> Turn:
    chunks, pieces = _answered(client, contents, config, question)
    parts = [part for chunk in chunks for part in chunk.parts or []]
    calls: list[Any] = [part.function_call for part in parts if part.function_call]
    then = None
    if calls and question.results:
        told = [
            types.Part(
                function_response=types.FunctionResponse(
                    id=call.id, name=call.name, response={"result": question.results[call.name]}
                )
            )
            for call in calls
        ]
        said = types.Content(role="model", parts=parts)
        then = _turn(client, [*contents, said, types.Content(role="user", parts=told)], config, question)
    last = chunks[-1]
    usage = last.usage_metadata
    reason = last.candidates[0].finish_reason
    reasoning_tokens = (usage.thoughts_token_count or 0) if usage else 0
    return Turn(
        text="".join(part.text or "" for part in parts if not part.thought),
        thought="".join(part.text or "" for part in parts if part.thought),
        signatures=[base64.b64encode(part.thought_signature).decode() for part in parts if part.thought_signature],
        calls=[(call.name, call.args) for call in calls],
        stop="left" if reason is None else "tools" if calls else _STOPS[reason],
        input_tokens=usage.prompt_token_count if usage else 0,
        output_tokens=(usage.candidates_token_count or 0) + reasoning_tokens if usage else 0,
        reasoning_tokens=reasoning_tokens,
        pieces=pieces,
        then=then,
    )


def _answered(
    client: genai.Client, contents: list[Any], config: types.GenerateContentConfig, question: Question
) -> tuple[list[Any], int]:
    if not question.streams:
        return [client.models.generate_content(model=question.model, contents=contents, config=config)], 0
    chunks: list[Any] = []
    pieces = 0
    stream: Any = client.models.generate_content_stream(model=question.model, contents=contents, config=config)
    for chunk in stream:
        chunks.append(chunk)
        pieces += any(part.text and not part.thought for part in chunk.parts or [])
        if pieces and pieces == question.leave_after:
            break
    stream.close()
    return chunks, pieces
