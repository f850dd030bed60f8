"""Errors: whose fault each is, what the customer may see of it, and our own in the dialect's shape."""

import json
from typing import Any
from uuid import UUID

import pytest

from farebox.dialects.openai_errors import error_body, error_event, judge_error, retry_after
from farebox.dialects.scrub import Scrub
from farebox.domain.errors import Refusal

SCRUB = Scrub("public-model", "vendor-m-0613", ("acme-channel", "Acme"))


def judged(status: int, body: Any) -> Any:
    return judge_error(status, [], body if isinstance(body, bytes) else json.dumps(body).encode(), SCRUB)


def openai(message: str = "m", **fields: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None, **fields}}


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (400, openai("Bad value", param="temperature"), "request"),
        (400, openai("too long", code="context_length_exceeded", param="messages"), "request"),
        (400, openai("no", code="content_policy_violation"), "request"),
        (400, b"<html>400</html>", "request"),
        (413, b"", "request"),
        (422, {"detail": [{"loc": ["body", "n"], "msg": "bad"}]}, "request"),
        (403, openai("flagged", code="content_filter"), "request"),
        (403, {"error": {"message": "Input was flagged", "metadata": {"reasons": ["violence"]}}}, "request"),
        (451, openai("blocked by content policy"), "request"),
        # the operator's key, money, models and limits
        (401, openai(code="invalid_api_key"), "channel"),
        (402, openai(), "channel"),
        (403, openai("Country not supported", code="unsupported_country_region_territory"), "channel"),
        (404, openai(code="model_not_found"), "channel"),
        (404, b"not found", "channel"),
        (408, b"", "channel"),
        (409, b"", "channel"),
        (429, openai(code="rate_limit_exceeded"), "channel"),
        (429, openai("flagged by moderation"), "channel"),
        (500, b"", "channel"),
        (503, openai("content policy"), "channel"),
        (529, b"", "channel"),
        (400, openai("Your credit balance is too low"), "channel"),
        (400, openai("API key not valid. Please pass a valid API key."), "channel"),
        (400, openai("acme/x is not a valid model ID"), "channel"),
        (400, openai(code="model_decommissioned"), "channel"),
        (400, openai("x", type="insufficient_quota"), "channel"),
        (302, b"", "channel"),
        (418, b"", "channel"),
    ],
)
def test_whose_fault(status: int, body: Any, fault: str) -> None:
    """A fault of the channel is never blamed on the customer, and a bad request never tried on every route."""
    found = judged(status, body)
    assert (found.fault, found.status) == (fault, status)
    assert (found.body == b"") == (fault == "channel")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (openai("plain"), "plain"),
        ({"error": "as a string"}, "as a string"),
        ({"detail": "of a framework"}, "of a framework"),
        ({"detail": [{"loc": ["body", "messages", 0], "msg": "bad"}]}, "messages.0: bad"),
        ({"object": "error", "message": "at the top", "type": "t", "code": 3}, "at the top"),
        ({"object": "error", "message": {"detail": [{"loc": ["body", "n"], "msg": "bad"}]}}, "n: bad"),
        ([{"error": {"code": 400, "message": "in a list", "status": "INVALID_ARGUMENT"}}], "in a list"),
        ({"errors": [{"message": "in errors"}]}, "in errors"),
        (
            {
                "error": {
                    "message": "Provider returned error",
                    "code": 400,
                    "metadata": {"raw": json.dumps(openai("in"))},
                }
            },
            "in",
        ),
        ({"error": {"message": "Provider returned error", "metadata": {"raw": "raw text"}}}, "raw text"),
        (b"<html>", "The provider refused the request."),
        (b"[[[", "The provider refused the request."),
        (b"[" * 100_000, "The provider refused the request."),
        (b"\xff\xfe", "The provider refused the request."),
        (b"null", "The provider refused the request."),
        ({"error": {"message": {"odd": 1}, "code": {}, "type": []}}, "The provider refused the request."),
    ],
)
def test_every_shape_becomes_the_dialects(body: Any, message: str) -> None:
    """Clients find the four members that their SDK reads, whatever the vendor wrote."""
    error = json.loads(judged(400, body).body)["error"]
    assert error["message"] == message
    assert set(error) == {"message", "type", "param", "code"}


def test_status_type_param_and_code_pass() -> None:
    """A program that reacts to `context_length_exceeded` keeps working."""
    found = judged(400, openai("Too long", code="context_length_exceeded", param="messages"))
    assert json.loads(found.body)["error"] == {
        "message": "Too long",
        "type": "invalid_request_error",
        "param": "messages",
        "code": "context_length_exceeded",
    }
    assert found.code == "context_length_exceeded"


_ACTED_ON = """
    context_length_exceeded content_policy_violation content_filter invalid_prompt tokens_limit_reached
    string_above_max_length array_above_max_length decimal_below_min_value integer_above_max_value
    unsupported_parameter unsupported_value unsupported_file unsupported_image_media_type unknown_parameter
    missing_required_parameter invalid_type invalid_value invalid_base64 invalid_base64_image invalid_image
    invalid_image_url invalid_image_format image_too_large image_parse_error image_content_policy_violation
    empty_image_file failed_to_download_image image_file_not_found invalid_json_schema invalid_function_parameters
    previous_response_not_found invalid_encrypted_content moderation_blocked tool_use_failed json_validate_failed
    json_invalid user_error image_generation_user_error request_too_large invalid_argument INVALID_ARGUMENT
    FAILED_PRECONDITION OUT_OF_RANGE
"""


