"""What schemathesis, in a process of its own, is told by a test: whose cookie goes with a call, and which ids exist.

It loads this file by SCHEMATHESIS_HOOKS; FAREBOX_TEST_FACTS names a JSON file with a `cookie` by operation and, under
`ids`, existing values by what stands before the parameter in a path or by the name of a field. Half of the values that
are generated for ids stay: they name nothing.
"""

import json
import os
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import schemathesis

_FACTS = json.loads(Path(os.environ["FAREBOX_TEST_FACTS"]).read_text())
_MOST_TARGET = 8_000
# Tried with what we have made alone: any other channel may lead to a provider out there.
_OURS_ALONE = ("/admin/channels/{name}/test",)
# Nothing is looked up for it.
_URL = "https://1.1.1.1/hook"


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Every operation has a session of its own: some end the one that they come with."""
    del context, kwargs
    cookie = _FACTS["cookies"].get(case.operation.label)
    if cookie is not None:
        case.headers = {**(case.headers or {}), "cookie": cookie}


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    if not isinstance(path_parameters, dict):
        return path_parameters
    path = context.operation.path
    mapped = {}
    for name, generated in path_parameters.items():
        known = _FACTS["ids"].get(path.partition("{" + name)[0], [])
        mapped[name] = _chosen(known, generated, always=path in _OURS_ALONE)
    return mapped


@schemathesis.hook
def map_query(context: Any, query: Any) -> Any:
    del context
    return _with_ids(query)


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    del context
    mapped = _with_ids(body)
    return mapped | {"url": _URL} if isinstance(mapped, dict) and isinstance(mapped.get("url"), str) else mapped


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:
    """Keeps what gets here: of this path, within the bounds of the gateway.

    A path without a parameter is another path, and so it is to every client with dots in its place.
    """
    del context
    parts = [unquote(part) for part in case.formatted_path.split("/")[1:]]
    is_this_path = len(parts) == case.operation.path.count("/") and not {"", ".", ".."} & set(parts)
    return is_this_path and len(case.formatted_path) + len(str(case.query or "")) < _MOST_TARGET


def _with_ids(fields: Any) -> Any:
    # Ill-formed requests have anything in place of fields.
    if not isinstance(fields, dict):
        return fields
    return {name: _chosen(_FACTS["ids"].get(name, []), generated) for name, generated in fields.items()}


def _chosen(known: list[str], generated: Any, *, always: bool = False) -> Any:
    if not known or not (always or isinstance(generated, str)):
        return generated
    # The same for the same value, so that a seed gives the same calls.
    dice = zlib.crc32(str(generated).encode())
    return known[dice // 2 % len(known)] if always or dice % 2 else generated
