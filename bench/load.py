"""Closed-loop load of plain requests: wrk where it is installed, else our own generator, which sees every answer.

A load is right or it is void: an answer with another status, without what every right answer contains, or a connection
that breaks makes the whole run count as failed.
"""

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
from array import array
from collections import Counter
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import cast

import httptools
import uvloop

from bench.systems import PATH, Target

_SETTLE_LIMIT_S = 30.0
_WRK_SCRIPT = """
wrk.method = "POST"
wrk.path = "{path}"
wrk.body = {body}
{headers}
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\\n{{"answers":%d,"duration_us":%d,"broken":%d,"other_status":%d,"p50_us":%d,"p99_us":%d}}\\n',
    summary.requests, summary.duration, e.connect + e.read + e.write + e.timeout, e.status,
    latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True)
class Run:
    """What one load saw."""

    answers: int
    seconds: float
    p50_us: float
    p99_us: float
    wrong: str = ""  # why the run counts for nothing
    served: int = 0  # answers with 200
    cut: int = 0  # at most so many requests were under way when the load ended, and may have been served, too

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds if self.seconds else 0.0


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def load(target: Target, *, connections: int, seconds: float) -> Run:
    """As many requests as the target answers, over this many connections."""
    if has_wrk():
        return _wrk(target, connections, seconds)
    return drive(target, connections=connections, seconds=seconds)


# ---- wrk ------------------------------------------------------------------------------------------------------------


def _wrk(target: Target, connections: int, seconds: float) -> Run:
    headers = "\n".join(
        f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in target.plain_headers().items()
    )
    body = json.dumps(target.plain_body().decode())  # JSON's escapes are Lua's, for the ASCII that we send
    with tempfile.TemporaryDirectory(prefix="farebox-bench-wrk-") as scratch:
        script = Path(scratch) / "load.lua"
        script.write_text(_WRK_SCRIPT.format(path=PATH, body=body, headers=headers))
        # wrk counts in whole seconds.
        length = max(1, round(seconds))
        command = ("wrk", "-t1", f"-c{connections}", f"-d{length}s", "--timeout", "20s", "--latency", "-s", str(script))
        url = f"http://127.0.0.1:{target.port}{PATH}"
        done = subprocess.run((*command, url), capture_output=True, text=True, timeout=seconds + 60)
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"answers"')]
    if not lines:
        return Run(0, 0.0, 0.0, 0.0, wrong=f"wrk failed: {done.stderr.strip()[-200:]}")
    said = json.loads(lines[-1])
    return Run(
        answers=said["answers"],
        seconds=said["duration_us"] / 1e6,
        p50_us=said["p50_us"],
        p99_us=said["p99_us"],
        wrong=_wrk_fault(target, said),
        served=said["answers"] - said["other_status"],
        # It closes its connections with a request under way on each.
        cut=connections if target.status == 200 else 0,
    )


def _wrk_fault(target: Target, said: dict[str, int]) -> str:
    served, refused = said["answers"] - said["other_status"], said["other_status"]
    if said["broken"]:
        return f"{said['broken']} connections broke or timed out"
    if target.status == 200 and refused:
        return f"{refused} of {said['answers']} answers were refusals"
    if target.status != 200 and served > _may_be_served(target, said["duration_us"] / 1e6):
        return f"{served} of {said['answers']} calls were served"
    return "no answers" if not said["answers"] else ""


def _may_be_served(target: Target, seconds: float) -> int:
    return target.served_a_minute * (1 + ceil(seconds / 60))


# ---- our own --------------------------------------------------------------------------------------------------------


def drive(target: Target, *, connections: int, seconds: float | None = None, answers: int | None = None) -> Run:
    """The same from this process, for a time or for a number of answers; every answer is looked at.

    No new request is sent when the time is up, and those under way are waited for: nothing is cut.
    """
    return uvloop.run(_drive(target, connections, seconds, answers))


async def _drive(target: Target, connections: int, seconds: float | None, answers: int | None) -> Run:
    loop = asyncio.get_running_loop()
    plan = _Plan(target, answers)
    clients = []
    for _ in range(connections):
        try:
            _, client = await loop.create_connection(lambda: _Client(plan, loop), "127.0.0.1", target.port)
        except OSError as error:
            return Run(0, 0.0, 0.0, 0.0, wrong=f"no connection: {error.strerror}")
        clients.append(client)
    started_s = time.monotonic()
    timer = loop.call_later(seconds, plan.stop) if seconds is not None else None
    for client in clients:
        client.begin()
    limit_s = (seconds if seconds is not None else 600.0) + _SETTLE_LIMIT_S
    _, late = await asyncio.wait([client.finished for client in clients], timeout=limit_s)
    took_s = time.monotonic() - started_s
    if timer is not None:
        timer.cancel()
    for client in clients:
        client.close()
    if late:
        plan.tally[f"{len(late)} requests without an answer"] += len(late)
    return plan.result(took_s)


class _Plan:
    # What the connections of one run share.

    def __init__(self, target: Target, answers: int | None) -> None:
        self.request = request_bytes(target, target.plain_body(), target.plain_headers())
        self.target = target
        self.left = answers
        self.stopped = False
        self.served = 0
        self.latencies_ns = array("q")
        self.tally: Counter[str] = Counter()

    def stop(self) -> None:
        self.stopped = True

    def may_send(self) -> bool:
        if self.stopped or self.left == 0:
            return False
        if self.left is not None:
            self.left -= 1
        return True

    def judge(self, status: int, body: bytes) -> None:
        self.served += status == 200
        if status == 200 != self.target.status and self.served <= _may_be_served(self.target, 0.0):
            return
        if status != self.target.status:
            self.tally[f"status {status} instead of {self.target.status}"] += 1
        elif self.target.body_has not in body:
            self.tally[f"a body without {self.target.body_has.decode()}"] += 1
        else:
            self.tally["right"] += 1

    def result(self, took_s: float) -> Run:
        wrong = {what: count for what, count in self.tally.items() if what != "right"}
        p50_ns, p99_ns = percentile(self.latencies_ns, 0.5), percentile(self.latencies_ns, 0.99)
        return Run(
            answers=self.tally["right"],
            seconds=took_s,
            p50_us=p50_ns / 1000,
            p99_us=p99_ns / 1000,
            wrong="; ".join(f"{count} x {what}" for what, count in wrong.items()),
            served=self.served,
        )


class _Client(asyncio.Protocol):
    # One connection: the next request is sent when the last answer is complete.

    def __init__(self, plan: _Plan, loop: asyncio.AbstractEventLoop) -> None:
        self._plan = plan
        self.finished: asyncio.Future[None] = loop.create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._body = b""
        self._sent_ns = 0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop registers no subclass

    def begin(self) -> None:
        if not self._plan.may_send():
            self._finish()
            return
        self._sent_ns = time.monotonic_ns()
        self._transport.write(self._plan.request)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._plan.tally["an answer that is not HTTP"] += 1
            self._finish()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.finished.done():
            self._plan.tally["a connection that broke"] += 1
            self._finish()

    def on_message_begin(self) -> None:
        self._body = b""

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        self._plan.latencies_ns.append(time.monotonic_ns() - self._sent_ns)
        self._plan.judge(self._parser.get_status_code(), self._body)
        self.begin()

    def _finish(self) -> None:
        if not self.finished.done():
            self.finished.set_result(None)


def request_bytes(
    target: Target, body: bytes, headers: dict[str, str], *, port: int | None = None, path: str = PATH
) -> bytes:
    """A whole request, made once and sent again and again."""
    lines = [f"POST {path} HTTP/1.1", f"host: 127.0.0.1:{port or target.port}", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join((*lines, "", "")).encode() + body


def percentile(values: "array[int]", part: float) -> float:
    """The value that `part` of the values do not exceed; 0 when there are none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return float(ordered[min(len(ordered) - 1, int(part * len(ordered)))])


def sample(target: Target, count: int = 20) -> Run:
    """A few answers in a row, each looked at: wrk does not look into its own."""
    return drive(target, connections=1, answers=count)
