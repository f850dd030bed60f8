"""Counters of one process, cheap enough for the hot path; the admin listener adds them up over processes.

Names follow Prometheus: `farebox_<what>_<unit>_total`. Labels are few and bounded: never accounts, keys or addresses.
"""

from bisect import bisect_left
from collections.abc import Iterable

Labels = tuple[str, ...]
Sample = tuple[str, str, str, dict[str, str], float]  # type, name, text, labels, value


class Counter:
    """A number that only grows, by label values."""

    def __init__(self, name: str, text: str, labels: tuple[str, ...] = ()) -> None:
        self.name = name
        self.text = text
        self.labels = labels
        self.values: dict[Labels, float] = {}

    def add(self, amount: float = 1, *values: str) -> None:
        self.values[values] = self.values.get(values, 0) + amount


class Gauge(Counter):
    """A number that goes up and down; over processes it is summed."""

    def set(self, amount: float, *values: str) -> None:
        self.values[values] = amount


class Histogram:
    """Counts of observations up to each bound, in seconds."""

    BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.counts = [0] * (len(self.BOUNDS_S) + 1)
        self.sum_s = 0.0

    def observe(self, seconds: float) -> None:
        self.counts[bisect_left(self.BOUNDS_S, seconds)] += 1
        self.sum_s += seconds


class Registry:
    """The metrics of a process."""

    def __init__(self) -> None:
        self._metrics: list[Counter | Histogram] = []

    def counter(self, name: str, text: str, labels: tuple[str, ...] = ()) -> Counter:
        metric = Counter(name, text, labels)
        self._metrics.append(metric)
        return metric

    def gauge(self, name: str, text: str, labels: tuple[str, ...] = ()) -> Gauge:
        metric = Gauge(name, text, labels)
        self._metrics.append(metric)
        return metric

    def histogram(self, name: str, text: str) -> Histogram:
        metric = Histogram(name, text)
        self._metrics.append(metric)
        return metric

    def dump(self) -> list[Sample]:
        """Every sample as (type, name, text, labels, value); plain values that travel between processes as JSON."""
        samples: list[Sample] = []
        for metric in self._metrics:
            if isinstance(metric, Histogram):
                samples.extend(_histogram_samples(metric))
                continue
            kind = "gauge" if isinstance(metric, Gauge) else "counter"
            for values, amount in metric.values.items():
                labels = dict(zip(metric.labels, values, strict=True))
                samples.append((kind, metric.name, metric.text, labels, amount))
        return samples


def _histogram_samples(metric: Histogram) -> Iterable[Sample]:
    running = 0
    for bound, count in zip((*map(str, metric.BOUNDS_S), "+Inf"), metric.counts, strict=True):
        running += count
        yield "histogram", f"{metric.name}_bucket", metric.text, {"le": bound}, running
    yield "histogram", f"{metric.name}_sum", metric.text, {}, metric.sum_s
    yield "histogram", f"{metric.name}_count", metric.text, {}, running


def render(dumps: Iterable[list[Sample]]) -> str:
    """The sum of several processes' samples in Prometheus' text format."""
    totals: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}
    heads: dict[str, tuple[str, str]] = {}
    for dump in dumps:
        for kind, name, text, labels, value in dump:
            key = (name, tuple(sorted(labels.items())))
            totals[key] = totals.get(key, 0) + value
            family = name
            if kind == "histogram":
                family = name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count")
            heads[name] = (family, f"# HELP {family} {text}\n# TYPE {family} {kind}\n")
    lines: list[str] = []
    written: set[str] = set()
    for (name, labels_key), value in totals.items():
        family, head = heads[name]
        if family not in written:
            written.add(family)
            lines.append(head)
        inside = ",".join(f'{label}="{_escape(text)}"' for label, text in labels_key)
        lines.append(f"{name}{{{inside}}} {_number(value)}\n" if inside else f"{name} {_number(value)}\n")
    return "".join(lines)


def _number(value: float) -> str:
    """Exact: a counter of money or calls must not lose its last digits."""
    return str(int(value)) if value == int(value) else repr(value)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
