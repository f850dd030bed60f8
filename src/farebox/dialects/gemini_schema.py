"""Gemini's own way of writing schemas (a subset of OpenAPI 3.0) as JSON schema.

Source: the `Schema` message of the Gemini API's reference: types in upper case, `nullable`, counts as strings,
`propertyOrdering`, `example`, `anyOf`. What is JSON schema already stays as it is.
"""

from typing import Any

from farebox.dialects.gemini_fields import camel

_COUNTS = frozenset({"minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"})
_NAMES = {"defs": "$defs", "ref": "$ref"}


def to_json_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema as others understand it. The order of properties is that of `properties`."""
    found: dict[str, Any] = {}
    for given, value in schema.items():
        name = camel(given)
        name = _NAMES.get(name, name)
        if name in ("nullable", "propertyOrdering") or value is None:
            continue
        if name == "example":
            found["examples"] = [value]
        else:
            found[name] = _value(name, value)
    if schema.get("nullable") is True:
        _allow_null(found)
    return found


def _value(name: str, value: Any) -> Any:
    if name == "type":
        if isinstance(value, list):
            return [_lower(entry) for entry in value]
        return _lower(value)
    if name in _COUNTS and isinstance(value, str) and value.isdecimal() and len(value) < 16:
        return int(value)
    if name in ("properties", "$defs") and isinstance(value, dict):
        return {key: _nested(entry) for key, entry in value.items()}
    if name in ("items", "additionalProperties"):
        return _nested(value)
    if name == "anyOf" and isinstance(value, list):
        return [_nested(entry) for entry in value]
    return value


def _nested(value: Any) -> Any:
    return to_json_schema(value) if isinstance(value, dict) else value


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) and value.isupper() else value


def _allow_null(schema: dict[str, Any]) -> None:
    kind = schema.get("type")
    if isinstance(kind, str) and kind != "null":
        schema["type"] = [kind, "null"]
        if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
    elif isinstance(schema.get("anyOf"), list):
        schema["anyOf"] = [*schema["anyOf"], {"type": "null"}]
