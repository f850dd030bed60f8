"""The description of the API tells what is there: every endpoint, every status, every code, nothing else."""

from typing import Any, get_args

from farebox.control.openapi import data_plane
from farebox.control.openapi_errors import MESSAGES
from farebox.dialects.gemini_request import Method
from farebox.domain.errors import STATUS_BY_CODE
from farebox.gateway import wire
from farebox.gateway.paths import READS, READS_OF_ONE

PATHS: dict[str, Any] = data_plane()["paths"]
CALL = {400, 401, 402, 403, 404, 405, 408, 409, 413, 415, 422, 429, 431, 451, 500, 502, 503, 504}
COUNT = {400, 401, 403, 404, 405, 408, 413, 415, 429, 431, 451, 500, 503}
READ = {401, 403, 405, 431, 500, 503}


def statuses(operation: dict[str, Any]) -> set[int]:
    return {int(status) for status in operation["responses"]} - {200}


def test_every_endpoint_is_described_and_no_other():
    """The paths are those that the gateway answers."""
    calls = set(wire._WIRES) | {f"/v1beta/models/{{model}}:{method}" for method in get_args(Method)}
    reads = set(READS) | {f"{path}{{{'job' if 'jobs' in path else 'model'}}}" for path in READS_OF_ONE}
    assert {path for path, methods in PATHS.items() if "post" in methods} == calls
    assert {path for path, methods in PATHS.items() if "get" in methods} == reads
    assert all(len(methods) == 1 for methods in PATHS.values())


def test_every_endpoint_tells_its_statuses():
    """By kind of endpoint: what is billed, what is counted, what is read."""
    for path, methods in PATHS.items():
        operation = methods.get("post") or methods["get"]
        expected = COUNT if "ount" in path else CALL
        if "get" in methods:
            expected = READ | ({404} if "{" in path else set())
        assert statuses(operation) == expected, path


def test_every_code_has_an_example_at_its_status():
    """Codes and statuses are those of domain/errors.py; each example is in the shape of its endpoint's dialect."""
    seen: dict[str, set[int]] = {}
    for path, methods in PATHS.items():
        operation = methods.get("post") or methods["get"]
        for status, response in operation["responses"].items():
            examples = {} if status == "200" else response["content"]["application/json"]["examples"]
            for code, example in examples.items():
                seen.setdefault(code, set()).add(int(status))
                error = example["value"]["error"]
                told = error["details"][0]["reason"].lower() if "beta" in path else error["code"]
                assert told == code, path
                assert error["message"]
                assert (example["value"].get("type") == "error") == path.startswith("/v1/messages"), path
    assert {code: {status} for code, status in STATUS_BY_CODE.items() if code != "not_found"} == {
        code: found - {408, 415} for code, found in seen.items()
    }
    assert set(MESSAGES) == set(STATUS_BY_CODE)


def test_references_lead_somewhere():
    """No `$ref` to a schema that is not there; retry-after wherever it is sent."""
    schemas = data_plane()["components"]["schemas"]
    for methods in PATHS.values():
        operation = methods.get("post") or methods["get"]
        for status, response in operation["responses"].items():
            reference = response["content"].get("application/json", {}).get("schema", {}).get("$ref")
            assert reference is None or reference.rpartition("/")[2] in schemas
            assert ("retry-after" in response.get("headers", {})) == (status in ("429", "503"))
