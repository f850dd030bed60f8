"""What a customer asks a model and what comes of it, in no dialect's words, so that SDKs can be compared."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.support.gateway import MODEL

TOOL_SCHEMA: dict[str, Any] = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
ANSWER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "warm": {"type": "boolean"}},
    "required": ["city", "warm"],
    "additionalProperties": False,
}
THINKING_BUDGET = 1024


@dataclass(frozen=True, kw_only=True)
class Question:
    """One call, and a second one with what the tools gave when the model calls them and `results` are there.

    `image` is an https address or the base64 of a PNG; `schema` what the answer must be JSON of. `leave_after` is how
    many pieces of text of a stream the customer reads before leaving.
    """

    text: str
    model: str = MODEL
    streams: bool = False
    tools: tuple[str, ...] = ()
    results: Mapping[str, str] = field(default_factory=dict)
    image: str = ""
    schema: Mapping[str, Any] | None = None
    thinks: bool = False
    most: int = 200
    leave_after: int = 0

    @property
    def fields(self) -> dict[str, Any]:
        """For a process in another language."""
        return {**asdict(self), "tool_schema": TOOL_SCHEMA, "budget": THINKING_BUDGET}


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What the model answered, as the SDK tells it.

    `stop` is end, tools, length, or left where the customer did; `pieces` counts the texts of a stream. `signatures`
    are those of thoughts and of calls, and thoughts that are sealed. `then` is the answer to the tools' results.
    """

    text: str
    thought: str
    signatures: list[str]
    calls: list[tuple[str, Any]]
    stop: str
    input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    pieces: int
    then: "Turn | None"


@dataclass(frozen=True)
class Raised:
    """The SDK's own exception: its class, the status of the answer and our code; what it says tells people only."""

    name: str
    status: int
    code: str
    message: str = field(default="", compare=False)
