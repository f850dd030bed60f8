"""Requests: what is priced is read and bounded, what cannot be is refused, and the rest goes out as it came in."""

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from farebox.dialects.openai_fields import FIELDS
from farebox.dialects.openai_media import IMAGE_TOKENS, LOW_DETAIL_IMAGE_TOKENS
from farebox.dialects.openai_request import parse_request, upstream_body
from farebox.domain.errors import Refusal

MESSAGES = [{"role": "user", "content": "Hello"}]


def chat(**fields: Any) -> bytes:
    return json.dumps({"model": "m", "messages": MESSAGES, **fields}).encode()


def with_parts(*parts: Any) -> bytes:
    return chat(messages=[{"role": "user", "content": list(parts)}])


def send(raw: bytes, endpoint: str = "chat.completions", **options: Any) -> bytes:
    usual = {"upstream_model": "vendor/m", "most_output_tokens": None, "ask_stream_usage": False, "end_user": None}
    return upstream_body(parse_request(endpoint, raw), **{**usual, **options})


def refused_param(raw: bytes, endpoint: str = "chat.completions") -> str | None:
    with pytest.raises(Refusal) as caught:
        parse_request(endpoint, raw)
    assert (caught.value.code, caught.value.status) == ("invalid_request", 400)
    return caught.value.param


def test_facts_of_a_request() -> None:
    """All that billing and routing need is read in one go."""
    parsed = parse_request(
        "chat.completions",
        chat(stream=True, stream_options={"include_usage": True}, max_tokens=5, max_completion_tokens=9, n=3),
    )
    assert (parsed.model, parsed.stream, parsed.wants_stream_usage) == ("m", True, True)
    # Which of the two names a provider obeys is not known: the larger is the bound.
    assert (parsed.most_output_tokens, parsed.answers) == (9, 3)


def test_null_counts_as_absent() -> None:
    """SDKs send null for what was not set; it must neither be refused nor bound anything."""
    fields = ("stream", "stream_options", "max_tokens", "n", "store", "tools", "service_tier", "audio", "prediction")
    parsed = parse_request("chat.completions", chat(**dict.fromkeys(fields)))
    assert (parsed.stream, parsed.most_output_tokens, parsed.answers) == (False, None, 1)


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens", "n", "best_of"])
@pytest.mark.parametrize("value", [0, -1, 1.0, 1.5, True, "5", [], 10**12, 10**40])
def test_bounds_must_be_whole_numbers(name: str, value: Any) -> None:
    """A bound that we read otherwise than the provider would make a hold too small."""
    assert refused_param(chat(**{name: value})) == name


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"model": ""}, "model"),
        ({"model": 5}, "model"),
        ({"model": None}, "model"),
        ({"model": "x" * 300}, "model"),
        ({"messages": []}, "messages"),
        ({"messages": "hi"}, "messages"),
        ({"messages": ["hi"]}, "messages[0]"),
        ({"stream": 1}, "stream"),
        ({"stream": "true"}, "stream"),
        ({"stream_options": True}, "stream_options"),
        ({"stream_options": {"include_usage": 1}}, "stream_options.include_usage"),
        ({"n": 129}, "n"),
        ({"n": 3, "best_of": 2}, "best_of"),
        ({"models": "a"}, "models"),
        ({"models": ["a", 1]}, "models"),
        # state kept at the provider
        ({"store": True}, "store"),
        ({"previous_response_id": "resp_1"}, "previous_response_id"),
        ({"conversation": "conv_1"}, "conversation"),
        ({"cached_content": "c"}, "cached_content"),
        ({"extra_body": {"google": {"cached_content": "c"}}}, "extra_body.cached_content"),
        ({"extra_body": {"max_tokens": 9}}, "extra_body.max_tokens"),
        # other prices, or none
        ({"service_tier": "priority"}, "service_tier"),
        ({"service_tier": "flex"}, "service_tier"),
        ({"web_search_options": {}}, "web_search_options"),
        ({"prediction": {"type": "content", "content": "x"}}, "prediction"),
        ({"audio": {"voice": "a", "format": "mp3"}}, "audio"),
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"modalities": ["image"]}, "modalities"),
        ({"tools": [{"type": "web_search"}]}, "tools[0]"),
        ({"tools": [{"type": "function", "function": {}}, {"type": "code_interpreter"}]}, "tools[1]"),
        ({"tools": [{"google_search": {}}]}, "tools[0]"),
        ({"tools": {"type": "function"}}, "tools"),
        ({"enable_search": True}, "enable_search"),
        ({"plugins": [{"id": "web"}]}, "plugins"),
        ({"provider": {"order": ["x"]}}, "provider"),
        # names that a server without regard to case would obey
        ({"Max_Tokens": 9}, "Max_Tokens"),
        ({"Messages": []}, "Messages"),
        ({"\u017ftore": True}, "\u017ftore"),
    ],
)
def test_fields_that_cannot_be_priced_are_refused_by_name(fields: dict[str, Any], param: str) -> None:
    """One table decides; the customer learns which field it was."""
    assert refused_param(chat(**fields)) == param


