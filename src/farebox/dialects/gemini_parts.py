"""How pieces of a text become one part: in a stream, in a history that a client kept piece by piece, in a plain answer.

Neighbours of one kind are one part until a signature (or another mark in its place) closes it. So an answer is the same
whether it was streamed or not, and a signature that comes in a part of its own vouches for the text before it.
"""

import msgspec

from farebox.dialects.conversation import Part, Reasoning, Text


def append_part(parts: list[Part], part: Part) -> None:
    """Add a part, or let the last one grow by it. Empty pieces without a mark leave no trace."""
    if isinstance(part, Text | Reasoning):
        if not part.text and not is_closed(part):
            return
        last = parts[-1] if parts else None
        if isinstance(last, Text | Reasoning) and type(last) is type(part) and not is_closed(last):
            parts[-1] = msgspec.structs.replace(part, text=last.text + part.text)
            return
    parts.append(part)


def is_closed(part: Text | Reasoning) -> bool:
    """Whether a mark vouches for the text as it stands."""
    if isinstance(part, Reasoning) and (part.sealed is not None or part.id is not None):
        return True
    return part.signature is not None
