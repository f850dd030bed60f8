"""How results are printed: one JSON value for programs, lines and columns for people. Amounts are decimal strings."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec


def emit(value: Any, *, json: bool, text: str) -> None:
    """The value as one line of JSON, or the text."""
    out = msgspec.json.encode(value).decode() if json else text
    if out:
        sys.stdout.write(out + "\n")


def note(text: str) -> None:
    """A remark beside the result; never part of it."""
    sys.stderr.write(f"farebox: {text}\n")


def utc(moment: datetime | None) -> str | None:
    """A moment as people and programs get it."""
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Aligned columns under their names; '-' where there is no value."""
    lines = [[column.replace("_", " ") for column in columns]]
    lines += [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    return "\n".join(_joined(line, widths) for line in lines)


def facts(value: Mapping[str, Any]) -> str:
    """One value per line, after its name."""
    width = max(len(name) for name in value)
    return "\n".join(f"{name.replace('_', ' '):<{width}}  {_cell(each)}" for name, each in value.items())


def sections(value: Mapping[str, Any]) -> str:
    """The single values first, then each part that has values or rows of its own under its name."""
    single = {name: each for name, each in value.items() if not _is_part(each)}
    parts = [f"\n{name.replace('_', ' ')}\n{_part(each)}" for name, each in value.items() if _is_part(each)]
    return "\n".join([*([facts(single)] if single else []), *parts])


def _is_part(value: Any) -> bool:
    return bool(value) and (isinstance(value, dict) or (isinstance(value, list) and isinstance(value[0], dict)))


def _part(value: Any) -> str:
    return facts(value) if isinstance(value, dict) else table(value, tuple(value[0]))


def _joined(line: Iterable[str], widths: Iterable[int]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()


def _cell(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "-"
    if isinstance(value, datetime):
        return str(utc(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_cell(each)}" for name, each in value.items())
    return str(value)
