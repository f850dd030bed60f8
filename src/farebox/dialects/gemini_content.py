"""The turns of a Gemini request (`contents`), read into messages.

Calls and results may come without ids, matched by their order; then ids are made from the call's place, which is the
same on every reading. Source: the API reference of Content and Part (ai.google.dev), and recorded traffic.
"""

import mimetypes
from collections import defaultdict, deque
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from farebox.dialects.conversation import (
    AssistantPart,
    Audio,
    Document,
    Image,
    Inline,
    Message,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    Untranslatable,
    Url,
)
from farebox.dialects.gemini_fields import ProtoFields
from farebox.dialects.gemini_parts import append_part
from farebox.dialects.gemini_signatures import unpack
from farebox.dialects.request_fields import bad_value, json_text

MADE_ID = "fbcall_"
# What clients and Farebox put where a call of another model has no signature; documented by Google for this use.
NO_SIGNATURE = "skip_thought_signature_validator"
KEPT_AT_PROVIDER = (
    "refers to a file kept at the provider, which a gateway cannot give. Send its content as `inlineData`"
)

_KINDS = (
    "text",
    "inlineData",
    "fileData",
    "functionCall",
    "functionResponse",
    "executableCode",
    "codeExecutionResult",
    "toolCall",
    "toolResponse",
)


