"""Every fault of the simulator as bytes on a socket: a fault test of the gateway is worth what its fault is worth."""

import contextlib
import gzip
import json
import socket
import zlib

import pytest
from tests.support.simulator import running_simulator


@pytest.fixture(scope="module")
def simulator():
    with running_simulator() as running:
        yield running


@pytest.fixture(autouse=True)
def fresh(simulator):
    simulator.reset()


def opened(simulator):
    return contextlib.closing(socket.create_connection(("127.0.0.1", simulator.port), timeout=10))


def request_bytes(*, stream=True, setting=None, suffix="", path="/v1/chat/completions", text="hello", **fields):
    body = {"model": "sim-chat" + suffix, "messages": [{"role": "user", "content": text}], "stream": stream, **fields}
    encoded = json.dumps(body).encode()
    lines = [f"POST {path} HTTP/1.1", "host: x", f"content-length: {len(encoded)}", "authorization: Bearer sk-a"]
    if setting is not None:
        lines.append("x-simulate: " + json.dumps(setting))
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + encoded


def until_end(connection):
    """All bytes until the server closes, and whether it did so with a reset."""
    received = b""
    while True:
        try:
            data = connection.recv(1 << 20)
        except ConnectionResetError:
            return received, True
        if not data:
            return received, False
        received += data


def answer_to(simulator, **fields):
    """One answer of a connection that the client asks to be closed after it."""
    wanted = request_bytes(**fields).replace(b"host: x\r\n", b"host: x\r\nconnection: close\r\n")
    with opened(simulator) as connection:
        connection.sendall(wanted)
        received, was_reset = until_end(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    return head, body, was_reset


def dechunked(body):
    """The content of a correctly chunked body; raises ValueError for any other."""
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


def events(content):
    return [line[6:] for line in content.split(b"\n") if line.startswith(b"data: ")]


@pytest.mark.parametrize("way", ["header", "suffix", "control"])
def test_faults_can_be_set_in_three_ways(simulator, way):
    """A header, the model name (which a gateway passes on) and a control call set the same things."""
    fields = {"stream": False}
    if way == "header":
        fields["setting"] = {"status": 418}
    elif way == "suffix":
        fields["suffix"] = "?status=418"
    else:
        simulator.set(status=418)
    assert answer_to(simulator, **fields)[0].startswith(b"HTTP/1.1 418 ")
    simulator.reset()
    assert answer_to(simulator, stream=False)[0].startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("fault", "head"), [("reset_before_headers", b""), ("reset_after_headers", b"HTTP/1.1 200 OK")]
)
def test_resets(simulator, fault, head):
    """The connection is reset, with and without headers before."""
    received, body, was_reset = answer_to(simulator, suffix=f"?fault={fault}")
    assert was_reset
    assert received.startswith(head)
    assert body == b""
    assert bool(received) == bool(head)


@pytest.mark.parametrize(
    ("style", "well_framed", "with_reset"),
    [("clean", True, False), ("fin", False, False), ("truncated", False, False), ("reset", False, True)],
)
def test_cuts(simulator, style, well_framed, with_reset):
    """Three content chunks arrive, then the stream ends without [DONE] in the way asked for."""
    head, body, was_reset = answer_to(simulator, suffix=f"?cut=3&cut_style={style}")
    assert b"chunked" in head
    assert b"[DONE]" not in body
    assert was_reset == with_reset
    if well_framed:
        assert dechunked(body).count(b'"delta":{"content":') == 3
    else:
        with pytest.raises(ValueError, match=r"truncated|invalid literal"):
            dechunked(body)
        assert body.count(b'"delta":{"content":') in (3, 4)
    assert simulator.stats()["broken_off"] == 1


def test_plain_cut(simulator):
    """A plain answer can end before its announced length."""
    head, body, was_reset = answer_to(simulator, stream=False, suffix="?cut=0&cut_style=reset")
    announced = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
    assert 0 < len(body) < announced
    assert was_reset


def test_malformed_json(simulator):
    """Well framed, but not JSON: whole body or one event of a stream."""
    _, body, _ = answer_to(simulator, stream=False, suffix="?fault=malformed_json")
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)
    _, body, _ = answer_to(simulator, suffix="?fault=malformed_event")
    *middle, last = events(dechunked(body))
    assert last == b"[DONE]"
    broken = [event for event in middle if not event.endswith(b"}")]
    assert len(broken) == 1


@pytest.mark.parametrize("stream", [False, True])
def test_wrong_content_type_and_error_body(simulator, stream):
    """A 200 that is a web page, and a 200 that is an error."""
    head, body, _ = answer_to(simulator, stream=stream, suffix="?fault=html")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"content-type: text/html" in head
    assert body.startswith(b"<!doctype html>")
    head, body, _ = answer_to(simulator, stream=stream, suffix="?fault=error_body")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert json.loads(body)["error"]["type"] == "server_error"