@pytest.mark.parametrize(
    "fields",
    [
        {"store": False},
        {"service_tier": "auto"},
        {"service_tier": "default"},
        {"modalities": ["text"]},
        {"tools": [{"type": "function", "function": {"name": "f"}}, {"type": "custom", "custom": {"name": "g"}}]},
        {"metadata": {"a": "b"}, "user": "u", "logprobs": True, "response_format": {"type": "json_object"}},
        {"reasoning_effort": "high", "unheard_of": {"deep": [1, {"x": None}]}, "temperature": 1e400},
        {"extra_body": {"google": {"thinking_config": {"include_thoughts": True}}}},
    ],
)
def test_all_else_passes_untouched(fields: dict[str, Any]) -> None:
    """A field that we do not know is the provider's business: its bytes go out as they came."""
    raw = chat(**fields).replace(b"Infinity", b"1e400")
    assert send(raw) == raw.replace(b'"model": "m"', b'"model": "vendor/m"')


@pytest.mark.parametrize("raw", [b"{", b"[]", b'{"model":"m","model":"m"}', b'{"a":"\\u0000"}', b"\xff"])
def test_unreadable_bodies_are_refused(raw: bytes) -> None:
    """Not JSON, not an object, doubled keys, NUL and bad UTF-8 end as 400, not as a failure."""
    assert refused_param(raw) in (None, "model")


@pytest.mark.parametrize(("endpoint", "name"), [("completions", "prompt"), ("embeddings", "input")])
def test_prompts_are_needed(endpoint: str, name: str) -> None:
    """The other endpoints say which field they miss, too."""
    for value in ("", [], 5, None, {}):
        assert refused_param(json.dumps({"model": "m", name: value}).encode(), endpoint) == name
    assert refused_param(b'{"model":"m"}', endpoint) == name


def test_embeddings_do_not_stream() -> None:
    """A stream that never comes would be awaited to its timeout."""
    assert refused_param(b'{"model":"m","input":"x","stream":true}', "embeddings") == "stream"


@pytest.mark.parametrize(
    ("prompt", "answers"), [("a", 3), (["a", "b"], 6), ([1, 2, 3], 3), ([[1], [2], [3]], 9), (["a"], 3)]
)
def test_every_prompt_of_a_list_is_an_answer_to_pay_for(prompt: Any, answers: int) -> None:
    """Completions answer each prompt `best_of` times and charge for all of them."""
    raw = json.dumps({"model": "m", "prompt": prompt, "n": 2, "best_of": 3}).encode()
    assert parse_request("completions", raw).answers == answers


def test_alternatives_are_ours_and_not_sent() -> None:
    """`models` names fallbacks across models: the provider must not route by it as well."""
    raw = chat(models=["m", "b", "c"])
    parsed = parse_request("chat.completions", raw)
    assert (parsed.model, parsed.alternatives) == ("m", ("b", "c"))
    assert "models" not in json.loads(send(raw))


