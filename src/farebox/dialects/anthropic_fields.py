"""The one table of fields of Anthropic's messages that change the price or reach into state kept at the provider.

Each is read and bounded, or refused with 400; all others pass through as they came. Null counts as absent. A cache
that lives an hour costs more to write than one of five minutes, and rate cards have one price for both: so `ttl` may
only be "5m".
"""

from collections.abc import Callable, Mapping
from typing import Any

from farebox.dialects.openai_fields import LONGEST_NAME, MOST_TOKENS, bad_field

# Tools that the client runs. All others run at the provider, at a price of their own or over more input than it shows.
_CLIENT_TOOLS = ("custom", "bash_", "text_editor_", "computer_", "memory_")
_FREE_EDITS = ("clear_tool_uses_", "clear_thinking_")

_KEPT_AT_PROVIDER = "refers to state kept at the provider, which a gateway cannot give. Remove it"
_NO_PRICE = "has no price here. Remove it"


class Facts:
    """What the fields of one request said; filled in while the table is applied."""

    __slots__ = ("model", "models", "most_output_tokens", "stream")

    def __init__(self) -> None:
        self.model: str | None = None
        self.models: tuple[str, ...] = ()
        self.most_output_tokens: int | None = None
        self.stream = False


Judge = Callable[[str, Any, Facts], None]


def apply_fields(tree: Mapping[str, Any], facts: Facts) -> None:
    """Judge every top-level field; raises Refusal naming the field."""
    for name, value in tree.items():
        judge = FIELDS.get(name)
        if judge is not None:
            if value is not None:
                judge(name, value, facts)
        elif (folded := name.casefold()) != name and folded in FIELDS:
            # Many servers match names without regard to case: what we do not see they would obey.
            raise bad_field(name, f"must be written `{folded}`")


def judge_cache_ttl(tree: Mapping[str, Any]) -> None:
    """Refuse a cache lifetime other than five minutes anywhere but in the client's own JSON."""
    for name in ("cache_control", "system", "tools", "messages"):
        _judge_ttl(tree.get(name), name, is_marker=name == "cache_control")


def _judge_ttl(value: Any, where: str, *, is_marker: bool = False) -> None:
    if isinstance(value, list):
        for index, entry in enumerate(value):
            _judge_ttl(entry, f"{where}[{index}]")
    elif isinstance(value, dict):
        if is_marker and value.get("ttl") not in (None, "5m"):
            raise bad_field(f"{where}.ttl", 'may only be "5m": longer lifetimes have no price here')
        for name, entry in value.items():
            if name not in ("input", "input_schema") and isinstance(entry, dict | list):
                _judge_ttl(entry, f"{where}.{name}", is_marker=name == "cache_control")


def _model(name: str, value: Any, facts: Facts) -> None:
    facts.model = _checked_name(name, value)


def _models(name: str, value: Any, facts: Facts) -> None:
    if not isinstance(value, list):
        raise bad_field(name, "must be a list of model names")
    facts.models = tuple(_checked_name(name, entry) for entry in value)


def _checked_name(param: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise bad_field(param, "must name a model")
    if len(value) > LONGEST_NAME:
        raise bad_field(param, f"is longer than {LONGEST_NAME} characters")
    return value


def _stream(name: str, value: Any, facts: Facts) -> None:
    if not isinstance(value, bool):
        raise bad_field(name, "must be true or false")
    facts.stream = value


def _bound(name: str, value: Any, facts: Facts) -> None:
    if type(value) is not int or not 1 <= value <= MOST_TOKENS:
        raise bad_field(name, f"must be a whole number from 1 to {MOST_TOKENS}")
    facts.most_output_tokens = value


def _tools(name: str, value: Any, facts: Facts) -> None:
    del facts
    if not isinstance(value, list):
        raise bad_field(name, "must be a list")
    for index, tool in enumerate(value):
        kind = tool.get("type") if isinstance(tool, dict) else ""
        if kind is not None and not (isinstance(kind, str) and kind.startswith(_CLIENT_TOOLS)):
            raise bad_field(f"{name}[{index}]", "is no tool that you run yourself. Tools of the provider have no price")


def _context_management(name: str, value: Any, facts: Facts) -> None:
    """Clearing of old content makes a prompt shorter; a summary of it is a model call that no bound holds."""
    del facts
    edits = value.get("edits", []) if isinstance(value, dict) else None
    if not isinstance(edits, list):
        raise bad_field(name, "must be an object with a list of edits")
    for index, edit in enumerate(edits):
        kind = edit.get("type") if isinstance(edit, dict) else None
        if not isinstance(kind, str) or not kind.startswith(_FREE_EDITS):
            raise bad_field(f"{name}.edits[{index}]", _NO_PRICE)


def _refused(reason: str) -> Judge:
    def judge(name: str, value: Any, facts: Facts) -> None:
        del value, facts
        raise bad_field(name, reason)

    return judge


def _only(allowed: tuple[Any, ...], reason: str) -> Judge:
    def judge(name: str, value: Any, facts: Facts) -> None:
        del facts
        if not any(type(value) is type(entry) and value == entry for entry in allowed):
            raise bad_field(name, reason)

    return judge


FIELDS: dict[str, Judge] = {
    # Read and bounded.
    "model": _model,
    "models": _models,
    "stream": _stream,
    "max_tokens": _bound,
    "tools": _tools,
    "context_management": _context_management,
    # Another price for the same tokens.
    "service_tier": _only(("auto", "standard_only"), 'may only be "auto" or "standard_only"'),
    "speed": _only(("standard",), 'may only be "standard": other speeds have other prices'),
    "inference_geo": _only(("global",), 'may only be "global": other regions have other prices'),
    # Work of the provider that is charged by the piece, or that runs other models.
    "mcp_servers": _only(([],), _NO_PRICE),
    "fallbacks": _refused(_NO_PRICE),
    # State at the provider.
    "container": _refused(_KEPT_AT_PROVIDER),
    # What belongs into headers, where it is judged.
    "anthropic_beta": _refused("belongs into the header `anthropic-beta`. Remove it"),
    "betas": _refused("belongs into the header `anthropic-beta`. Remove it"),
}