def test_gzip(simulator):
    """Compressed answers, in a stream one flush for each event, so that no event waits for the next."""
    head, body, _ = answer_to(simulator, stream=False, suffix="?gzip=1")
    assert b"content-encoding: gzip" in head
    assert json.loads(gzip.decompress(body))["object"] == "chat.completion"
    head, body, _ = answer_to(simulator, suffix="?gzip=1")
    size = int(body.partition(b"\r\n")[0], 16)
    first = body.partition(b"\r\n")[2][:size]
    assert zlib.decompressobj(wbits=31).decompress(first).endswith(b"\n\n")
    assert events(gzip.decompress(dechunked(body)))[-1] == b"[DONE]"


@pytest.mark.parametrize(
    ("mode", "reports", "prompt"),
    [
        ("normal", 1, lambda value: value == 2),
        ("missing", 0, None),
        ("middle", 1, lambda value: value == 2),
        ("twice", 2, lambda value: value == 2),
        ("growing", 17, lambda value: value == 2),
        ("negative", 1, lambda value: value < 0),
        ("huge", 1, lambda value: value > 2**62),
        ("wrong_types", 1, lambda value: isinstance(value, str)),
    ],
)
def test_usage_modes(simulator, mode, reports, prompt):
    """Usage comes as often, as early and as absurd as asked."""
    _, body, _ = answer_to(simulator, suffix=f"?usage={mode}", stream_options={"include_usage": True})
    parsed = [json.loads(event) for event in events(dechunked(body)) if event != b"[DONE]"]
    usages = [chunk["usage"] for chunk in parsed if chunk.get("usage")]
    assert len(usages) == reports
    if prompt is not None:
        assert prompt(usages[-1]["prompt_tokens"])
    if mode == "middle":
        assert parsed[-1]["choices"]
        assert not parsed[-1].get("usage")


def test_usage_settings(simulator):
    """Cached and reasoning tokens can be set; only the fault reports more cached tokens than prompt."""
    _, body, _ = answer_to(simulator, stream=False, text="x" * 400, suffix="?cached_tokens=60&reasoning_tokens=7")
    usage = json.loads(body)["usage"]
    assert usage["prompt_tokens_details"]["cached_tokens"] == 60
    assert usage["completion_tokens_details"]["reasoning_tokens"] == 7
    assert usage["completion_tokens"] == 23
    _, body, _ = answer_to(simulator, stream=False, suffix="?usage=cached_over_prompt")
    usage = json.loads(body)["usage"]
    assert usage["prompt_tokens_details"]["cached_tokens"] > usage["prompt_tokens"]


def test_mid_stream_error(simulator):
    """Content, then an error event that names a request id, then the end without [DONE]."""
    _, body, _ = answer_to(simulator, suffix="?fault=error_event")
    listed = events(dechunked(body))
    assert b"[DONE]" not in listed
    assert b'"content"' in listed[1]
    assert "request ID req_" in json.loads(listed[-1])["error"]["message"]


def test_endless_stream_ends_with_the_client(simulator):
    """It goes on far beyond its length, is seen to be given up at once, and stops."""
    with opened(simulator) as connection:
        connection.sendall(request_bytes(suffix="?fault=endless&chunks=2"))
        received = b""
        while received.count(b'"delta":{"content":') < 50:
            received += connection.recv(1 << 16)
        assert simulator.stats()["concurrent"] == 1
    stats = simulator.wait_for(lambda now: now["closed_early"] == 1)
    assert stats["concurrent"] == 0
    assert stats["last"][-1]["outcome"] == "closed_early"


def test_client_that_leaves_during_the_wait_is_noticed(simulator):
    """A call given up before its first byte is seen as such, long before the answer was due."""
    with opened(simulator) as connection:
        connection.sendall(request_bytes(stream=False, suffix="?ttft=600000"))
        simulator.wait_for(lambda now: now["concurrent"] == 1)
    assert simulator.wait_for(lambda now: now["closed_early"] == 1)["completed"] == 0


@pytest.mark.parametrize("suffix", ["?fault=silent", "?cut=2&cut_style=stall"])
def test_silence(simulator, suffix):
    """Nothing at all, or nothing after two chunks, and the connection stays open."""
    with opened(simulator) as connection:
        connection.sendall(request_bytes(suffix=suffix))
        simulator.wait_for(lambda now: now["concurrent"] == 1)
        connection.settimeout(0.15)
        received = b""
        with contextlib.suppress(TimeoutError):
            while data := connection.recv(1 << 16):
                received += data
        assert simulator.stats()["concurrent"] == 1
    assert received.count(b'"delta":{"content":') == (2 if "cut" in suffix else 0)


