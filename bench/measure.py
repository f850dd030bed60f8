"""What is measured, in which order, and how the systems take turns.

Every figure is a series of short runs of one measure and one system; systems take turns within each round, so that a
machine that drifts drifts for all. A run whose answers were wrong gives no value, but a problem that is printed.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from bench import cpu, load, streams
from bench.node import Node
from bench.systems import Target

CONNECTIONS = 64


@dataclass(frozen=True)
class Effort:
    """How long everything takes."""

    rounds: int
    seconds: float
    requests: int  # of the memory measure
    open_streams: int
    stream_rounds: int
    stream_window_s: float
    stream_ramp_s: float
    gap_s: float = 0.05

    def plan(self, count: int) -> streams.Plan:
        return streams.Plan(count, self.stream_window_s, self.stream_ramp_s, self.gap_s)


@dataclass
class Book:
    """All values by measure and system, what went wrong, and how many answers Farebox gave."""

    values: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    problems: list[str] = field(default_factory=list)
    failed: set[tuple[str, str]] = field(default_factory=set)
    served: int = 0
    cut: int = 0

    def add(self, measure: str, system: str, value: float) -> None:
        self.values[measure, system].append(value)

    def fail(self, measure: str, system: str, why: str) -> None:
        self.failed.add((measure, system))
        self.problems.append(f"{measure}, {system}: {why}")
        note(f"FAILED {self.problems[-1]}")

    def has_failed(self, measure: str, system: str) -> bool:
        return any(found == system and measure.startswith(name) for name, found in self.failed)

    def median(self, measure: str, system: str) -> float | None:
        found = self.values.get((measure, system))
        return median(found) if found else None

    def ratio(self, measure: str, system: str, other: str) -> float | None:
        """The median of the ratios of each round: both ran next to each other."""
        pairs = zip(self.values.get((measure, system), ()), self.values.get((measure, other), ()), strict=False)
        ratios = [ours / theirs for ours, theirs in pairs if theirs]
        return median(ratios) if ratios else None

    def count(self, run: load.Run) -> None:
        self.served += run.served
        self.cut += run.cut


def note(text: str) -> None:
    """Progress goes to standard error; the table alone goes to standard output."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def measure_plain(book: Book, targets: Sequence[Target], effort: Effort) -> None:
    """Plain completions over 64 connections: answers a second, and CPU time per answer by group of processes."""
    for round_number in range(effort.rounds):
        for target in targets:
            _load_one(book, "plain", target, effort.seconds, warm_up=round_number == 0)


def measure_refusals(book: Book, node: Node, effort: Effort) -> None:
    """Refusals over 64 connections."""
    for round_number in range(effort.rounds):
        for target in node.refusals.values():
            _load_one(book, "refusals", target, effort.seconds / 2, warm_up=round_number == 0, ours=True)


def _load_one(book: Book, measure: str, target: Target, seconds: float, *, warm_up: bool, ours: bool = False) -> None:
    ours = ours or _is_ours(target)
    looked_at = load.sample(target)
    if ours:
        book.count(looked_at)
    if looked_at.wrong:
        book.fail(measure, target.name, looked_at.wrong)
        return
    if warm_up:
        warmed = load.load(target, connections=CONNECTIONS, seconds=1.0)
        if ours:
            book.count(warmed)
    before = cpu.look(target.groups())
    run = load.load(target, connections=CONNECTIONS, seconds=seconds)
    spent = before.until_now()
    if ours:
        book.count(run)
    if spent.gone and target.name != "direct":
        _note_gone(book, measure, target, spent.gone, before.groups)
    if run.wrong:
        book.fail(measure, target.name, run.wrong)
        return
    note(f"{measure}: {target.name}: {run.per_second:,.0f}/s")
    book.add(f"{measure}.per_second", target.name, run.per_second)
    book.add(f"{measure}.p50_ms", target.name, run.p50_us / 1000)
    book.add(f"{measure}.p99_ms", target.name, run.p99_us / 1000)
    for group, seconds_spent in spent.cpu_s.items():
        book.add(f"{measure}.{group}_cpu_us", target.name, seconds_spent * 1e6 / run.answers)


