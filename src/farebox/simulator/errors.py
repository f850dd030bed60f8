"""Error answers in the provider's shape, with the provider's kind of telling text in them."""

import msgspec

from farebox.simulator.identity import REQUEST_HOLE
from farebox.simulator.options import SimulatorOptions


class ProviderError(msgspec.Struct, frozen=True):
    """One error as OpenAI words it; `code` is null for most server errors."""

    type: str
    code: str | None
    message: str
    param: str | None = None


class Refused(Exception):
    """The request is answered with an error status: a decision of the simulated provider, not a failure here."""

    def __init__(self, status: int, error: ProviderError) -> None:
        super().__init__(error.message)
        self.status = status
        self.error = error


def error_for(status: int, organization: str) -> ProviderError:
    """The error that the provider usually sends with `status`."""
    match status:
        case 400:
            return ProviderError("invalid_request_error", None, "Invalid request.")
        case 401:
            message = "Incorrect API key provided: sk-sim****cret. You can find your API key in your account."
            return ProviderError("invalid_request_error", "invalid_api_key", message)
        case 402:
            return ProviderError("insufficient_quota", "insufficient_balance", "Insufficient balance.")
        case 403:
            return ProviderError("invalid_request_error", "unsupported_country_region_territory", "Not supported.")
        case 404:
            return ProviderError("invalid_request_error", "not_found", "The requested resource was not found.")
        case 429:
            message = f"Rate limit reached for requests in organization {organization}: limit 10000 per minute."
            return ProviderError("requests", "rate_limit_exceeded", message)
        case 503:
            return ProviderError("server_error", "overloaded", "The engine is currently overloaded.")
        case _ if status < 500:
            return ProviderError("invalid_request_error", None, "The request was refused.")
        case _:
            message = f"The server had an error while processing your request (request ID req_{REQUEST_HOLE})."
            return ProviderError("server_error", None, message)


def content_filter() -> Refused:
    message = "Your request was rejected as a result of the provider's safety system."
    return Refused(400, ProviderError("invalid_request_error", "content_policy_violation", message))


def context_length(tokens: int) -> Refused:
    message = (
        f"This model's maximum context length is 8 tokens. However, your messages resulted in {tokens} tokens. "
        "Please reduce the length of the messages."
    )
    return Refused(400, ProviderError("invalid_request_error", "context_length_exceeded", message, "messages"))


def model_not_found(model: str) -> Refused:
    message = f"The model `{model}` does not exist or you do not have access to it."
    return Refused(404, ProviderError("invalid_request_error", "model_not_found", message))


def bad_request(message: str, param: str | None = None) -> Refused:
    return Refused(400, ProviderError("invalid_request_error", None, message, param))


def error_body(status: int, options: SimulatorOptions) -> bytes:
    """The body for `status`; whatever the options name replaces the usual words."""
    usual = error_for(status, options.organization)
    return encode_error(
        ProviderError(
            type=options.error_type or usual.type,
            code=options.error_code or usual.code,
            message=options.error_message or usual.message,
            param=usual.param,
        )
    )


def encode_error(error: ProviderError) -> bytes:
    return msgspec.json.encode(
        {"error": {"message": error.message, "type": error.type, "param": error.param, "code": error.code}}
    )
