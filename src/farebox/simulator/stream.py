"""Server-sent events: chunks become events, with usage where it is asked for and with faults inside the stream.

Nothing here knows HTTP; `script` frames the events and decides how the connection ends.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from farebox.simulator.errors import error_body
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.usage import usage_so_far

DONE = b"data: [DONE]\n\n"
LINE_ENDS = {"crlf": b"\r\n", "cr": b"\r"}


class Chunk(msgspec.Struct, frozen=True):
    """The choices of one chunk and how many tokens they deliver."""

    choices: list[Any]
    tokens: int


class Event(msgspec.Struct, frozen=True):
    """The bytes of one event; `tokens` is zero for all but content."""

    data: bytes
    tokens: int = 0


def stream_events(
    chunks: Iterable[Chunk],
    *,
    envelope: dict[str, Any],
    usage: dict[str, Any],
    include_usage: bool,
    options: SimulatorOptions,
) -> list[Event]:
    """All events of a stream in order, the end mark included."""
    listed = list(chunks)
    reports = _reports(listed, usage, include_usage, options)
    events = []
    for chunk, report in zip(listed, reports, strict=True):
        body = {**envelope, "choices": chunk.choices}
        if report is not None:
            body["usage"] = report.usage
        events.append(Event(_event(msgspec.json.encode(body)), chunk.tokens))
    if (include_usage and options.usage not in ("missing", "middle")) or options.usage in ("unasked", "twice"):
        last = Event(_event(msgspec.json.encode({**envelope, "choices": [], "usage": usage})))
        events += [last, last] if options.usage == "twice" else [last]
    choice = {"index": 0, "delta": {"content": giant_text(options)}, "finish_reason": None}
    endings = Endings(
        end=(Event(DONE),),
        error=(Event(_event(error_body(500, options))),),
        giant=Event(_event(msgspec.json.encode({**envelope, "choices": [choice]})), 1),
    )
    return ended(events, endings, options)


class Endings(msgspec.Struct, frozen=True):
    """What one dialect's stream ends with, healthy or not, and its event that is one giant line."""

    end: tuple[Event, ...]
    error: tuple[Event, ...]
    giant: Event


def ended(events: list[Event], endings: Endings, options: SimulatorOptions) -> list[Event]:
    """The events of any dialect with their end, or with the fault inside them that the options ask for."""
    events = _with_fault(events, endings, options)
    return [msgspec.structs.replace(event, data=_dressed(event.data, options)) for event in events]


def giant_text(options: SimulatorOptions) -> str:
    """The content of the giant event: nothing unless that fault is asked for, so that it costs nothing."""
    return "x" * options.giant_bytes if options.fault == "giant_line" else ""


class _Report(msgspec.Struct, frozen=True):
    """The value of a chunk's `usage` member; a chunk without a report has no such member."""

    usage: dict[str, Any] | None


def _reports(
    chunks: list[Chunk], usage: dict[str, Any], include_usage: bool, options: SimulatorOptions
) -> list[_Report | None]:
    silent = _Report(None) if include_usage and options.usage != "missing" else None
    reports: list[_Report | None] = [silent] * len(chunks)
    content = [at for at, chunk in enumerate(chunks) if chunk.tokens]
    if options.usage == "middle" and content:
        reports[content[len(content) // 2]] = _Report(usage)
    elif options.usage == "growing":
        sent = 0
        for at in content:
            sent += chunks[at].tokens
            reports[at] = _Report(usage_so_far(usage, sent))
    return reports


def _with_fault(events: list[Event], endings: Endings, options: SimulatorOptions) -> list[Event]:
    content = [at for at, event in enumerate(events) if event.tokens]
    middle = content[len(content) // 2] if content else len(events)
    match options.fault:
        case "malformed_event":
            broken = events[middle].data.rstrip() if middle < len(events) else b'data: {"id":'
            return [*events[:middle], Event(broken[: -len(broken) // 4] + b"\n\n"), *events[middle:], *endings.end]
        case "error_event":
            return [*events[:middle], *endings.error]
        case "endless":
            return events[: content[-1] + 1] if content else events
        case "giant_line":
            return [*events[:middle], endings.giant, *events[middle:], *endings.end]
        case _:
            pass
    match options.done:
        case "missing":
            return events
        case "twice":
            return [*events, *endings.end, *endings.end]
        case "then_content":
            return [*events, *endings.end, *(event for event in events if event.tokens)]
        case _:
            return [*events, *endings.end]


def _event(body: bytes) -> bytes:
    return b"data: " + body + b"\n\n"


def _dressed(data: bytes, options: SimulatorOptions) -> bytes:
    """An event with the comments, line ends and line breaks that the options ask for."""
    if options.multiline:
        data = data.replace(b"data: {", b"data: {\ndata: ", 1)
    if options.comments:
        data = b": ping\n\n" + data
    if options.line_end != "lf":
        data = data.replace(b"\n", LINE_ENDS[options.line_end])
    return data
