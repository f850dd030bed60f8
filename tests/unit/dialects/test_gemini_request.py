"""Requests of Gemini: facts and refusals for passing through and what goes out to the provider."""

import json
from typing import Any

import pytest

from farebox.dialects.gemini_embeddings import (
    Embeddings,
    read_embed_answer,
    read_embed_request,
    write_embed_answer,
    write_embed_request,
)
from farebox.dialects.gemini_request import Path, parse_path, parse_request, upstream_body, upstream_path
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

TURN = {"role": "user", "parts": [{"text": "hi"}]}
GENERATE = Path("m", "generateContent")


def body(**fields: Any) -> bytes:
    return json.dumps({"contents": [TURN], **fields}).encode()


def config(**fields: Any) -> bytes:
    return body(generationConfig=fields)


def parts(*given: dict[str, Any]) -> bytes:
    return json.dumps({"contents": [{"role": "user", "parts": given}]}).encode()


def sent(raw: bytes, path: Path = GENERATE, most: int | None = None) -> Any:
    return json.loads(upstream_body(parse_request(path, raw), upstream_model="up", most_output_tokens=most))


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/v1beta/models/m:generateContent", "", Path("m", "generateContent", "sse")),
        ("/v1/models/m:countTokens", "key=k", Path("m", "countTokens", "sse")),
        ("/v1beta/models/m:streamGenerateContent", "alt=sse", Path("m", "streamGenerateContent", "sse")),
        ("/v1beta/models/m:streamGenerateContent", "", Path("m", "streamGenerateContent", "array")),
        ("/v1beta/models/a%2Fb:free:streamGenerateContent", "x=1&alt=sse", Path("a/b:free", "streamGenerateContent")),
        ("/v1beta/models/a/b:embedContent", "", Path("a/b", "embedContent")),
        ("/v1beta/models/m:other", "", None),
        ("/v1beta/models/m", "", None),
    ],
)
def test_paths(path: str, query: str, expected: Path | None) -> None:
    """The path tells model and method, the query the form of a stream."""
    assert parse_path(path, query) == expected


def test_upstream_paths() -> None:
    """Providers are always asked for events, and no model name can leave its place in the path."""
    assert upstream_path("streamGenerateContent", "m") == "/v1beta/models/m:streamGenerateContent?alt=sse"
    assert upstream_path("generateContent", "a/../b?x") == "/v1beta/models/a%2F..%2Fb%3Fx:generateContent"


def test_facts() -> None:
    """Bound and number of answers are found in both spellings; the stream stands in the path."""
    for raw in (
        config(maxOutputTokens=7, candidateCount=2),
        body(generation_config={"max_output_tokens": 7.0, "candidate_count": 2}),
    ):
        parsed = parse_request(Path("m", "streamGenerateContent"), raw)
        assert (parsed.most_output_tokens, parsed.answers, parsed.stream) == (7, 2, True)
        assert parsed.text.ascii == len(raw)


def test_the_bound_is_spliced_where_it_stands() -> None:
    """A lower bound replaces the client's in its own spelling, or is added; all other bytes stay."""
    raw = b'{ "contents" : [{"parts":{"text":"\\u00e9"}}], "generation_config":{ "max_output_tokens": 9,"topK":1e0} }'
    parsed = parse_request(GENERATE, raw)
    assert upstream_body(parsed, upstream_model="up", most_output_tokens=None) == raw
    assert upstream_body(parsed, upstream_model="up", most_output_tokens=20) == raw
    assert upstream_body(parsed, upstream_model="up", most_output_tokens=5) == raw.replace(b": 9", b": 5")
    assert sent(body(), most=5)["generationConfig"] == {"maxOutputTokens": 5}
    assert sent(config(topK=1), most=5)["generationConfig"] == {"topK": 1, "maxOutputTokens": 5}
    assert sent(body(generationConfig=None), most=5)["generationConfig"] == {"maxOutputTokens": 5}


def test_the_model_in_bodies_becomes_the_providers() -> None:
    """Wherever a body names its model once more, the provider reads its own name."""
    assert "model" not in sent(body(model="models/m"))
    count = json.dumps({"generateContentRequest": {"model": "models/m", "contents": [TURN]}}).encode()
    assert sent(count, Path("m", "countTokens"))["generateContentRequest"]["model"] == "models/up"
    content = {"parts": [{"text": "a"}]}
    one = json.dumps({"model": "models/m", "content": content}).encode()
    assert sent(one, Path("m", "embedContent"))["model"] == "models/up"
    many = json.dumps({"requests": [{"model": "models/m", "content": content}, {"content": content}]}).encode()
    assert [r["model"] for r in sent(many, Path("m", "batchEmbedContents"))["requests"]] == ["models/up"] * 2
    assert parse_request(Path("m", "batchEmbedContents"), many).endpoint == "embeddings"


