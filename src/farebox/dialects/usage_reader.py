"""Reads counts out of usage objects by the rows of the table, and puts them into our inclusive classes."""

from collections.abc import Callable
from typing import Any

from farebox.dialects.usage_table import USAGE_TABLE, Row, Shape
from farebox.domain.usage import Usage

_WHOLES = ("input_tokens", "output_tokens")
_OUTPUT = frozenset({"output_tokens", "reasoning_tokens", "image_output_tokens", "audio_output_tokens"})
# Responses call by these names what chat completions call by those of the table.
_OTHER_NAMES = {"prompt_tokens_details": "input_tokens_details", "completion_tokens_details": "output_tokens_details"}

# A member's name to what it counts and to its rank among the places of that.
_Places = dict[str, tuple[str, int]]


class UsageReader:
    """Reads the usage objects of one shape; `count` makes a number of a claimed count, and 0 of what is none."""

    __slots__ = ("_beside", "_count", "_holders", "_lists", "_top")

    def __init__(self, shape: Shape, count: Callable[[object], int]) -> None:
        self._count = count
        self._top: _Places = {}
        # The members of objects within the usage object, by the path to these.
        self._holders: dict[tuple[str, ...], _Places] = {}
        # Lists by modality: the class of each, and whether it is added or taken off.
        self._lists: dict[str, dict[str, tuple[str, int]]] = {}
        # What stands beside a whole, that whole, and whether it has a class of its own.
        self._beside: list[tuple[str, str, bool]] = []
        for rank, row in enumerate(USAGE_TABLE[shape]):
            self._learn(row, rank)

    def _learn(self, row: Row, rank: int) -> None:
        if row.member.endswith("]"):
            members, _, modality = row.member[:-1].partition("[")
            self._lists.setdefault(members, {})[modality] = (row.count, -1 if row.counted == "taken off" else 1)
            return
        *path, key = row.member.split(".")
        name: str = row.count
        if row.counted == "beside":
            has_class = row.count not in _WHOLES
            if not has_class:
                name = row.member  # more of a whole is a count of its own until it is added
            self._beside.append((name, "output_tokens" if row.count in _OUTPUT else "input_tokens", has_class))
        places = self._holders.setdefault(tuple(path), {}) if path else self._top
        places[key] = (name, rank)

    def counts(self, reported: dict[str, Any]) -> dict[str, Any]:
        """Members of Usage to the numbers counted for them; absent where that is nothing."""
        found: dict[str, int] = {}
        ranks: dict[str, int] = {}
        self._visit(reported, self._top, found, ranks)
        for path, places in self._holders.items():
            holder = _holder(reported, path)
            if holder is not None:
                self._visit(holder, places, found, ranks)
        if self._lists:
            self._add_lists(reported, found)
        # Whoever tells the lifetimes of what was written to a cache need not tell their sum.
        written = found.pop("cache_write_5m_tokens", 0) + found.get("cache_write_1h_tokens", 0)
        if written > found.get("cache_write_tokens", 0):
            found["cache_write_tokens"] = written
        for name, whole, has_class in self._beside:
            if name in found:
                found[whole] = found.get(whole, 0) + (found[name] if has_class else found.pop(name))
        return found

    def _visit(self, holder: dict[str, Any], places: _Places, found: dict[str, int], ranks: dict[str, int]) -> None:
        for key, value in holder.items():
            # Most members are zero, and few that are not count the same.
            if value and key in places and (count := self._count(value)):
                name, rank = places[key]
                if name not in found or rank < ranks[name]:
                    found[name], ranks[name] = count, rank

    def _add_lists(self, reported: dict[str, Any], found: dict[str, int]) -> None:
        sums: dict[str, int] = {}
        for name, modalities in self._lists.items():
            entries = reported.get(name)
            for entry in entries if isinstance(entries, list) else ():
                kind = entry.get("modality") if isinstance(entry, dict) else None
                if isinstance(kind, str) and kind in modalities:
                    counted, sign = modalities[kind]
                    sums[counted] = sums.get(counted, 0) + sign * self._count(entry.get("tokenCount"))
        found.update({name: count for name, count in sums.items() if count > 0})


def _holder(reported: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
    found: Any = reported.get(path[0]) or reported.get(_OTHER_NAMES.get(path[0], ""))
    for name in path[1:]:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def lifetimes(usage: Usage) -> dict[str, int]:
    """What was written to a cache by how long it stays there."""
    return {
        "ephemeral_5m_input_tokens": max(0, usage.cache_write_tokens - usage.cache_write_1h_tokens),
        "ephemeral_1h_input_tokens": usage.cache_write_1h_tokens,
    }
