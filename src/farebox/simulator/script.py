"""The bytes of one answer on the connection: HTTP framing, pauses, and every way to end badly.

A script is data. `connection` plays it without knowing what it means, so that any fault is a list that can be printed.
"""

import zlib
from enum import Enum
from http import HTTPStatus

import msgspec

from farebox.simulator.identity import Marks, Vendor, provider_headers
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.stream import Event

JSON = "application/json"
EVENT_STREAM = "text/event-stream; charset=utf-8"
HTML = "text/html; charset=utf-8"
HTML_PAGE = b"<!doctype html><html><head><title>Simulated</title></head><body><h1>Bad gateway</h1></body></html>"
LAST_CHUNK = b"0\r\n\r\n"
IDLE_MS = 1000.0
WRONG_BY_BYTES = 16


class End(Enum):
    """How a script that does not keep the connection ends it."""

    CLOSE = "close"
    RESET = "reset"


Step = bytes | float | End
"""Bytes are sent, a float is a pause in milliseconds, an end is the last thing that happens."""


class Script(msgspec.Struct, frozen=True):
    """Steps to play once, then `repeat` until the client goes; the connection stays open unless an End comes."""

    steps: tuple[Step, ...]
    repeat: tuple[Step, ...] = ()
    jitter_ms: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def filled(self, marks: Marks) -> "Script":
        """The script with the holes of its head filled."""
        steps = tuple(marks.fill(step) if isinstance(step, bytes) else step for step in self.steps)
        return msgspec.structs.replace(self, steps=steps)


class Piece(msgspec.Struct, frozen=True):
    """Body bytes that are sent together, after a pause."""

    data: bytes
    pause_ms: float = 0.0


def plain_script(
    body: bytes,
    options: SimulatorOptions,
    *,
    status: int = 200,
    content_type: str = JSON,
    wait_ms: float = 0.0,
    marks: Marks | None = None,
    vendor: Vendor = "openai",
) -> Script:
    """One body under a head; `wait_ms` comes on top of the time to first token.

    Holes are filled with `marks` before the bytes are compressed, split or cut; without marks they stay.
    """
    body = body if marks is None else marks.fill(body)
    compress = zlib.compressobj(wbits=31) if options.gzip else None
    pieces = [Piece(body if compress is None else compress.compress(body) + compress.flush())]
    framing = "length" if options.framing == "auto" else options.framing
    if options.fault == "endless":
        framing = "chunked"
    return _script(pieces, framing, options, vendor=vendor, status=status, content_type=content_type, wait_ms=wait_ms)


