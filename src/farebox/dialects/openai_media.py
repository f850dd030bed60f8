"""Parts of chat messages that are not text: what they may cost in tokens, and which of them are refused.

The bytes of an image say nothing about its tokens, so each part has a bound of its own in place of its bytes. The
bounds are for the hold; the charge is what the provider reports. Sources: OpenAI's guide on image input (a tile-priced
small model counts 2,833 tokens for low detail and 5,667 more for each of at most 8 tiles, more than any patch-based
model) and on audio input (10 tokens a second; Google counts 32), at 8 kbit/s, the lowest rate of speech codecs.
"""

from collections.abc import Callable, Sequence
from typing import Any

from farebox.dialects.media_references import refuse_references
from farebox.dialects.text_bytes import count_signs
from farebox.domain.errors import Refusal

LOW_DETAIL_IMAGE_TOKENS = 2_833
IMAGE_TOKENS = 2_833 + 8 * 5_667
AUDIO_BYTES_PER_TOKEN = 32
# A document's text may be compressed and its pages are counted as images too.
DOCUMENT_BYTES_PER_TOKEN = 1

_VIDEO = "is video, whose cost cannot be bounded. Send single images of it"
# Of messages: what some servers take beside the parts of `content`.
_MEDIA_OF_MESSAGES = ("images", "image", "videos", "video", "audios", "files", "attachments", "documents")
_TEXT_PART = {"type", "text"}


class Media:
    """The sum over all media parts: tokens they may cost, and the bytes of the body that this bound stands for.

    `replaced_signs` are those of the replaced bytes that are neither letters nor white space.
    """

    __slots__ = ("replaced_bytes", "replaced_signs", "tokens")

    def __init__(self) -> None:
        self.tokens = 0
        self.replaced_bytes = 0
        self.replaced_signs = 0

    def add(self, tokens: int, data: str) -> None:
        self.tokens += tokens
        if data and data.isascii():
            self.replaced_bytes += len(data)
            self.replaced_signs += count_signs(data.encode())


def measure_messages(messages: Sequence[dict[str, Any]]) -> Media:
    """The media of all messages; raises Refusal for parts that live at the provider or that cannot be bounded."""
    media = Media()
    for index, message in enumerate(messages):
        content = message.get("content")
        if isinstance(content, str) and message.keys() <= _PLAIN_MESSAGE:
            continue
        if not isinstance(content, str):
            parts = content if isinstance(content, list) else [content]
            for part_index, part in enumerate(parts):
                if isinstance(part, dict):
                    where = f"messages[{index}].content"
                    add_part(part, media, f"{where}[{part_index}]" if parts is content else where)
        if isinstance(message.get("audio"), dict):
            raise _refused(f"messages[{index}].audio", "refers to audio kept at the provider. Send its transcript")
        for name in _MEDIA_OF_MESSAGES:
            if message.get(name):
                raise _refused(f"messages[{index}].{name}", "does not belong into a message. Send parts of `content`")
    return media


def add_part(part: dict[str, Any], media: Media, where: str) -> None:
    """Measure one part by the table below; raises Refusal for what has no bound.

    Every member counts, not only the one that `type` names: which of them a server goes by is not known.
    """
    if part.keys() <= _TEXT_PART:
        return
    kind = part.get("type")
    if isinstance(kind, str) and "video" in kind:
        raise _refused(where, _VIDEO)
    for name, measure in PARTS.items():
        value = part.get(name)
        if value is not None:
            measure(part, value, media, f"{where}.{name}")
    refuse_references(part, where, PARTS)


Measure = Callable[[dict[str, Any], Any, Media, str], None]


def _image(part: dict[str, Any], image: Any, media: Media, where: str) -> None:
    details = image if isinstance(image, dict) else {"url": image, "detail": part.get("detail")}
    tokens = LOW_DETAIL_IMAGE_TOKENS if details.get("detail") == "low" else IMAGE_TOKENS
    url = details.get("url")
    # An address on the network is a few bytes; only data in the body itself is taken out of the text.
    media.add(tokens, url if isinstance(url, str) and url[:5].lower() == "data:" else "")
    refuse_references(details, where, ("url",))


def _audio(part: dict[str, Any], audio: Any, media: Media, where: str) -> None:
    del part
    _add_data(audio, "data", AUDIO_BYTES_PER_TOKEN, media, where)


def _file(part: dict[str, Any], file: Any, media: Media, where: str) -> None:
    del part
    if isinstance(file, dict) and file.get("file_id") is not None:
        raise _refused(f"{where}.file_id", "refers to a file kept at the provider. Send it as `file_data`")
    _add_data(file, "file_data", DOCUMENT_BYTES_PER_TOKEN, media, where)


def _file_data(part: dict[str, Any], data: Any, media: Media, where: str) -> None:
    del part
    add_data(data, DOCUMENT_BYTES_PER_TOKEN, media, where)


def _video(part: dict[str, Any], video: Any, media: Media, where: str) -> None:
    del part, video, media
    raise _refused(where, _VIDEO)


def _add_data(holder: object, name: str, bytes_per_token: int, media: Media, where: str) -> None:
    data = holder.get(name) if isinstance(holder, dict) else None
    add_data(data, bytes_per_token, media, f"{where}.{name}")
    if isinstance(holder, dict):
        refuse_references(holder, where, (name,))


def add_data(data: object, bytes_per_token: int, media: Media, where: str) -> None:
    """Media in the body itself."""
    if not isinstance(data, str):
        raise _refused(where, "must be a string of base64 data")
    if "://" in data[:16]:
        raise _refused(where, "must be data, not an address. Send the content itself")
    media.add(1 + len(data) * 3 // 4 // bytes_per_token, data)


# The media that parts of both OpenAI endpoints may hold, by member, each with its bound; all other references are
# refused (media_references): `file_id`, `file_url`, `document_url`, `audio_url`, `image_file`, ...
PARTS: dict[str, Measure] = {
    "image_url": _image,
    "input_audio": _audio,
    "file": _file,
    "file_data": _file_data,
    "video_url": _video,
    "video": _video,
}
_PLAIN_MESSAGE = {"role", "content", "name", "tool_calls", "tool_call_id", "reasoning_content"}


def _refused(param: str, reason: str) -> Refusal:
    return Refusal("invalid_request", f"`{param}` {reason}.", param=param)
