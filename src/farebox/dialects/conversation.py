"""A request to a model in no dialect's words: what every dialect is read into and written from.

Only what at least two dialects mean alike has a place here; a reader refuses with `Untranslatable` what it finds beyond
that, and `carriage.refuse_what_is_lost` refuses what the target's dialect has no place for. Knows no wire format, no
account and no money.

    Conversation
    ├── system      texts before the first turn
    ├── messages    turns of user and assistant, each a list of parts; tool results are parts of the user's turns
    ├── tools, tool_choice, parallel_tools
    ├── output      format, limit, stop sequences
    └── sampling, reasoning, ids and flags
"""

from typing import Literal

import msgspec

from farebox.domain.errors import Refusal

Dialect = Literal["openai_chat", "openai_responses", "anthropic", "gemini"]
DIALECTS: tuple[Dialect, ...] = ("openai_chat", "openai_responses", "anthropic", "gemini")


class Untranslatable(Refusal):
    """A part of a request that the other side's dialect has no word for: a 400 that names the client's field.

    `reason` follows the field's name in the sentence and ends with what to do, without a full stop.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__("invalid_request", f"`{field}` {reason}.", param=field)


class CacheMarker(msgspec.Struct, frozen=True):
    """A wish that the prompt up to and including this part be cached; a hint, which changes no answer."""

    ttl: str | None = None


class Signature(msgspec.Struct, frozen=True):
    """Opaque data of a provider that it wants back unchanged, and the dialect in which it was given.

    Only that dialect's provider can read it. `signatures.wrap` and `unwrap` carry it through a client of another one.
    """

    value: str
    by: Dialect


class Inline(msgspec.Struct, frozen=True, tag="inline"):
    """Content in the request itself; `data` is base64 as the client wrote it."""

    media_type: str
    data: str


class Url(msgspec.Struct, frozen=True, tag="url"):
    """Content that the provider is to fetch. `media_type` where the client told it."""

    url: str
    media_type: str | None = None


class Text(msgspec.Struct, frozen=True, tag="text"):
    """Words of whoever's turn it is. Gemini signs texts too."""

    text: str
    cache: CacheMarker | None = None
    signature: Signature | None = None


class Image(msgspec.Struct, frozen=True, tag="image"):
    """An image; `detail` is OpenAI's wish about its resolution: low, high, auto, original."""

    source: Inline | Url
    detail: str | None = None
    cache: CacheMarker | None = None


class Document(msgspec.Struct, frozen=True, tag="document"):
    """A file to read, mostly a PDF. A plain text is Inline too, as base64 of UTF-8 with media type text/plain."""

    source: Inline | Url
    name: str | None = None
    cache: CacheMarker | None = None


class Audio(msgspec.Struct, frozen=True, tag="audio"):
    """Recorded sound to listen to."""

    source: Inline
    cache: CacheMarker | None = None


class ToolCall(msgspec.Struct, frozen=True, tag="tool_call"):
    """The model's wish to have a tool run. `arguments_json` is the text of a JSON object, as the model wrote it.

    Where a dialect has no ids (Gemini) its reader makes them: unique within the conversation and the same on every
    reading.
    """

    id: str
    name: str
    arguments_json: str
    signature: Signature | None = None
    cache: CacheMarker | None = None


class ToolResult(msgspec.Struct, frozen=True, tag="tool_result"):
    """What the client's tool gave. The tool's name is that of the call with this id: see `tool_names`."""

    call_id: str
    parts: tuple["Text | Image | Document | Audio", ...]
    is_error: bool = False
    cache: CacheMarker | None = None


class Reasoning(msgspec.Struct, frozen=True, tag="reasoning"):
    """What the model thought before it answered, readable (`text`), sealed, or both.

    `signature` vouches for the text; `sealed` is reasoning that only its provider can read (Anthropic's redacted
    thinking, OpenAI's encrypted content). Neighbours with the same `id` are pieces of one item of OpenAI responses.
    """

    text: str = ""
    signature: Signature | None = None
    sealed: Signature | None = None
    id: str | None = None


class RefusalPart(msgspec.Struct, frozen=True, tag="refusal"):
    """The model's words of refusal, where a dialect keeps them apart from text."""

    text: str


class Opaque(msgspec.Struct, frozen=True, tag="opaque"):
    """A piece of an answer that only its own dialect knows (hosted tools): written back there, left out elsewhere.

    Never part of a Conversation: in requests such pieces are refused.
    """

    dialect: Dialect
    raw: bytes


UserPart = Text | Image | Document | Audio | ToolResult
AssistantPart = Text | Reasoning | ToolCall | RefusalPart | Opaque
Part = UserPart | AssistantPart


class Message(msgspec.Struct, frozen=True):
    """One turn. Role `system` is an instruction given midway; what stands before the first turn is in `system`.

    Tool results come first in their turn: a reader moves them there. `name` tells participants of one role apart.
    """

    role: Literal["user", "assistant", "system"]
    parts: tuple[Part, ...]
    name: str | None = None


class Tool(msgspec.Struct, frozen=True):
    """A function that the client can run. `schema` is the JSON schema of its arguments as the client wrote it."""

    name: str
    description: str | None = None
    schema: msgspec.Raw = msgspec.Raw(b'{"type":"object","properties":{}}')
    strict: bool | None = None
    cache: CacheMarker | None = None


class ToolChoice(msgspec.Struct, frozen=True):
    """Whether tools may or must be called; `names` limits which (one name with `required` forces that tool)."""

    mode: Literal["auto", "none", "required"]
    names: tuple[str, ...] = ()


class JsonObject(msgspec.Struct, frozen=True, tag="json_object"):
    """The answer is to be some JSON object."""


class JsonSchema(msgspec.Struct, frozen=True, tag="json_schema"):
    """The answer is to be JSON of this schema. A dialect without names leaves `name` as it is."""

    schema: msgspec.Raw
    name: str = "output"
    description: str | None = None
    strict: bool | None = None


class Sampling(msgspec.Struct, frozen=True):
    """How tokens are chosen; None leaves it to the provider."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    seed: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    answers: int = 1
    logprobs: bool = False
    top_logprobs: int | None = None


Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]


class ReasoningWish(msgspec.Struct, frozen=True):
    """How much to think, by `effort` or by tokens, and what to show of it.

    Effort `none` is no reasoning at all; `is_adaptive` leaves it to the model when to think. `show` None is the
    dialect's default.
    """

    effort: Effort | None = None
    budget_tokens: int | None = None
    is_adaptive: bool = False
    show: Literal["full", "summary", "hidden"] | None = None


class Conversation(msgspec.Struct, frozen=True):
    """One request to a model."""

    model: str
    messages: tuple[Message, ...]
    system: tuple[Text, ...] = ()
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice | None = None
    parallel_tools: bool | None = None
    output_format: JsonObject | JsonSchema | None = None
    most_output_tokens: int | None = None
    stop_sequences: tuple[str, ...] = ()
    sampling: Sampling = Sampling()
    reasoning: ReasoningWish | None = None
    verbosity: str | None = None
    end_user: str | None = None
    cache_key: str | None = None
    cache: CacheMarker | None = None  # the provider is to choose where to cache
    stream: bool = False
    wants_stream_usage: bool = True  # whether the client's dialect reports usage in this stream


def tool_names(conversation: Conversation) -> dict[str, str]:
    """Call id to name of the tool, for dialects whose results name the tool."""
    return {
        part.id: part.name for message in conversation.messages for part in message.parts if isinstance(part, ToolCall)
    }
