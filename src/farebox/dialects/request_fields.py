"""Objects of a client's request, read member by member, so that none is overlooked.

Each reading says what the value must be, and a wrong one is refused under its full name, such as `messages[2].content`.
`done` refuses what nobody has read: a codec cannot lose a field by not knowing it. Null counts as absent.
"""

import json
from typing import Any

import msgspec

from farebox.dialects.conversation import Untranslatable
from farebox.dialects.request_body import read_request_body
from farebox.domain.errors import Refusal


def read_body(raw: bytes) -> "Fields":
    """The fields of a whole body; raises Refusal when every reader could not understand the same of it."""
    return Fields(read_request_body(raw).tree)


def json_text(value: Any, field: str) -> str:
    """A decoded value as compact JSON; refuses numbers beyond what JSON's readers hold."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise bad_value(field, "holds a number that is too large") from error


def bad_value(field: str, reason: str) -> Refusal:
    """A value that is wrong in any dialect; `reason` follows the field's name, without a full stop."""
    return Refusal("invalid_request", f"`{field}` {reason}.", param=field)


class Fields:
    """One object and which of its members have not been read yet."""

    __slots__ = ("_left", "_tree", "path")

    def __init__(self, tree: dict[str, Any], path: str = "") -> None:
        self.path = path
        self._tree = tree
        self._left = dict.fromkeys(tree)

    def name(self, member: str) -> str:
        """The member's full name."""
        return f"{self.path}.{member}" if self.path else member

    def take(self, member: str) -> Any:
        """The value as it is; None when absent."""
        self._left.pop(member, None)
        return self._tree.get(member)

    def needed(self, member: str) -> Any:
        value = self.take(member)
        if value is None:
            raise bad_value(self.name(member), "is missing")
        return value

    def text(self, member: str) -> str | None:
        value = self.take(member)
        if value is not None and not isinstance(value, str):
            raise bad_value(self.name(member), "must be a string")
        return value

    def needed_text(self, member: str) -> str:
        self.needed(member)
        text = self.text(member)
        assert text is not None
        return text

    def flag(self, member: str) -> bool | None:
        value = self.take(member)
        if value is not None and not isinstance(value, bool):
            raise bad_value(self.name(member), "must be true or false")
        return value

    def whole(self, member: str, least: int, most: int) -> int | None:
        """A whole number within bounds."""
        value = self.take(member)
        if value is not None and (type(value) is not int or not least <= value <= most):
            raise bad_value(self.name(member), f"must be a whole number from {least} to {most}")
        return value

    def number(self, member: str, least: float, most: float) -> float | None:
        value = self.take(member)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise bad_value(self.name(member), f"must be a number from {least:g} to {most:g}")
        return value

    def choice(self, member: str, *allowed: str) -> str | None:
        """One of some words; a word that the model of conversations has no place for is refused."""
        value = self.text(member)
        if value is not None and value not in allowed:
            raise Untranslatable(self.name(member), f"may only be {' or '.join(allowed)} for this model")
        return value

    def object(self, member: str) -> "Fields | None":
        value = self.take(member)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise bad_value(self.name(member), "must be an object")
        return Fields(value, self.name(member))

    def needed_object(self, member: str) -> "Fields":
        self.needed(member)
        found = self.object(member)
        assert found is not None
        return found

    def entries(self, member: str) -> list[Any]:
        """The entries; none when absent."""
        value = self.take(member)
        if value is None:
            return []
        if not isinstance(value, list):
            raise bad_value(self.name(member), "must be a list")
        return value

    def objects(self, member: str) -> "list[Fields]":
        """The entries of a list of objects; none when absent."""
        found: list[Fields] = []
        for index, entry in enumerate(self.entries(member)):
            path = f"{self.name(member)}[{index}]"
            if not isinstance(entry, dict):
                raise bad_value(path, "must be an object")
            found.append(Fields(entry, path))
        return found

    def texts(self, member: str) -> tuple[str, ...]:
        """The entries of a list of strings; none when absent."""
        entries = self.entries(member)
        if not all(isinstance(entry, str) for entry in entries):
            raise bad_value(self.name(member), "must be a list of strings")
        return tuple(entries)

    def json(self, member: str) -> str:
        """The value as compact JSON text."""
        return json_text(self.take(member), self.name(member))

    def schema(self, member: str) -> msgspec.Raw | None:
        """A JSON schema: an object, kept as JSON."""
        value = self.take(member)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise bad_value(self.name(member), "must be a JSON schema")
        return msgspec.Raw(json_text(value, self.name(member)).encode())

    def leave(self, *members: str) -> None:
        """Members that change no answer's meaning and stay behind."""
        for member in members:
            self._left.pop(member, None)

    def only(self, member: str, *allowed: Any, reason: str = "is not carried over") -> None:
        """A member that may stand there only with one of these values (or null), which mean nothing."""
        value = self.take(member)
        if value is not None and not any(type(value) is type(entry) and value == entry for entry in allowed):
            raise Untranslatable(self.name(member), f"{reason}. Remove it or choose another model")

    def done(self) -> None:
        """Refuse what is left."""
        for member in self._left:
            if self._tree[member] is not None:
                raise Untranslatable(
                    self.name(member), "is not carried over to the provider of this model. Remove it or choose another"
                )
