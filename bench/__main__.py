"""`python -m bench`: options, the order of the measurements, the table.

Exit status: 0 when everything was measured (also below a bar), 1 when an answer was wrong or the books did not agree.
"""

import argparse
import datetime as dt
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict
from pathlib import Path

from bench import cpu, load, systems
from bench.measure import (
    Book,
    Effort,
    audit,
    measure_latency,
    measure_memory,
    measure_plain,
    measure_refusals,
    measure_streams,
    note,
)
from bench.node import Node, farebox
from bench.peers import PeerMissing
from bench.report import printed, rows_of, write_json
from bench.systems import SystemFailed, Target, providers
from bench.till import measure_till

RESULTS = Path(__file__).parent / "results"
MEASURES = ("latency", "plain", "refusals", "memory", "streams", "till")
SYSTEMS = ("direct", "nginx", "portkey", "litellm", "farebox")
# LiteLLM spends more than half a millisecond on a chunk: twenty streams of twenty chunks a second are its fill.
_LITELLM_STREAMS = 20
# The bar of a translated chunk is 60 µs: so many streams keep one core busy, and leave room for the other processes.
_TRANSLATED_STREAMS = 500
_TILL_ACCOUNTS = (1, 10_000)

_FULL = Effort(
    rounds=3, seconds=4, requests=100_000, open_streams=1000, stream_rounds=2, stream_window_s=5, stream_ramp_s=2
)
_QUICK = Effort(
    rounds=1,
    seconds=1,
    requests=5_000,
    open_streams=1000,
    stream_rounds=1,
    stream_window_s=2,
    stream_ramp_s=2,
)


def main() -> int:
    given = _arguments().parse_args()
    usual = _QUICK if given.quick else _FULL
    effort = Effort(
        rounds=given.rounds or usual.rounds,
        seconds=given.seconds or usual.seconds,
        requests=given.requests or usual.requests,
        open_streams=given.streams or usual.open_streams,
        stream_rounds=given.rounds or usual.stream_rounds,
        stream_window_s=usual.stream_window_s,
        stream_ramp_s=usual.stream_ramp_s,
    )
    # The ways out must all lead through the clean-up: a signal becomes an exception.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    began_s = time.monotonic()
    facts, book, versions = cpu.machine_facts(), Book(), dict[str, str | None]()
    _measure(book, effort, versions, measures=given.only or MEASURES, names=given.systems or SYSTEMS)
    result = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "took_s": round(time.monotonic() - began_s),
        "machine": facts,
        "load_generator": "wrk" if load.has_wrk() else "bench/load.py",
        "effort": asdict(effort),
        "systems": versions,
        "rows": [asdict(row) for row in rows_of(book, tuple(versions))],
        "series": {f"{measure} | {system}": values for (measure, system), values in book.values.items()},
        "problems": book.problems,
    }
    _publish(given, book, result, printed(rows_of(book, tuple(versions))))
    return 1 if book.problems else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about a minute, not written into bench/results")
    parser.add_argument("--rounds", type=int, help="how often the systems take turns")
    parser.add_argument("--seconds", type=float, help="how long each run is")
    parser.add_argument("--requests", type=int, help="how many the memory measure takes")
    parser.add_argument("--streams", type=int, help="how many at once")
    parser.add_argument("--only", nargs="+", choices=MEASURES, help="these measures only")
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, help="these systems only")
    parser.add_argument("--output", type=Path, help="where to write the JSON")
    parser.add_argument("--json", action="store_true", help="print the JSON; the table goes to standard error")
    return parser


def _measure(
    book: Book, effort: Effort, versions: dict[str, str | None], *, measures: Sequence[str], names: Sequence[str]
) -> None:
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="farebox-bench-")))
        # As root, PostgreSQL runs as another user, who has to pass through.
        scratch.chmod(0o711)
        direct = stack.enter_context(providers(scratch, chunks=effort.plan(1).chunks, gap_ms=effort.gap_s * 1000))
        others = _start_others(book, stack, scratch, direct, names)
        node = _start_farebox(book, stack, scratch, direct) if "farebox" in names else None
        targets = [*others, *([node.plain, node.limited] if node is not None else [])]
        versions.update({target.name: target.version for target in targets})
        _take_turns(book, effort, targets, node, measures)
    if "till" in measures and "farebox" in names:
        measure_till(book, accounts=_TILL_ACCOUNTS, rounds=effort.rounds, seconds=effort.seconds)


def _take_turns(
    book: Book, effort: Effort, targets: Sequence[Target], node: Node | None, measures: Sequence[str]
) -> None:
    once = [target for target in targets if target.name != "farebox, limits"]
    if "latency" in measures:
        measure_latency(book, once, effort)
    if "plain" in measures:
        measure_plain(book, targets, effort)
    if "refusals" in measures and node is not None:
        measure_refusals(book, node, effort)
    if "memory" in measures and node is not None:
        measure_memory(book, node, effort)
    if "streams" in measures:
        # Portkey's gateway answers streams with 500 where Node.js forbids it to change a response's headers.
        counts = [(each, _LITELLM_STREAMS if each.name == "litellm" else effort.open_streams) for each in once]
        counts = [(each, count) for each, count in counts if each.name != "portkey"]
        if node is not None:
            counts.append((node.translated, min(_TRANSLATED_STREAMS, effort.open_streams)))
        measure_streams(book, counts, effort)
    if node is not None:
        audit(book, node)


Starter = Callable[[Path, Target], AbstractContextManager[Target]]


def _start_others(book: Book, stack: ExitStack, scratch: Path, direct: Target, names: Sequence[str]) -> list[Target]:
    """Direct, and of the peers those that are installed: a missing one is told and left out."""
    starters: dict[str, Starter] = {"nginx": systems.nginx, "portkey": systems.portkey, "litellm": systems.litellm}
    found = [direct] if "direct" in names else []
    for name in [name for name in names if name in starters]:
        try:
            found.append(stack.enter_context(starters[name](scratch, direct)))
        except PeerMissing as missing:
            note(f"{name}: {missing}")
        except SystemFailed as failure:
            book.fail("start", name, str(failure))
    return found


def _start_farebox(book: Book, stack: ExitStack, scratch: Path, direct: Target) -> Node | None:
    try:
        node = stack.enter_context(farebox(scratch, direct))
    except SystemFailed as failure:
        book.fail("start", "farebox", str(failure))
        return None
    for which, took_s in node.starts_s.items():
        book.add(f"start.{which}_s", "farebox", took_s)
    return node


def _publish(given: argparse.Namespace, book: Book, result: dict[str, object], table: str) -> None:
    partial = given.quick or given.only or given.systems
    path = given.output or (None if partial else RESULTS / f"{dt.datetime.now(dt.UTC).date()}.json")
    if path is not None:
        write_json(path, result)
    print(table, file=sys.stderr if given.json else sys.stdout)
    if given.json:
        print(json.dumps(result, ensure_ascii=False))
    for problem in book.problems:
        print(f"FAILED {problem}", file=sys.stderr)
    if path is not None:
        print(f"written to {os.path.relpath(path)}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
