"""What reading Gemini's requests into a conversation makes of them, and what it refuses by name."""

import json
from typing import Any

import msgspec
import pytest

from farebox.dialects import gemini_codec
from farebox.dialects.codec import Target
from farebox.dialects.conversation import (
    Document,
    Image,
    Inline,
    JsonSchema,
    Message,
    Reasoning,
    ReasoningWish,
    Sampling,
    Signature,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Untranslatable,
    Url,
)
from farebox.domain.errors import Refusal

TURN = {"role": "user", "parts": [{"text": "hi"}]}
PNG = {"mimeType": "image/png", "data": "aGk="}


def body(**fields: Any) -> bytes:
    return json.dumps({"contents": [TURN], **fields}).encode()


def config(**fields: Any) -> bytes:
    return body(generationConfig=fields)


def parts(*given: dict[str, Any]) -> bytes:
    return json.dumps({"contents": [{"role": "user", "parts": given}]}).encode()


def read(**fields: Any) -> Any:
    return gemini_codec.read_request(body(**fields), model="m")


def turns(*contents: Any) -> tuple[Message, ...]:
    return gemini_codec.read_request(json.dumps({"contents": contents}).encode(), model="m").messages


def test_both_spellings_and_single_entries_are_read_alike() -> None:
    """A body in the protocol's own spelling says what the usual one says."""
    usual = {
        "systemInstruction": {"parts": [{"text": "be"}]},
        "contents": [{"role": "user", "parts": [{"inlineData": PNG}]}],
        "tools": [{"functionDeclarations": [{"name": "f", "parametersJsonSchema": {"type": "object"}}]}],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f"]}},
        "generationConfig": {"topK": 3, "stopSequences": ["x"], "thinkingConfig": {"thinkingBudget": 5}},
    }
    other = {
        "system_instruction": {"parts": {"text": "be"}},
        "contents": {"parts": {"inline_data": {"mime_type": "image/PNG", "data": "aGk"}}},
        "tools": {"function_declarations": {"name": "f", "parameters_json_schema": {"type": "object"}}},
        "tool_config": {"function_calling_config": {"mode": "any", "allowed_function_names": "f"}},
        "generation_config": {"top_k": 3.0, "stop_sequences": "x", "thinking_config": {"thinking_budget": 5}},
    }
    first, second = (gemini_codec.read_request(json.dumps(raw).encode(), model="m") for raw in (usual, other))
    assert first == second
    assert first.messages[0].parts == (Image(Inline("image/png", "aGk=")),)
    assert first.tool_choice == ToolChoice("required", ("f",))
    assert first.sampling == Sampling(top_k=3)
    assert first.reasoning == ReasoningWish(budget_tokens=5)


def test_calls_without_ids_get_the_same_ones_on_every_reading() -> None:
    """Results find their calls by name and order; a longer history changes no id, and none is sent to the provider."""
    call = {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"n": n}}} for n in (1, 2)]}
    result = {"parts": [{"functionResponse": {"name": "f", "response": {"output": str(n)}}} for n in (1, 2)]}
    once = turns(TURN, call, result)
    twice = turns(TURN, call, result, call, result)
    assert twice[:3] == once
    made = [part.id for message in twice for part in message.parts if isinstance(part, ToolCall)]
    answered = [part.call_id for message in twice for part in message.parts if isinstance(part, ToolResult)]
    assert made == answered
    assert len(set(made)) == 4
    raw = json.dumps({"contents": [TURN, call, {"role": "user", **result}]}).encode()
    conversation = gemini_codec.read_request(raw, model="m")
    written = json.loads(gemini_codec.write_request(conversation, Target("m", has_thinking_level=False)))
    assert written == json.loads(raw)


def test_given_ids_match_results_in_any_order() -> None:
    """With ids the order of results means nothing."""
    calls = [{"functionCall": {"id": n, "name": "f", "args": {}}} for n in "ab"]
    results = [{"functionResponse": {"id": n, "name": "f", "response": {"error": n}}} for n in "ba"]
    read_turns = turns(TURN, {"role": "model", "parts": calls}, {"role": "user", "parts": [{"text": "so"}, *results]})
    assert read_turns[2].parts == (
        ToolResult("b", (Text("b"),), is_error=True),
        ToolResult("a", (Text("a"),), is_error=True),
        Text("so"),
    )


