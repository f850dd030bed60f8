"""What the description says of refusals: by kind of endpoint, in one shape, and never in FastAPI's own."""

from typing import Any

from farebox.control.openapi_refusals import REFUSES_OLD_LINKS, describe_refusals

_VALIDATION = {
    "422": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/HTTPValidationError"}}}}
}


def described(path: str, method: str, **operation: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "paths": {path: {method: {"responses": {"200": {"description": "Yes."}}, **operation}}},
        "components": {"schemas": {"HTTPValidationError": {}, "ValidationError": {}}},
    }
    describe_refusals(document)
    assert document["components"]["schemas"].keys() == {"Problem"}
    found: dict[str, Any] = document["paths"][path][method]
    return found


def test_every_refusal_is_a_problem():
    """Also the 422 that FastAPI describes otherwise, and what an endpoint names for itself."""
    own = {str(status): dict(told) for status, told in REFUSES_OLD_LINKS.items()}
    responses = described("/api/x", "post", responses=_VALIDATION | own, requestBody={})["responses"]
    assert list(responses) == ["400", "403", "409", "410", "422", "429", "503"]
    for status, told in responses.items():
        (media_type,) = told["content"]
        assert media_type == "application/problem+json"
        assert told["content"][media_type]["example"]["status"] == int(status)
        assert told["description"]
    assert "retry-after" in responses["429"]["headers"]


def test_who_may_call_decides_what_is_refused():
    """The public are not asked who they are; operators come with a cookie or with a token."""
    assert list(described("/api/public/x", "get")["responses"]) == ["200", "503"]
    assert list(described("/api/public/x/{id}", "get")["responses"]) == ["200", "404", "503"]
    signed_in = described("/api/x", "get", security=[{"session": []}])
    assert list(signed_in["responses"]) == ["200", "401", "403", "404", "503"]
    assert signed_in["security"] == [{"session": []}]
    assert described("/admin/x", "get", security=[{"token": []}])["security"] == [{"session": []}, {"token": []}]
