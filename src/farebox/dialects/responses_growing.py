"""A part of an answer while a stream says it: its words in pieces, and what vouches for them."""

import msgspec

from farebox.dialects.conversation import AssistantPart, Opaque, Reasoning, RefusalPart, Signature, Text, ToolCall


class GrowingPart:
    """One part; `frame` is what it will be, still empty."""

    __slots__ = ("frame", "has_summary", "number", "sealed", "signature", "words")

    def __init__(self, number: int, frame: AssistantPart) -> None:
        self.number = number
        self.frame = frame
        self.words: list[str] = []
        self.signature: Signature | None = None
        self.sealed: Signature | None = None
        self.has_summary = False

    def whole(self) -> AssistantPart:
        replace = msgspec.structs.replace
        words = "".join(self.words)
        match self.frame:
            case Text():
                return replace(self.frame, text=words, signature=self.signature)
            case ToolCall():
                return replace(self.frame, arguments_json=words, signature=self.signature)
            case Reasoning():
                return replace(self.frame, text=words, signature=self.signature, sealed=self.sealed)
            case RefusalPart():
                return RefusalPart(words)
            case Opaque():
                return self.frame