def test_bytes_are_counted_by_class() -> None:
    """The estimate of input tokens differs by script, escaped or not, and never misses a byte of text."""
    raw = json.dumps(
        {"model": "m", "messages": [{"role": "user", "content": "语言ひコ한 яз é 😀"}]}, ensure_ascii=False
    )
    text = parse_request("chat.completions", raw.encode()).text
    assert (text.cjk, text.other) == (15, 4 + 2 + 4)
    assert text.ascii + text.cjk + text.other == len(raw.encode())
    escaped = parse_request("chat.completions", json.dumps(json.loads(raw)).encode()).text
    assert (escaped.cjk, escaped.other) == (text.cjk, text.other)


def test_images_have_a_bound_of_their_own() -> None:
    """A data URL counts as an image, not as its base64; an image elsewhere counts the same; low detail counts less."""
    url = "data:image/png;base64," + "A" * 100_000
    data = parse_request("chat.completions", with_parts({"type": "image_url", "image_url": {"url": url}}))
    remote = parse_request("chat.completions", with_parts({"type": "image_url", "image_url": {"url": "https://x/y"}}))
    low = parse_request(
        "chat.completions", with_parts({"type": "image_url", "image_url": {"url": url, "detail": "low"}})
    )
    flat = parse_request("chat.completions", with_parts({"type": "image_url", "image_url": url}))
    assert data.text.media_tokens == remote.text.media_tokens == flat.text.media_tokens == IMAGE_TOKENS
    assert low.text.media_tokens == LOW_DETAIL_IMAGE_TOKENS
    assert data.text.ascii < 300


def test_audio_and_documents_are_bounded_by_their_bytes() -> None:
    """Media without a bound would be priced at nothing and charged afterwards."""
    audio = parse_request(
        "chat.completions", with_parts({"type": "input_audio", "input_audio": {"data": "A" * 3200, "format": "mp3"}})
    )
    assert audio.text.media_tokens == 1 + 2400 // 32
    document = parse_request("chat.completions", with_parts({"type": "file", "file": {"file_data": "A" * 4000}}))
    assert document.text.media_tokens == 3001
    assert document.text.ascii < 300


@pytest.mark.parametrize(
    "part",
    [
        {"type": "file", "file": {"file_id": "file-1"}},
        {"type": "file", "file": {"file_data": "https://elsewhere/x.pdf"}},
        {"type": "image_file", "file_id": "file-1"},
        {"type": "video_url", "video_url": {"url": "https://x"}},
        {"type": "input_audio", "input_audio": {"url": "https://x"}},
    ],
)
def test_parts_without_a_bound_are_refused(part: dict[str, Any]) -> None:
    """Files kept at the provider and media that could cost anything are refused where they stand."""
    assert str(refused_param(with_parts(part))).startswith("messages[0].content[0]")


def test_earlier_audio_answers_are_state() -> None:
    """An assistant's audio id refers to data kept at the provider."""
    assert refused_param(chat(messages=[{"role": "assistant", "audio": {"id": "a"}}])) == "messages[0].audio"


def test_token_numbers_count_as_tokens() -> None:
    """Digits of token arrays are not text: each number is exactly one token."""
    for value, tokens in (([1, 22, 333], 3), ([[1, 2], [3]], 3)):
        text = parse_request("embeddings", json.dumps({"model": "m", "input": value}).encode()).text
        assert text.media_tokens == tokens


@pytest.mark.parametrize(
    ("fields", "most", "expected"),
    [
        ({}, 100, {"max_completion_tokens": 100}),
        ({"max_tokens": 500}, 100, {"max_tokens": 100}),
        ({"max_tokens": 50}, 100, {"max_tokens": 50}),
        ({"max_completion_tokens": 500}, 100, {"max_completion_tokens": 100}),
        ({"max_tokens": 50, "max_completion_tokens": 500}, 100, {"max_tokens": 50, "max_completion_tokens": 100}),
        ({"max_tokens": None}, 100, {"max_tokens": None, "max_completion_tokens": 100}),
        ({"max_tokens": 500}, None, {"max_tokens": 500}),
        ({}, None, {}),
    ],
)
def test_the_output_bound_is_sent(fields: dict[str, Any], most: int | None, expected: dict[str, Any]) -> None:
    """What the hold covers is what the provider may write, in the field that the client used."""
    sent = json.loads(send(chat(**fields), most_output_tokens=most))
    assert {name: value for name, value in sent.items() if "max" in name} == expected


