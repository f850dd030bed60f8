"""Recorded traffic of many vendors passes through with nothing changed but what must be, and its usage is read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from farebox.dialects.exchange import JobStamp, PlainAnswer
from farebox.dialects.openai_answer import read_answer, stamp_answer
from farebox.dialects.openai_errors import judge_error
from farebox.dialects.openai_extras import Strip
from farebox.dialects.openai_request import parse_request, upstream_body
from farebox.dialects.openai_stream import DONE_EVENT, StreamRelay
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage
from farebox.upstream.presets import find_preset

RECORDINGS = Path(__file__).parents[4] / "shared" / "recordings"
JOB = UUID(int=0xABCDEF)
STAMP = JobStamp(JOB, "public-model")

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recorded traffic is not here")


def recorded() -> Iterator[dict[str, Any]]:
    for family in ("openai-chat", "compatible-chat", "embeddings"):
        for line in (RECORDINGS / f"{family}.jsonl").read_text().splitlines():
            row = json.loads(line)
            row["endpoint"] = "embeddings" if row["path"].endswith("/embeddings") else "chat.completions"
            yield row


def strip_for(row: dict[str, Any]) -> Strip:
    """What the preset of the recorded host takes out."""
    host = row["host"].partition(":")[0]
    return find_preset("openai-compatible", host, f"https://{host}/v1").strip_at(host)


def expected(body: dict[str, Any], strip: Strip) -> dict[str, Any]:
    """The body as it must arrive, usage aside."""
    kept = {name: value for name, value in body.items() if name not in strip.top and name != "usage"}
    if "id" in kept:
        kept["id"] = f"chatcmpl-{JOB.hex}"
    kept["model"] = "public-model"
    if "choices" in kept:
        kept["choices"] = [
            {name: value for name, value in choice.items() if name not in strip.choice} for choice in kept["choices"]
        ]
    return kept


def test_requests_pass_but_for_the_model() -> None:
    """Every recorded request is either refused by the table or goes out with nothing but its model changed."""
    passed = 0
    refused: list[str | None] = []
    for row in recorded():
        raw = json.dumps(row["request"]).encode()
        try:
            parsed = parse_request(row["endpoint"], raw)
        except Refusal as refusal:
            refused.append(refusal.param)
            continue
        sent = upstream_body(parsed, upstream_model="v", most_output_tokens=None, ask_stream_usage=False, end_user=None)
        assert json.loads(sent) == {**row["request"], "model": "v"}
        passed += 1
    assert passed > 150
    assert None not in refused


def test_plain_answers_keep_everything_else() -> None:
    """Every recorded plain answer reports usage that we read, and keeps all that the client may have."""
    seen = 0
    for row in recorded():
        body = row["response"].get("json")
        if row["status"] != 200 or body is None:
            continue
        answer = read_answer(row["endpoint"], 200, "application/json", json.dumps(body, indent=2).encode())
        assert isinstance(answer, PlainAnswer), row["name"]
        assert answer.usage is not None, row["name"]
        assert answer.usage.input_tokens >= body["usage"]["prompt_tokens"]
        assert answer.usage.output_tokens >= body["usage"].get("completion_tokens", 0)
        strip = strip_for(row)
        stamped = json.loads(stamp_answer(answer, STAMP, "0.25", Usage(), strip))
        usage = {name: value for name, value in body["usage"].items() if name not in strip.usage}
        assert stamped.pop("usage") == {**usage, "cost": "0.25"}
        assert stamped == expected(body, strip), row["name"]
        seen += 1
    assert seen > 150


@pytest.mark.parametrize("wants_usage", [False, True])
def test_streams_keep_everything_else(wants_usage: bool) -> None:
    """Every recorded stream gives the same chunks, usage and errors aside, however it is split."""
    seen = 0
    for row in recorded():
        text = row["response"].get("text")
        if text is None or "data: " not in text:
            continue
        strip = strip_for(row)
        relay = StreamRelay("chat.completions", STAMP, wants_usage, strip=strip)
        stream = text.encode()
        out = b"".join(relay.feed(stream[at : at + 7]) for at in range(0, len(stream), 7)) + relay.end_of_input()
        whole = StreamRelay("chat.completions", STAMP, wants_usage, strip=strip)
        assert whole.feed(stream) + whole.end_of_input() == out
        sent = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
        wanted = [expected(c, strip) for c in sent if "error" not in c and (c["choices"] or not c.get("usage"))]
        got = [json.loads(event[6:]) for event in out.split(b"\n\n") if event]
        assert [{name: value for name, value in c.items() if name != "usage"} for c in got] == wanted, row["name"]
        assert not any(c.get("usage") for c in got)
        assert relay.end is not None
        if relay.end.kind == "done":
            assert relay.usage is not None, row["name"]
            assert relay.output_tokens_estimated > 0
            assert relay.finish("0.25", relay.usage).endswith(DONE_EVENT)
        else:
            assert (relay.end.kind, "error" in text) == ("error", True)
        seen += 1
    assert seen >= 15


def test_errors_are_judged() -> None:
    """Recorded refusals: bad requests are the customer's, missing models and limits are not."""
    for row in recorded():
        if row["status"] != 200:
            fault = judge_error(row["status"], [], json.dumps(row["response"]["json"]).encode())
            assert fault.fault == ("request" if row["status"] == 400 else "channel"), row["name"]
