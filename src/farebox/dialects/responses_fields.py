"""The table of OpenAI's responses: request fields that change the price or reach into state kept at the provider.

Each is read and bounded, or refused with 400; all other fields pass through as they came. What both dialects of OpenAI
have alike is in `openai_fields`.
"""

from collections.abc import Mapping
from typing import Any

from farebox.dialects.media_references import refuse_references
from farebox.dialects.openai_fields import FIELDS as CHAT_FIELDS
from farebox.dialects.openai_fields import MOST_TOKENS, Facts, Judge, bad_field
from farebox.dialects.openai_media import IMAGE_TOKENS, Media, add_part

BOUND = "max_output_tokens"

# Tools that are words to the model, or that the client itself runs. All others are work of the provider.
_FREE_TOOLS = frozenset({"function", "custom", "namespace", "tool_search", "local_shell", "apply_patch"})
_KEPT_AT_PROVIDER = "refers to state kept at the provider, which a gateway cannot give"
# Items that hold no more than a name of something at the provider.
_STATE_ITEMS = frozenset({"item_reference", "mcp_approval_response"})
_ITEM_WORDS = frozenset({"content", "output", "action", "operation", "tools", "summary", "result", "results"})


def apply_fields(tree: Mapping[str, Any], facts: Facts) -> None:
    """Judge every top-level field; raises Refusal naming the field."""
    for name, value in tree.items():
        judge = FIELDS.get(name)
        if judge is not None:
            if value is not None:
                judge(name, value, facts)
        elif (folded := name.casefold()) != name and (folded in FIELDS or folded == "input"):
            # Many servers match names without regard to case: what we do not see they would obey.
            raise bad_field(name, f"must be written `{folded}`")


def measure_input(value: Any) -> Media:
    """The media in the input; raises Refusal for items that live at the provider or that cannot be bounded."""
    media = Media()
    if isinstance(value, str) and value:
        return media
    if not isinstance(value, list) or not value:
        raise bad_field("input", "must be a text or a list with at least one item")
    for index, item in enumerate(value):
        where = f"input[{index}]"
        if not isinstance(item, dict):
            raise bad_field(where, "must be an object")
        _judge_item(item, where)
        for member in ("content", "output"):
            held = item.get(member)
            parts = held if isinstance(held, list) else [held]
            for number, part in enumerate(parts):
                if isinstance(part, dict):
                    add_part(part, media, f"{where}.{member}[{number}]" if parts is held else f"{where}.{member}")
        if item.get("type") == "image_generation_call" and isinstance(item.get("result"), str):
            media.add(IMAGE_TOKENS, item["result"])
        # Calls and their results are words; what an item holds beside its parts must lead nowhere.
        refuse_references(item, where, _ITEM_WORDS)
    return media


def _judge_item(item: dict[str, Any], where: str) -> None:
    kind = item.get("type")
    if isinstance(kind, str) and kind in _STATE_ITEMS:
        raise bad_field(f"{where}.type", f"is {kind!r}, which {_KEPT_AT_PROVIDER}. Send the item itself")
    if kind == "reasoning" and item.get("id") and not item.get("encrypted_content") and not item.get("content"):
        # The provider would look the item up among those that it was told not to store.
        advice = 'Ask for it with `include: ["reasoning.encrypted_content"]` and send it back, or leave the item out'
        raise bad_field(f"{where}.encrypted_content", f"is missing, and nothing is stored at the provider. {advice}")
    if item.get("tools") is not None:
        _judge_tools(f"{where}.tools", item["tools"])


def _bound(name: str, value: Any, facts: Facts) -> None:
    if type(value) is not int or not 1 <= value <= MOST_TOKENS:
        raise bad_field(name, f"must be a whole number from 1 to {MOST_TOKENS}")
    facts.bounds[name] = value


def _tools(name: str, value: Any, facts: Facts) -> None:
    del facts
    _judge_tools(name, value)


def _judge_tools(name: str, value: Any) -> None:
    """Tools that the client runs are words to the model; tools that the provider runs have prices of their own."""
    if not isinstance(value, list):
        raise bad_field(name, "must be a list")
    for index, tool in enumerate(value):
        where = f"{name}[{index}]"
        kind = tool.get("type") if isinstance(tool, dict) else None
        if not isinstance(kind, str) or kind not in _FREE_TOOLS:
            shown = f" ({kind[:60]})" if isinstance(kind, str) else ""
            raise bad_field(
                f"{where}.type", f"is no tool of the client{shown}. Tools of the provider have no price here"
            )
        if kind == "namespace":
            _judge_tools(f"{where}.tools", tool.get("tools") or [])


def _one(name: str, value: Any, facts: Facts) -> None:
    del facts
    if type(value) is not int or value != 1:
        raise bad_field(name, "may only be 1: a response is one answer")


def _refused(reason: str) -> Judge:
    def judge(name: str, value: Any, facts: Facts) -> None:
        del value, facts
        raise bad_field(name, reason)

    return judge


_RESEND = f"{_KEPT_AT_PROVIDER}. Send all earlier items in `input` and set `store` to false"
_OTHER_NAME = f"is called `{BOUND}` in this endpoint"


FIELDS: dict[str, Judge] = {
    **CHAT_FIELDS,
    BOUND: _bound,
    "max_tokens": _refused(_OTHER_NAME),
    "max_completion_tokens": _refused(_OTHER_NAME),
    "n": _one,
    "best_of": _one,
    "tools": _tools,
    "previous_response_id": _refused(_RESEND),
    "conversation": _refused(_RESEND),
    "prompt": _refused(f"{_KEPT_AT_PROVIDER}. Send its text in `instructions` and `input`"),
}