def _note_gone(book: Book, measure: str, target: Target, gone: Sequence[int], groups: cpu.Groups) -> None:
    # Helpers of the database come and go; a gateway must not.
    if set(gone) & set(groups.get("gateway", ())):
        book.fail(measure, target.name, "a gateway process ended during the run")


def _is_ours(target: Target) -> bool:
    return target.name.startswith("farebox")


def measure_latency(book: Book, targets: Sequence[Target], effort: Effort) -> None:
    """One request after the other over one connection."""
    for round_number in range(effort.rounds):
        for target in targets:
            if round_number == 0:
                _warm_up(book, target)
            run = load.drive(target, connections=1, seconds=effort.seconds / 2)
            if _is_ours(target):
                book.count(run)
            if run.wrong:
                book.fail("latency", target.name, run.wrong)
                continue
            note(f"latency: {target.name}: {run.p50_us / 1000:.2f} / {run.p99_us / 1000:.2f} ms")
            book.add("latency.p50_ms", target.name, run.p50_us / 1000)
            book.add("latency.p99_ms", target.name, run.p99_us / 1000)


def _warm_up(book: Book, target: Target) -> None:
    warmed = load.sample(target)
    if _is_ours(target):
        book.count(warmed)


def measure_streams(book: Book, targets: Sequence[tuple[Target, int]], effort: Effort) -> None:
    """Many streams at once; how many each target is given stands beside it."""
    for _ in range(effort.stream_rounds):
        for target, count in targets:
            run = streams.stream(target, effort.plan(count))
            if _is_ours(target):
                book.served += run.served
                book.cut += run.streams - run.served
            if run.wrong:
                book.fail("streams", target.name, run.wrong)
                continue
            note(f"streams: {target.name}: {run.streams} streams, p99 {run.late_p99_ms:.1f} ms late")
            book.add("streams.late_p50_ms", target.name, run.late_p50_ms)
            book.add("streams.late_p99_ms", target.name, run.late_p99_ms)
            book.add("streams.chunks_per_second", target.name, run.chunks / run.seconds)
            book.add("streams.resident_mb", target.name, run.resident_mb)
            for group, cpu_us in run.cpu_us.items():
                book.add(f"streams.{group}_cpu_us", target.name, cpu_us)


def measure_memory(book: Book, node: Node, effort: Effort) -> None:
    """The gateway worker's memory before and after many requests.

    Every answer is looked at and none is cut, so that here answers and settled jobs must be equal to the last one.
    """
    target = node.plain
    gateway = target.groups().get("gateway", ())
    settled = node.count().settled
    before = cpu.resident_bytes(gateway)
    run = load.drive(target, connections=CONNECTIONS, answers=effort.requests)
    after = cpu.resident_bytes(gateway)
    settled = node.count().settled - settled
    book.count(run)
    if run.wrong or settled != run.served:
        book.fail("memory", target.name, run.wrong or f"{settled} jobs settled for {run.served} answers")
        return
    note(f"memory: {settled:,} jobs settled for as many answers, each with its cost")
    note(f"memory: {before / 2**20:.1f} -> {after / 2**20:.1f} MB over {run.answers:,} requests")
    book.add("memory.before_mb", target.name, before / 2**20)
    book.add("memory.after_mb", target.name, after / 2**20)
    book.add("memory.growth_percent", target.name, (after - before) * 100 / before)


def audit(book: Book, node: Node) -> None:
    """The books must agree with what the load saw: one settled job for each answer, no hold left, a clean ledger."""
    found = node.audit()
    book.add("audit.settled", "farebox", found.settled)
    book.add("audit.served", "farebox", book.served)
    book.add("audit.cut", "farebox", book.cut)
    if not found.ledger_is_clean:
        book.fail("audit", "farebox", f"`farebox ledger verify` found {found.ledger.get('problems')}")
    if found.holds:
        book.fail("audit", "farebox", f"{found.holds} holds are left")
    if not book.served <= found.settled <= book.served + book.cut:
        why = f"{found.settled} jobs settled for {book.served} answers and at most {book.cut} cut"
        book.fail("audit", "farebox", why)
    note(f"audit: {found.settled:,} jobs settled for {book.served:,} answers and at most {book.cut} cut by the load")
    note(f"audit: {dict(found.jobs)}")
