"""The one table of request fields that change the price or reach into state kept at the provider (OpenAI dialect).

Each is read and bounded, or refused with 400. All fields that are not here pass through as they came. A field set to
null counts as absent.
"""

from collections.abc import Callable, Mapping
from typing import Any

from farebox.domain.errors import Refusal

MOST_ANSWERS = 128
MOST_TOKENS = 1_000_000_000
LONGEST_NAME = 256


class Facts:
    """What the fields of one request said; filled in while the table is applied."""

    __slots__ = ("best_of", "bounds", "include_usage", "model", "models", "n", "stream")

    def __init__(self) -> None:
        self.model: str | None = None
        self.models: tuple[str, ...] = ()
        self.stream = False
        self.include_usage = False
        self.bounds: dict[str, int] = {}
        self.n = 1
        self.best_of = 0

    @property
    def most_output_tokens(self) -> int | None:
        """With both names given the larger counts: which of them a provider obeys is not known."""
        return max(self.bounds.values(), default=None)


_INPUTS = frozenset({"messages", "prompt", "input"})

Judge = Callable[[str, Any, Facts], None]


def apply_fields(tree: Mapping[str, Any], facts: Facts) -> None:
    """Judge every top-level field; raises Refusal naming the field."""
    for name, value in tree.items():
        judge = FIELDS.get(name)
        if judge is not None:
            if value is not None:
                judge(name, value, facts)
        elif (folded := name.casefold()) != name and (folded in FIELDS or folded in _INPUTS):
            # Many servers match names without regard to case: what we do not see they would obey.
            raise bad_field(name, f"must be written `{folded}`")


def bad_field(param: str, reason: str) -> Refusal:
    shown = param[:LONGEST_NAME]
    return Refusal("invalid_request", f"`{shown}` {reason}.", param=shown)


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
    facts.stream = _flag(name, value)


def _stream_options(name: str, value: Any, facts: Facts) -> None:
    if not isinstance(value, dict):
        raise bad_field(name, "must be an object")
    asked = value.get("include_usage")
    facts.include_usage = asked is not None and _flag(f"{name}.include_usage", asked)


def _flag(param: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise bad_field(param, "must be true or false")
    return value


def _bound(name: str, value: Any, facts: Facts) -> None:
    facts.bounds[name] = _whole_number(name, value, MOST_TOKENS)


def _n(name: str, value: Any, facts: Facts) -> None:
    facts.n = _whole_number(name, value, MOST_ANSWERS)


def _best_of(name: str, value: Any, facts: Facts) -> None:
    facts.best_of = _whole_number(name, value, MOST_ANSWERS)


def _whole_number(param: str, value: Any, most: int) -> int:
    if type(value) is not int or not 1 <= value <= most:
        raise bad_field(param, f"must be a whole number from 1 to {most}")
    return value


def _tools(name: str, value: Any, facts: Facts) -> None:
    """Tools that the client runs are words to the model; tools that the provider runs have prices of their own."""
    del facts
    if not isinstance(value, list):
        raise bad_field(name, "must be a list")
    for index, tool in enumerate(value):
        kind = tool.get("type", "function" if "function" in tool else None) if isinstance(tool, dict) else None
        if kind not in ("function", "custom"):
            raise bad_field(f"{name}[{index}]", "is not a function or custom tool. Tools of the provider have no price")


def _modalities(name: str, value: Any, facts: Facts) -> None:
    del facts
    if value != ["text"]:
        raise bad_field(name, 'may only be ["text"]: other output has no price here')


def _extra_body(name: str, value: Any, facts: Facts) -> None:
    """Some vendors unpack this object over the request, others look for their own settings in it."""
    del facts
    inner = value if isinstance(value, dict) else {}
    google = inner.get("google")
    for key in (*inner, *(google if isinstance(google, dict) else ())):
        if key.casefold() in FIELDS or key == "cachedContent":
            raise bad_field(f"{name}.{key}", "must not stand here. Give it at the top level of the request")


def _refused(reason: str) -> Judge:
    def judge(name: str, value: Any, facts: Facts) -> None:
        del value, facts
        raise bad_field(name, reason)

    return judge


def _only(allowed: tuple[Any, ...], reason: str) -> Judge:
    def judge(name: str, value: Any, facts: Facts) -> None:
        del facts
        if not any(value is entry or (isinstance(entry, str) and value == entry) for entry in allowed):
            raise bad_field(name, reason)

    return judge


_KEPT_AT_PROVIDER = "refers to state kept at the provider, which a gateway cannot give. Remove it"
_NO_PRICE = "has no price here. Remove it"
_OTHER_BOUND = "bounds the output in a way that is not priced here. Use max_completion_tokens"
_STEERS = "steers the provider's own choice of who serves. Remove it"

FIELDS: dict[str, Judge] = {
    # Read and bounded.
    "model": _model,
    "models": _models,
    "stream": _stream,
    "stream_options": _stream_options,
    "max_tokens": _bound,
    "max_completion_tokens": _bound,
    "max_new_tokens": _refused(_OTHER_BOUND),
    "max_output_tokens": _refused(_OTHER_BOUND),
    "min_tokens": _refused(_OTHER_BOUND),
    "num_predict": _refused(_OTHER_BOUND),
    "n": _n,
    "best_of": _best_of,
    "tools": _tools,
    "modalities": _modalities,
    "extra_body": _extra_body,
    # Another price for the same tokens.
    "service_tier": _only(("auto", "default"), 'may only be "auto" or "default": other tiers have other prices'),
    "speed": _only(("standard",), 'may only be "standard": other speeds have other prices'),
    "inference_geo": _refused(_NO_PRICE),
    # Output that no bound holds: rejected predictions are charged beyond the answer's own tokens.
    "prediction": _refused(_NO_PRICE),
    "audio": _refused(_NO_PRICE),
    # Work of the provider that is charged by the piece.
    "web_search_options": _refused(_NO_PRICE),
    "web_search": _only((False,), _NO_PRICE),
    "search_parameters": _refused(_NO_PRICE),
    "search_options": _refused(_NO_PRICE),
    "enable_search": _only((False,), _NO_PRICE),
    "plugins": _refused(_NO_PRICE),
    "compound_custom": _refused(_NO_PRICE),
    # State at the provider.
    "store": _only((False,), "may only be false: nothing is stored at the provider"),
    "background": _only((False,), "may only be false: nothing is stored at the provider"),
    "previous_response_id": _refused(_KEPT_AT_PROVIDER),
    "conversation": _refused(_KEPT_AT_PROVIDER),
    "conversation_id": _refused(_KEPT_AT_PROVIDER),
    "cached_content": _refused(_KEPT_AT_PROVIDER),
    "file_ids": _refused(_KEPT_AT_PROVIDER),
    "vector_store_ids": _refused(_KEPT_AT_PROVIDER),
    "preset": _refused(_KEPT_AT_PROVIDER),
    # Routing is ours, and an answer must not show it.
    "provider": _refused(_STEERS),
    "fallbacks": _refused(_STEERS),
    "api_base": _refused(_STEERS),
    "base_url": _refused(_STEERS),
    "api_key": _refused(_STEERS),
    "debug": _refused(_STEERS),
}