def test_giants(simulator):
    """One line and one header of the size asked for."""
    _, body, _ = answer_to(simulator, suffix="?fault=giant_line&giant_bytes=3000000")
    assert max(len(event) for event in events(dechunked(body))) > 3_000_000
    head, _, _ = answer_to(simulator, suffix="?fault=giant_header&giant_bytes=100000")
    assert max(len(line) for line in head.split(b"\r\n")) > 100_000


def test_stream_dress(simulator):
    """Comments, line ends, several data lines, single bytes, and what follows the end mark."""
    assert dechunked(answer_to(simulator, suffix="?comments=1")[1]).count(b": ping\n\n") == 19
    crlf = dechunked(answer_to(simulator, suffix="?line_end=crlf")[1])
    assert crlf.count(b"\r\n") == crlf.count(b"\n")
    assert dechunked(answer_to(simulator, suffix="?multiline=1")[1]).startswith(b"data: {\ndata: ")
    _, body, _ = answer_to(simulator, suffix="?split_bytes=1&chunks=2")
    assert body.startswith(b"1\r\nd\r\n1\r\na\r\n")
    assert events(dechunked(body))[-1] == b"[DONE]"
    assert dechunked(answer_to(simulator, suffix="?done=twice")[1]).count(b"[DONE]") == 2
    assert b"[DONE]" not in dechunked(answer_to(simulator, suffix="?done=missing")[1])
    after = dechunked(answer_to(simulator, suffix="?done=then_content")[1]).partition(b"[DONE]")[2]
    assert b'"content"' in after


@pytest.mark.parametrize(("framing", "difference"), [("short", -16), ("long", 16)])
def test_wrong_length(simulator, framing, difference):
    """More or less is announced than sent."""
    head, body, _ = answer_to(simulator, stream=False, suffix=f"?framing={framing}")
    announced = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
    assert len(body) - announced == difference


def test_other_framings(simulator):
    """A body ended by closing, a chunked plain body, and a chunk size that is no number."""
    head, body, _ = answer_to(simulator, stream=False, suffix="?framing=close")
    assert b"content-length" not in head
    assert json.loads(body)
    assert json.loads(dechunked(answer_to(simulator, stream=False, suffix="?framing=chunked")[1]))
    assert answer_to(simulator, suffix="?framing=bad_chunk")[1].startswith(b"zz\r\n")


def test_headers_can_come_early(simulator):
    """With `early_headers` the wait is for the first event, not for the headers."""
    with opened(simulator) as connection:
        connection.sendall(request_bytes(suffix="?ttft=600000&early_headers=1"))
        received = b""
        while not received.endswith(b"\r\n\r\n"):
            received += connection.recv(4096)
    assert received.startswith(b"HTTP/1.1 200 ")


def test_keys_can_be_refused_one_by_one(simulator):
    """A pool of keys with a bad one: that key is refused, others work, and uses are counted by key."""
    simulator.set(key_status={"sk-a": 401})
    assert answer_to(simulator)[0].startswith(b"HTTP/1.1 401 ")
    simulator.set(key_status={"sk-b": 401})
    assert answer_to(simulator)[0].startswith(b"HTTP/1.1 200 ")
    assert simulator.key_uses("sk-a") == 2
    assert "sk-a" not in json.dumps(simulator.stats())


def test_bodies_are_recorded_on_demand_only(simulator):
    """Content is kept when a test asks for it, and then as it was sent."""
    answer_to(simulator, text="first")
    assert simulator.bodies() == []
    simulator.set(record_bodies=True)
    answer_to(simulator, text="second")
    assert [body["body"]["messages"][0]["content"] for body in simulator.bodies()] == ["second"]


def test_keep_alive_pipelining_and_chunked_requests(simulator):
    """Several requests on one connection are answered in order, chunked bodies included."""
    plain = request_bytes(stream=False, text="echo: first")
    head, _, body = request_bytes(stream=False, text="echo: second").partition(b"\r\n\r\n")
    length = b"content-length: %d" % len(body)
    chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (5, body[:5], len(body) - 5, body[5:])
    chunked = head.replace(length, b"transfer-encoding: chunked") + b"\r\n\r\n" + chunks
    last = plain.replace(b"host: x", b"host: x\r\nconnection: close").replace(b"first", b"third")
    with opened(simulator) as connection:
        connection.sendall(plain + chunked + last)
        received, _ = until_end(connection)
    assert received.index(b'"first"') < received.index(b'"second"') < received.index(b'"third"')
    assert simulator.stats()["completed"] == 3


@pytest.mark.parametrize("data", [b"NONSENSE\r\n\r\n", b"\x16\x03\x01\x00\xa5"])
def test_not_http(simulator, data):
    """What is not HTTP gets a 400 and the simulator lives on."""
    with opened(simulator) as connection:
        connection.sendall(data)
        assert until_end(connection)[0].startswith(b"HTTP/1.1 400 ")
    assert simulator.stats()["requests"] == 0
