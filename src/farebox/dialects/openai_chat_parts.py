"""Content of chat messages, part by part, both ways."""

import re
from typing import Any

from farebox.dialects.conversation import (
    Audio,
    CacheMarker,
    Document,
    Image,
    Inline,
    Part,
    RefusalPart,
    Text,
    Untranslatable,
    Url,
)
from farebox.dialects.request_fields import Fields, bad_value

_DATA_URL = re.compile(r"data:([^;,]*)((?:;[^;,]*)*?);base64,", re.IGNORECASE)
_MEDIA_TYPE_BY_FORMAT = {"wav": "audio/wav", "mp3": "audio/mpeg"}
_FORMAT_BY_MEDIA_TYPE = {
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/wave": "wav",
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
}


def read_content(message: Fields, *, is_needed: bool = True) -> list[Part]:
    """The parts of a message's `content`."""
    content = message.take("content")
    if content is None:
        if is_needed:
            raise bad_value(message.name("content"), "is missing")
        return []
    if isinstance(content, str):
        return [Text(content)]
    return [_read_part(part) for part in message.objects("content")]


def _read_part(fields: Fields) -> Part:
    part: Part
    kind = fields.needed_text("type")
    match kind:
        case "text":
            part = Text(fields.needed_text("text"), cache=read_cache(fields))
        case "image_url":
            part = _image(fields)
        case "file":
            part = _document(fields)
        case "input_audio":
            part = _audio(fields)
        case "refusal":
            part = RefusalPart(fields.needed_text("refusal"))
        case _:
            raise Untranslatable(fields.name("type"), f"is {kind!r}, which is not carried over. Remove it")
    fields.leave("prompt_cache_breakpoint")
    fields.done()
    return part


def read_cache(fields: Fields) -> CacheMarker | None:
    marker = fields.object("cache_control")
    if marker is None:
        return None
    marker.choice("type", "ephemeral")
    ttl = marker.choice("ttl", "5m", "1h")
    marker.done()
    return CacheMarker(ttl)


def _image(fields: Fields) -> Image:
    image = fields.take("image_url")
    if isinstance(image, str):
        return Image(_source(image), cache=read_cache(fields))
    inner = fields.needed_object("image_url")
    found = Image(_source(inner.needed_text("url")), inner.text("detail"), read_cache(fields))
    inner.done()
    return found


def _source(url: str) -> Inline | Url:
    data = _DATA_URL.match(url)
    return Url(url) if data is None else Inline(data.group(1), url[data.end() :])


def _document(fields: Fields) -> Document:
    file = fields.needed_object("file")
    if file.text("file_id") is not None:
        raise Untranslatable(
            file.name("file_id"), "refers to a file kept at the provider. Send its content as `file_data`"
        )
    source = _source(file.needed_text("file_data"))
    if isinstance(source, Url):
        if "://" in source.url[:16]:
            raise Untranslatable(file.name("file_data"), "must be data, not an address. Send the content itself")
        source = Inline("application/pdf", source.url)
    found = Document(source, file.text("filename"), read_cache(fields))
    file.done()
    return found


def _audio(fields: Fields) -> Audio:
    audio = fields.needed_object("input_audio")
    name = audio.needed_text("format")
    if name not in _MEDIA_TYPE_BY_FORMAT:
        raise bad_value(audio.name("format"), "must be wav or mp3")
    found = Audio(Inline(_MEDIA_TYPE_BY_FORMAT[name], audio.needed_text("data")), read_cache(fields))
    audio.done()
    return found


def write_content(parts: list[Part]) -> Any:
    """The value of `content`: a string for one text, else a list. Cache markers are hints that stay behind."""
    if len(parts) == 1 and isinstance(parts[0], Text):
        return parts[0].text
    return [_write_part(part) for part in parts]


def _write_part(part: Part) -> dict[str, Any]:
    match part:
        case Text():
            return {"type": "text", "text": part.text}
        case Image():
            image = {"url": _url(part.source)}
            if part.detail is not None:
                image["detail"] = part.detail
            return {"type": "image_url", "image_url": image}
        case Document(source=Inline()):
            # A name is required; it also tells the model what it reads.
            file = {"filename": part.name or "document.pdf", "file_data": _url(part.source)}
            return {"type": "file", "file": file}
        case Audio():
            name = _FORMAT_BY_MEDIA_TYPE.get(part.source.media_type.lower())
            if name is None:
                raise Untranslatable("messages", "holds audio that is neither WAV nor MP3. Convert it")
            return {"type": "input_audio", "input_audio": {"data": part.source.data, "format": name}}
        case _:
            raise Untranslatable("messages", "holds content that this model's provider does not take. Remove it")


def _url(source: Inline | Url) -> str:
    return source.url if isinstance(source, Url) else f"data:{source.media_type};base64,{source.data}"
