"""Plain answers: read for usage, stamped, and otherwise untouched; what is no answer is the channel's fault."""

import json
from typing import Any
from uuid import UUID

import pytest

from farebox.dialects.exchange import JobStamp, PlainAnswer, ProviderFault
from farebox.dialects.openai_answer import read_answer, stamp_answer
from farebox.domain.usage import Usage

JOB = UUID("01890000-0000-7000-8000-00000000abcd")
STAMP = JobStamp(JOB, "public-model")
CHOICE = {"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}


def body(**fields: Any) -> bytes:
    usual = {"id": "gen-1", "object": "chat.completion", "created": 1, "model": "vendor/m", "choices": [CHOICE]}
    return json.dumps({**usual, **fields}).encode()


def read(raw: bytes, endpoint: str = "chat.completions") -> PlainAnswer:
    answer = read_answer(endpoint, 200, "application/json", raw)
    assert isinstance(answer, PlainAnswer), answer
    return answer


def test_answer_is_stamped_and_the_rest_stays() -> None:
    """Id, model, usage and vendors' extras change; odd numbers, order and spacing do not."""
    raw = (
        b'{"id": "gen-9",\n "provider":"Acme", "model":"vendor/m","choices":[{"index":0, "logit":-1e400,'
        b'"native_finish_reason":"STOP","message":{"content":"\\u00e9 \\"provider\\"","tool_calls":[{"id":"c1"}]}}],'
        b'"big":123456789012345678901234567890,"usage":{"prompt_tokens":1,"completion_tokens":2,"cost":0.1},'
        b'"system_fingerprint":"fp"}'
    )
    answer = read(raw)
    assert (answer.usage, answer.provider_id) == (Usage(input_tokens=1, output_tokens=2), "gen-9")
    assert stamp_answer(answer, STAMP, "0.25", Usage()) == (
        b'{"id": "chatcmpl-0189000000007000800000000000abcd", "model":"public-model","choices":[{"index":0, '
        b'"logit":-1e400,"message":{"content":"\\u00e9 \\"provider\\"","tool_calls":[{"id":"c1"}]}}],'
        b'"big":123456789012345678901234567890,"usage":{"prompt_tokens":1,"completion_tokens":2,"cost":"0.25"}}'
    )


def test_missing_usage_is_filled_in() -> None:
    """An answer without usage is estimated and still tells what it cost."""
    for fields in ({}, {"usage": None}, {"usage": {"prompt_tokens": 0, "completion_tokens": 0}}):
        answer = read(body(**fields))
        assert (answer.usage, answer.estimated_output_tokens) == (None, 1)
        stamped = json.loads(stamp_answer(answer, STAMP, "0.25", Usage(input_tokens=5, output_tokens=1)))
        assert (stamped["usage"]["prompt_tokens"], stamped["usage"]["cost"]) == (5, "0.25")


@pytest.mark.parametrize(
    "message",
    [
        {"content": None, "tool_calls": [{"function": {"name": "f", "arguments": '{"city":"Oslo"}'}}]},
        {"content": "", "reasoning_content": "Let me think about this."},
        {"content": None, "reasoning": "Let me think about this."},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Let me think."}]}]},
        {"content": None, "refusal": "I cannot help with that."},
    ],
)
def test_no_output_is_estimated_as_nothing(message: dict[str, Any]) -> None:
    """Output that is only tool calls, reasoning or a refusal was written by the model and counts."""
    assert read(body(choices=[{"index": 0, "message": message}])).estimated_output_tokens >= 4


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b"[]",
        b"{",
        b'{"choices":[{"message":{"content":"\xff"}}]}',
        b'{"error":{"message":"no"}}',
        body(error={"message": "no"}),
        body(choices=[]),
        body(choices=None),
        body(choices=[{"index": 0, "message": {"content": "a"}, "finish_reason": "error"}]),
        b'{"choices":[{}],"choices":[{}]}',
        b'{"choices":' + b"[" * 100_000 + b"}",
    ],
)
def test_what_is_no_answer_is_the_channels_fault(raw: bytes) -> None:
    """A status of 200 over an error, half an answer or something else leads to the next route, not to a charge."""
    fault = read_answer("chat.completions", 200, "text/html", raw)
    assert isinstance(fault, ProviderFault)
    assert (fault.fault, fault.body) == ("channel", b"")


def test_error_null_is_no_error() -> None:
    """Some vendors always send the member."""
    assert read(body(error=None)).provider_id == "gen-1"


def test_embeddings_keep_their_vectors() -> None:
    """No id is made up where the dialect has none, and the numbers stay as written."""
    raw = b'{"data":[{"embedding":[0.1000000000000000001,-1E7]}],"model":"v","usage":{"total_tokens":3}}'
    answer = read(raw, "embeddings")
    assert answer.usage == Usage(input_tokens=3)
    stamped = stamp_answer(answer, STAMP, "0.1", Usage())
    assert b"[0.1000000000000000001,-1E7]" in stamped
    assert b'"id"' not in stamped


def test_completions_have_their_own_id() -> None:
    """The prefix is the dialect's."""
    raw = b'{"id":"x","model":"v","choices":[{"text":"four words of text"}]}'
    answer = read(raw, "completions")
    assert answer.estimated_output_tokens == 5
    assert json.loads(stamp_answer(answer, STAMP, "0", Usage()))["id"] == f"cmpl-{JOB.hex}"
