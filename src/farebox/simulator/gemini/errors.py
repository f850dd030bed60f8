"""Google's refusals: a status word for each HTTP status, and details that name the operator's project."""

from typing import Any

import msgspec

from farebox.simulator.dialect import Dialect
from farebox.simulator.errors import ProviderError, Refused

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
SERVICE = "generativelanguage.googleapis.com"
RPC = "type.googleapis.com/google.rpc."


def error_for(status: int, organization: str) -> ProviderError:
    """The error that Google usually sends with `status`; the code carries the project for the details."""
    word = STATUSES.get(status, "FAILED_PRECONDITION" if status < 500 else "UNKNOWN")
    match status:
        case 400:
            message = "Request contains an invalid argument."
        case 401:
            message = "Request had invalid authentication credentials. Expected OAuth 2 access token."
        case 403:
            message = f"Permission denied: Consumer 'projects/{organization}' has been suspended."
        case 404:
            message = "Requested entity was not found."
        case 429:
            message = f"You exceeded your current quota, please check your plan and billing details ({organization})."
        case 503:
            message = "The model is overloaded. Please try again later."
        case _:
            message = "The request was refused." if status < 500 else "An internal error has occurred."
    return ProviderError(word, organization, message)


def encode_error(status: int, error: ProviderError) -> bytes:
    word = error.type if error.type.isupper() else STATUSES.get(status, "UNKNOWN")
    inner: dict[str, Any] = {"code": status, "message": error.message, "status": word}
    if status in (401, 403, 429) and error.code is not None:
        inner["details"] = _details(status, error.code)
    return msgspec.json.encode({"error": inner})


def _details(status: int, project: str) -> list[dict[str, Any]]:
    metadata = {"service": SERVICE, "consumer": f"projects/{project}"}
    if status != 429:
        return [{"@type": RPC + "ErrorInfo", "reason": "DENIED", "domain": "googleapis.com", "metadata": metadata}]
    violation = {"quotaMetric": f"{SERVICE}/generate_requests", "quotaId": f"RequestsPerMinutePerProject-{project}"}
    return [
        {"@type": RPC + "QuotaFailure", "violations": [violation]},
        {"@type": RPC + "RetryInfo", "retryDelay": "7s"},
    ]


def model_not_found(model: str) -> Refused:
    message = (
        f"models/{model} is not found for API version v1beta, or is not supported for generateContent. Call ListModels "
        "to see the list of available models and their supported methods."
    )
    return Refused(404, ProviderError("NOT_FOUND", None, message))


def content_filter() -> Refused:
    return Refused(400, ProviderError("INVALID_ARGUMENT", None, "The prompt was blocked by a safety policy."))


def context_length(tokens: int) -> Refused:
    message = f"The input token count ({tokens}) exceeds the maximum number of tokens allowed (8)."
    return Refused(400, ProviderError("INVALID_ARGUMENT", None, message))


GEMINI = Dialect("google", error_for, encode_error, model_not_found, content_filter, context_length)