@pytest.mark.parametrize("code", _ACTED_ON.split())
def test_codes_that_programs_act_on_pass(code: str) -> None:
    """A code of the dialect, or one made of its words, reaches the client as type and as code."""
    found = judged(400, openai(type=code, code=code, param="x"))
    error = json.loads(found.body)["error"]
    assert (error["type"], error["code"], found.code) == (code, code, code)


@pytest.mark.parametrize(
    "code",
    [
        *("secretcorp", "SECRETCORP_error", "invalid_secretcorp_key", "new_api_error", "together_error"),
        *("SecretCorpBad", "content filter of secretcorp", "1214", "error_" * 20 + "error", "invalid_\n"),
    ],
)
def test_no_code_names_a_provider(code: str) -> None:
    """A code that is not made of the dialect's words is none, and the type is the status's usual one."""
    found = judged(400, openai(type=code, code=code, param="x"))
    error = json.loads(found.body)["error"]
    assert (error["type"], error["code"], found.code) == ("invalid_request_error", None, "")


def test_no_field_names_the_channel() -> None:
    """A place that has the channel's name as a part of a field is not told; others are."""
    assert json.loads(judged(400, openai(param="acme_options.x")).body)["error"]["param"] is None
    assert json.loads(judged(400, openai(param="tools[0].name")).body)["error"]["param"] == "tools[0].name"


@pytest.mark.parametrize(
    "secret",
    [
        "org-AbCdEf123456",
        "req_0123456789abcdef",
        "proj_abc12345",
        "sk-proj-abcd1234",
        "sk-sim****cret",
        "gsk_abcdef123456",
        "https://platform.vendor.example/account?x=1",
        "help@vendor.example",
        "api.vendor.com",
        "01890000-0000-7000-8000-00000000abcd",
        "acme-channel",
        "ACME",
        "OpenAI",
        "OpenRouter",
        "vendor-m-0613",
    ],
)
def test_nothing_names_the_channel(secret: str) -> None:
    """Ids, keys, addresses and names leave every member of an error."""
    body = openai(f"Refused ({secret}), see '{secret}'.", type=secret, code=secret, param=secret)
    text = judged(400, body).body.decode()
    assert secret.lower() not in text.lower()


def test_the_public_name_stands_for_the_upstream_one() -> None:
    """The message stays helpful: it speaks of the model the customer asked for."""
    body = judged(400, openai("vendor-m-0613 has 8 tokens of context.", param="messages")).body
    assert json.loads(body)["error"]["message"] == "public-model has 8 tokens of context."


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], None),
        ([(b"retry-after", b"7")], 7),
        ([(b"Retry-After", b"1.2")], 2),
        ([(b"retry-after-ms", b"1500"), (b"retry-after", b"9")], 2),
        ([(b"retry-after", b"Fri, 20 Nov 2026 10:00:30 GMT"), (b"date", b"Fri, 20 Nov 2026 10:00:00 GMT")], 30),
        ([(b"retry-after", b"Thu, 01 Jan 1970 00:02:00 GMT")], 20),
        ([(b"retry-after", b"Thu, 01 Jan 1970 00:00:00 GMT")], 0),
        ([(b"retry-after", b"-5")], 0),
        ([(b"retry-after", b"1e99")], 86_400),
        ([(b"retry-after", b"inf")], None),
        ([(b"retry-after", b"soon")], None),
        ([(b"retry-after", b"\xff")], None),
    ],
)
def test_retry_after(headers: list[tuple[bytes, bytes]], expected: int | None) -> None:
    """Seconds, milliseconds and dates are read; nonsense is no wait, and no wait is endless."""
    assert retry_after(headers, now_s=100) == expected


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("invalid_request", "invalid_request_error"),
        ("invalid_api_key", "authentication_error"),
        ("insufficient_credits", "insufficient_quota"),
        ("account_frozen", "permission_error"),
        ("model_not_found", "invalid_request_error"),
        ("rate_limit_exceeded", "rate_limit_error"),
        ("provider_error", "server_error"),
        ("timeout", "timeout_error"),
    ],
)
def test_our_errors_have_the_dialects_shape(code: str, kind: str) -> None:
    """SDKs map the status and type to their exception classes; our code is stable."""
    error = json.loads(error_body(Refusal(code, "Do this."), None))["error"]
    assert error == {"message": "Do this.", "type": kind, "param": None, "code": code}


def test_extras_and_the_job_id_stand_beside() -> None:
    """A 402 says what is lacking; an extra can never overwrite the message."""
    job = UUID(int=5)
    refusal = Refusal("insufficient_credits", "Add credit.", extra={"required": "1.5", "max_tokens": 0, "message": "x"})
    error = json.loads(error_body(refusal, job))["error"]
    assert (error["required"], error["max_tokens"], error["job_id"]) == ("1.5", 0, str(job))
    assert error["message"] == "Add credit."
    assert error_event(refusal, job) == b"data: " + error_body(refusal, job) + b"\n\n"
