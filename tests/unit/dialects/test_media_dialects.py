"""Bounds and counts of what images, audio and searches cost, and streams that end with what was charged."""

import struct
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.media import wav

from farebox.dialects import openai_images, openai_moderations, openai_speech, openai_transcriptions, rerank
from farebox.dialects.audio_length import longest_seconds, usual_seconds
from farebox.dialects.exchange import JobStamp, PlainAnswer, ProviderFault
from farebox.dialects.multipart import File, Form
from farebox.dialects.scrub import NO_NAMES
from farebox.domain.errors import Refusal
from farebox.domain.pieces import Pieces

STAMP = JobStamp(UUID(int=7), "ours")
MP3_128 = b"\xff\xfb\x90\x00" + bytes(60)


def _forged(at: int, value: int) -> bytes:
    head = bytearray(wav(10)[:4096])
    head[at : at + 2] = struct.pack("<H", value)
    return bytes(head)


@pytest.mark.parametrize(
    ("head", "size", "longest", "usual"),
    [
        (wav(10)[:4096], len(wav(10)), 10, 10),  # the header is no sound
        (wav(10)[:4096], len(wav(10)) + 1, 11, 11),
        (wav(10, rate=44_100)[:4096], 882_044, 10, 10),
        # Forged: a width, a rate or channels that no recording has, or that do not agree, are not believed.
        (_forged(32, 64_000), 9_600_044, 12_801, 1_201),
        (_forged(22, 600), 9_600_044, 12_801, 1_201),
        (_forged(34, 64), 9_600_044, 12_801, 1_201),
        (MP3_128, 160_000, 160, 10),
        (b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + MP3_128, 160_000, 160, 10),
        (b"fLaC" + bytes(60), 100_000, 50, 2),
        (b"\0\0\0\x18ftypM4A " + bytes(60), 80_000, 80, 10),
        (b"OggS" + bytes(60), 75_000, 100, 10),
        (b"", 0, 1, 1),
        (b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x55\0", 75_000, 100, 10),  # compressed sound in a WAV
    ],
)
def test_how_long_a_recording_can_be(head: bytes, size: int, longest: int, usual: int) -> None:
    """The bound for the hold by the thinnest sound of the format, the count by what is usual."""
    assert (longest_seconds(head, size), usual_seconds(head, size)) == (longest, usual)


@given(st.binary(max_size=64), st.integers(0, 10**9))
def test_a_count_of_seconds_never_exceeds_its_bound(head: bytes, size: int) -> None:
    """Whatever the bytes are."""
    assert 1 <= usual_seconds(head, size) <= longest_seconds(head, size)


@pytest.mark.parametrize(
    ("size", "quality", "tokens"),
    [
        ("1024x1024", "low", 272),
        ("1024x1536", "low", 408),
        ("1536x1024", "medium", 1584),
        ("1024x1024", "high", 4160),
        ("1024x1536", "high", 6240),
        ("", "", 6240),
        ("256x256", "high", 4160),
        ("2048x2048", "high", 16640),
        ("2k", "standard", 6240),
    ],
)
def test_tokens_of_an_image(size: str, quality: str, tokens: int) -> None:
    """OpenAI's published counts; what is not known counts as the dearest."""
    assert openai_images.output_tokens(size, quality) == tokens


def test_an_image_request_is_bounded() -> None:
    """`auto` is not known; previews are more output."""
    raw = msgspec.json.encode(
        {"model": "m", "prompt": "x", "n": 3, "size": "auto", "quality": "HD", "partial_images": 2}
    )
    parsed = openai_images.parse_generation(raw)
    assert parsed.media is not None
    assert parsed.media.most == Pieces(images=3, image_size="", image_quality="hd")
    assert (parsed.answers, parsed.most_output_tokens) == (3, 6_440)


@pytest.mark.parametrize(
    ("body", "usage"),
    [
        ({"data": [{"b64_json": "x"}], "size": "1024x1024", "quality": "low"}, (1, "1024x1024", "low", 272)),
        ({"data": [{}, {}]}, (2, "", "", 12_480)),
        (
            {"data": [{}], "usage": {"input_tokens": 9, "output_tokens": 50, "total_tokens": 59}, "quality": "high"},
            (1, "", "high", 50),
        ),
    ],
)
def test_images_are_counted(body: Any, usage: tuple[int, str, str, int]) -> None:
    """How many came, of what kind; tokens by the provider, else by the table."""
    parsed = openai_images.parse_generation(b'{"model":"m","prompt":"x","n":9}')
    answer = openai_images.read_answer(parsed, 200, "application/json", msgspec.json.encode(body))
    assert isinstance(answer, PlainAnswer)
    used = answer.usage
    assert used is not None
    assert used.pieces is not None
    found = (used.pieces.images, used.pieces.image_size, used.pieces.image_quality, used.image_output_tokens)
    assert found == usage
    assert answer.is_counted == ("usage" not in body)


@pytest.mark.parametrize("raw", [b"{}", b'{"data":[]}', b'{"data":[{"url":"https://x"}]}', b"<html>", b'{"data":7}'])
def test_no_images_are_a_fault(raw: bytes) -> None:
    """An answer without images, or with addresses in their place, is the channel's fault."""
    parsed = openai_images.parse_generation(b'{"model":"m","prompt":"x"}')
    assert isinstance(openai_images.read_answer(parsed, 200, "application/json", raw), ProviderFault)


@pytest.mark.parametrize(
    ("documents", "more", "units"),
    [
        (["a"] * 100, {}, 1),
        (["a"] * 101, {}, 2),
        (["word " * 1000], {}, 1),
        (["word " * 1000] * 20, {}, 1),  # 2,000 tokens at most: 5 pieces each
        (["word " * 1000] * 21, {}, 2),
        (["word " * 1000] * 60, {"max_tokens_per_doc": 400}, 1),
        ([{"text": "a", "title": "b"}], {}, 1),
    ],
)
def test_searches_by_cohere_s_definition(documents: Any, more: dict[str, int], units: int) -> None:
    """Up to 100 documents a search, long ones split into pieces of 500 tokens with the query."""
    raw = msgspec.json.encode({"model": "m", "query": "q", "documents": documents, **more})
    parsed = rerank.parse_request(raw)
    assert parsed.media is not None
    assert parsed.media.most.search_units == units


def heard(**changes: Any) -> Any:
    file = File("file", "a.wav", b"audio/wav", wav(10)[:4096], len(wav(10)), b"")
    fields = {"model": "m", **changes}
    return openai_transcriptions.parse_request(Form(tuple(fields.items()), (file,)), b"{}")


@pytest.mark.parametrize(
    ("body", "seconds", "tokens"),
    [
        ({"text": "x", "usage": {"type": "duration", "seconds": 8.2}}, 9, 90),
        ({"text": "x", "duration": "8.2"}, 9, 90),
        ({"text": "x", "duration": 8.2, "usage": {"type": "duration", "seconds": 8}}, 8, 80),
        (
            {
                "text": "x",
                "usage": {
                    "type": "tokens",
                    "input_tokens": 71,
                    "input_token_details": {"text_tokens": 1, "audio_tokens": 70},
                    "output_tokens": 4,
                    "total_tokens": 75,
                },
            },
            7,
            71,
        ),
        ({"text": "x"}, 10, 100),
        ({"text": "x", "usage": {"seconds": -4}, "duration": True}, 10, 100),
    ],
)
def test_seconds_that_were_heard(body: Any, seconds: int, tokens: int) -> None:
    """In the provider's words, whichever it uses; else by the file."""
    answer = openai_transcriptions.read_answer(heard(), 200, "application/json", msgspec.json.encode(body))
    assert isinstance(answer, PlainAnswer)
    assert answer.usage is not None
    assert answer.usage.pieces == Pieces(audio_seconds=seconds)
    assert answer.usage.input_tokens == tokens
    assert answer.is_counted == (seconds == 10)


@pytest.mark.parametrize("usage", [b"{}", b"{ }", b"null", b"[]", b"7"])
def test_an_empty_usage_object_is_replaced(usage: bytes) -> None:
    """Some servers name it and say nothing."""
    answer = openai_transcriptions.read_answer(heard(), 200, "", b'{"text":"x","usage":' + usage + b"}")
    assert isinstance(answer, PlainAnswer)
    assert answer.usage is not None
    stamped = msgspec.json.decode(openai_transcriptions.stamp_answer(answer, STAMP, "1", answer.usage))
    assert stamped["usage"] == {"type": "duration", "seconds": 10, "cost": "1"}


def _events(*bodies: Any) -> bytes:
    return b"".join(b"data: " + msgspec.json.encode(body) + b"\n\n" for body in bodies)


TRANSCRIPT = _events(
    {"type": "transcript.text.delta", "delta": "a", "provider": "x"},
    {"type": "transcript.text.done", "text": "a", "usage": {"type": "duration", "seconds": 3, "cost": 1}},
)


@given(st.lists(st.integers(0, len(TRANSCRIPT)), max_size=5))
def test_a_stream_is_the_same_however_it_is_split(cuts: list[int]) -> None:
    """The last event waits for the charge; nothing names the provider."""
    relay = openai_transcriptions.relay(heard(stream="true"), STAMP, NO_NAMES)
    out, at = b"", 0
    for cut in (*sorted(cuts), len(TRANSCRIPT)):
        out += relay.feed(TRANSCRIPT[at:cut])
        at = max(at, cut)
    out += relay.end_of_input()
    assert out == _events({"type": "transcript.text.delta", "delta": "a"})
    assert relay.end is not None
    assert relay.end.kind == "done"
    assert relay.usage is not None
    last = {"type": "transcript.text.done", "text": "a", "usage": {"type": "duration", "seconds": 3, "cost": "0.5"}}
    assert relay.finish("0.5", relay.usage) == _events(last)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (_events({"type": "transcript.text.delta", "delta": "a"}), "cut"),
        (_events({"type": "transcript.text.delta", "delta": "a"}, {"type": "error", "message": "m"}), "error"),
        (b"data: {\n\n", "error"),
        (b"", "cut"),
    ],
)
def test_a_bad_end_is_none(raw: bytes, kind: str) -> None:
    """A stream without its last event was cut, and one with an error has failed."""
    relay = openai_transcriptions.relay(heard(stream="true"), STAMP, NO_NAMES)
    relay.feed(raw)
    relay.end_of_input()
    assert relay.end is not None
    assert relay.end.kind == kind


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=6))
def test_sound_is_passed_on_byte_for_byte(pieces: list[bytes]) -> None:
    """The last bytes only after the charge; none at all after a bad end."""
    parsed = openai_speech.parse_request(b'{"model":"m","input":"hello","voice":"v"}')
    relay = openai_speech.relay(parsed, STAMP, NO_NAMES)
    out = b"".join(relay.feed(piece) for piece in pieces) + relay.end_of_input()
    sound = b"".join(pieces)
    assert relay.end is not None
    assert (relay.end.kind == "done") == bool(sound)
    assert len(out) == max(0, len(sound) - 64)
    assert relay.fail(Refusal("timeout", "x"), None) == b""
    assert parsed.media is not None
    assert out + relay.finish("1", parsed.media.counted) == sound
    assert relay.output_tokens_estimated <= 7


