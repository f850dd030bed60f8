"""The smallest JSON value that a JSON schema accepts, for structured output and tool arguments."""

from typing import Any

FORMATS = {
    "date-time": "2025-01-15T12:00:00Z",
    "date": "2025-01-15",
    "time": "12:00:00Z",
    "duration": "PT1S",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri": "https://example.com/",
}
DEPTH_MAX = 24


def sample(schema: Any, *, text: str = "amber") -> Any:
    """A value valid for `schema`; free strings are `text`, so that a caller can follow content through.

    `pattern` is not solved: a schema with one should offer an `examples`, `default` or `enum` value.
    """
    return _sample(schema, schema, text, 0)


def _sample(schema: Any, root: Any, text: str, depth: int) -> Any:
    if not isinstance(schema, dict) or depth > DEPTH_MAX:
        return None
    if "$ref" in schema:
        return _sample(_resolve(root, schema["$ref"]), root, text, depth + 1)
    if "const" in schema:
        return schema["const"]
    for key in ("enum", "examples"):
        if schema.get(key):
            return schema[key][0]
    if "default" in schema:
        return schema["default"]
    for key in ("anyOf", "oneOf"):
        if schema.get(key):
            siblings = {name: value for name, value in schema.items() if name != key}
            return _sample({**siblings, **_shallowest(schema[key])}, root, text, depth + 1)
    if schema.get("allOf"):
        return _sample(_merge_all(schema, root), root, text, depth + 1)
    return _sample_type(_type_of(schema), schema, root, text, depth)


def _sample_type(kind: str, schema: dict[str, Any], root: Any, text: str, depth: int) -> Any:
    match kind:
        case "object":
            properties = schema.get("properties", {})
            names = schema.get("required", list(properties))
            return {name: _sample(properties.get(name, {"type": "string"}), root, text, depth + 1) for name in names}
        case "array":
            return _sample_array(schema, root, text, depth)
        case "integer":
            return int(_sample_number(schema, whole=True))
        case "number":
            return _sample_number(schema, whole=False)
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return _sample_string(schema, text)


def _sample_array(schema: dict[str, Any], root: Any, text: str, depth: int) -> list[Any]:
    first = [_sample(item, root, text, depth + 1) for item in schema.get("prefixItems", ())]
    missing = max(0, int(schema.get("minItems", 0)) - len(first))
    return first + [_sample(schema.get("items", {"type": "string"}), root, text, depth + 1) for _ in range(missing)]


def _sample_number(schema: dict[str, Any], *, whole: bool) -> float:
    step = schema.get("multipleOf", 1 if whole else 0)
    low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    value = low if "minimum" in schema or "exclusiveMinimum" not in schema else low + (step or 1)
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if high is not None and value > high:
        value = high if "maximum" in schema else high - (step or 1)
    if step:
        value = -(-value // step) * step
    return float(value) if not whole else value


def _sample_string(schema: dict[str, Any], text: str) -> str:
    value = FORMATS.get(schema.get("format", ""), text)
    shortest, longest = int(schema.get("minLength", 0)), schema.get("maxLength")
    value = value + "x" * (shortest - len(value))
    return value if longest is None else value[: int(longest)]


def _type_of(schema: dict[str, Any]) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = kind[0]
    if isinstance(kind, str):
        return kind
    if "properties" in schema:
        return "object"
    return "array" if "items" in schema else "string"


def _shallowest(options: list[Any]) -> dict[str, Any]:
    """The alternative that cannot recurse, when there is one: a bare type rather than a reference."""
    plain = [option for option in options if isinstance(option, dict) and "$ref" not in option]
    scalars = [option for option in plain if option.get("type") not in ("object", "array")]
    chosen = scalars or plain or options
    return chosen[0] if isinstance(chosen[0], dict) else {}


def _merge_all(schema: dict[str, Any], root: Any) -> dict[str, Any]:
    merged: dict[str, Any] = {name: value for name, value in schema.items() if name != "allOf"}
    for part in schema["allOf"]:
        found = _resolve(root, part["$ref"]) if "$ref" in part else part
        for name, value in found.items():
            if name == "properties":
                merged[name] = {**merged.get(name, {}), **value}
            elif name == "required":
                merged[name] = [*merged.get(name, []), *value]
            else:
                merged[name] = value
    return merged


def _resolve(root: Any, reference: str) -> Any:
    place = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        if step:
            place = place.get(step.replace("~1", "/").replace("~0", "~"), {}) if isinstance(place, dict) else {}
    return place
