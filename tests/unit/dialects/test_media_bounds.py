"""Media in requests: each kind has a stated bound, or is refused by the name of the field that leads to it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from farebox.dialects import anthropic_request, gemini_request, openai_request, responses_request
from farebox.dialects.anthropic_media import IMAGE_TOKENS as ANTHROPIC_IMAGE
from farebox.dialects.anthropic_media import LINKED_DOCUMENT_TOKENS
from farebox.dialects.exchange import ParsedRequest
from farebox.dialects.gemini_media import DOCUMENT_URL_TOKENS
from farebox.dialects.gemini_request import Path
from farebox.dialects.openai_media import IMAGE_TOKENS
from farebox.domain.errors import Refusal

URL = "https://example.com/x"
DATA = "QUJD" * 100
BYTES = 300


def chat(part: Any) -> ParsedRequest:
    body = {"model": "m", "messages": [{"role": "user", "content": [part]}]}
    return openai_request.parse_request("chat.completions", json.dumps(body).encode())


def responses(part: Any) -> ParsedRequest:
    body = {"model": "m", "input": [{"role": "user", "content": [part]}]}
    return responses_request.parse_request(json.dumps(body).encode())


def messages(block: Any) -> ParsedRequest:
    body = {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": [block]}]}
    return anthropic_request.parse_request(json.dumps(body).encode())


def contents(part: Any) -> ParsedRequest:
    body = {"contents": [{"role": "user", "parts": [part]}]}
    return gemini_request.parse_request(Path("m", "generateContent"), json.dumps(body).encode())


def source(**members: Any) -> dict[str, Any]:
    return {"type": "document", "source": members}


BOUNDED: list[tuple[Callable[[Any], ParsedRequest], Any, int]] = [
    (chat, {"type": "image_url", "image_url": {"url": URL}}, IMAGE_TOKENS),
    (chat, {"type": "input_audio", "input_audio": {"data": DATA, "format": "mp3"}}, 1 + BYTES // 32),
    (chat, {"type": "file", "file": {"file_data": DATA, "filename": "a.pdf"}}, 1 + BYTES),
    (responses, {"type": "input_image", "image_url": URL}, IMAGE_TOKENS),
    (responses, {"type": "input_file", "file_data": DATA}, 1 + BYTES),
    (responses, {"type": "input_audio", "input_audio": {"data": DATA, "format": "mp3"}}, 1 + BYTES // 32),
    (messages, {"type": "image", "source": {"type": "url", "url": URL}}, ANTHROPIC_IMAGE),
    (messages, source(type="url", url=URL), LINKED_DOCUMENT_TOKENS),
    (messages, source(type="base64", media_type="application/pdf", data=DATA), 1 + BYTES),
    (messages, {"type": "tool_result", "tool_use_id": "t", "content": [source(type="url", url=URL)]}, 10**6),
    (contents, {"inlineData": {"mimeType": "image/png", "data": DATA}}, IMAGE_TOKENS),
    (contents, {"fileData": {"mimeType": "application/pdf", "fileUri": URL}}, DOCUMENT_URL_TOKENS),
]


@pytest.mark.parametrize(("read", "part", "tokens"), BOUNDED)
def test_known_media_have_a_stated_bound(read: Callable[[Any], ParsedRequest], part: Any, tokens: int) -> None:
    """The bound stands in place of the bytes of media, whether these are here or at an address."""
    parsed = read(part)
    assert parsed.text.media_tokens == tokens
    assert parsed.text.ascii + parsed.text.media_tokens < 250 + tokens


@pytest.mark.parametrize(
    ("read", "part", "field"),
    [
        (chat, {"type": "document_url", "document_url": URL}, "document_url"),
        (chat, {"type": "document_url", "document_url": {"url": URL}}, "document_url"),
        (chat, {"type": "audio_url", "audio_url": {"url": URL}}, "audio_url"),
        (chat, {"type": "video_url", "video_url": {"url": URL}}, ""),
        (chat, {"type": "text", "text": "hi", "video_url": {"url": URL}}, "video_url"),
        (chat, {"type": "image_url", "image_url": {"url": URL}, "video_url": {"url": URL}}, "video_url"),
        (chat, {"type": "input_video", "input_video": {"data": DATA}}, ""),
        (chat, {"type": "input_file", "file_url": URL}, "file_url"),
        (chat, {"type": "input_file", "file_id": "file-1"}, "file_id"),
        (chat, {"type": "file", "file": {"file_id": "file-1"}}, "file.file_id"),
        (chat, {"type": "file", "file": {"file_data": DATA, "file_url": URL}}, "file.file_url"),
        (chat, {"type": "file", "file": {"file_data": URL}}, "file.file_data"),
        (chat, {"type": "image_file", "image_file": {"file_id": "file-1"}}, "image_file"),
        (chat, {"type": "image_url", "image_url": {"url": URL, "file_id": "file-1"}}, "image_url.file_id"),
        (chat, {"type": "media", "media": {"uri": "gs://bucket/film.mp4"}}, "media.uri"),
        (chat, {"type": "hologram", "hologram": "data:model/gltf;base64,QUJD"}, "hologram"),
        (responses, {"type": "input_file", "file_url": URL}, "file_url"),
        (responses, {"type": "input_file", "file_id": "file-1"}, "file_id"),
        (responses, {"type": "input_image", "file_id": "file-1"}, "file_id"),
        (responses, {"type": "input_video", "video_url": URL}, ""),
        (responses, {"type": "input_audio", "audio_url": URL}, "audio_url"),
        (messages, source(type="file", file_id="f"), "source.file_id"),
        (messages, {"type": "video", "source": {"type": "url", "url": URL}}, "source"),
        (messages, {"type": "audio", "source": {"type": "base64", "data": DATA}}, "source"),
        (messages, {"type": "container_upload", "file_id": "f"}, "file_id"),
        (messages, {"type": "text", "text": "hi", "video_url": URL}, "video_url"),
        (contents, {"fileData": {"mimeType": "video/mp4", "fileUri": URL}}, "fileData"),
        (contents, {"fileData": {"mimeType": "audio/mp3", "fileUri": URL}}, "fileData"),
        (contents, {"file_data": {"file_uri": "https://generativelanguage.googleapis.com/v1beta/files/a"}}, "file_uri"),
        (contents, {"inlineData": {"mimeType": "video/mp4", "data": DATA}}, "inlineData"),
        (contents, {"audioUri": URL}, "audioUri"),
        (contents, {"text": "hi", "media": {"url": URL}}, "media.url"),
    ],
)
def test_media_without_a_bound_are_refused_by_name(read: Callable[[Any], ParsedRequest], part: Any, field: str) -> None:
    """A few bytes of an address, or an id, would stand for any number of tokens."""
    with pytest.raises(Refusal) as caught:
        read(part)
    assert caught.value.code == "invalid_request"
    assert caught.value.param is not None
    assert caught.value.param.endswith(field)


@pytest.mark.parametrize(
    ("read", "part"),
    [
        (chat, {"type": "text", "text": URL, "cache_control": {"type": "ephemeral"}}),
        (chat, {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}),
        (responses, {"type": "output_text", "text": "a", "annotations": [{"type": "url_citation", "url": URL}]}),
        (messages, {"type": "text", "text": "a", "citations": [{"type": "web_search_result_location", "url": URL}]}),
        (messages, {"type": "search_result", "source": URL, "title": "t", "content": [{"type": "text", "text": "a"}]}),
        (messages, {"type": "tool_use", "id": "t", "name": "open", "input": {"url": URL, "file_id": "f"}}),
        (messages, {"type": "tool_result", "tool_use_id": "t", "content": URL}),
        (contents, {"functionCall": {"name": "open", "args": {"url": URL}}}),
        (contents, {"functionResponse": {"name": "open", "response": {"url": URL, "file_id": "f"}}}),
    ],
)
def test_addresses_that_are_words_pass(read: Callable[[Any], ParsedRequest], part: Any) -> None:
    """Quotations, arguments of tools and their results are text to the model, whatever they name."""
    assert read(part).text.media_tokens == 0


def test_media_beside_the_content_are_refused() -> None:
    """Some servers take images from the message itself."""
    body = {"model": "m", "messages": [{"role": "user", "content": "hi", "images": [DATA]}]}
    with pytest.raises(Refusal, match=r"messages\[0\].images"):
        openai_request.parse_request("chat.completions", json.dumps(body).encode())


def test_signs_of_media_are_not_counted_as_text() -> None:
    """The bound of an image stands for all of its bytes, digits and slashes included; those of the text stay."""
    url = "data:image/png;base64," + "0/9+" * 1000
    with_image = chat({"type": "image_url", "image_url": {"url": url}})
    signs = chat({"type": "text", "text": "!?" * 1000})
    assert with_image.text.signs < 150
    assert signs.text.signs > 2000
    assert chat({"type": "image_url", "image_url": {"url": url}, "name": "!" * 500}).text.signs > 500
