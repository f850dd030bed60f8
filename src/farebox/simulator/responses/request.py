"""The fields of a responses request that the simulated provider acts on, and the turn they make."""

from typing import Any

import msgspec

from farebox.simulator.turn import ToolSpec, Turn, size_tokens

MEDIA = ("input_image", "input_file", "input_audio")
TEXT = ("input_text", "output_text", "text")


class Content(msgspec.Struct):
    """A part of a message or of what a tool gave back."""

    type: str = "input_text"
    text: str = ""
    refusal: str = ""
    image_url: str | None = None
    file_url: str | None = None
    file_data: str | None = None
    file_id: str | None = None


class Item(msgspec.Struct):
    """An input item of any type; what a type does not have is at its default."""

    type: str = "message"
    id: str | None = None
    role: str = ""
    content: str | list[Content] | None = None
    call_id: str = ""
    name: str = ""
    arguments: str | dict[str, Any] = ""
    output: str | list[Content] | None = None
    encrypted_content: str | None = None

    @property
    def parts(self) -> list[Content]:
        given = self.output if self.type == "function_call_output" else self.content
        return [Content(text=given)] if isinstance(given, str) else given or []

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts if part.type in TEXT)


class Tool(msgspec.Struct):
    type: str
    name: str = ""
    parameters: dict[str, Any] | None = None


class Format(msgspec.Struct):
    type: str = "text"
    schema: Any = None


class Text(msgspec.Struct):
    format: Format | None = None


class Reasoning(msgspec.Struct):
    effort: str | None = None
    summary: str | None = None


class ResponsesRequest(msgspec.Struct):
    model: str
    input: str | list[Item] = ""
    instructions: str | None = None
    stream: bool | None = None
    max_output_tokens: int | None = None
    tools: list[Tool] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    text: Text | None = None
    reasoning: Reasoning | None = None
    include: list[str] | None = None
    store: bool | None = None
    previous_response_id: str | None = None
    metadata: dict[str, str] | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_logprobs: int | None = None

    @property
    def items(self) -> list[Item]:
        return [Item(role="user", content=self.input)] if isinstance(self.input, str) else self.input

    @property
    def thinks(self) -> bool:
        return self.reasoning is not None and self.reasoning.effort != "none"

    @property
    def summarizes(self) -> bool:
        return self.reasoning is not None and self.reasoning.summary is not None

    @property
    def wants_encrypted(self) -> bool:
        return "reasoning.encrypted_content" in (self.include or ())

    @property
    def wants_logprobs(self) -> bool:
        return "message.output_text.logprobs" in (self.include or ())

    @property
    def functions(self) -> list[Tool]:
        return [tool for tool in self.tools or () if tool.type == "function"]

    @property
    def prompt_tokens(self) -> int:
        parts = [part for item in self.items for part in item.parts]
        texts = [self.instructions or "", *(part.text for part in parts if part.type in TEXT)]
        return size_tokens(texts, sum(part.type in MEDIA for part in parts))


def turn_of(request: ResponsesRequest, *, thinks: bool) -> Turn:
    """The request as a turn; function outputs count when the user has not spoken since."""
    texts = [request.instructions or ""]
    results: list[str] = []
    last_user_text = ""
    for item in request.items:
        texts.append(item.text)
        if item.role == "user":
            last_user_text, results = item.text, []
        elif item.type == "function_call_output":
            results.append(item.text)
    forced, allowed = _chosen(request.tool_choice)
    shape = request.text.format if request.text is not None and request.text.format is not None else Format()
    return Turn(
        prompt="\n".join(texts),
        last_user_text=last_user_text,
        prompt_tokens=request.prompt_tokens,
        tool_results=tuple(results),
        tools=tuple(
            ToolSpec(tool.name, tool.parameters or {"type": "object"})
            for tool in request.functions
            if allowed is None or tool.name in allowed
        ),
        choosing="none" if request.tool_choice == "none" else "auto",
        forced_tool=forced,
        parallel=request.parallel_tool_calls is not False,
        wants_json=shape.type != "text",
        schema=shape.schema,
        limit=request.max_output_tokens,
        thinks=thinks,
    )


def _chosen(choice: str | dict[str, Any] | None) -> tuple[str | None, list[str] | None]:
    """The one function that must be called, and those that may be; None for each where nothing is said."""
    if not isinstance(choice, dict):
        return None, None
    if choice.get("type") == "allowed_tools":
        return None, [tool.get("name", "") for tool in choice.get("tools", ())]
    return choice.get("name", ""), None