def json_script(
    data: bytes,
    options: SimulatorOptions,
    *,
    tokens: tuple[int, int] = (0, 0),
    chunks: int = 1,
    marks: Marks | None = None,
    vendor: Vendor = "openai",
) -> Script:
    """A plain answer in JSON that took as long as its stream of `chunks` would have; `tokens` are prompt and output.

    White space pads it to `body_bytes`; the fault of broken JSON keeps half of it.
    """
    data = data.ljust(options.body_bytes)
    if options.fault == "malformed_json":
        data = data[: len(data) // 2]
    script = plain_script(data, options, wait_ms=options.gap_ms * (chunks - 1), marks=marks, vendor=vendor)
    return msgspec.structs.replace(script, prompt_tokens=tokens[0], completion_tokens=tokens[1])


def stream_script(
    events: list[Event],
    options: SimulatorOptions,
    marks: Marks | None = None,
    *,
    vendor: Vendor = "openai",
    content_type: str = EVENT_STREAM,
) -> Script:
    """A stream of events; `cut` counts content events only. `marks` as for a plain script."""
    compress = zlib.compressobj(wbits=31) if options.gzip else None
    pieces: list[Piece] = []
    content = 0
    cut_at: int | None = None
    for event in events:
        content += bool(event.tokens)
        pause_ms = options.gap_ms if event.tokens and content > 1 else 0.0
        data = event.data if marks is None else marks.fill(event.data)
        if compress is not None:
            data = compress.compress(data) + compress.flush(zlib.Z_SYNC_FLUSH)
        pieces.append(Piece(data, pause_ms))
        if event.tokens and content == options.cut:
            cut_at = len(pieces)
    if compress is not None:
        pieces.append(Piece(compress.flush()))
    if options.cut is not None and cut_at is None:
        cut_at = len(pieces) - 1
    framing = "chunked" if options.framing == "auto" else options.framing
    cut_at = 0 if options.cut == 0 else cut_at
    return _script(pieces, framing, options, vendor=vendor, content_type=content_type, cut_at=cut_at)


def _script(
    pieces: list[Piece],
    framing: str,
    options: SimulatorOptions,
    *,
    vendor: Vendor,
    status: int = 200,
    content_type: str,
    wait_ms: float = 0.0,
    cut_at: int | None = None,
) -> Script:
    """The head, the framed pieces and the end, with neighbouring bytes joined."""
    length = sum(len(piece.data) for piece in pieces)
    head = _head(status, content_type, framing, length, options) + provider_headers(options, vendor) + b"\r\n"
    wait = [float(options.ttft_ms + wait_ms)]
    steps: list[Step] = [head, *wait] if options.early_headers else [*wait, head]
    if options.fault == "reset_before_headers":
        return Script((*_joined(wait), End.RESET))
    if options.fault == "silent":
        return Script((), (IDLE_MS,))
    if options.fault == "reset_after_headers":
        return Script((*_joined(steps), End.RESET))
    if options.cut is not None:
        ending, repeat = _cut(pieces, cut_at, framing, options)
        return _finished(steps + ending, repeat, options)
    for piece in pieces:
        steps += _sent(piece, framing, options)
    if options.fault == "endless":
        last = pieces[-1].data if len(pieces) > 1 or content_type == EVENT_STREAM else b" " * 64
        again = _sent(Piece(last), framing, options)
        return _finished(steps, [max(float(options.gap_ms), 1.0), *again], options)
    return _finished(steps + _end(framing), [], options)


def _finished(steps: list[Step], repeat: list[Step], options: SimulatorOptions) -> Script:
    return Script(tuple(_joined(steps)), tuple(_joined(repeat)), options.jitter_ms)


def _head(status: int, content_type: str, framing: str, length: int, options: SimulatorOptions) -> bytes:
    lines = [b"HTTP/1.1 %d %s" % (status, _phrase(status)), b"content-type: " + content_type.encode()]
    match framing:
        case "length":
            lines.append(b"content-length: %d" % length)
        case "short":
            lines.append(b"content-length: %d" % (length + WRONG_BY_BYTES))
        case "long":
            lines.append(b"content-length: %d" % max(0, length - WRONG_BY_BYTES))
        case "close":
            lines.append(b"connection: close")
        case _:
            lines.append(b"transfer-encoding: chunked")
    if options.gzip:
        lines.append(b"content-encoding: gzip")
    if options.retry_after and status >= 400:
        lines.append(b"retry-after: " + options.retry_after.encode())
    if options.fault == "giant_header":
        lines.append(b"x-giant: " + b"g" * options.giant_bytes)
    return b"\r\n".join(lines) + b"\r\n"


def _phrase(status: int) -> bytes:
    try:
        return HTTPStatus(status).phrase.encode()
    except ValueError:
        return b"Unknown"


def _sent(piece: Piece, framing: str, options: SimulatorOptions) -> list[Step]:
    """The steps that send a piece, cut into small writes (and small chunks) when asked."""
    steps: list[Step] = [float(piece.pause_ms)] if piece.pause_ms else []
    size = options.split_bytes
    if not size:
        return [*steps, _framed(piece.data, framing)]
    for start in range(0, len(piece.data), size):
        # A pause of nothing makes the writes separate ones: what is written in one turn of the loop is sent together.
        steps += [_framed(piece.data[start : start + size], framing), 0.0]
    return steps


def _framed(data: bytes, framing: str) -> bytes:
    if framing == "chunked":
        return b"%x\r\n%s\r\n" % (len(data), data) if data else b""
    if framing == "bad_chunk":
        return b"zz\r\n%s\r\n" % data
    return data


def _end(framing: str) -> list[Step]:
    match framing:
        case "chunked":
            return [LAST_CHUNK]
        case "length":
            return []
        case _:
            return [End.CLOSE]


def _cut(
    pieces: list[Piece], cut_at: int | None, framing: str, options: SimulatorOptions
) -> tuple[list[Step], list[Step]]:
    """What is sent up to the cut, the way it ends, and what goes on after it."""
    if cut_at is None:  # a plain body has no events to count, so half of it is sent
        half = pieces[0].data[: len(pieces[0].data) // 2]
        sent, broken = [Piece(half)], b""
    else:
        whole = b"".join(_framed(piece.data, framing) for piece in pieces[cut_at : cut_at + 1])
        sent, broken = pieces[:cut_at], whole[: len(whole) // 2]
    steps: list[Step] = [step for piece in sent for step in _sent(piece, framing, options)]
    match options.cut_style:
        case "clean":
            return [*steps, *([LAST_CHUNK] if framing == "chunked" else []), End.CLOSE], []
        case "fin":
            return [*steps, End.CLOSE], []
        case "reset":
            return [*steps, End.RESET], []
        case "stall":
            return steps, [IDLE_MS]
        case _:
            return [*steps, broken, End.CLOSE], []


def _joined(steps: list[Step] | list[float]) -> list[Step]:
    """Neighbouring bytes become one write; pauses of nothing before the first byte go."""
    joined: list[Step] = []
    for step in steps:
        if isinstance(step, bytes) and joined and isinstance(joined[-1], bytes):
            joined[-1] += step
        elif step == 0.0 and (not joined or not isinstance(joined[-1], bytes)):
            continue
        else:
            joined.append(step)
    return joined
