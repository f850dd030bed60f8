"""What is known of vendors' models by their names, where it decides how a request must be written.

Names that nobody knows get the present way of writing, which new models take. Sources: the vendors' pages on extended
thinking and structured outputs (Anthropic) and on thinking (Google), late in 2025.
"""

import re

from farebox.dialects.codec import Target

_CLAUDE = re.compile(r"claude-(?:[a-z]+-(\d)|(\d))(?:[-.](\d{1,2}))?(?!\d)")
_GEMINI = re.compile(r"gemini-(\d+)")
_LEVELS_SINCE = 3
_ADAPTIVE_SINCE = (4, 6)
_SCHEMA_SINCE = (4, 5)
_SCHEMA_TOO = "claude-opus-4-1"


def target_of(kind: str, upstream_model: str, *, default_output_tokens: int) -> Target:
    """The target of a request to this model on a channel of this kind."""
    adaptive = False
    schema = True
    if (claude := _CLAUDE.search(upstream_model)) is not None:
        version = (int(claude[1] or claude[2]), int(claude[3] or 0))
        adaptive = version >= _ADAPTIVE_SINCE
        schema = version >= _SCHEMA_SINCE or _SCHEMA_TOO in upstream_model
    gemini = _GEMINI.search(upstream_model)
    return Target(
        model=upstream_model,
        default_output_tokens=default_output_tokens,
        bound_name="max_completion_tokens" if kind == "openai" else "max_tokens",
        has_adaptive_thinking=adaptive,
        has_native_schema=schema,
        has_thinking_level=gemini is None or int(gemini[1]) >= _LEVELS_SINCE,
    )
