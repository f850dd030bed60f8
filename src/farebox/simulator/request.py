"""The fields of a request that the simulated provider acts on; all others are accepted and ignored.

Each struct also knows its prompt: the text by which the answer is seeded and the prompt tokens are counted.
"""

from typing import Any

import msgspec

MEDIA_PART_TOKENS = 85


class ContentPart(msgspec.Struct):
    type: str = "text"
    text: str = ""


class Message(msgspec.Struct):
    role: str
    content: str | list[ContentPart] | None = None
    tool_calls: list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")

    @property
    def media_parts(self) -> int:
        return 0 if not isinstance(self.content, list) else sum(part.type != "text" for part in self.content)


class StreamOptions(msgspec.Struct):
    include_usage: bool | None = None


class ToolFunction(msgspec.Struct):
    name: str
    parameters: dict[str, Any] | None = None


class Tool(msgspec.Struct):
    function: ToolFunction
    type: str = "function"


class JsonSchema(msgspec.Struct):
    name: str = "answer"
    schema: dict[str, Any] | None = None


class ResponseFormat(msgspec.Struct):
    type: str
    json_schema: JsonSchema | None = None


class ChatRequest(msgspec.Struct):
    model: str
    messages: list[Message]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    n: int | None = None
    stop: str | list[str] | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    tools: list[Tool] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    response_format: ResponseFormat | None = None

    @property
    def output_limit(self) -> int | None:
        return self.max_tokens if self.max_completion_tokens is None else self.max_completion_tokens

    @property
    def prompt(self) -> str:
        return "\n".join(message.text for message in self.messages)

    @property
    def last_user_text(self) -> str:
        return next((message.text for message in reversed(self.messages) if message.role == "user"), "")

    @property
    def tool_results(self) -> list[str]:
        """What tools answered since the user last spoke, oldest first."""
        results: list[str] = []
        for message in reversed(self.messages):
            if message.role == "user":
                break
            if message.role == "tool":
                results.append(message.text)
        return results[::-1]

    @property
    def prompt_tokens(self) -> int:
        """One token per four bytes of text, rounded up over the whole prompt, and a constant for each media part."""
        size = sum(len(message.text.encode("utf-8", "surrogatepass")) for message in self.messages)
        return max(1, -(-size // 4)) + MEDIA_PART_TOKENS * sum(message.media_parts for message in self.messages)


class CompletionRequest(msgspec.Struct):
    model: str
    prompt: str | list[str | int | list[int]] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: int | None = None
    n: int | None = None
    best_of: int | None = None
    stop: str | list[str] | None = None
    logprobs: int | None = None
    echo: bool | None = None

    @property
    def prompts(self) -> list[str]:
        return texts_of(self.prompt if self.prompt is not None else "")


class EmbeddingRequest(msgspec.Struct):
    model: str
    input: str | list[str | int | list[int]]
    encoding_format: str | None = None
    dimensions: int | None = None

    @property
    def inputs(self) -> list[str]:
        return texts_of(self.input)


def texts_of(value: str | list[str | int | list[int]]) -> list[str]:
    """The separate inputs of a field that takes a text, texts, token ids, or lists of token ids."""
    if isinstance(value, str):
        return [value]
    if value and all(isinstance(item, int) for item in value):
        return [" ".join(str(item) for item in value)]
    return [item if isinstance(item, str) else str(item) for item in value]


def text_tokens(text: str) -> int:
    """The simulator's rule for counting a prompt: one token per four bytes, rounded up, at least one."""
    return max(1, -(-len(text.encode("utf-8", "surrogatepass")) // 4))
