"""Gemini's errors and usage: whose fault, what the customer sees, and how tokens are counted."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from tests.support.generated.values import usages

from farebox.dialects import gemini_codec
from farebox.dialects.gemini_errors import judge_error, read_error, read_stream_error
from farebox.dialects.gemini_usage import read_usage, stamped_usage, write_usage
from farebox.dialects.scrub import Scrub
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage


def error(code: int, message: str, reason: str | None = None, **detail: Any) -> bytes:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    details += [{"@type": "t", **detail}] if detail else []
    return json.dumps({"error": {"code": code, "message": message, "status": "S", "details": details}}).encode()


@pytest.mark.parametrize(
    ("status", "raw", "fault"),
    [
        (400, error(400, "Invalid value at 'contents'"), "request"),
        (400, error(400, "API key not valid.", "API_KEY_INVALID"), "channel"),
        (400, error(400, "Please pass a valid thing.", "API_KEY_INVALID"), "channel"),
        (400, error(400, "User location is not supported for the API use."), "channel"),
        (400, error(400, "Enable it", "BILLING_DISABLED"), "channel"),
        (400, b"[" + error(400, "Invalid value") + b"]", "request"),
        (401, error(401, "no"), "channel"),
        (403, error(403, "no"), "channel"),
        (404, error(404, "models/x is not found"), "channel"),
        (429, error(429, "quota"), "channel"),
        (500, error(500, "internal"), "channel"),
        (503, b"<html>", "channel"),
        (400, b"", "request"),
        (400, b'{"error":"x"}', "request"),
        (400, b'{"error":{"message":5,"details":7}}', "request"),
    ],
)
def test_whose_fault(status: int, raw: bytes, fault: str) -> None:
    """Bad requests are the customer's and come in Gemini's shape; keys, places and limits are the channel's."""
    judged = judge_error(status, [], raw)
    assert judged.fault == fault
    if fault == "request":
        body = json.loads(judged.body)["error"]
        assert (body["code"], body["status"]) == (status, "INVALID_ARGUMENT")
        assert body["message"]
    else:
        assert judged.body == b""
        assert read_error(status, [], raw).message == ""


def test_waits_are_found() -> None:
    """Google says in the body how long to wait."""
    raw = error(429, "quota", "RATE_LIMIT_EXCEEDED", retryDelay="33.4s")
    judged = judge_error(429, [], raw)
    assert (judged.retry_after_s, judged.code) == (34, "RATE_LIMIT_EXCEEDED")
    assert judge_error(429, [(b"retry-after", b"5")], raw).retry_after_s == 5


def test_words_are_scrubbed() -> None:
    """Nothing in a message names the channel."""
    scrub = Scrub(model="public", upstream_model="gemini-secret", names=("Acme",))
    message = "gemini-secret of Acme at https://generativelanguage.googleapis.com/v1 by Google"
    shown = json.loads(judge_error(400, [], error(400, message), scrub).body)["error"]["message"]
    assert "public" in shown
    assert not [word for word in ("secret", "Acme", "googleapis", "Google") if word in shown]


def test_errors_of_streams_tell_their_status() -> None:
    """The body says what a plain answer's status would have."""
    assert read_stream_error(error(400, "bad")).fault.fault == "request"
    assert read_stream_error(error(503, "busy")).fault.status == 503
    assert read_stream_error(b'{"error":{"code":"x"}}').fault.status == 502


def test_refusals_in_geminis_shape() -> None:
    """Our stable code is the reason; field, numbers and the wait stand where Google's clients look."""
    refusal = Refusal(
        "insufficient_credits", "Add credit.", param="maxOutputTokens", retry_after_s=3, extra={"required": "0.5"}
    )
    body = json.loads(gemini_codec.write_error(refusal, UUID(int=5)))["error"]
    assert (body["code"], body["message"], body["status"]) == (402, "Add credit.", "FAILED_PRECONDITION")
    info, wait = body["details"]
    assert info["reason"] == "INSUFFICIENT_CREDITS"
    assert info["metadata"] == {"required": "0.5", "param": "maxOutputTokens", "job_id": str(UUID(int=5))}
    assert wait["retryDelay"] == "3s"
    bad = json.loads(gemini_codec.write_error(Refusal("invalid_request", "No.", param="contents"), None))["error"]
    assert bad["status"] == "INVALID_ARGUMENT"
    assert bad["details"][1]["fieldViolations"] == [{"field": "contents", "description": "No."}]


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        (None, None),
        ({}, None),
        ({"trafficType": "ON_DEMAND"}, None),
        (
            {"promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 7, "totalTokenCount": 22},
            Usage(input_tokens=10, output_tokens=12, reasoning_tokens=7),
        ),
        (
            {"promptTokenCount": 10, "cachedContentTokenCount": 4, "toolUsePromptTokenCount": 3},
            Usage(input_tokens=13, cached_input_tokens=4),
        ),
        (
            {
                "promptTokenCount": 100,
                "cachedContentTokenCount": 30,
                "promptTokensDetails": [
                    {"modality": "TEXT", "tokenCount": 10},
                    {"modality": "IMAGE", "tokenCount": 40},
                    {"modality": "VIDEO", "tokenCount": 10},
                    {"modality": "AUDIO", "tokenCount": 40},
                ],
                "cacheTokensDetails": [{"modality": "IMAGE", "tokenCount": 30}],
                "candidatesTokenCount": 20,
                "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 15}],
            },
            Usage(
                input_tokens=100,
                cached_input_tokens=30,
                image_input_tokens=20,
                audio_input_tokens=40,
                output_tokens=20,
                image_output_tokens=15,
            ),
        ),
        # Thinking that only the total tells of.
        ({"promptTokenCount": 5, "candidatesTokenCount": 2, "totalTokenCount": 17}, Usage(5, 0, 0, 0, 0, 12, 10)),
        ({"promptTokenCount": "5", "candidatesTokenCount": -2, "totalTokenCount": True}, Usage(input_tokens=5)),
        ({"promptTokenCount": 5, "promptTokensDetails": [None, {"modality": []}, 5]}, Usage(input_tokens=5)),
    ],
)
def test_usage_is_counted_inclusively(reported: Any, expected: Usage | None) -> None:
    """Thinking and hosted tools are outside Google's counts, caches inside; each token has one class."""
    assert read_usage(reported) == expected


@given(usages())
def test_usage_survives(usage: Usage) -> None:
    """What we write, Google's way of counting reads back; only cache writes have no word there."""
    read = read_usage(write_usage(usage, "1"))
    assert read is not None
    assert (read.input_tokens, read.cached_input_tokens) == (usage.input_tokens, usage.cached_input_tokens)
    assert (read.output_tokens, read.reasoning_tokens) == (usage.output_tokens, usage.reasoning_tokens)


def test_usage_of_media_survives() -> None:
    """Images and sound keep their classes."""
    usage = Usage(90, 0, 0, 20, 30, 50, 10, 5, 6)
    assert read_usage(write_usage(usage, None)) == usage


def test_stamped_usage() -> None:
    """The provider's object stays as it came, with our cost and without what tells who served."""
    raw = b'{"promptTokenCount" : 1e0, "trafficType":"X"}'
    assert stamped_usage(raw, "0.5") == b'{"promptTokenCount" : 1e0,"cost":"0.5"}'
    assert stamped_usage(b'{"a":1}', None) == b'{"a":1}'
