"""Anthropic's refusals: the type for each status and the shape of the body."""

import msgspec

from farebox.simulator.dialect import Dialect
from farebox.simulator.errors import ProviderError, Refused
from farebox.simulator.identity import REQUEST_HOLE

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
OVERLOADED = ProviderError("overloaded_error", None, "Overloaded")


def error_for(status: int, organization: str) -> ProviderError:
    """The error that Anthropic usually sends with `status`."""
    kind = TYPES.get(status, "invalid_request_error" if status < 500 else "api_error")
    match status:
        case 401:
            message = "invalid x-api-key"
        case 402:
            message = "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."
        case 403:
            message = f"Organization {organization} does not have permission to use the specified resource."
        case 404:
            message = "Not found"
        case 429:
            message = (
                f"This request would exceed the rate limit for your organization ({organization}) of 4,000 requests "
                "per minute."
            )
        case 529:
            message = "Overloaded"
        case _:
            message = "The request was refused." if status < 500 else "Internal server error"
    return ProviderError(kind, None, message)


def encode_error(status: int, error: ProviderError) -> bytes:
    inner = {"type": error.type, "message": error.message}
    return msgspec.json.encode({"type": "error", "error": inner, "request_id": f"req_{REQUEST_HOLE}"})


def model_not_found(model: str) -> Refused:
    return Refused(404, ProviderError("not_found_error", None, f"model: {model}"))


def content_filter() -> Refused:
    return Refused(400, ProviderError("invalid_request_error", None, "Output blocked by content filtering policy"))


def context_length(tokens: int) -> Refused:
    message = f"prompt is too long: {tokens} tokens > 8 maximum"
    return Refused(400, ProviderError("invalid_request_error", None, message))


ANTHROPIC = Dialect("anthropic", error_for, encode_error, model_not_found, content_filter, context_length)
