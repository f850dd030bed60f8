"""Blocks of Anthropic's messages that are not text: what they may cost in tokens, and which of them are refused.

The bounds are for the hold; the charge is what the provider reports. Source: the guide on vision, whose largest images
cost 4,784 tokens, and the guide on PDFs, whose text and pages are both counted.
"""

from collections.abc import Callable
from typing import Any

from farebox.dialects.media_references import refuse_references
from farebox.dialects.openai_fields import bad_field
from farebox.dialects.openai_media import DOCUMENT_BYTES_PER_TOKEN, Media

IMAGE_TOKENS = 4_784
# An address says nothing of the pages behind it; quotes are bounded by the model's context window.
LINKED_DOCUMENT_TOKENS = 1_000_000


def measure_messages(messages: list[Any], system: Any = None) -> Media:
    """The media of all messages and of the system prompt; raises Refusal for blocks that have no bound."""
    media = Media()
    _add_blocks(system, media, "system")
    for index, message in enumerate(messages):
        if not isinstance(message, dict):
            raise bad_field(f"messages[{index}]", "must be an object")
        _add_blocks(message.get("content"), media, f"messages[{index}].content")
    return media


def _add_blocks(content: Any, media: Media, where: str) -> None:
    if not isinstance(content, list):
        return
    for index, block in enumerate(content):
        if isinstance(block, dict) and not block.keys() <= _TEXT_BLOCK:
            _add_block(block, media, f"{where}[{index}]")


def _add_block(block: dict[str, Any], media: Media, path: str) -> None:
    kind = block.get("type")
    measure = BLOCKS.get(kind) if isinstance(kind, str) else None
    if measure is not None:
        measure(block, media, path)
    elif isinstance(block.get("source"), dict):
        raise bad_field(f"{path}.source", "is media of a kind that has no bound. Send text, images or documents")
    _add_blocks(block.get("content"), media, f"{path}.content")
    if kind not in _FOUND:
        refuse_references(block, path, _MEASURED)


def _image(block: dict[str, Any], media: Media, path: str) -> None:
    source = _source(block, path)
    data = source.get("data")
    media.add(IMAGE_TOKENS, data if source.get("type") == "base64" and isinstance(data, str) else "")


def _document(block: dict[str, Any], media: Media, path: str) -> None:
    source = _source(block, path)
    data = source.get("data")
    if source.get("type") == "base64" and isinstance(data, str):
        media.add(1 + len(data) * 3 // 4 // DOCUMENT_BYTES_PER_TOKEN, data)
    elif source.get("type") == "url" or source.get("url") is not None:
        media.add(LINKED_DOCUMENT_TOKENS, "")
    else:
        _add_blocks(source.get("content"), media, f"{path}.source.content")


def _source(block: dict[str, Any], path: str) -> dict[str, Any]:
    source = block.get("source")
    if not isinstance(source, dict):
        raise bad_field(f"{path}.source", "must be an object")
    if source.get("type") == "file" or "file_id" in source:
        raise bad_field(f"{path}.source.file_id", "refers to a file kept at the provider. Send its content")
    refuse_references(source, f"{path}.source", ("url", "data", "content"))
    return source


# The media that blocks may hold, by type, each with its bound; all other references are refused (media_references).
# Text, thinking, tool calls and their results, and search results given by the client are words.
BLOCKS: dict[str, Callable[[dict[str, Any], Media, str], None]] = {"image": _image, "document": _document}
_MEASURED = ("source", "content")
_FOUND = ("web_search_result", "web_fetch_result")  # told again from an earlier turn; their addresses are words
_TEXT_BLOCK = {"type", "text", "cache_control"}