class _Calls:
    """The calls so far, and which of them have no result yet."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.waiting: defaultdict[str, deque[str]] = defaultdict(deque)

    def add(self, given: str | None, name: str, place: str) -> str:
        call_id = given or f"{MADE_ID}{place}"
        self.ids.add(call_id)
        self.waiting[name].append(call_id)
        return call_id

    def answered_by(self, given: str | None, name: str) -> str | None:
        """The id of the call that a result is for; None when there is no such call."""
        waiting = self.waiting[name]
        if given is not None and given in waiting:
            waiting.remove(given)
            return given
        if given is not None and given in self.ids:
            return given
        return waiting.popleft() if waiting else None


def read_contents(contents: list[ProtoFields]) -> tuple[Message, ...]:
    """All turns; raises Refusal. What clients split into several turns of one role is one turn."""
    calls = _Calls()
    messages: list[Message] = []
    for index, content in enumerate(contents):
        role, read = _content(content, index, calls)
        parts: list[Part] = []
        if messages and messages[-1].role == role:
            parts += messages.pop().parts
        for part in read:
            if role == "assistant":
                append_part(parts, part)
            else:
                parts.append(part)
        if parts:
            results = [part for part in parts if isinstance(part, ToolResult)]
            messages.append(Message(role, (*results, *(part for part in parts if not isinstance(part, ToolResult)))))
    return tuple(messages)


def read_system(content: ProtoFields | None) -> tuple[Text, ...]:
    """The texts of `systemInstruction`, whose role means nothing."""
    if content is None:
        return ()
    content.leave("role")
    texts: list[Text] = []
    for part in content.objects("parts"):
        texts.append(Text(part.needed_text("text")))
        part.done()
    content.done()
    return tuple(texts)


def _content(content: ProtoFields, index: int, calls: _Calls) -> tuple[Literal["user", "assistant"], list[Part]]:
    role = content.text("role") or "user"
    parts = content.objects("parts")
    if not parts:
        raise bad_value(content.name("parts"), "must be a list with at least one part")
    content.done()
    if role == "model":
        return "assistant", [_model_part(part, f"{index}_{at}", calls) for at, part in enumerate(parts)]
    if role not in ("user", "function", "tool"):
        raise bad_value(content.name("role"), "must be user or model")
    return "user", [_user_part(part, calls) for part in parts]


def _kind(part: ProtoFields) -> str:
    kinds = [kind for kind in _KINDS if part.has(kind)]
    if len(kinds) > 1:
        raise bad_value(part.path, f"holds both {kinds[0]} and {kinds[1]}. Make them parts of their own")
    if not kinds and not part.has("thoughtSignature"):
        raise Untranslatable(part.path, f"must hold one of {', '.join(_KINDS[:5])} for this model")
    kind = kinds[0] if kinds else "text"
    if kind not in _KINDS[:5]:
        raise Untranslatable(
            part.name(kind), "is the work of a tool of its provider, which others cannot read. Leave such parts out"
        )
    return kind


def _user_part(part: ProtoFields, calls: _Calls) -> Part:
    kind = _kind(part)
    read: Part
    part.only("thought", False)
    match kind:
        case "text":
            signature = unpack(part.text("thoughtSignature") or "")[0] if part.has("thoughtSignature") else None
            read = Text(part.text("text") or "", signature=signature)
        case "functionResponse":
            read = _result(cast("ProtoFields", part.object(kind)), calls)
        case "functionCall":
            raise bad_value(part.name(kind), "must be in a turn of the model")
        case _:
            read = _media(part)
    part.done()
    return read


def _model_part(part: ProtoFields, place: str, calls: _Calls) -> AssistantPart:
    kind = _kind(part)
    packed = part.text("thoughtSignature")
    signature, sealed, item_id = unpack(packed) if packed and packed != NO_SIGNATURE else (None, None, None)
    is_thought = part.flag("thought") or False
    if kind == "text":
        text = part.text("text") or ""
        part.done()
        if is_thought or sealed is not None or item_id is not None:
            return Reasoning(text, signature, sealed, item_id)
        return Text(text, signature=signature)
    if kind != "functionCall":
        raise Untranslatable(part.name(kind), "in a turn of the model is not carried over. Leave such parts out")
    call = cast("ProtoFields", part.object("functionCall"))
    part.done()
    name = call.needed_text("name")
    arguments = call.take("args")
    if arguments is not None and not isinstance(arguments, dict):
        raise bad_value(call.name("args"), "must be an object")
    read = ToolCall(
        id=calls.add(call.text("id"), name, place),
        name=name,
        arguments_json=json_text(arguments or {}, call.name("args")),
        signature=signature,
    )
    call.done()
    return read


def _result(result: ProtoFields, calls: _Calls) -> ToolResult:
    name = result.needed_text("name")
    call_id = calls.answered_by(result.text("id"), name)
    if call_id is None:
        raise bad_value(result.path, f"answers no call of {name[:64]!r} before it")
    response = result.take("response")
    if response is not None and not isinstance(response, dict):
        raise bad_value(result.name("response"), "must be an object")
    text, is_error = _result_text(response or {}, result.name("response"))
    media: list[Text | Image | Document | Audio] = []
    for part in result.objects("parts"):
        media.append(_media(part))
        part.done()
    result.only("willContinue", False)
    result.leave("scheduling")
    result.done()
    words: tuple[Text | Image | Document | Audio, ...] = () if text is None else (Text(text),)
    return ToolResult(call_id, (*words, *media), is_error)


def _result_text(response: dict[str, Any], field: str) -> tuple[str | None, bool]:
    """The words of a result, and whether they tell of an error: its keys `output` and `error` say so."""
    if not response:
        return None, False
    if len(response) == 1:
        ((key, value),) = response.items()
        if key in ("output", "error"):
            return value if isinstance(value, str) else json_text(value, field), key == "error"
    return json_text(response, field), False


def _media(part: ProtoFields) -> Image | Document | Audio:
    is_file = part.has("fileData")
    data = part.object("fileData" if is_file else "inlineData")
    if data is None:
        raise Untranslatable(part.path, "must hold inlineData or fileData")
    name = data.text("displayName")
    source = _file(data) if is_file else _inline(data)
    data.done()
    kind = (source.media_type or "").partition("/")[0]
    if kind == "image":
        return Image(source)
    if kind == "video":
        raise Untranslatable(data.path, "is video, which is not carried over. Send single images of it")
    if kind == "audio":
        if isinstance(source, Url):
            raise Untranslatable(
                data.path, "is audio at an address, which is not carried over. Send it as `inlineData`"
            )
        return Audio(source)
    return Document(source, name)


def _inline(data: ProtoFields) -> Inline:
    content = data.needed_text("data")
    if "-" in content or "_" in content:
        # Google takes both alphabets of base64, others only the usual one.
        content = content.replace("-", "+").replace("_", "/")
    return Inline(data.needed_text("mimeType").partition(";")[0].strip().lower(), content + "=" * (-len(content) % 4))


def _file(data: ProtoFields) -> Url:
    url = data.needed_text("fileUri")
    if is_kept_at_provider(url):
        raise Untranslatable(data.name("fileUri"), KEPT_AT_PROVIDER)
    media_type = data.text("mimeType") or media_type_of(url)
    if media_type is None:
        raise bad_value(data.name("mimeType"), "is missing")
    return Url(url, media_type.lower())


def is_kept_at_provider(url: str) -> bool:
    """Whether an address means something only to its provider: of the Files API, a bucket, a mere name."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return True
    is_google = host == "googleapis.com" or host.endswith((".googleapis.com", ".googleusercontent.com"))
    is_public_bucket = host == "storage.googleapis.com"
    return parts.scheme.lower() not in ("http", "https") or not host or (is_google and not is_public_bucket)


def media_type_of(url: str) -> str | None:
    """What an address says of its content by how it ends."""
    return mimetypes.guess_type(urlsplit(url).path)[0]