_scalars = st.none() | st.booleans() | st.integers(-3, 10**12) | st.floats() | st.text(max_size=4)
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)
_members = st.sampled_from(
    [
        "model",
        "prompt",
        "input",
        "voice",
        "query",
        "documents",
        "n",
        "size",
        "quality",
        "stream",
        "stream_format",
        "response_format",
        "partial_images",
        "data",
        "usage",
        "results",
        "meta",
        "text",
        "duration",
        "type",
        "top_n",
        "max_tokens_per_doc",
        "error",
        "url",
        "b64_json",
        "billed_units",
    ]
)
_objects = st.dictionaries(_members, _values | st.dictionaries(_members, _values, max_size=2), max_size=6)
_JSON_DIALECTS = [
    (openai_images, openai_images.parse_generation, {"prompt": "x"}),
    (openai_speech, openai_speech.parse_request, {"input": "x"}),
    (openai_moderations, openai_moderations.parse_request, {"input": "x"}),
    (rerank, rerank.parse_request, {"query": "x", "documents": ["x"]}),
]


@given(_objects, st.sampled_from(_JSON_DIALECTS), st.booleans())
def test_no_request_breaks_a_reader(fields: Any, dialect: Any, has_model: bool) -> None:
    """Anything is read or refused with 400."""
    _, parse, needed = dialect
    raw = msgspec.json.encode({**needed, **({"model": "m"} if has_model else {}), **fields})
    try:
        parsed = parse(raw)
    except Refusal as refusal:
        parsed, status = None, refusal.status
    else:
        status = 200
    assert (parsed is None) == (status == 400)


@given(_objects | _values, st.sampled_from(_JSON_DIALECTS))
def test_no_answer_breaks_a_reader(body: Any, dialect: Any) -> None:
    """Anything is an answer that can be stamped, or a fault of the channel."""
    module, parse, needed = dialect
    parsed = parse(msgspec.json.encode({"model": "m", **needed}))
    answer = module.read_answer(parsed, 200, "application/json", msgspec.json.encode(body))
    if isinstance(answer, PlainAnswer):
        assert msgspec.json.decode(module.stamp_answer(answer, STAMP, "1", answer.usage))
    else:
        assert answer.fault == "channel"


@given(_objects)
def test_no_transcript_breaks_a_reader(body: Any) -> None:
    """The same for transcripts."""
    answer = openai_transcriptions.read_answer(heard(), 200, "application/json", msgspec.json.encode(body))
    if isinstance(answer, PlainAnswer):
        assert answer.usage is not None
        assert msgspec.json.decode(openai_transcriptions.stamp_answer(answer, STAMP, "1", answer.usage))
