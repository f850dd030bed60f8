"""Blocks of Anthropic's messages that are not text: what they may cost in tokens, and which of them are refused.

The bounds are for the hold; the charge is what the provider reports. Source: the guide on vision, whose largest images
cost 4,784 tokens, and the guide on PDFs, whose text and pages are both counted.
"""

from typing import Any

from farebox.dialects.openai_fields import bad_field
from farebox.dialects.openai_media import DOCUMENT_BYTES_PER_TOKEN, Media

IMAGE_TOKENS = 4_784
# An address says nothing of the pages behind it; quotes are bounded by the model's context window.
LINKED_DOCUMENT_TOKENS = 1_000_000


def measure_messages(messages: list[Any]) -> Media:
    """The media of all messages; raises Refusal for blocks that live at the provider."""
    media = Media()
    for index, message in enumerate(messages):
        if not isinstance(message, dict):
            raise bad_field(f"messages[{index}]", "must be an object")
        _add_blocks(message.get("content"), media, f"messages[{index}].content")
    return media


def _add_blocks(content: Any, media: Media, where: str) -> None:
    if not isinstance(content, list):
        return
    for index, block in enumerate(content):
        if not isinstance(block, dict):
            continue
        path = f"{where}[{index}]"
        if "file_id" in block:
            raise bad_field(f"{path}.file_id", "refers to a file kept at the provider. Send its content")
        if block.get("type") in ("image", "document"):
            _add_media(block, media, path)
        elif block.get("type") == "tool_result":
            _add_blocks(block.get("content"), media, f"{path}.content")


def _add_media(block: dict[str, Any], media: Media, path: str) -> None:
    source = block.get("source")
    if not isinstance(source, dict):
        raise bad_field(f"{path}.source", "must be an object")
    if source.get("type") == "file" or "file_id" in source:
        raise bad_field(f"{path}.source.file_id", "refers to a file kept at the provider. Send its content")
    data = source.get("data") if source.get("type") == "base64" else None
    if block["type"] == "image":
        media.add(IMAGE_TOKENS, data if isinstance(data, str) else "")
    elif isinstance(data, str):
        media.add(1 + len(data) * 3 // 4 // DOCUMENT_BYTES_PER_TOKEN, data)
    elif source.get("type") == "url":
        media.add(LINKED_DOCUMENT_TOKENS, "")
    elif isinstance(source.get("content"), list):
        _add_blocks(source["content"], media, f"{path}.source.content")
