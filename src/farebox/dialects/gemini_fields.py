"""Gemini's bodies are protocol buffers in JSON clothes; here is what that allows, so that readers need not know.

Each member may be spelled `maxOutputTokens` or `max_output_tokens`, a single entry may stand where a list is meant, and
whole numbers may come as 40.0. Members of free JSON (arguments, results, schemas) are not spelled in two ways and are
never renamed.
"""

import re
from collections.abc import Mapping
from typing import Any

from farebox.dialects.request_fields import Fields, bad_value

_SNAKE = re.compile(r"(?<=[A-Za-z0-9])_([a-z0-9])")


def camel(name: str) -> str:
    """The lowerCamelCase spelling of a member."""
    return _SNAKE.sub(lambda match: match[1].upper(), name) if "_" in name else name


def spellings(tree: Mapping[str, Any], path: str = "") -> dict[str, str]:
    """lowerCamelCase to the spelling that the client chose; refuses a member that is given in both."""
    found: dict[str, str] = {}
    for given in tree:
        name = camel(given)
        if name in found:
            where = f"{path}.{given}" if path else given
            raise bad_value(where, f"is given twice, also as `{found[name]}`. Give it once")
        found[name] = given
    return found


def as_list(value: Any) -> list[Any]:
    """The entries of a repeated member."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


class ProtoFields(Fields):
    """An object of a request in either spelling; members are asked for in lowerCamelCase and named as they came."""

    __slots__ = ("_spelled",)

    def __init__(self, tree: dict[str, Any], path: str = "") -> None:
        self._spelled = spellings(tree, path)
        super().__init__({name: tree[given] for name, given in self._spelled.items()}, path)

    def name(self, member: str) -> str:
        return super().name(self._spelled.get(member, member))

    def has(self, member: str) -> bool:
        """Whether it is given; it stays unread."""
        return self._tree.get(member) is not None

    def whole(self, member: str, least: int, most: int) -> int | None:
        value = self.take(member)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is not None and (type(value) is not int or not least <= value <= most):
            raise bad_value(self.name(member), f"must be a whole number from {least} to {most}")
        return value

    def entries(self, member: str) -> list[Any]:
        return as_list(self.take(member))

    def word(self, member: str) -> str:
        """A name of an enumeration in upper case; "" when absent or unspecified."""
        text = (self.text(member) or "").upper()
        return "" if text.endswith("_UNSPECIFIED") else text

    def object(self, member: str) -> "ProtoFields | None":
        value = self.take(member)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise bad_value(self.name(member), "must be an object")
        return ProtoFields(value, self.name(member))

    def objects(self, member: str) -> "list[ProtoFields]":  # type: ignore[override]
        found: list[ProtoFields] = []
        for index, entry in enumerate(self.entries(member)):
            path = f"{self.name(member)}[{index}]"
            if not isinstance(entry, dict):
                raise bad_value(path, "must be an object")
            found.append(ProtoFields(entry, path))
        return found
