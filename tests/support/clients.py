"""The vendors' official SDKs as customers use them, brought to one small shape that tests can compare."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import anthropic
import openai
from google import genai
from google.genai import types
from tests.support.gateway import MODEL, Gateway

WEATHER = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOL_NAMES = ("weather", "clock")
DEFAULT_MOST = 200


@dataclass
class Turn:
    """What a model answered. `answer_calls` sends results by tool name and gives the next turn."""

    text: str
    calls: list[tuple[str, Any]]
    stop: str
    input_tokens: int
    output_tokens: int
    answer_calls: Callable[[dict[str, str]], "Turn"]


def ask_openai(
    gateway: Gateway, text: str, *, streams: bool = False, tools: bool = False, most: int = DEFAULT_MOST
) -> Turn:
    fields: Any = {"model": MODEL, "max_tokens": most, "messages": [{"role": "user", "content": text}]}
    if tools:
        fields["tools"] = [
            {"type": "function", "function": {"name": name, "parameters": WEATHER}} for name in TOOL_NAMES
        ]
    return _openai_turn(gateway, fields, streams)


def _openai_turn(gateway: Gateway, fields: Any, streams: bool) -> Turn:
    with openai.OpenAI(api_key=gateway.key, base_url=gateway.base_url, max_retries=0) as client:
        if streams:
            try:
                with client.chat.completions.stream(**fields, stream_options={"include_usage": True}) as stream:
                    answer: Any = stream.get_final_completion()
            except openai.LengthFinishReasonError as error:
                answer = error.completion  # the SDK's helper takes a full answer for an error
        else:
            answer = client.chat.completions.create(**fields)
    choice = answer.choices[0]
    calls = choice.message.tool_calls or []

    def answer_calls(results: dict[str, str]) -> Turn:
        said = [call.model_dump(include={"id", "type", "function"}) for call in calls]
        for call in said:
            call["function"] = {name: call["function"][name] for name in ("name", "arguments")}
        messages = [
            *fields["messages"],
            {"role": "assistant", "tool_calls": said},
            *({"role": "tool", "tool_call_id": call.id, "content": results[call.function.name]} for call in calls),
        ]
        return _openai_turn(gateway, {**fields, "messages": messages}, streams)

    stops = {"stop": "end", "tool_calls": "tools", "length": "length"}
    return Turn(
        choice.message.content or "",
        [(call.function.name, json.loads(call.function.arguments)) for call in calls],
        stops[choice.finish_reason],
        answer.usage.prompt_tokens,
        answer.usage.completion_tokens,
        answer_calls,
    )


def ask_responses(
    gateway: Gateway, text: str, *, streams: bool = False, tools: bool = False, most: int = DEFAULT_MOST
) -> Turn:
    fields: Any = {"model": MODEL, "max_output_tokens": most, "input": [{"role": "user", "content": text}]}
    if tools:
        fields["tools"] = [
            {"type": "function", "name": name, "parameters": WEATHER, "strict": False} for name in TOOL_NAMES
        ]
    return _responses_turn(gateway, fields, streams)


def _responses_turn(gateway: Gateway, fields: Any, streams: bool) -> Turn:
    with openai.OpenAI(api_key=gateway.key, base_url=gateway.base_url, max_retries=0) as client:
        if streams:
            answer: Any = None
            for event in client.responses.create(**fields, stream=True, store=False):
                if event.type in ("response.completed", "response.incomplete"):
                    answer = event.response
            assert answer is not None
        else:
            answer = client.responses.create(**fields, store=False)
    calls = [item for item in answer.output if item.type == "function_call"]

    def answer_calls(results: dict[str, str]) -> Turn:
        items = [
            *fields["input"],
            *(item.model_dump(exclude_none=True) for item in answer.output),
            *(
                {"type": "function_call_output", "call_id": call.call_id, "output": results[call.name]}
                for call in calls
            ),
        ]
        return _responses_turn(gateway, {**fields, "input": items}, streams)

    stop = "tools" if calls else "length" if answer.status == "incomplete" else "end"
    return Turn(
        answer.output_text,
        [(call.name, json.loads(call.arguments)) for call in calls],
        stop,
        answer.usage.input_tokens,
        answer.usage.output_tokens,
        answer_calls,
    )


def ask_anthropic(
    gateway: Gateway, text: str, *, streams: bool = False, tools: bool = False, most: int = DEFAULT_MOST
) -> Turn:
    fields: Any = {"model": MODEL, "max_tokens": most, "messages": [{"role": "user", "content": text}]}
    if tools:
        fields["tools"] = [{"name": name, "input_schema": WEATHER} for name in TOOL_NAMES]
    return _anthropic_turn(gateway, fields, streams)


def _anthropic_turn(gateway: Gateway, fields: Any, streams: bool) -> Turn:
    with anthropic.Anthropic(api_key=gateway.key, base_url=gateway.url, max_retries=0) as client:
        if streams:
            with client.messages.stream(**fields) as stream:
                answer: Any = stream.get_final_message()
        else:
            answer = client.messages.create(**fields)
    calls = [block for block in answer.content if block.type == "tool_use"]

    def answer_calls(results: dict[str, str]) -> Turn:
        told = [{"type": "tool_result", "tool_use_id": call.id, "content": results[call.name]} for call in calls]
        messages = [
            *fields["messages"],
            {"role": "assistant", "content": answer.content},
            {"role": "user", "content": told},
        ]
        return _anthropic_turn(gateway, {**fields, "messages": messages}, streams)

    stops = {"end_turn": "end", "tool_use": "tools", "max_tokens": "length"}
    return Turn(
        "".join(block.text for block in answer.content if block.type == "text"),
        [(call.name, call.input) for call in calls],
        stops[answer.stop_reason],
        answer.usage.input_tokens,
        answer.usage.output_tokens,
        answer_calls,
    )


def ask_gemini(
    gateway: Gateway, text: str, *, streams: bool = False, tools: bool = False, most: int = DEFAULT_MOST
) -> Turn:
    declared = [types.FunctionDeclaration(name=name, parameters_json_schema=WEATHER) for name in TOOL_NAMES]
    config = types.GenerateContentConfig(
        max_output_tokens=most,
        tools=[types.Tool(function_declarations=declared)] if tools else None,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    return _gemini_turn(gateway, [types.Content(role="user", parts=[types.Part(text=text)])], config, streams)


def _gemini_turn(gateway: Gateway, contents: list[Any], config: Any, streams: bool) -> Turn:
    options = types.HttpOptions(base_url=gateway.url)
    with genai.Client(api_key=gateway.key, http_options=options) as client:
        if streams:
            chunks = list(client.models.generate_content_stream(model=MODEL, contents=contents, config=config))
        else:
            chunks = [client.models.generate_content(model=MODEL, contents=contents, config=config)]
    parts = [part for chunk in chunks for part in chunk.parts or []]
    calls: list[Any] = [part.function_call for part in parts if part.function_call]
    last: Any = chunks[-1]

    def answer_calls(results: dict[str, str]) -> Turn:
        told = [
            types.Part(
                function_response=types.FunctionResponse(
                    id=call.id, name=call.name, response={"result": results[call.name]}
                )
            )
            for call in calls
        ]
        said = types.Content(role="model", parts=[part for part in parts if part.function_call])
        return _gemini_turn(gateway, [*contents, said, types.Content(role="user", parts=told)], config, streams)

    reason = last.candidates[0].finish_reason
    stop = "tools" if calls else {types.FinishReason.STOP: "end", types.FinishReason.MAX_TOKENS: "length"}[reason]
    usage = last.usage_metadata
    return Turn(
        "".join(part.text or "" for part in parts if not part.thought),
        [(call.name, call.args) for call in calls],
        stop,
        usage.prompt_token_count,
        (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0),
        answer_calls,
    )


CLIENTS: dict[str, Callable[..., Turn]] = {
    "openai": ask_openai,
    "responses": ask_responses,
    "anthropic": ask_anthropic,
    "gemini": ask_gemini,
}
