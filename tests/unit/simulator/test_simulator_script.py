"""The scripts that answers become, without a socket."""

import gzip

import msgspec
import pytest

from farebox.kit.clock import FixedClock
from farebox.simulator.app import HttpRequest, Simulator
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.script import End

END = b"\r\n\r\n"
TARGET = b"/v1/chat/completions"


def reply(simulator, **fields):
    body = {"model": "sim-chat", "messages": [{"role": "user", "content": "hello"}], **fields}
    return simulator.reply(HttpRequest(b"POST", TARGET, msgspec.json.encode(body)))


def sent(answer):
    steps = [step for step in answer.script.steps if isinstance(step, bytes)]
    return b"".join(step if answer.marks is None else answer.marks.fill(step) for step in steps)


def dechunked(body):
    content = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        content += rest[: int(size, 16)]
        body = rest[int(size, 16) + 2 :]
    return content


def test_kept_answers_have_ids_of_their_own():
    """An answer served from the kept ones is complete and never repeats an id."""
    simulator = Simulator(SimulatorOptions(), FixedClock())
    first, second = reply(simulator), reply(simulator)
    assert first.script is second.script
    assert len(sent(first)) == len(sent(second))
    assert sent(first) != sent(second)
    for answer in (first, second):
        assert b"\x7f" not in sent(answer)
        assert b'"created":1700000000,' in sent(answer)


@pytest.mark.parametrize("setting", [{"gzip": True}, {"split_bytes": 1}, {"cut": 2}, {"fault": "error_event"}])
def test_no_hole_is_ever_sent(setting):
    """Ids are filled in also where bytes are compressed, split or cut."""
    for stream in (True, False):
        head, _, body = sent(reply(Simulator(SimulatorOptions(**setting), FixedClock()), stream=stream)).partition(END)
        if "gzip" in setting:
            body = gzip.decompress(dechunked(body) if stream else body)
        assert b"\x7f" not in head + body


def test_pauses_lie_between_content():
    """A stream of n chunks waits for the first token once and n - 1 times between chunks."""
    simulator = Simulator(SimulatorOptions(ttft_ms=100, gap_ms=10, chunks=4))
    steps = reply(simulator, stream=True).script.steps
    assert [step for step in steps if isinstance(step, float)] == [100.0, 10.0, 10.0, 10.0]


def test_plain_takes_as_long_as_its_stream():
    """A plain answer is given when its last token would have been."""
    steps = reply(Simulator(SimulatorOptions(ttft_ms=100, gap_ms=10, chunks=4))).script.steps
    assert steps[0] == 130.0


def test_cut_counts_content_chunks():
    """`cut=N` lets exactly N content chunks through, whatever else the stream carries."""
    for count in (0, 1, 3):
        script = sent(reply(Simulator(SimulatorOptions(cut=count, cut_style="fin", chunks=5)), stream=True))
        assert script.count(b'"delta":{"content":') == count
        assert b"[DONE]" not in script


def test_reset_is_the_only_step_before_headers():
    """A reset before headers sends nothing at all."""
    assert reply(Simulator(SimulatorOptions(fault="reset_before_headers"))).script.steps == (End.RESET,)


def test_body_is_padded_to_size():
    """A plain answer can be made exactly as large as a test needs it."""
    head, _, body = sent(reply(Simulator(SimulatorOptions(body_bytes=10_000)))).partition(b"\r\n\r\n")
    assert len(body) == 10_000
    assert b"content-length: 10000" in head


def test_a_reset_forgets_what_is_still_running():
    """An answer left over from one test never counts in the next."""
    simulator = Simulator(SimulatorOptions())
    left_over = reply(simulator).record
    simulator.stats.reset()
    simulator.stats.end(left_over, "closed_early")
    assert (simulator.stats.closed_early, simulator.stats.concurrent) == (0, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"model":1}',
        b"\xff\xfe",
        b'{"model":"m","messages":' + b"[" * 100_000,
        b'{"model":"m","messages":[]}',
    ],
)
def test_bad_bodies_get_a_400(body):
    """What the provider cannot read is refused in its error shape, however it is broken."""
    answer = Simulator(SimulatorOptions()).reply(HttpRequest(b"POST", TARGET, body))
    assert sent(answer).startswith(b"HTTP/1.1 400 ")
    assert b'"type":"invalid_request_error"' in sent(answer)


def test_request_heads_carry_no_content():
    """Statistics tell what was asked for, not about what."""
    simulator = Simulator(SimulatorOptions())
    reply(simulator, max_tokens=9, messages=[{"role": "user", "content": "private-words"}])
    report = msgspec.json.encode(simulator.stats.report())
    assert b"private-words" not in report
    assert b'"max_tokens":9' in report
    assert simulator.stats.bodies() == []
