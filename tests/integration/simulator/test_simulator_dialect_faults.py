"""Every fault in every dialect as bytes on a socket, with the words and the end marks of that dialect."""

import contextlib
import gzip
import json
import socket

import msgspec
import pytest
from tests.support.simulator import running_simulator

GEMINI = "/v1beta/models/sim-chat:"


class Wire(msgspec.Struct, frozen=True):
    """How one dialect is asked, and how its content, its end and its errors are told from the bytes."""

    path: str
    stream_path: str
    auth: str
    body: dict
    content: bytes
    end: bytes
    error: bytes
    content_type: bytes = b"text/event-stream"


MESSAGE = [{"role": "user", "content": "hello"}]
CONTENTS = {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}
WIRES = {
    "anthropic": Wire(
        "/v1/messages",
        "/v1/messages",
        "x-api-key: sk-a\r\nanthropic-version: 2023-06-01",
        {"model": "sim-chat", "max_tokens": 1000, "messages": MESSAGE},
        b'"text_delta"',
        b'"message_stop"',
        b'"overloaded_error"',
    ),
    "responses": Wire(
        "/v1/responses",
        "/v1/responses",
        "authorization: Bearer sk-a",
        {"model": "sim-chat", "input": MESSAGE},
        b'"response.output_text.delta"',
        b'"response.completed"',
        b'"response.failed"',
    ),
    "gemini": Wire(
        GEMINI + "generateContent",
        GEMINI + "streamGenerateContent?alt=sse",
        "x-goog-api-key: sk-a",
        CONTENTS,
        b'"parts":[{"text":"',
        b'"finishReason":"STOP"',
        b'"UNAVAILABLE"',
    ),
    "gemini array": Wire(
        GEMINI + "generateContent",
        GEMINI + "streamGenerateContent",
        "x-goog-api-key: sk-a",
        CONTENTS,
        b'"parts":[{"text":"',
        b'"finishReason":"STOP"',
        b'"UNAVAILABLE"',
        b"application/json",
    ),
}


@pytest.fixture(scope="module")
def simulator():
    with running_simulator() as running:
        yield running


@pytest.fixture(autouse=True)
def fresh(simulator):
    simulator.reset()


@pytest.fixture(params=list(WIRES))
def wire(request):
    return WIRES[request.param]


def request_bytes(wire, *, stream=True, auth=None, setting=None):
    body = dict(wire.body)
    if stream and "model" in body:
        body["stream"] = True
    encoded = json.dumps(body).encode()
    lines = [
        f"POST {wire.stream_path if stream else wire.path} HTTP/1.1",
        "host: x",
        "connection: close",
        "content-type: application/json",
        f"content-length: {len(encoded)}",
    ]
    lines += [wire.auth if auth is None else auth] if auth != "" else []
    lines += [f"x-simulate: {json.dumps(setting)}"] if setting else []
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + encoded


def opened(simulator):
    return contextlib.closing(socket.create_connection(("127.0.0.1", simulator.port), timeout=10))


def answer_to(simulator, wire, **fields):
    """The head and the body of an answer, and whether it ended with a reset; chunks are taken apart where whole."""
    received, was_reset = b"", False
    with opened(simulator) as connection:
        connection.sendall(request_bytes(wire, **fields))
        while True:
            try:
                data = connection.recv(1 << 20)
            except ConnectionResetError:
                was_reset = True
                break
            if not data:
                break
            received += data
    head, _, body = received.partition(b"\r\n\r\n")
    return head, body, was_reset


def dechunked(body):
    content = b""
    while True:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        if rest[length : length + 2] != b"\r\n":
            raise ValueError("truncated chunk")
        if length == 0:
            return content
        content += rest[:length]
        body = rest[length + 2 :]


