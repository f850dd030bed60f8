"""Reasoning in messages of chat completions, for which OpenAI has no place and vendors have several.

Readable reasoning is `reasoning_content` (DeepSeek and most others) or `reasoning`; with signatures it is a list
`reasoning_details` (OpenRouter), each entry readable (`reasoning.text`), a summary or sealed (`reasoning.encrypted`).
Signatures of tool calls and texts stand in `extra_content.google.thought_signature`, as Google's own servers of this
dialect have them.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from farebox.dialects.conversation import Reasoning, Signature
from farebox.dialects.signatures import seal, unseal, unwrap, wrap


class Detail(msgspec.Struct, gc=False):
    """An entry of `reasoning_details`; entries of a stream with the same index are pieces of one."""

    type: str = ""
    index: int | None = None
    id: str | None = None
    text: str | None = None
    summary: str | None = None
    signature: str | None = None
    data: str | None = None


def read_details(details: Iterable[Detail], plain_text: str | None) -> list[Reasoning]:
    """The reasoning of one message. `plain_text` is what its other fields say, which repeats what details tell."""
    found = [reasoning for detail in details if (reasoning := read_detail(detail)) is not None]
    if plain_text and not any(reasoning.text for reasoning in found):
        return [Reasoning(plain_text), *found]
    return found


def read_detail(detail: Detail) -> Reasoning | None:
    if detail.type == "reasoning.encrypted":
        if not detail.data:
            return None
        sealed = unseal(detail.data, "openai_chat")
        return sealed if sealed.id else msgspec.structs.replace(sealed, id=detail.id)
    text = detail.text or detail.summary or ""
    signature = unwrap(detail.signature, "openai_chat") if detail.signature else None
    return Reasoning(text, signature) if text or signature else None


def write_details(reasoning: Iterable[Reasoning]) -> list[dict[str, Any]]:
    """Entries of `reasoning_details`."""
    written: list[dict[str, Any]] = []
    for part in reasoning:
        if part.text or part.signature is not None:
            entry: dict[str, Any] = {"type": "reasoning.text", "text": part.text}
            if part.signature is not None:
                entry["signature"] = wrap(part.signature, "openai_chat")
            written.append(entry | {"index": len(written)})
        if part.sealed is not None:
            entry = {"type": "reasoning.encrypted", "data": seal(part.sealed, part.id, "openai_chat")}
            if part.sealed.by == "openai_chat" and part.id is not None:
                entry["id"] = part.id
            written.append(entry | {"index": len(written)})
    return written


def read_extra_content(extra: object) -> Signature | None:
    """The signature in an `extra_content`."""
    google = extra.get("google") if isinstance(extra, dict) else None
    value = google.get("thought_signature") if isinstance(google, dict) else None
    return unwrap(value, "openai_chat") if isinstance(value, str) and value else None


def write_extra_content(signature: Signature) -> dict[str, Any]:
    return {"google": {"thought_signature": wrap(signature, "openai_chat")}}
