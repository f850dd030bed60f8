"""Content blocks of Anthropic's messages in requests, read into parts."""

import base64
import binascii

import msgspec

from farebox.dialects.conversation import (
    AssistantPart,
    Audio,
    CacheMarker,
    Document,
    Image,
    Inline,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    Untranslatable,
    Url,
)
from farebox.dialects.request_fields import Fields, bad_value
from farebox.dialects.signatures import LAST_MARK, unseal, unwrap

_KEPT_AT_PROVIDER = "refers to state kept at the provider, which a gateway cannot give. Send the content itself"


def read_text(block: Fields) -> Text:
    block.choice("type", "text")
    # Citations are of the provider's own answers, which come back as text.
    block.leave("citations")
    text = Text(block.needed_text("text"), cache=read_cache(block))
    block.done()
    return text


def read_cache(fields: Fields) -> CacheMarker | None:
    marker = fields.object("cache_control")
    if marker is None:
        return None
    marker.choice("type", "ephemeral")
    ttl = marker.choice("ttl", "5m", "1h")
    marker.done()
    return CacheMarker(ttl)


def read_user_part(block: Fields) -> Part:
    match block.needed_text("type"):
        case "text":
            return read_text(block)
        case "tool_result":
            return _tool_result(block)
        case _:
            return _media(block)


def _media(block: Fields) -> Text | Image | Document | Audio:
    kind = block.needed_text("type")
    if kind == "text":
        return read_text(block)
    if kind not in ("image", "document"):
        raise Untranslatable(block.name("type"), f"is {kind!r}, which is not carried over. Remove it")
    source = _source(block.needed_object("source"), "" if kind == "image" else "application/pdf")
    part: Image | Document
    if kind == "image":
        part = Image(source, cache=read_cache(block))
    else:
        citations = block.object("citations")
        if citations is not None:
            citations.only("enabled", False)
        part = Document(source, name=block.text("title"), cache=read_cache(block))
    block.done()
    return part


def _source(source: Fields, url_media_type: str) -> Inline | Url:
    found: Inline | Url
    match source.needed_text("type"):
        case "base64":
            found = Inline(source.needed_text("media_type"), source.needed_text("data"))
        case "text":
            source.only("media_type", "text/plain")
            found = Inline("text/plain", base64.b64encode(source.needed_text("data").encode()).decode())
        case "url":
            found = Url(source.needed_text("url"), url_media_type or None)
        case "file":
            raise Untranslatable(source.name("file_id"), _KEPT_AT_PROVIDER)
        case kind:
            raise Untranslatable(source.name("type"), f"is {kind!r}, which is not carried over. Send base64 data")
    source.done()
    return found


def _tool_result(block: Fields) -> ToolResult:
    content = block.take("content")
    if content is None or isinstance(content, str):
        parts: tuple[Text | Image | Document | Audio, ...] = (Text(content),) if content else ()
    else:
        parts = tuple(_media(entry) for entry in block.objects("content"))
    result = ToolResult(
        call_id=block.needed_text("tool_use_id"),
        parts=parts,
        is_error=bool(block.flag("is_error")),
        cache=read_cache(block),
    )
    block.done()
    return result


def read_assistant_parts(blocks: list[Fields]) -> list[Part]:
    parts: list[Part] = []
    for block in blocks:
        part = _assistant_part(block)
        foreign = part.sealed if isinstance(part, Reasoning) else None
        if foreign is not None and foreign.by != "anthropic" and foreign.value.startswith(LAST_MARK):
            # The signature of the part before it, for which Anthropic has no place (see anthropic_reply).
            signature = msgspec.structs.replace(foreign, value=foreign.value[len(LAST_MARK) :])
            if parts and isinstance(parts[-1], Text | ToolCall):
                parts[-1] = msgspec.structs.replace(parts[-1], signature=signature)
            continue
        parts.append(part)
    return parts


def _assistant_part(block: Fields) -> AssistantPart:
    part: AssistantPart
    match block.needed_text("type"):
        case "text":
            return read_text(block)
        case "thinking":
            signature = block.text("signature")
            part = Reasoning(
                block.needed_text("thinking"), signature=unwrap(signature, "anthropic") if signature else None
            )
        case "redacted_thinking":
            part = unseal(block.needed_text("data"), "anthropic")
        case "tool_use":
            part = _tool_call(block)
        case kind:
            raise Untranslatable(
                block.name("type"), f"is {kind!r}, which is not carried over. Leave such blocks out of the conversation"
            )
    block.done()
    return part


def _tool_call(block: Fields) -> ToolCall:
    # Who called: the model itself, or code that runs at the provider.
    caller = block.object("caller")
    if caller is not None:
        caller.choice("type", "direct")
    block.needed_object("input")
    return ToolCall(
        id=block.needed_text("id"),
        name=block.needed_text("name"),
        arguments_json=block.json("input"),
        cache=read_cache(block),
    )


def decoded_text(source: Inline, field: str) -> str:
    """The words of an inline plain text."""
    try:
        return base64.b64decode(source.data, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise bad_value(field, "must be base64 of UTF-8 text") from error
