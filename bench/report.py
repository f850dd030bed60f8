"""From measured values to the rows of the README, as one table and one JSON file."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Book


@dataclass(frozen=True)
class Row:
    """One line of the table; `met` is None where there is no bar, or no value to hold against it."""

    row: str
    system: str
    value: str
    bar: str = ""
    met: bool | None = None


Judge = Callable[[float], bool]


def _at_least(least: float) -> Judge:
    return lambda value: value >= least


def _at_most(most: float) -> Judge:
    return lambda value: value <= most


class Table:
    """Collects rows from a book: a missing value leaves the row out, a failed one says so."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.rows: list[Row] = []

    def add(self, row: str, system: str, measure: str, form: str, bar: str = "", judge: Judge | None = None) -> None:
        self.add_value(row, system, measure, self._book.median(measure, system), form, bar, judge)

    def add_value(
        self,
        row: str,
        system: str,
        measure: str,
        value: float | None,
        form: str,
        bar: str = "",
        judge: Judge | None = None,
    ) -> None:
        if self._book.has_failed(measure, system):
            self.rows.append(Row(row, system, "FAILED", bar, met=False if bar else None))
        elif value is not None:
            self.rows.append(Row(row, system, form.format(value), bar, judge(value) if judge is not None else None))


def rows_of(book: Book, systems: Sequence[str]) -> list[Row]:
    """All rows in the order of the table, for the systems that ran."""
    table = Table(book)
    _plain(table, book, systems)
    _cpu(table, systems)
    _latency(table, book, systems)
    _streams(table, systems)
    _refusals(table)
    _memory(table)
    _start(table)
    _growth(table, book)
    return table.rows


def _plain(table: Table, book: Book, systems: Sequence[str]) -> None:
    name, measure = "plain completion, 64 connections", "plain.per_second"
    for system in systems:
        if system == "farebox":
            table.add(name, system, measure, "{:,.0f}/s", "≥ 8,000/s", _at_least(8000))
        else:
            table.add(name, system, measure, "{:,.0f}/s")
    for other, least, bar in (("nginx", 0.25, "≥ 1/4"), ("portkey", 6.0, "≥ 6 x"), ("litellm", 80.0, "≥ 80 x")):
        ratio = book.ratio(measure, "farebox", other)
        table.add_value(f"  of {other}", "farebox", measure, ratio, "{:.2f} x", bar, _at_least(least))


def _cpu(table: Table, systems: Sequence[str]) -> None:
    for system in systems:
        bar = system == "farebox"
        table.add(
            "CPU per request, gateway",
            system,
            "plain.gateway_cpu_us",
            "{:,.0f} µs",
            "≤ 80 µs" if bar else "",
            _at_most(80) if bar else None,
        )
    table.add(
        "CPU per request, PostgreSQL",
        "farebox",
        "plain.postgres_cpu_us",
        "{:,.0f} µs",
        "≤ 40 µs",
        _at_most(40),
    )
    table.add("CPU per request, PostgreSQL", "farebox, limits", "plain.postgres_cpu_us", "{:,.0f} µs")
    table.add("CPU per request, other processes", "farebox", "plain.rest_cpu_us", "{:,.1f} µs")


def _latency(table: Table, book: Book, systems: Sequence[str]) -> None:
    for part, most in (("p50", 2.0), ("p99", 6.0)):
        measure = f"latency.{part}_ms"
        table.add(f"latency, 1 connection, {part}", "direct", measure, "{:.2f} ms")
        direct = book.median(measure, "direct")
        for system in systems:
            value = book.median(measure, system)
            if system == "direct":
                continue
            added = None if value is None or direct is None else value - direct
            bar = f"≤ {most:.0f} ms" if system == "farebox" else ""
            judge = _at_most(most) if bar else None
            table.add_value(f"latency added, {part}", system, measure, added, "{:.2f} ms", bar, judge)


def _streams(table: Table, systems: Sequence[str]) -> None:
    for system in systems:
        ours = system == "farebox"
        table.add(
            "streams, CPU per chunk, gateway",
            system,
            "streams.gateway_cpu_us",
            "{:,.1f} µs",
            "≤ 25 µs" if ours else "",
            _at_most(25) if ours else None,
        )
    table.add(
        "streams translated, CPU per chunk, gateway",
        "farebox, translated",
        "streams.gateway_cpu_us",
        "{:,.1f} µs",
        "≤ 60 µs",
        _at_most(60),
    )
    for system in systems:
        ours = system == "farebox"
        table.add(
            "streams, lateness of a chunk, p99",
            system,
            "streams.late_p99_ms",
            "{:,.1f} ms",
            "≤ 50 ms" if ours else "",
            _at_most(50) if ours else None,
        )
    table.add("streams, chunks relayed", "farebox", "streams.chunks_per_second", "{:,.0f}/s")


def _refusals(table: Table) -> None:
    for system in ("402", "429", "401 garbage", "401 unknown"):
        table.add("refusals", system, "refusals.per_second", "{:,.0f}/s", "≥ 10,000/s", _at_least(10_000))


def _memory(table: Table) -> None:
    table.add(
        "memory of the worker, with its streams",
        "farebox",
        "streams.resident_mb",
        "{:,.0f} MB",
        "≤ 150 MB",
        _at_most(150),
    )
    table.add("memory with its streams", "litellm", "streams.resident_mb", "{:,.0f} MB")
    table.add(
        "memory, growth over the requests",
        "farebox",
        "memory.growth_percent",
        "{:+.1f} %",
        "± 5 %",
        lambda value: abs(value) <= 5,
    )


def _start(table: Table) -> None:
    for which, most in (("existing", 2.0), ("new", 10.0)):
        table.add(
            f"start, {which} data directory",
            "farebox",
            f"start.{which}_s",
            "{:.2f} s",
            f"≤ {most:.0f} s",
            _at_most(most),
        )


def _growth(table: Table, book: Book) -> None:
    hot = book.median("plain.per_second", "farebox, limits")
    table.add_value(
        "hot account, key with limits",
        "farebox, limits",
        "plain",
        hot,
        "{:,.0f}/s",
        "≥ 5,000/s",
        _at_least(5000),
    )
    table.add(
        "till, 4 processes, 1 account",
        "till, 1",
        "till.jobs_per_second",
        "{:,.0f} jobs/s",
        "≥ 20,000/s",
        _at_least(20_000),
    )
    table.add("till, 4 processes, 10,000 accounts", "till, 10000", "till.jobs_per_second", "{:,.0f} jobs/s")
    for system in ("till, 1", "till, 10000"):
        table.add("  CPU per operation, worker", system, "till.worker_cpu_us", "{:.1f} µs")
        table.add("  CPU per operation, PostgreSQL", system, "till.postgres_cpu_us", "{:.1f} µs")
        table.add("  admission, p50", system, "till.p50_ms", "{:.1f} ms")
        table.add("  admission, p99", system, "till.p99_ms", "{:.1f} ms")


def printed(rows: Sequence[Row]) -> str:
    """The table as text, its columns as wide as they need to be."""
    lines = [("row", "system", "value", "bar", "met?")]
    lines += [(row.row, row.system, row.value, row.bar, _answer(row.met)) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    text = [_line(line, widths) for line in lines]
    return "\n".join(line.rstrip() for line in (text[0], "  ".join("-" * width for width in widths), *text[1:]))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(_aligned(cell, widths[column], column) for column, cell in enumerate(cells))


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if column in (2, 3) else cell.ljust(width)


def _answer(met: bool | None) -> str:
    return "" if met is None else "yes" if met else "NO"


def write_json(path: Path, result: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    unfinished.replace(path)