@pytest.mark.parametrize(
    ("raw", "param"),
    [
        (b"[]", None),
        (b"{", None),
        (b'{"contents":[],"contents":[]}', "contents"),
        (b"{}", "contents"),
        (b'{"contents":[]}', "contents"),
        (b'{"contents":["hi"]}', "contents[0]"),
        (b'{"contents":[{"parts":["hi"]}]}', "contents[0].parts[0]"),
        (body(model="models/other"), "model"),
        (body(cachedContent="cachedContents/1"), "cachedContent"),
        (body(cached_content="cachedContents/1"), "cached_content"),
        (body(CachedContent="cachedContents/1"), "CachedContent"),
        (body(store=True), "store"),
        (body(serviceTier="flex"), "serviceTier"),
        (body(service_tier="PRIORITY"), "service_tier"),
        (body(tools=[{"googleSearch": {}}]), "tools[0].googleSearch"),
        (body(tools={"google_search": {}}), "tools[0].google_search"),
        (body(tools=[{"functionDeclarations": []}, {"code_execution": {}}]), "tools[1].code_execution"),
        (body(tools=[{"newHostedTool": {}}]), "tools[0].newHostedTool"),
        (body(tools=["x"]), "tools[0]"),
        (body(generationConfig=[]), "generationConfig"),
        (config(maxOutputTokens="9"), "generationConfig.maxOutputTokens"),
        (config(maxOutputTokens=0), "generationConfig.maxOutputTokens"),
        (config(maxOutputTokens=True), "generationConfig.maxOutputTokens"),
        (config(maxOutputTokens=5, max_output_tokens=10**6), "generationConfig.max_output_tokens"),
        (config(maxoutputtokens=5), "generationConfig.maxoutputtokens"),
        (body(generationconfig={}), "generationconfig"),
        (body(generationConfig={}, generation_config={}), "generation_config"),
        (config(candidateCount=1000), "generationConfig.candidateCount"),
        (config(responseModalities=["TEXT", "IMAGE"]), "generationConfig.responseModalities"),
        (config(responseModalities="AUDIO"), "generationConfig.responseModalities"),
        (config(speech_config={}), "generationConfig.speech_config"),
        (config(modelSelectionConfig={}), "generationConfig.modelSelectionConfig"),
        (parts({"fileData": {"mimeType": "image/png", "fileUri": "files/1"}}), "contents[0].parts[0].fileData.fileUri"),
        (
            parts({"file_data": {"mime_type": "image/png", "file_uri": "gs://b/1"}}),
            "contents[0].parts[0].file_data.file_uri",
        ),
        (
            parts({"fileData": {"fileUri": "https://generativelanguage.googleapis.com/v1beta/files/1"}}),
            "contents[0].parts[0].fileData.fileUri",
        ),
        (parts({"fileData": {"fileUri": "https://["}}), "contents[0].parts[0].fileData.fileUri"),
        (parts({"fileData": {"mimeType": "video/mp4", "fileUri": "https://a.b/c"}}), "contents[0].parts[0].fileData"),
        (parts({"fileData": {"mimeType": "text/html", "fileUri": "https://a.b/c"}}), "contents[0].parts[0].fileData"),
        (parts({"inlineData": {"mimeType": "video/mp4", "data": "aa"}}), "contents[0].parts[0].inlineData"),
        (parts({"inlineData": {"data": "aa"}}), "contents[0].parts[0].inlineData.mimeType"),
        (
            parts({"functionResponse": {"parts": [{"fileData": {"fileUri": "files/1"}}]}}),
            "contents[0].parts[0].functionResponse.parts[0].fileData.fileUri",
        ),
        (body(systemInstruction={"parts": [{"fileData": {"fileUri": "files/1"}}]}), None),
    ],
)
def test_refused(raw: bytes, param: str | None) -> None:
    """What has no price, no bound or lives at the provider is refused by name, in any spelling a server may obey."""
    with pytest.raises(Refusal) as caught:
        parse_request(GENERATE, raw)
    assert caught.value.status == 400
    if param is not None:
        assert caught.value.param == param


def test_priced_tools_pass() -> None:
    """A hosted tool that the operator has priced is the operator's to allow."""
    raw = body(tools=[{"google_search": {}}])
    assert parse_request(GENERATE, raw, priced_tools={"googleSearch"}).raw == raw


def test_media_have_bounds_of_their_own() -> None:
    """An image's bytes are no text: they are replaced by a bound for the image, also within a function's result."""
    data = "A" * 40_000
    plain = parse_request(GENERATE, parts({"text": "hi"}))
    for part in (
        {"inlineData": {"mimeType": "image/png", "data": data}},
        {"functionResponse": {"name": "f", "parts": [{"inline_data": {"mime_type": "image/png", "data": data}}]}},
    ):
        parsed = parse_request(GENERATE, parts({"text": "hi"}, part))
        assert parsed.text.media_tokens > 0
        assert parsed.text.ascii < plain.text.ascii + 200
    url = parse_request(GENERATE, parts({"fileData": {"mimeType": "image/png", "fileUri": "https://a.b/c"}}))
    assert url.text.media_tokens > 0


def test_embeddings() -> None:
    """Texts in, vectors out, one or many; what would be lost is refused."""
    content = {"parts": [{"text": "a"}]}
    one = json.dumps({"content": content, "outputDimensionality": 3}).encode()
    wish = read_embed_request(one, model="m", is_batch=False)
    assert (wish.texts, wish.dimensions) == (("a",), 3)
    many = write_embed_request(wish, "up", is_batch=True)
    assert json.loads(many)["requests"][0]["model"] == "models/up"
    assert read_embed_request(many, model="up", is_batch=True).texts == ("a",)
    found = Embeddings(((0.5, 1.0),), Usage(input_tokens=3))
    raw = write_embed_answer(found, Usage(input_tokens=3), "0.1", is_batch=True)
    assert read_embed_answer(200, raw) == found
    with pytest.raises(Refusal, match="taskType"):
        read_embed_request(json.dumps({"content": content, "taskType": "X"}).encode(), model="m", is_batch=False)
