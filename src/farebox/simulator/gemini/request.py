"""The fields of a generateContent request that the simulated provider acts on, and the turn they make.

The provider reads member names in camel case and in snake case alike, and so does this module.
"""

from typing import Any

import msgspec

from farebox.simulator.turn import ToolSpec, Turn, size_tokens

CUSTOMERS_OWN = frozenset(
    ("args", "response", "parameters", "parametersJsonSchema", "responseSchema", "responseJsonSchema", "labels")
)
SCHEMA_DEPTH_MAX = 64
KNOWN = frozenset(
    (
        *("contents", "tools", "toolConfig", "safetySettings", "systemInstruction", "generationConfig"),
        *("cachedContent", "labels", "model", "serviceTier", "store"),
    )
)


class Blob(msgspec.Struct, rename="camel"):
    mime_type: str = ""
    data: str = ""
    file_uri: str = ""


class FunctionCall(msgspec.Struct):
    name: str
    args: dict[str, Any] | None = None
    id: str | None = None


class FunctionResponse(msgspec.Struct):
    name: str
    response: dict[str, Any]
    id: str | None = None


class Part(msgspec.Struct, rename="camel"):
    text: str | None = None
    thought: bool = False
    thought_signature: str | None = None
    inline_data: Blob | None = None
    file_data: Blob | None = None
    function_call: FunctionCall | None = None
    function_response: FunctionResponse | None = None

    @property
    def is_media(self) -> bool:
        return self.inline_data is not None or self.file_data is not None


class Content(msgspec.Struct):
    parts: list[Part] = []
    role: str = "user"

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts if part.text and not part.thought)


class FunctionDeclaration(msgspec.Struct, rename="camel"):
    name: str
    parameters: Any = None
    parameters_json_schema: Any = None


class Tools(msgspec.Struct, rename="camel"):
    function_declarations: list[FunctionDeclaration] = []


class FunctionCallingConfig(msgspec.Struct, rename="camel"):
    mode: str = "AUTO"
    allowed_function_names: list[str] = []


class ToolConfig(msgspec.Struct, rename="camel"):
    function_calling_config: FunctionCallingConfig | None = None


class ThinkingConfig(msgspec.Struct, rename="camel"):
    include_thoughts: bool = False
    thinking_budget: int | None = None
    thinking_level: str | None = None


class GenerationConfig(msgspec.Struct, rename="camel"):
    max_output_tokens: int | None = None
    candidate_count: int | None = None
    stop_sequences: list[str] = []
    response_mime_type: str | None = None
    response_schema: Any = None
    response_json_schema: Any = None
    thinking_config: ThinkingConfig | None = None
    response_logprobs: bool = False
    logprobs: int | None = None


class GenerateRequest(msgspec.Struct, rename="camel"):
    """The body, with what its URL says: `model`, and whether and how the answer is streamed."""

    contents: list[Content] = []
    system_instruction: Content | None = None
    tools: list[Tools] = []
    tool_config: ToolConfig | None = None
    generation_config: GenerationConfig | None = None
    model: str = ""
    stream: bool = False
    as_events: bool = False

    @property
    def config(self) -> GenerationConfig:
        return self.generation_config or GenerationConfig()

    @property
    def declarations(self) -> list[FunctionDeclaration]:
        return [declared for tools in self.tools for declared in tools.function_declarations]

    @property
    def shows_thoughts(self) -> bool:
        thinking = self.config.thinking_config
        return thinking is not None and thinking.include_thoughts

    @property
    def thinks(self) -> bool:
        """Models of the third generation always think; older ones when asked."""
        thinking = self.config.thinking_config
        if thinking is None:
            return self.model.startswith("gemini-3")
        return thinking.thinking_budget != 0

    @property
    def prompt_tokens(self) -> int:
        contents = [*([self.system_instruction] if self.system_instruction else []), *self.contents]
        parts = [part for content in contents for part in content.parts]
        texts = [part.text for part in parts if part.text]
        texts += [result_text(part.function_response) for part in parts if part.function_response is not None]
        return size_tokens(texts, sum(part.is_media for part in parts))


def read_request(body: bytes) -> GenerateRequest:
    return msgspec.convert(camelled(msgspec.json.decode(body)), GenerateRequest)


def camelled(value: Any) -> Any:
    """`value` with member names in camel case, but for those inside values that are the customer's own."""
    if isinstance(value, list):
        return [camelled(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = {_camel(name): inner for name, inner in value.items()}
    return {name: inner if name in CUSTOMERS_OWN else camelled(inner) for name, inner in named.items()}


def turn_of(request: GenerateRequest, *, thinks: bool) -> Turn:
    """The request as a turn; function responses count when the last content brings them."""
    config = request.config
    calling = None if request.tool_config is None else request.tool_config.function_calling_config
    allowed = calling.allowed_function_names if calling is not None else []
    user = [content.text for content in request.contents if content.role != "model"]
    system = "" if request.system_instruction is None else request.system_instruction.text
    schema = config.response_json_schema if config.response_schema is None else config.response_schema
    return Turn(
        prompt="\n".join((system, *user)),
        last_user_text=next((text for text in reversed(user) if text), ""),
        prompt_tokens=request.prompt_tokens,
        tool_results=tuple(
            result_text(part.function_response)
            for part in request.contents[-1].parts
            if part.function_response is not None
        ),
        tools=tuple(
            ToolSpec(declared.name, json_schema(declared.parameters_json_schema or declared.parameters or {}))
            for declared in request.declarations
            if not allowed or declared.name in allowed
        ),
        choosing="none" if calling is not None and calling.mode == "NONE" else "auto",
        wants_json=config.response_mime_type == "application/json",
        schema=None if schema is None else json_schema(schema),
        stop=tuple(config.stop_sequences),
        limit=config.max_output_tokens,
        choices=config.candidate_count or 1,
        thinks=thinks,
    )


def json_schema(schema: Any, depth: int = 0) -> Any:
    """The provider's own schema language as JSON schema: its types are written in capitals."""
    if depth > SCHEMA_DEPTH_MAX:
        return {}
    if isinstance(schema, list):
        return [json_schema(item, depth + 1) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: json_schema(inner, depth + 1) for name, inner in schema.items()}
    if isinstance(plain.get("type"), str):
        plain["type"] = plain["type"].lower()
    for name in ("minItems", "maxItems", "minLength", "maxLength"):
        if isinstance(plain.get(name), str):
            plain[name] = int(plain[name])
    return plain if depth or plain.get("type") else {"type": "object", **plain}


def result_text(response: FunctionResponse) -> str:
    """What a function gave back: its only text, or all of it as JSON."""
    values = list(response.response.values())
    if len(values) == 1 and isinstance(values[0], str):
        return values[0]
    return msgspec.json.encode(response.response).decode()


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest) if rest and first else name
