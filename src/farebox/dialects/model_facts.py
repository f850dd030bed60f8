"""What is known of vendors' models by their names, whichever channel they are reached by: whether they think unseen.

How a request to them must be written is in the presets (upstream/vendors). Sources: the vendors' pages on thinking
(Google) and on reasoning (OpenAI, xAI), late in 2025.
"""

import re

# Models that reason by default and keep it to themselves; vendors' and hosts' prefixes stand before a slash or a dot.
_THINKS_UNSEEN = re.compile(r"(?:^|[/.])(?:o[1-9](?:-|$)|gpt-[5-9]|codex|gemini-(?:2\.5|[3-9])|grok-[4-9])")


def is_known_to_think_unseen(upstream_model: str) -> bool:
    """Whether answers of this model cost reasoning of which its stream shows nothing."""
    return _THINKS_UNSEEN.search(upstream_model.lower()) is not None
