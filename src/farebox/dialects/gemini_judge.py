"""The one table of Gemini request fields that change the price or reach into state kept at the provider.

Each is read and bounded, or refused with 400; whatever is not here passes through as it came. A field set to null
counts as absent. Fields are judged in both spellings, and near misses of a judged name are refused, so that no server's
leniency can obey what we did not see.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from farebox.dialects.gemini_fields import as_list, spellings
from farebox.dialects.request_fields import bad_value

MOST_TOKENS = 1_000_000_000
MOST_ANSWERS = 128


class Facts:
    """What the fields of one request said; filled in while the tables are applied."""

    __slots__ = ("answers", "most_output_tokens", "priced_tools")

    def __init__(self, priced_tools: Collection[str] = ()) -> None:
        self.priced_tools = priced_tools
        self.most_output_tokens: int | None = None
        self.answers = 1


Judge = Callable[[str, Any, Facts], None]


def judge_request(tree: Mapping[str, Any], facts: Facts, path: str = "") -> None:
    """Judge a request of generateContent; raises Refusal naming the field."""
    _apply(tree, _REQUEST, facts, path)


def judge_embedding(tree: Mapping[str, Any], facts: Facts, path: str = "") -> None:
    """Judge a request of embedContent, or one of several."""
    _apply(tree, _EMBEDDING, facts, path)


def _apply(tree: Mapping[str, Any], table: Mapping[str, Judge], facts: Facts, path: str) -> None:
    folded = {_folded(name): name for name in table}
    for name, given in spellings(tree, path).items():
        where = f"{path}.{given}" if path else given
        judge = table.get(name)
        if judge is not None:
            if tree[given] is not None:
                judge(where, tree[given], facts)
        elif _folded(given) in folded:
            raise bad_value(where, f"must be written `{folded[_folded(given)]}`")


def _folded(name: str) -> str:
    return name.replace("_", "").casefold()


def _config(where: str, value: Any, facts: Facts) -> None:
    if not isinstance(value, dict):
        raise bad_value(where, "must be an object")
    _apply(value, _CONFIG, facts, where)


def _bound(where: str, value: Any, facts: Facts) -> None:
    facts.most_output_tokens = _whole(where, value, MOST_TOKENS)


def _answers(where: str, value: Any, facts: Facts) -> None:
    facts.answers = _whole(where, value, MOST_ANSWERS)


def _whole(where: str, value: Any, most: int) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int or not 1 <= value <= most:
        raise bad_value(where, f"must be a whole number from 1 to {most}")
    return value


def _modalities(where: str, value: Any, facts: Facts) -> None:
    del facts
    if any(not isinstance(kind, str) or kind.upper() != "TEXT" for kind in as_list(value)):
        raise bad_value(where, 'may only be ["TEXT"]: other output has no price here')


def _tools(where: str, value: Any, facts: Facts) -> None:
    """Functions that the client runs are words to the model; tools that Google runs have prices of their own."""
    for index, tool in enumerate(as_list(value)):
        place = f"{where}[{index}]"
        if not isinstance(tool, dict):
            raise bad_value(place, "must be an object")
        for name, given in spellings(tool, place).items():
            if tool[given] is not None and name not in _CLIENT_TOOLS and name not in facts.priced_tools:
                raise bad_value(f"{place}.{given}", "is a tool of the provider, which has no price here. Remove it")


def _content(where: str, value: Any, facts: Facts) -> None:
    """Read elsewhere; here for its near misses only."""
    del where, value, facts


def _refused(reason: str) -> Judge:
    def judge(where: str, value: Any, facts: Facts) -> None:
        del value, facts
        raise bad_value(where, reason)

    return judge


def _only(allowed: tuple[Any, ...], reason: str) -> Judge:
    def judge(where: str, value: Any, facts: Facts) -> None:
        del facts
        if not any(type(value) is type(entry) and value == entry for entry in allowed):
            raise bad_value(where, reason)

    return judge


_CLIENT_TOOLS = frozenset({"functionDeclarations", "computerUse"})

_KEPT_AT_PROVIDER = "refers to state kept at the provider, which a gateway cannot give. Remove it"
_NO_PRICE = "has no price here. Remove it"
_STEERS = "steers the provider's own choice of who serves. Remove it"
_STANDARD = "may only be standard: other tiers have other prices"
_TIER = _only(("standard", "STANDARD", "SERVICE_TIER_STANDARD", "unspecified", "SERVICE_TIER_UNSPECIFIED"), _STANDARD)

_CONFIG: dict[str, Judge] = {
    "maxOutputTokens": _bound,
    "candidateCount": _answers,
    "responseModalities": _modalities,
    # Other output than text.
    "speechConfig": _refused(_NO_PRICE),
    "imageConfig": _refused(_NO_PRICE),
    "translationConfig": _refused(_NO_PRICE),
    "audioTranscriptionConfig": _refused(_NO_PRICE),
    "responseFormat": _refused(_NO_PRICE),
    # Routing is ours.
    "routingConfig": _refused(_STEERS),
    "modelSelectionConfig": _refused(_STEERS),
    "modelConfig": _refused(_STEERS),
    "serviceTier": _TIER,
}

_REQUEST: dict[str, Judge] = {
    "contents": _content,
    "systemInstruction": _content,
    "model": _content,
    "generationConfig": _config,
    "tools": _tools,
    # Another price for the same tokens.
    "serviceTier": _TIER,
    # State at the provider.
    "cachedContent": _refused(_KEPT_AT_PROVIDER),
    "store": _only((False,), "may only be false: nothing is stored at the provider"),
    "modelArmorConfig": _refused(_KEPT_AT_PROVIDER),
}

_EMBEDDING: dict[str, Judge] = {
    "content": _content,
    "model": _content,
    "requests": _content,
    "serviceTier": _TIER,
}
