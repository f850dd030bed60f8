"""Metrics of several processes as one text."""

from farebox.kit.metrics import Registry, render


def test_processes_are_summed() -> None:
    """Guarantee: the admin listener shows the whole deployment's counts, not one worker's."""
    first, second = Registry(), Registry()
    for registry, count in ((first, 2), (second, 3)):
        registry.counter("farebox_jobs_total", "Jobs.", ("outcome",)).add(count, "completed")
    text = render([first.dump(), second.dump()])
    assert 'farebox_jobs_total{outcome="completed"} 5\n' in text
    assert text.count("# TYPE farebox_jobs_total counter") == 1


def test_a_histogram_counts_cumulatively() -> None:
    """Guarantee: buckets read as Prometheus defines them."""
    registry = Registry()
    histogram = registry.histogram("farebox_latency_seconds", "Latency.")
    histogram.observe(0.002)
    histogram.observe(1000)
    text = render([registry.dump()])
    assert 'farebox_latency_seconds_bucket{le="0.001"} 0\n' in text
    assert 'farebox_latency_seconds_bucket{le="0.0025"} 1\n' in text
    assert 'farebox_latency_seconds_bucket{le="+Inf"} 2\n' in text
    assert "farebox_latency_seconds_count 2\n" in text


def test_label_values_are_escaped() -> None:
    """Guarantee: no value breaks the format."""
    registry = Registry()
    registry.counter("c_total", "C.", ("why",)).add(1, 'a"b\nc')
    assert r'c_total{why="a\"b\nc"} 1' in render([registry.dump()])