def test_healthy_stream(simulator, wire):
    """Sixteen content events, one end mark, the right content type, and no hole left unfilled."""
    head, body, _ = answer_to(simulator, wire)
    content = dechunked(body)
    assert b"content-type: " + wire.content_type in head
    assert content.count(wire.content) >= 16
    assert content.count(wire.end) >= 1
    assert b"\x7f" not in head + content


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503, 529])
def test_statuses(simulator, wire, status):
    """Every status comes in the dialect's own shape, with the retry-after that was asked for."""
    head, body, _ = answer_to(simulator, wire, setting={"status": status, "retry_after": "7"})
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"retry-after: 7" in head
    error = json.loads(body)
    if "anthropic" in wire.auth:
        assert error["type"] == "error"
        assert error["error"]["message"]
    elif "goog" in wire.auth:
        assert error["error"]["code"] == status
        assert error["error"]["status"].isupper()
    else:
        assert set(error["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize("style", ["clean", "fin", "truncated", "reset"])
def test_cuts(simulator, wire, style):
    """Three content events arrive, then the stream ends in the way asked for, without its end mark."""
    _, body, was_reset = answer_to(simulator, wire, setting={"cut": 3, "cut_style": style})
    assert was_reset == (style == "reset")
    assert body.count(wire.content) in (3, 4)
    assert wire.end not in body
    if style == "clean":
        assert dechunked(body).count(wire.content) == 3
    else:
        with pytest.raises(ValueError, match=r"truncated|invalid literal"):
            dechunked(body)


def test_mid_stream_error(simulator, wire):
    """Content, then the dialect's error in the dialect's stream, and no end mark after it."""
    content = dechunked(answer_to(simulator, wire, setting={"fault": "error_event"})[1])
    assert content.count(wire.content) == 8
    assert content.index(wire.error) > content.rindex(wire.content)
    assert wire.end not in content


def test_malformed(simulator, wire):
    """Half a plain answer, and one broken event in a stream that goes on to its end."""
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer_to(simulator, wire, stream=False, setting={"fault": "malformed_json"})[1])
    content = dechunked(answer_to(simulator, wire, setting={"fault": "malformed_event"})[1])
    assert wire.end in content
    if wire.content_type == b"text/event-stream":
        events = [line[6:] for line in content.split(b"\n") if line.startswith(b"data: ")]
        assert sum(not is_json(event) for event in events) == 1
    else:
        assert not is_json(content)


def is_json(data):
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("stream", [False, True])
def test_wrong_bodies(simulator, wire, stream):
    """A 200 that is a web page, and a 200 that is an error in the dialect's shape."""
    head, body, _ = answer_to(simulator, wire, stream=stream, setting={"fault": "html"})
    assert head.startswith(b"HTTP/1.1 200 ")
    assert body.startswith(b"<!doctype html>")
    head, body, _ = answer_to(simulator, wire, stream=stream, setting={"fault": "error_body"})
    assert head.startswith(b"HTTP/1.1 200 ")
    assert json.loads(body)["error"]["message"]


def test_resets_and_giants(simulator, wire):
    """The faults below the dialects work in all of them."""
    assert answer_to(simulator, wire, setting={"fault": "reset_before_headers"}) == (b"", b"", True)
    giant = dechunked(answer_to(simulator, wire, setting={"fault": "giant_line", "giant_bytes": 300_000})[1])
    assert b"x" * 300_000 in giant
    assert wire.end in giant


def test_gzip(simulator, wire):
    """Compressed answers, plain and streamed."""
    _, body, _ = answer_to(simulator, wire, stream=False, setting={"gzip": True})
    assert json.loads(gzip.decompress(body))
    _, body, _ = answer_to(simulator, wire, setting={"gzip": True})
    assert wire.end in gzip.decompress(dechunked(body))


def test_split_bytes(simulator, wire):
    """A byte at a time gives the same content."""
    whole = dechunked(answer_to(simulator, wire)[1])
    split = answer_to(simulator, wire, setting={"split_bytes": 1})[1]
    assert split.count(b"\r\n") > len(whole)
    assert len(dechunked(split)) == len(whole)


def test_end_marks(simulator, wire):
    """The end mark can be missing, and can come with content after it."""
    assert wire.end not in dechunked(answer_to(simulator, wire, setting={"done": "missing"})[1])
    after = dechunked(answer_to(simulator, wire, setting={"done": "then_content"})[1])
    assert after.rindex(wire.content) > after.index(wire.end)


@pytest.mark.parametrize("setting", [{"fault": "silent"}, {"cut": 2, "cut_style": "stall"}])
def test_silence(simulator, wire, setting):
    """Nothing at all, or nothing after two events, and the connection stays open until the client goes."""
    with opened(simulator) as connection:
        connection.sendall(request_bytes(wire, setting=setting))
        simulator.wait_for(lambda now: now["concurrent"] == 1)
        connection.settimeout(0.1)
        received = b""
        with contextlib.suppress(TimeoutError):
            while data := connection.recv(1 << 16):
                received += data
    assert received.count(wire.content) == (2 if "cut" in setting else 0)
    assert simulator.wait_for(lambda now: now["closed_early"] == 1)["concurrent"] == 0


def test_endless(simulator, wire):
    """Content far beyond the length of an answer, until the client goes."""
    with opened(simulator) as connection:
        connection.sendall(request_bytes(wire, setting={"fault": "endless", "chunks": 2}))
        received = b""
        while received.count(wire.content) < 50 and len(received) < 1 << 20:
            received += connection.recv(1 << 16)
    assert received.count(wire.content) >= 50
    assert wire.end not in received
    assert simulator.wait_for(lambda now: now["closed_early"] == 1)["concurrent"] == 0


@pytest.mark.parametrize("mode", ["missing", "negative", "huge", "wrong_types"])
def test_usage_modes(simulator, wire, mode):
    """Usage is absent or absurd, plain and streamed alike."""
    for stream in (False, True):
        _, body, _ = answer_to(simulator, wire, stream=stream, setting={"usage": mode})
        content = dechunked(body) if stream else body
        name = b'promptTokenCount":' if "goog" in wire.auth else b'input_tokens":'
        place = content.rpartition(b'"' + name)[2]
        expected = {"negative": b"-", "huge": b"9000000000000000000", "wrong_types": b'"'}
        if mode == "missing":
            assert name not in content
        else:
            assert place.startswith(expected[mode])


@pytest.mark.parametrize("auth", ["", "authorization: ", "x-api-key: sk-a", "x-goog-api-key: sk-a"])
def test_keys_belong_in_each_dialects_own_header(simulator, wire, auth):
    """A key in another vendor's header is no key; a repeated request is not let through by the one before."""
    answer_to(simulator, wire)
    head, _, _ = answer_to(simulator, wire, auth=auth)
    own = wire.auth.startswith(auth) if auth else False
    keyless = auth in ("", "authorization: ") and wire.auth.startswith("authorization")
    if keyless:
        assert head.startswith(b"HTTP/1.1 200 ")
    elif own and "anthropic-version" in wire.auth:
        assert head.startswith(b"HTTP/1.1 400 ")  # the key alone is not enough there
    elif own:
        assert head.startswith(b"HTTP/1.1 200 ")
    else:
        assert head.startswith((b"HTTP/1.1 401 ", b"HTTP/1.1 403 "))


def test_keys_are_counted_and_refused_one_by_one(simulator, wire):
    """A pool of keys works in every dialect, whichever header the key came in."""
    simulator.set(key_status={"sk-a": 429})
    assert answer_to(simulator, wire)[0].startswith(b"HTTP/1.1 429 ")
    assert simulator.key_uses("sk-a") == 1