def test_a_history_kept_in_pieces_is_one_turn() -> None:
    """SDKs keep each chunk of a stream as a turn of its own; the signature at the end vouches for all of it."""
    pieces = [
        {"role": "model", "parts": [{"text": "think", "thought": True}]},
        {"role": "model", "parts": [{"text": "Hel"}]},
        {"role": "model", "parts": [{"text": "lo"}]},
        {"role": "model", "parts": [{"text": "", "thoughtSignature": "c2ln"}]},
    ]
    assert turns(TURN, *pieces)[1].parts == (Reasoning("think"), Text("Hello", signature=Signature("c2ln", "gemini")))


@pytest.mark.parametrize(
    ("response", "text", "is_error"),
    [
        ({"output": "hi"}, "hi", False),
        ({"output": {"a": 1}}, '{"a":1}', False),
        ({"error": "no"}, "no", True),
        ({"a": 1, "output": 2}, '{"a":1,"output":2}', False),
    ],
)
def test_results(response: Any, text: str, is_error: bool) -> None:
    """A result is text for others: `output` and `error` are what they say, other objects are JSON."""
    call = {"role": "model", "parts": [{"functionCall": {"name": "f"}}]}
    message = turns(TURN, call, {"parts": [{"functionResponse": {"name": "f", "response": response}}]})[2]
    assert message.parts == (ToolResult("fbcall_1_0", (Text(text),), is_error),)


def test_own_schemas_become_json_schemas() -> None:
    """Types in upper case, nullable and counts as strings are understood by any provider afterwards."""
    own = {
        "type": "OBJECT",
        "properties": {
            "type": {"type": "STRING", "nullable": True, "enum": ["A"]},
            "list": {"type": "ARRAY", "items": {"anyOf": [{"type": "INTEGER"}]}, "minItems": "1", "example": [1]},
        },
        "required": ["type"],
        "propertyOrdering": ["type", "list"],
    }
    expected = {
        "type": "object",
        "properties": {
            "type": {"type": ["string", "null"], "enum": ["A", None]},
            "list": {"type": "array", "items": {"anyOf": [{"type": "integer"}]}, "minItems": 1, "examples": [[1]]},
        },
        "required": ["type"],
    }
    conversation = read(
        tools=[{"functionDeclarations": [{"name": "f", "parameters": own}, {"name": "g"}]}],
        generationConfig={"responseMimeType": "application/json", "responseSchema": own},
    )
    assert json.loads(bytes(conversation.tools[0].schema)) == expected
    assert conversation.tools[1] == Tool("g")
    assert isinstance(conversation.output_format, JsonSchema)
    assert json.loads(bytes(conversation.output_format.schema)) == expected


def test_thinking() -> None:
    """Budgets, levels and the wish to see thoughts."""
    wishes = {
        '{"thinkingBudget":0}': ReasoningWish(effort="none"),
        '{"thinkingBudget":-1,"includeThoughts":true}': ReasoningWish(is_adaptive=True, show="summary"),
        '{"thinkingLevel":"low"}': ReasoningWish(effort="low"),
        '{"includeThoughts":false}': ReasoningWish(show="hidden"),
        '{"thinkingLevel":"THINKING_LEVEL_UNSPECIFIED"}': None,
    }
    for raw, wish in wishes.items():
        assert read(generationConfig={"thinkingConfig": json.loads(raw)}).reasoning == wish
    high = read(generationConfig={"thinkingConfig": {"thinkingLevel": "HIGH"}})
    for has_level, expected in ((True, {"thinkingLevel": "HIGH"}), (False, {"thinkingBudget": 24_576})):
        written = json.loads(gemini_codec.write_request(high, Target("m", has_thinking_level=has_level)))
        assert written["generationConfig"]["thinkingConfig"] == expected


