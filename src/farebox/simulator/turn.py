"""What a request asks of the simulated model, in no dialect's words.

Each dialect reads its own request into a turn, so that equal questions get equal answers in all of them.
"""

from typing import Any, Literal

import msgspec

MEDIA_TOKENS = 85
THOUGHT_TOKENS = 8

Choosing = Literal["auto", "none", "required"]


class ToolSpec(msgspec.Struct, frozen=True):
    """A tool that the model may call; `schema` is the JSON schema of its arguments."""

    name: str
    schema: dict[str, Any]


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One question; `limit` is None where the client set none.

    `forced_tool` narrows the tools to the one of that name. `schema` is what structured output must satisfy; JSON
    without a schema is asked for by `wants_json`. `thinks` makes the answer begin with a thought.
    """

    prompt: str
    last_user_text: str
    prompt_tokens: int
    tool_results: tuple[str, ...] = ()
    tools: tuple[ToolSpec, ...] = ()
    choosing: Choosing = "auto"
    forced_tool: str | None = None
    parallel: bool = True
    wants_json: bool = False
    schema: Any = None
    stop: tuple[str, ...] = ()
    limit: int | None = None
    choices: int = 1
    thinks: bool = False


def size_tokens(texts: list[str], media: int) -> int:
    """One token per four bytes of text, rounded up over the whole prompt, and a constant for each media part."""
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    return max(1, -(-size // 4)) + MEDIA_TOKENS * media
