"""Parts of chat messages that are not text: what they may cost in tokens, and which of them are refused.

The bytes of an image say nothing about its tokens, so each part has a bound of its own in place of its bytes. The
bounds are for the hold; the charge is what the provider reports. Sources: OpenAI's guide on image input (a tile-priced
small model counts 2,833 tokens for low detail and 5,667 more for each of at most 8 tiles, more than any patch-based
model) and on audio input (10 tokens a second; Google counts 32), at 8 kbit/s, the lowest rate of speech codecs.
"""

from collections.abc import Sequence
from typing import Any

from farebox.domain.errors import Refusal

LOW_DETAIL_IMAGE_TOKENS = 2_833
IMAGE_TOKENS = 2_833 + 8 * 5_667
AUDIO_BYTES_PER_TOKEN = 32
# A document's text may be compressed and its pages are counted as images too.
DOCUMENT_BYTES_PER_TOKEN = 1

_VIDEO_PARTS = frozenset({"video", "video_url", "input_video"})


class Media:
    """The sum over all media parts: tokens they may cost, and the bytes of the body that this bound stands for."""

    __slots__ = ("replaced_bytes", "tokens")

    def __init__(self) -> None:
        self.tokens = 0
        self.replaced_bytes = 0

    def add(self, tokens: int, data: str) -> None:
        self.tokens += tokens
        if data.isascii():
            self.replaced_bytes += len(data)


def measure_messages(messages: Sequence[dict[str, Any]]) -> Media:
    """The media of all messages; raises Refusal for parts that live at the provider or that cannot be bounded."""
    media = Media()
    for index, message in enumerate(messages):
        content = message.get("content")
        if isinstance(content, list):
            for part_index, part in enumerate(content):
                if isinstance(part, dict):
                    _add_part(part, media, f"messages[{index}].content[{part_index}]")
        if isinstance(message.get("audio"), dict):
            raise _refused(f"messages[{index}].audio", "refers to audio kept at the provider. Send its transcript")
    return media


def _add_part(part: dict[str, Any], media: Media, where: str) -> None:
    kind = part.get("type")
    if kind == "text":
        return
    if "image_url" in part:
        image = part["image_url"]
        details = image if isinstance(image, dict) else {"url": image}
        tokens = LOW_DETAIL_IMAGE_TOKENS if details.get("detail") == "low" else IMAGE_TOKENS
        url = details.get("url")
        # An address on the network is a few bytes; only data in the body itself is taken out of the text.
        media.add(tokens, url if isinstance(url, str) and url[:5].lower() == "data:" else "")
    elif "input_audio" in part:
        _add_data(part["input_audio"], "data", AUDIO_BYTES_PER_TOKEN, media, f"{where}.input_audio")
    elif "file" in part:
        file = part["file"]
        if isinstance(file, dict) and file.get("file_id") is not None:
            raise _refused(f"{where}.file.file_id", "refers to a file kept at the provider. Send it as `file_data`")
        _add_data(file, "file_data", DOCUMENT_BYTES_PER_TOKEN, media, f"{where}.file")
    elif "file_id" in part:
        raise _refused(f"{where}.file_id", "refers to a file kept at the provider. Send its content")
    elif kind in _VIDEO_PARTS or "video_url" in part:
        raise _refused(where, "is video, whose cost cannot be bounded. Send single images of it")


def _add_data(holder: object, name: str, bytes_per_token: int, media: Media, where: str) -> None:
    data = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(data, str):
        raise _refused(f"{where}.{name}", "must be a string of base64 data")
    if "://" in data[:16]:
        raise _refused(f"{where}.{name}", "must be data, not an address. Send the content itself")
    media.add(1 + len(data) * 3 // 4 // bytes_per_token, data)


def _refused(param: str, reason: str) -> Refusal:
    return Refusal("invalid_request", f"`{param}` {reason}.", param=param)
