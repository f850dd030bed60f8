"""The fields of a messages request that the simulated provider acts on, and the turn they make."""

from typing import Any

import msgspec

from farebox.simulator.turn import ToolSpec, Turn, size_tokens

MEDIA = ("image", "document")
KNOWN = frozenset(
    (
        *("model", "messages", "max_tokens", "system", "metadata", "stop_sequences", "stream", "temperature", "top_k"),
        *("top_p", "tools", "tool_choice", "thinking", "service_tier", "container", "mcp_servers", "cache_control"),
        *("context_management", "output_config", "inference_geo", "speed", "diagnostics", "user_profile_id"),
    )
)


class Block(msgspec.Struct):
    """A content block of any type; what a type does not have is at its default."""

    type: str = "text"
    text: str = ""
    id: str = ""
    name: str = ""
    input: dict[str, Any] | None = None
    tool_use_id: str = ""
    content: Any = None
    is_error: bool | None = None
    source: dict[str, Any] | None = None
    thinking: str = ""
    signature: str = ""
    data: str = ""
    cache_control: dict[str, Any] | None = None


class Message(msgspec.Struct):
    role: str
    content: str | list[Block]

    @property
    def blocks(self) -> list[Block]:
        return [Block(text=self.content)] if isinstance(self.content, str) else self.content


class Tool(msgspec.Struct):
    name: str
    input_schema: dict[str, Any] | None = None
    type: str | None = None


class ToolChoice(msgspec.Struct):
    type: str
    name: str = ""
    disable_parallel_tool_use: bool | None = None


class Thinking(msgspec.Struct):
    type: str
    budget_tokens: int | None = None
    display: str | None = None


class OutputFormat(msgspec.Struct):
    type: str
    schema: Any = None


class OutputConfig(msgspec.Struct):
    format: OutputFormat | None = None
    effort: str | None = None


class MessagesRequest(msgspec.Struct):
    model: str
    messages: list[Message]
    max_tokens: int | None = None
    system: str | list[Block] | None = None
    stream: bool | None = None
    stop_sequences: list[str] | None = None
    tools: list[Tool] | None = None
    tool_choice: ToolChoice | None = None
    thinking: Thinking | None = None
    output_config: OutputConfig | None = None
    cache_control: dict[str, Any] | None = None

    @property
    def thinks(self) -> bool:
        return self.thinking is not None and self.thinking.type != "disabled"

    @property
    def shows_thoughts(self) -> bool:
        return self.thinking is not None and self.thinking.display != "omitted"

    @property
    def system_text(self) -> str:
        blocks = [Block(text=self.system)] if isinstance(self.system, str) else self.system or []
        return "\n".join(block.text for block in blocks)

    @property
    def prompt_tokens(self) -> int:
        blocks = [block for message in self.messages for block in message.blocks]
        inner = [part for block in blocks for part in result_blocks(block)]
        texts = [self.system_text, *(block.text for block in (*blocks, *inner))]
        return size_tokens(texts, sum(block.type in MEDIA for block in (*blocks, *inner)))

    @property
    def caches_for_an_hour(self) -> bool:
        blocks = [block for message in self.messages for block in message.blocks]
        blocks += self.system if isinstance(self.system, list) else []
        controls = [self.cache_control, *(block.cache_control for block in blocks)]
        return any(control is not None and control.get("ttl") == "1h" for control in controls)


def result_blocks(block: Block) -> list[Block]:
    """The blocks inside a tool result; none for any other block."""
    if block.type != "tool_result" or block.content is None:
        return []
    if isinstance(block.content, str):
        return [Block(text=block.content)]
    return msgspec.convert(block.content, list[Block])


def turn_of(request: MessagesRequest) -> Turn:
    """The request as a turn; tool results count when the last message brings them."""
    last = request.messages[-1].blocks
    results = [block for block in last if block.type == "tool_result"]
    user = [message for message in request.messages if message.role == "user"]
    texts = ["\n".join(block.text for block in message.blocks if block.type == "text") for message in user]
    choice = request.tool_choice
    shape = None if request.output_config is None else request.output_config.format
    return Turn(
        prompt="\n".join((request.system_text, *texts)),
        last_user_text=next((text for text in reversed(texts) if text), ""),
        prompt_tokens=request.prompt_tokens,
        tool_results=tuple("\n".join(part.text for part in result_blocks(block)) for block in results),
        tools=tuple(
            ToolSpec(tool.name, tool.input_schema) for tool in request.tools or () if tool.input_schema is not None
        ),
        choosing="none" if choice is not None and choice.type == "none" else "auto",
        forced_tool=choice.name if choice is not None and choice.type == "tool" else None,
        parallel=not (choice is not None and choice.disable_parallel_tool_use),
        wants_json=shape is not None,
        schema=None if shape is None else shape.schema,
        stop=tuple(request.stop_sequences or ()),
        limit=request.max_tokens,
        thinks=request.thinks,
    )
