"""Reasoning items of OpenAI's responses: pieces of one item put together, and foreign signatures in their clothes.

An item has one place for what is opaque, `encrypted_content`. This provider's own sealed reasoning stays there as it
is. What another dialect's provider signed or sealed travels in the same place under its owner's mark; and since texts
and tool calls have no place for a signature, theirs travels as an item of its own right after them.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from farebox.dialects.conversation import AssistantPart, Reasoning, RefusalPart, Signature, Text, ToolCall
from farebox.dialects.signatures import LAST_MARK, unwrap, wrap

# Before foreign content that is sealed reasoning and not the signature of a readable one.
_SEALED_MARK = "sealed:"
# In the place of the content where the provider gave none. Items without any would be looked up among stored ones, so
# that clients could not return them; this also tells them from OpenAI's own, which has never seen them.
_UNSIGNED = "fb1.unsigned"


def joins(before: AssistantPart, part: AssistantPart) -> bool:
    """Whether a part belongs to the same item as the one before it."""
    if isinstance(part, Text | RefusalPart):
        is_signed = isinstance(before, Text) and before.signature is not None
        return isinstance(before, Text | RefusalPart) and not is_signed
    return (
        isinstance(part, Reasoning) and isinstance(before, Reasoning) and part.id is not None and part.id == before.id
    )


def reasoning_item(pieces: Sequence[Reasoning], fallback_id: str | None) -> dict[str, Any]:
    """The item that these pieces make up; without any id it has none."""
    item: dict[str, Any] = {"type": "reasoning"}
    item_id = pieces[0].id or fallback_id
    if item_id is not None:
        item["id"] = item_id
    item["summary"] = [{"type": "summary_text", "text": piece.text} for piece in pieces if piece.text]
    vouched = [piece for piece in pieces if piece.sealed or piece.signature]
    item["encrypted_content"] = _voucher(vouched[-1]) if vouched else _UNSIGNED
    return item


def carrier_item(signature: Signature, item_id: str) -> dict[str, Any]:
    """The item that carries the signature of the text or the tool call before it."""
    marked = Signature(LAST_MARK + signature.value, signature.by)
    return {"type": "reasoning", "id": item_id, "summary": [], "encrypted_content": wrap(marked, "openai_responses")}


def _voucher(piece: Reasoning) -> str:
    sealed = piece.sealed
    if sealed is None:
        assert piece.signature is not None
        return wrap(piece.signature, "openai_responses")
    if sealed.by == "openai_responses":
        return sealed.value
    return wrap(Signature(_SEALED_MARK + sealed.value, sealed.by), "openai_responses")


def reasoning_parts(
    item_id: str | None, texts: Sequence[str], encrypted: str | None, made_id: str | None = None
) -> list[Reasoning]:
    """The pieces of an item; what is opaque goes with the last. `made_id` holds pieces together that have no id."""
    texts = [text for text in texts if text]
    if item_id is None and len(texts) > 1:
        item_id = made_id
    pieces = [Reasoning(text, id=item_id) for text in texts]
    if not encrypted or encrypted == _UNSIGNED:
        return pieces
    last = pieces.pop() if pieces else Reasoning(id=item_id)
    voucher = unwrap(encrypted, "openai_responses")
    if voucher.by == "openai_responses":
        return [*pieces, msgspec.structs.replace(last, sealed=voucher)]
    if voucher.value.startswith(_SEALED_MARK):
        sealed = Signature(voucher.value[len(_SEALED_MARK) :], voucher.by)
        return [*pieces, msgspec.structs.replace(last, sealed=sealed)]
    return [*pieces, msgspec.structs.replace(last, signature=voucher)]


def signature_of_last(encrypted: str | None) -> Signature | None:
    """The signature of the part before this item, if that is what the item carries."""
    if not encrypted:
        return None
    voucher = unwrap(encrypted, "openai_responses")
    if voucher.by == "openai_responses" or not voucher.value.startswith(LAST_MARK):
        return None
    return Signature(voucher.value[len(LAST_MARK) :], voucher.by)


def is_foreign(encrypted: str) -> bool:
    """Whether the content was made by a provider of another dialect, and only travelled through the client."""
    return encrypted == _UNSIGNED or unwrap(encrypted, "openai_responses").by != "openai_responses"


def signed(part: AssistantPart, signature: Signature) -> AssistantPart:
    """The part with its signature; parts that cannot have one stay as they are."""
    return msgspec.structs.replace(part, signature=signature) if isinstance(part, Text | ToolCall) else part
