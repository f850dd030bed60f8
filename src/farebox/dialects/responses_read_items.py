"""The input items of OpenAI's responses, read into turns.

Neighbours of one role make one turn: a model's message, its reasoning and its tool calls are items of their own here.
"""

import re
from collections.abc import Sequence

from farebox.dialects.conversation import (
    AssistantPart,
    Document,
    Image,
    Inline,
    Message,
    Part,
    RefusalPart,
    Signature,
    Text,
    ToolCall,
    ToolResult,
    Untranslatable,
    Url,
)
from farebox.dialects.request_fields import Fields, bad_value
from farebox.dialects.responses_reasoning import reasoning_parts, signature_of_last, signed

KEPT_AT_PROVIDER = "refers to state kept at the provider, which a gateway cannot give. Send the content itself"

_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)(?:;[\w=.+-]+)*?;base64,", re.ASCII | re.IGNORECASE)
# What changes no answer's meaning where another model answers.
_SIDE_FACTS = ("id", "status", "phase")


class _Turns:
    """The turns read up to now."""

    def __init__(self) -> None:
        self.system: list[Text] = []
        self._turns: list[tuple[str, list[Part]]] = []

    def add(self, role: str, parts: Sequence[Part]) -> None:
        if role == "system" and not self._turns:
            self.system += [part for part in parts if isinstance(part, Text)]
        elif self._turns and self._turns[-1][0] == role:
            self._turns[-1][1].extend(parts)
        else:
            self._turns.append((role, list(parts)))

    def sign_last(self, signature: Signature) -> None:
        if self._turns and self._turns[-1][0] == "assistant":
            parts = self._turns[-1][1]
            parts[-1] = signed(parts[-1], signature)  # type: ignore[arg-type] # the turn is the assistant's

    def messages(self) -> tuple[Message, ...]:
        # Stable: results come before the words of their turn.
        return tuple(
            Message(role, tuple(sorted(parts, key=lambda part: not isinstance(part, ToolResult))))  # type: ignore[arg-type]
            for role, parts in self._turns
        )


def read_input(fields: Fields) -> tuple[list[Text], tuple[Message, ...]]:
    """Texts before the first turn, and the turns."""
    value = fields.needed("input")
    turns = _Turns()
    if isinstance(value, str):
        turns.add("user", [Text(value)])
        return [], turns.messages()
    if value == []:
        raise bad_value("input", "must be a text or a list with at least one item")
    for position, item in enumerate(fields.objects("input")):
        _read_item(item, position, turns)
        item.done()
    return turns.system, turns.messages()


def _read_item(item: Fields, position: int, turns: _Turns) -> None:
    match item.text("type"):
        case None | "message":
            _message(item, turns)
        case "function_call":
            item.leave(*_SIDE_FACTS)
            call = ToolCall(item.needed_text("call_id"), item.needed_text("name"), item.needed_text("arguments"))
            turns.add("assistant", [call])
        case "function_call_output":
            item.leave(*_SIDE_FACTS)
            turns.add("user", [ToolResult(item.needed_text("call_id"), _output(item))])
        case "reasoning":
            _reasoning(item, position, turns)
        case "item_reference":
            raise Untranslatable(item.name("type"), KEPT_AT_PROVIDER)
        case kind:
            raise Untranslatable(
                item.name("type"), f"is {kind[:60]!r}, which is not carried over. Leave such items out of the input"
            )


def _message(item: Fields, turns: _Turns) -> None:
    item.leave(*_SIDE_FACTS)
    role = item.needed_text("role")
    content = item.needed("content")
    if role == "developer":
        role = "system"
    if role not in ("user", "assistant", "system"):
        raise bad_value(item.name("role"), "must be user, assistant, system or developer")
    parts: list[Part]
    if isinstance(content, str):
        parts = [Text(content)]
    elif role == "assistant":
        parts = [_said(part) for part in item.objects("content")]
    else:
        parts = [_given(part) for part in item.objects("content")]
        if role == "system" and not all(isinstance(part, Text) for part in parts):
            raise Untranslatable(item.name("content"), "may only be text in this role. Send it as the user's")
    turns.add(role, parts)


def _said(part: Fields) -> AssistantPart:
    """A part of what the model said."""
    said: AssistantPart
    match part.needed_text("type"):
        case "output_text" | "input_text":
            part.leave("annotations", "logprobs", "prompt_cache_breakpoint")
            said = Text(part.needed_text("text"))
        case "refusal":
            said = RefusalPart(part.needed_text("refusal"))
        case kind:
            raise Untranslatable(part.name("type"), f"is {kind[:60]!r}, which is not carried over. Send it as text")
    part.done()
    return said


def _given(part: Fields) -> Text | Image | Document:
    """A part of what the model is given."""
    part.leave("prompt_cache_breakpoint")
    if part.take("file_id") is not None:
        raise Untranslatable(part.name("file_id"), KEPT_AT_PROVIDER)
    given: Text | Image | Document
    match part.needed_text("type"):
        case "input_text" | "output_text":
            part.leave("annotations", "logprobs")
            given = Text(part.needed_text("text"))
        case "input_image":
            given = _image(part)
        case "input_file":
            given = _file(part)
        case kind:
            raise Untranslatable(part.name("type"), f"is {kind[:60]!r}, which is not carried over. Remove it")
    part.done()
    return given


def _image(part: Fields) -> Image:
    url = part.needed_text("image_url")
    detail = part.choice("detail", "low", "high", "auto", "original")
    if url[:5].lower() != "data:":
        return Image(Url(url), detail)
    return Image(_inline(url, part.name("image_url")), detail)


def _file(part: Fields) -> Document:
    name, data, url = part.text("filename"), part.text("file_data"), part.text("file_url")
    part.leave("detail")
    if data is None:
        if not url:
            raise bad_value(part.name("file_data"), "is missing")
        return Document(Url(url), name)
    if url is not None:
        raise bad_value(part.name("file_url"), "must not stand beside `file_data`")
    if data[:5].lower() == "data:":
        return Document(_inline(data, part.name("file_data")), name)
    media_type = "text/plain" if name is not None and name.lower().endswith((".txt", ".md")) else "application/pdf"
    return Document(Inline(media_type, data), name)


def _inline(url: str, field: str) -> Inline:
    found = _DATA_URL.match(url)
    if found is None:
        raise bad_value(field, "must be an address or data of the form `data:<media type>;base64,<data>`")
    return Inline(found[1].lower(), url[found.end() :])


def _output(item: Fields) -> tuple[Text | Image | Document, ...]:
    output = item.needed("output")
    if isinstance(output, str):
        return (Text(output),) if output else ()
    return tuple(_given(part) for part in item.objects("output"))


def _reasoning(item: Fields, position: int, turns: _Turns) -> None:
    item.leave("status")
    item_id, encrypted = item.text("id"), item.text("encrypted_content")
    texts: list[str] = []
    for member, kind in (("summary", "summary_text"), ("content", "reasoning_text")):
        for piece in item.objects(member):
            if piece.needed_text("type") != kind:
                raise bad_value(piece.name("type"), f"must be {kind}")
            texts.append(piece.needed_text("text"))
            piece.done()
    signature = signature_of_last(encrypted)
    if signature is not None:
        turns.sign_last(signature)
        return
    parts = reasoning_parts(item_id, texts, encrypted, f"rs_{position}")
    if parts:
        turns.add("assistant", parts)
