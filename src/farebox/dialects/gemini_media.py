"""Parts of Gemini's contents that are not text: what they may cost in tokens, and which of them are refused.

The bounds are those of OpenAI's dialect, which hold for any provider, since the model asked for may be anybody's. A
document at an address is bounded by Google's limit of 1,000 pages and its 1,120 tokens for a page at high resolution
(guide on document processing).
"""

from collections.abc import Callable
from typing import Any

from farebox.dialects.gemini_content import KEPT_AT_PROVIDER, is_kept_at_provider, media_type_of
from farebox.dialects.gemini_fields import as_list, spellings
from farebox.dialects.media_references import refuse_references
from farebox.dialects.openai_media import AUDIO_BYTES_PER_TOKEN, DOCUMENT_BYTES_PER_TOKEN, IMAGE_TOKENS, Media
from farebox.dialects.request_fields import bad_value

DOCUMENT_URL_TOKENS = 1_000 * 1_120

_VIDEO = "is video, whose cost cannot be bounded. Send single images of it"


def measure_contents(contents: list[tuple[str, Any]]) -> Media:
    """The media of contents, given with their places; refuses what lives at the provider or cannot be bounded."""
    media = Media()
    for where, content in contents:
        if not isinstance(content, dict):
            raise bad_value(where, "must be an object")
        given = spellings(content, where).get("parts", "parts")
        for index, part in enumerate(as_list(content.get(given))):
            _measure(part, f"{where}.{given}[{index}]", media)
    return media


def _measure(part: Any, where: str, media: Media) -> None:
    if not isinstance(part, dict):
        raise bad_value(where, "must be an object")
    if part.keys() == {"text"}:
        return
    names = spellings(part, where)
    refuse_references(part, where, [names[name] for name in _MEASURED & names.keys()])
    for name, measure in PARTS.items():
        given = names.get(name)
        if given is not None and part[given] is not None:
            if not isinstance(part[given], dict):
                raise bad_value(f"{where}.{given}", "must be an object")
            measure(part[given], f"{where}.{given}", media)
    given = names.get("functionResponse")
    result = part[given] if given is not None else None
    if isinstance(result, dict):
        for index, inner in enumerate(as_list(result.get("parts"))):
            _measure(inner, f"{where}.{given}.parts[{index}]", media)


def _inline(data: dict[str, Any], where: str, media: Media) -> None:
    names = spellings(data, where)
    content = data.get("data")
    if not isinstance(content, str):
        raise bad_value(f"{where}.data", "must be a string of base64 data")
    kind = _kind(data.get(names.get("mimeType", "mimeType")), f"{where}.{names.get('mimeType', 'mimeType')}")
    if kind == "video":
        raise bad_value(where, _VIDEO)
    size = len(content) * 3 // 4
    bytes_per_token = {"audio": AUDIO_BYTES_PER_TOKEN}.get(kind, DOCUMENT_BYTES_PER_TOKEN)
    media.add(IMAGE_TOKENS if kind == "image" else 1 + size // bytes_per_token, content)


def _file(data: dict[str, Any], where: str, media: Media) -> None:
    names = spellings(data, where)
    uri_name = names.get("fileUri", "fileUri")
    url = data.get(uri_name)
    if not isinstance(url, str):
        raise bad_value(f"{where}.{uri_name}", "must be a string")
    if is_kept_at_provider(url):
        raise bad_value(f"{where}.{uri_name}", KEPT_AT_PROVIDER)
    media_type = data.get(names.get("mimeType", "mimeType")) or media_type_of(url)
    kind = _kind(media_type, f"{where}.{names.get('mimeType', 'mimeType')}")
    if kind == "image":
        media.add(IMAGE_TOKENS, "")
    elif media_type == "application/pdf":
        media.add(DOCUMENT_URL_TOKENS, "")
    else:
        raise bad_value(where, _VIDEO if kind == "video" else "has no bound at an address. Send it as `inlineData`")


# The media that parts may hold, each with its bound; all other references are refused (media_references). Results of
# functions are free JSON, and may hold media in parts of their own.
PARTS: dict[str, Callable[[dict[str, Any], str, Media], None]] = {"inlineData": _inline, "fileData": _file}
_MEASURED = frozenset({*PARTS, "functionCall", "functionResponse", "thoughtSignature"})


def _kind(media_type: Any, where: str) -> str:
    if not isinstance(media_type, str) or "/" not in media_type:
        raise bad_value(where, "must be a media type such as image/png")
    return media_type.partition("/")[0].strip().lower()
