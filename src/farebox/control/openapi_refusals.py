"""What endpoints of the control plane may refuse, for /openapi.json: said here once instead of at every endpoint.

What only a few refuse they name themselves, as `responses=REFUSES_REGION` and the like; here it gets its shape.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, get_args

from farebox.control.field_error import FieldErrorKind
from farebox.control.problem import MEDIA_TYPE
from farebox.domain.refusal_codes import RefusalCode

Responses = dict[int | str, dict[str, Any]]

REFUSES_REGION: Responses = {451: {"description": "Not offered where the request comes from, or where it says."}}
REFUSES_OLD_LINKS: Responses = {410: {"description": "What the request names was used or is over."}}
REFUSES_STRANGERS: Responses = {401: {"description": "Who asks is not who they say, or has not said it."}}
REFUSES_MANY: Responses = {429: {"description": "Too many requests of this kind: the answer says when to try again."}}

_SCHEMA = "Problem"
_GENERATED = ("HTTPValidationError", "ValidationError")
_OPERATOR_PATHS = "/admin/"
_SAFE = "get"
_RETRIED = ("429", "503")
_DESCRIPTIONS = {
    "400": "The body cannot be read, or its signature does not fit.",
    "401": "Nobody is signed in.",
    "403": "Not allowed: the role, the scope, the second factor or the page that sent it.",
    "404": "There is no such thing, or it is somebody else's.",
    "409": "The rules or the present state do not allow it; nothing was changed.",
    "422": "The input cannot be used; `errors` or `field` says what of it.",
    "429": "Too many requests of this kind: the answer says when to try again.",
    "503": "The database cannot be reached; nothing was changed.",
}
# By status; 422 has two shapes, of which this is the one that FastAPI's own checks give.
_EXAMPLES: dict[str, dict[str, Any]] = {
    "400": {"detail": "There was an error parsing the body"},
    "401": {"detail": "Sign in first.", "code": "not_signed_in"},
    "403": {"detail": "This needs the role owner.", "code": "role_not_allowed"},
    "404": {"detail": "There is no such key.", "code": "not_found"},
    "409": {"detail": "This was decided already.", "code": "already_decided"},
    "410": {"detail": "This link was used or is over. Ask for a new one.", "code": "link_over"},
    "413": {
        "detail": "An event has at most a million bytes.",
        "code": "request_too_large",
    },
    "422": {
        "detail": "The request does not have the expected form.",
        "code": "invalid_request",
        "errors": [{"at": ["body", "amount"], "message": "Field required", "kind": "missing"}],
    },
    "429": {"detail": "Too many attempts. Try again later.", "code": "too_many_attempts"},
    "451": {
        "detail": "This service is not offered where you are.",
        "code": "region_not_served",
    },
    "503": {
        "detail": "The database cannot be reached; nothing was changed. Try again.",
        "code": "unavailable",
    },
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": _SCHEMA,
    "description": "Why something was refused (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do next."},
        "code": {"type": "string", "enum": list(get_args(RefusalCode)), "description": "Stable, for programs."},
        "field": {"type": "string", "description": "The field that is wrong."},
        "values": {
            "type": "object",
            "additionalProperties": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            "description": "Limits, amounts (`…_amount`, in the unit of the site) and moments (`…_at`) of the detail.",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["at", "message", "kind"],
                "properties": {
                    "at": {"type": "array", "items": {"type": "string"}, "description": "Where in the request."},
                    "message": {"type": "string"},
                    "kind": {"type": "string", "enum": list(get_args(FieldErrorKind))},
                    "bound": {"type": "integer", "description": "The bound that was missed."},
                },
            },
        },
    },
}


def describe_refusals(document: dict[str, Any]) -> None:
    """Completes what FastAPI has generated: who may call, and what each endpoint may refuse in which shape."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in _GENERATED:
        schemas.pop(name, None)
    schemas[_SCHEMA] = PROBLEM
    for path, method, operation in _operations(document):
        if path.startswith(_OPERATOR_PATHS):
            # The cookie of an operator, or a program's token: either is enough.
            operation["security"] = [{"session": []}, *operation.get("security", [])]
        responses = operation["responses"]
        for status in _refused(path, method, operation):
            responses.setdefault(status, {})
        for status, answer in responses.items():
            if status[0] in "45":
                _shape(status, answer)
        operation["responses"] = dict(sorted(responses.items()))


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _refused(path: str, method: str, operation: dict[str, Any]) -> set[str]:
    statuses = {"503"}
    if "requestBody" in operation:
        statuses.add("400")
    if operation.get("security"):
        statuses |= {"401", "403", "404"}
    if "{" in path:
        statuses.add("404")
    if method != _SAFE:
        statuses |= {"403", "409", "429"}
    return statuses


def _shape(status: str, answer: dict[str, Any]) -> None:
    if status == "422" or "description" not in answer:
        answer["description"] = _DESCRIPTIONS[status]
    phrase = HTTPStatus(int(status)).phrase
    example = _EXAMPLES.get(status, {"detail": answer["description"]})
    told = {"type": "about:blank", "title": phrase, "status": int(status), **example}
    answer["content"] = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{_SCHEMA}"}, "example": told}}
    if status in _RETRIED:
        answer["headers"] = {
            "retry-after": {"schema": {"type": "integer"}, "description": "Seconds after which to come back."}
        }
