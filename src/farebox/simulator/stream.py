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
    events = _with_fault(events, envelope, options)
    return [msgspec.structs.replace(event, data=_dressed(event.data, options)) for event in events]


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


def _with_fault(events: list[Event], envelope: dict[str, Any], options: SimulatorOptions) -> list[Event]:
    content = [at for at, event in enumerate(events) if event.tokens]
    middle = content[len(content) // 2] if content else len(events)
    match options.fault:
        case "malformed_event":
            broken = events[middle].data[:-2] if middle < len(events) else b'data: {"id":'
            return [*events[:middle], Event(broken[: len(broken) // 2] + b"\n\n"), *events[middle:], Event(DONE)]
        case "error_event":
            return [*events[:middle], Event(_event(error_body(500, options)))]
        case "endless":
            return events[: content[-1] + 1] if content else events
        case "giant_line":
            choice = {"index": 0, "delta": {"content": "x" * options.giant_bytes}, "finish_reason": None}
            giant = _event(msgspec.json.encode({**envelope, "choices": [choice]}))
            return [*events[:middle], Event(giant, 1), *events[middle:], Event(DONE)]
        case _:
            pass
    match options.done:
        case "missing":
            return events
        case "twice":
            return [*events, Event(DONE), Event(DONE)]
        case "then_content":
            return [*events, Event(DONE), *(event for event in events if event.tokens)]
        case _:
            return [*events, Event(DONE)]


def _event(body: bytes) -> bytes:
    return b"data: " + body + b"\n\n"


def _dressed(data: bytes, options: SimulatorOptions) -> bytes:
    """An event with the comments, line ends and line breaks that the options ask for."""
    if options.multiline and data.startswith(b"data: {"):
        data = b"data: {\ndata: " + data[len(b"data: {") :]
    if options.comments:
        data = b": ping\n\n" + data
    if options.line_end != "lf":
        data = data.replace(b"\n", LINE_ENDS[options.line_end])
    return data
