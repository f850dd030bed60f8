"""Many streams at once: how late every chunk is, and what the chunks cost whoever relays them.

The chunks say when they were due (metronome.py). Streams begin spread over a ramp; what is counted is a window in which
all of them are open. Afterwards every stream must have ended well, with all its chunks and its usage.
"""

import asyncio
import contextlib
import re
import time
from array import array
from collections import Counter
from dataclasses import dataclass, replace
from typing import cast

import uvloop

from bench import cpu
from bench.load import percentile, request_bytes
from bench.systems import Target

_MARK = re.compile(rb'"t(\d{16})"')
_MARK_BYTES = 19
_MARGIN_S = 0.5
_LATE_LIMIT_S = 2.0
# Less than this share of the chunks that were due in the window, and it was no window of so many streams.
_LEAST_SHARE = 0.95
_END_LIMIT_S = 30.0
_TAIL_BYTES = 1024


@dataclass(frozen=True)
class Plan:
    """How many streams, of which shape."""

    streams: int
    window_s: float
    ramp_s: float
    gap_s: float

    @property
    def chunks(self) -> int:
        """As many as keep the first stream open until the window is over, also when the last one begins late."""
        return int((self.ramp_s + _LATE_LIMIT_S + self.window_s + 2 * _MARGIN_S) / self.gap_s)


@dataclass(frozen=True)
class StreamRun:
    """The window of one run; `cpu_us` and `resident_mb` are of the groups of processes that relayed."""

    streams: int
    chunks: int
    seconds: float
    late_p50_ms: float
    late_p99_ms: float
    cpu_us: dict[str, float]
    resident_mb: float
    served: int = 0  # streams that ended as they should
    wrong: str = ""


def stream(target: Target, plan: Plan) -> StreamRun:
    return uvloop.run(_stream(target, plan))


async def _stream(target: Target, plan: Plan) -> StreamRun:
    loop = asyncio.get_running_loop()
    groups = target.groups()
    port = target.stream_port or target.port
    headers = {"content-type": "application/json", **(target.stream_headers or target.headers)}
    request = request_bytes(target, target.stream_body(), headers, port=port, path=target.stream_path)
    shared = _Shared(request, plan, target.stream_end, target.body_has)
    clients = [_Stream(shared, loop) for _ in range(plan.streams)]
    started_s = loop.time()
    opening = [
        asyncio.create_task(_open(client, port, started_s + plan.ramp_s * number / plan.streams))
        for number, client in enumerate(clients)
    ]
    failed = [error for error in await asyncio.gather(*opening, return_exceptions=True) if error is not None]
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LATE_LIMIT_S):
            await shared.all_begun.wait()
    await asyncio.sleep(_MARGIN_S)
    run = await _window(target, plan, groups, shared)
    _, unfinished = await asyncio.wait([client.finished for client in clients], timeout=_END_LIMIT_S)
    for client in clients:
        client.close()
    if failed:
        shared.faults[f"a stream that could not begin ({failed[0]})"] += len(failed)
    if run.chunks < _LEAST_SHARE * plan.streams * run.seconds / plan.gap_s:
        shared.faults[f"a window with {run.chunks} chunks: not all streams were open or kept pace"] += 1
    if unfinished and not failed:
        shared.faults["a stream without an end"] += len(unfinished)
    wrong = "; ".join(f"{count} x {what}" for what, count in shared.faults.items())
    return replace(run, served=shared.served, wrong=wrong)


async def _open(client: "_Stream", port: int, at_s: float) -> None:
    loop = asyncio.get_running_loop()
    await asyncio.sleep(max(0.0, at_s - loop.time()))
    await loop.create_connection(lambda: client, "127.0.0.1", port)


async def _window(target: Target, plan: Plan, groups: cpu.Groups, shared: "_Shared") -> StreamRun:
    shared.late_us = array("q")
    shared.counting = True
    before, began_s = cpu.look(groups), time.monotonic()
    await asyncio.sleep(plan.window_s)
    spent, took_s = before.until_now(), time.monotonic() - began_s
    shared.counting = False
    late_us = shared.late_us
    if spent.gone:
        shared.faults[f"a process of {target.name} ended during the run"] += len(spent.gone)
    return StreamRun(
        streams=plan.streams,
        chunks=len(late_us),
        seconds=took_s,
        late_p50_ms=percentile(late_us, 0.5) / 1000,
        late_p99_ms=percentile(late_us, 0.99) / 1000,
        cpu_us={name: seconds * 1e6 / max(1, len(late_us)) for name, seconds in spent.cpu_s.items()},
        resident_mb=cpu.resident_bytes(groups.get("gateway", ())) / 2**20,
    )


class _Shared:
    # What all streams of a run write into.

    def __init__(self, request: bytes, plan: Plan, end: bytes, body_has: bytes) -> None:
        self.request = request
        self.chunks = plan.chunks
        self.not_begun = plan.streams
        self.all_begun = asyncio.Event()
        self.end = end
        self.body_has = body_has
        self.counting = False
        self.late_us = array("q")
        self.served = 0
        self.faults: Counter[str] = Counter()

    def begin_one(self) -> None:
        self.not_begun -= 1
        if self.not_begun == 0:
            self.all_begun.set()


class _Stream(asyncio.Protocol):
    # One request. Chunks are found by their marks alone: parsing each would cost more than what is measured.

    def __init__(self, shared: _Shared, loop: asyncio.AbstractEventLoop) -> None:
        self._shared = shared
        self.finished: asyncio.Future[None] = loop.create_future()
        self._rest = b""
        self._tail = b""
        self._seen = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop registers no subclass
        self._transport.write(self._shared.request)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        now_us = time.monotonic_ns() // 1000
        seen = self._rest + data if self._rest else data
        at = 0
        before = self._seen
        for found in _MARK.finditer(seen):
            at = found.end()
            self._seen += 1
            if self._shared.counting:
                self._shared.late_us.append(now_us - int(found[1]))
        if before == 0 and self._seen:
            self._shared.begin_one()
        # The beginning of a mark may have come without its end.
        self._rest = seen[max(at, len(seen) - _MARK_BYTES + 1) :]
        if self._seen >= self._shared.chunks or not self._tail:
            self._tail = (self._tail + data)[-_TAIL_BYTES:]
        if self._tail.endswith(b"0\r\n\r\n"):
            self._judge()

    def connection_lost(self, exc: Exception | None) -> None:
        self._judge()

    def _judge(self) -> None:
        if self.finished.done():
            return
        self.finished.set_result(None)
        shared = self._shared
        if self._seen != shared.chunks:
            what = self._tail[:15].decode(errors="replace") if not self._seen else "a stream"
            shared.faults[f"{what} with {self._seen} of {shared.chunks} chunks"] += 1
        elif shared.end not in self._tail or shared.body_has not in self._tail:
            shared.faults[f"a stream without {shared.end.decode()} or {shared.body_has.decode()} at its end"] += 1
        else:
            shared.served += 1