def test_the_bound_is_named_as_the_channel_knows_it() -> None:
    """Compatible servers know only the old name; so does the completions endpoint everywhere."""
    assert json.loads(send(chat(), most_output_tokens=7, bound_name="max_tokens"))["max_tokens"] == 7
    assert json.loads(send(b'{"model":"m","prompt":"x"}', "completions", most_output_tokens=7))["max_tokens"] == 7
    assert "7" not in send(b'{"model":"m","input":"x"}', "embeddings", most_output_tokens=7).decode()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {"include_usage": True}),
        ({"stream_options": None}, {"include_usage": True}),
        ({"stream_options": {}}, {"include_usage": True}),
        ({"stream_options": {"include_usage": False, "x": 1}}, {"include_usage": True, "x": 1}),
        ({"stream_options": {"include_usage": True, "x": 1}}, {"include_usage": True, "x": 1}),
    ],
)
def test_usage_of_streams_is_asked_for(options: dict[str, Any], expected: dict[str, Any]) -> None:
    """Without it a stream could only be estimated."""
    assert json.loads(send(chat(stream=True, **options), ask_stream_usage=True))["stream_options"] == expected
    assert "include_usage" not in send(chat(), ask_stream_usage=True).decode()


def test_end_user_replaces_the_clients_own() -> None:
    """A ban can be traced to one customer, and no customer can pose as another."""
    assert json.loads(send(chat(user="mine"), end_user="hash"))["user"] == "hash"
    assert json.loads(send(chat(), end_user="hash", end_user_name="safety_identifier"))["safety_identifier"] == "hash"


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8).filter(lambda name: name.casefold() not in FIELDS and name != "messages"),
        st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=5),
        max_size=5,
    )
)
def test_unknown_fields_keep_their_bytes(fields: dict[str, Any]) -> None:
    """Same dialect on both sides: byte for byte, but for the model name."""
    raw = json.dumps({**fields, "model": "m", "messages": MESSAGES}).encode()
    assume(b"\\u0000" not in raw)
    sent = send(raw)
    at = raw.rindex(b'"m"')
    assert sent == raw[:at] + b'"vendor/m"' + raw[at + 3 :]


def test_a_bound_is_told_to_servers_under_the_name_they_know() -> None:
    """A bound under the newer name alone would bound nothing on a server that knows only the older one."""
    raw = b'{"model":"m","messages":[{"role":"user","content":"x"}],"max_completion_tokens":7}'
    parsed = parse_request("chat.completions", raw)
    facts = {"upstream_model": "u", "ask_stream_usage": False, "end_user": None}
    sent = json.loads(upstream_body(parsed, most_output_tokens=None, bound_name="max_tokens", **facts))
    assert (sent["max_tokens"], sent["max_completion_tokens"]) == (7, 7)
    lowered = json.loads(upstream_body(parsed, most_output_tokens=3, bound_name="max_tokens", **facts))
    assert (lowered["max_tokens"], lowered["max_completion_tokens"]) == (3, 3)
    assert "max_tokens" not in json.loads(upstream_body(parsed, most_output_tokens=None, **facts))


@pytest.mark.parametrize("name", ["max_new_tokens", "max_output_tokens", "min_tokens", "num_predict"])
def test_bounds_under_other_names_are_refused(name: str) -> None:
    """What some servers obey and we do not price must not pass."""
    raw = b'{"model":"m","messages":[{"role":"user","content":"x"}],"%b":9}' % name.encode()
    with pytest.raises(Refusal) as refused:
        parse_request("chat.completions", raw)
    assert refused.value.param == name