@pytest.mark.parametrize(
    ("raw", "param"),
    [
        (body(labels={"a": "b"}), "labels"),
        (body(cached_content="x"), "cached_content"),
        (body(unknown=1), "unknown"),
        (body(tools=[{"googleSearch": {}}]), "tools[0].googleSearch"),
        (body(safetySettings=[{"category": "C", "threshold": "BLOCK_LOW_AND_ABOVE"}]), "safetySettings[0].threshold"),
        (body(toolConfig={"retrievalConfig": {}}), "toolConfig.retrievalConfig"),
        (config(responseModalities=["IMAGE"]), "generationConfig.responseModalities"),
        (config(speechConfig={}), "generationConfig.speechConfig"),
        (config(mediaResolution="MEDIA_RESOLUTION_LOW"), "generationConfig.mediaResolution"),
        (config(responseMimeType="text/x.enum"), "generationConfig.responseMimeType"),
        (config(responseSchema={}), "generationConfig.responseMimeType"),
        (config(thinkingConfig={"thinkingBudget": 1, "thinkingLevel": "LOW"}), None),
        (config(temperature=3), "generationConfig.temperature"),
        (config(max_output_tokens=0), "generationConfig.max_output_tokens"),
        (parts({"executableCode": {"code": "1"}}), "contents[0].parts[0].executableCode"),
        (parts({"text": "a", "inlineData": PNG}), "contents[0].parts[0]"),
        (parts({"inlineData": PNG, "videoMetadata": {}}), "contents[0].parts[0].videoMetadata"),
        (parts({"functionCall": {"name": "f"}}), "contents[0].parts[0].functionCall"),
        (parts({"functionResponse": {"name": "f"}}), "contents[0].parts[0].functionResponse"),
        (parts({"fileData": {"fileUri": "gs://b/x.png"}}), "contents[0].parts[0].fileData.fileUri"),
        (parts({}), "contents[0].parts[0]"),
        (parts(), "contents[0].parts"),
        (b'{"contents":[{"role":"system","parts":[{"text":"a"}]}]}', "contents[0].role"),
    ],
)
def test_untranslatable(raw: bytes, param: str | None) -> None:
    """What a conversation has no place for is refused by the client's own name, never dropped."""
    with pytest.raises(Refusal) as caught:
        gemini_codec.read_request(raw, model="m")
    assert caught.value.status == 400
    assert caught.value.param == param or param is None


def test_filters_switched_off_ask_nothing() -> None:
    """Clients send them always; only a stricter filter would be lost."""
    for threshold in ("BLOCK_NONE", "OFF", "HARM_BLOCK_THRESHOLD_UNSPECIFIED"):
        assert read(safetySettings=[{"category": "C", "threshold": threshold}]).messages


def test_files_at_public_addresses_are_read() -> None:
    """An address anyone can read is carried with its type, which may show in its name."""
    found = turns(
        {"parts": [{"fileData": {"fileUri": "https://a.example/x.pdf"}}, {"inlineData": PNG | {"displayName": "n"}}]}
    )[0]
    pdf = Document(Url("https://a.example/x.pdf", "application/pdf"))
    assert found.parts == (pdf, Image(Inline("image/png", "aGk=")))


def test_writing_refuses_what_depends_on_values() -> None:
    """A wish that Gemini cannot keep is refused, never bent in silence."""
    conversation = gemini_codec.read_request(body(tools=[{"functionDeclarations": [{"name": "f"}]}]), model="m")
    for wrong in (
        msgspec.structs.replace(conversation, parallel_tools=False),
        msgspec.structs.replace(conversation, sampling=Sampling(seed=2**40)),
        msgspec.structs.replace(conversation, messages=(Message("user", (ToolResult("x", ()),)),)),
        msgspec.structs.replace(conversation, messages=(Message("assistant", (ToolCall("x", "f", "[1]"),)),)),
    ):
        with pytest.raises(Untranslatable):
            gemini_codec.write_request(wrong, Target("m"))
