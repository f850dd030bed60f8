"""What is wrong with a field of a request: where, of which kind, and which bound was missed; never the value itself.

The kinds are ours and stay, whatever the validator calls its own: the console says them in the reader's language.
"""

from collections.abc import Mapping
from typing import Any, Literal

FieldErrorKind = Literal[
    "missing",
    "unknown_field",
    "too_short",
    "too_long",
    "too_small",
    "too_large",
    "not_a_number",
    "not_a_choice",
    "not_a_moment",
    "not_an_id",
    "wrong_form",
]

_KINDS: Mapping[str, FieldErrorKind] = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "string_too_short": "too_short",
    "too_short": "too_short",
    "bytes_too_short": "too_short",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "bytes_too_long": "too_long",
    "greater_than": "too_small",
    "greater_than_equal": "too_small",
    "less_than": "too_large",
    "less_than_equal": "too_large",
    "int_parsing": "not_a_number",
    "int_type": "not_a_number",
    "int_from_float": "not_a_number",
    "float_parsing": "not_a_number",
    "float_type": "not_a_number",
    "decimal_parsing": "not_a_number",
    "enum": "not_a_choice",
    "literal_error": "not_a_choice",
    "datetime_parsing": "not_a_moment",
    "datetime_from_date_parsing": "not_a_moment",
    "datetime_type": "not_a_moment",
    "date_parsing": "not_a_moment",
    "date_from_datetime_parsing": "not_a_moment",
    "timezone_aware": "not_a_moment",
    "uuid_parsing": "not_an_id",
    "uuid_type": "not_an_id",
}
# What the validator calls the bound that was missed.
_BOUNDS = ("min_length", "max_length", "gt", "ge", "lt", "le")


def describe_field(found: Mapping[str, Any]) -> dict[str, Any]:
    """One entry of a problem's `errors`, made of what pydantic has found."""
    told: dict[str, Any] = {
        "at": [str(part) for part in found["loc"]],
        "message": found["msg"],
        "kind": _KINDS.get(found["type"], "wrong_form"),
    }
    context = found.get("ctx", {})
    bounds = [context[name] for name in _BOUNDS if isinstance(context.get(name), int)]
    return told | ({"bound": bounds[0]} if bounds else {})
