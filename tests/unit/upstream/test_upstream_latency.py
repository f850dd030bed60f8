"""How speed becomes averages, levels and shares."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farebox.upstream.latency import BOUNDS_MS, BUCKETS, blend, bucket_of, level_of, quantile_ms, share

times = st.floats(min_value=0.1, max_value=600_000)

# average, sample, seconds since the last one -> the new average is about
BLENDS = {
    "the first sample is the average": (None, 700.0, 0.0, 700.0),
    "bad news counts half at once": (100.0, 900.0, 0.0, 500.0),
    "good news needs time": (900.0, 100.0, 0.0, 900.0),
    "good news after half a minute": (900.0, 100.0, 30.0, 394.0),
    "what was long ago is forgotten": (900.0, 100.0, 300.0, 100.0),
}


@pytest.mark.parametrize(("average", "sample", "elapsed", "expected"), BLENDS.values(), ids=BLENDS.keys())
def test_averages_follow_bad_news_faster_than_good(
    average: float | None, sample: float, elapsed: float, expected: float
) -> None:
    """A channel that gets slow loses its share at once, and gets it back over time."""
    assert blend(average, sample, elapsed) == pytest.approx(expected, rel=0.01)


@given(times, times, st.floats(min_value=0, max_value=10_000))
def test_an_average_lies_between_what_it_is_made_of(average: float, sample: float, elapsed: float) -> None:
    """No rounding or clock makes a channel look faster or slower than it ever was."""
    assert min(average, sample) * 0.999 <= blend(average, sample, elapsed) <= max(average, sample) * 1.001


@given(times, times)
def test_a_level_needs_more_than_noise_to_move(before: float, after: float) -> None:
    """Conversations do not change places because an average wanders about the border of a level."""
    level = level_of(before, None)
    moved = level_of(after, level)
    if before / 1.15 <= after <= before * 1.15:
        assert moved == level
    if after > 4 * before and before >= 1:
        assert moved > level


def test_shares_halve_with_each_doubling_of_the_time() -> None:
    """A slow channel keeps a part of its load, however slow it is: that tells when it is fast again."""
    assert [share(level, 8) for level in range(8, 15)] == [1, 0.5, 0.25, 0.125, 0.0625, 0.0625, 0.0625]
    assert share(7, 8) == 1


@given(st.lists(st.floats(min_value=0, max_value=200_000), min_size=1, max_size=200), st.floats(0.5, 0.999))
def test_a_quantile_is_never_too_early(answers: list[float], wanted: float) -> None:
    """At least that share of the answers lies under it, so that a hedge is not sent for calls that are on time."""
    counts = [0] * BUCKETS
    for answer in answers:
        counts[bucket_of(answer)] += 1
    found = quantile_ms(counts, wanted)
    within = [answer for answer in answers if found is None or answer <= found]
    assert len(within) >= wanted * len(answers) - 1e-6


def test_buckets_are_narrow_where_it_matters() -> None:
    """Two bounds are never further apart than a factor of two."""
    assert all(later <= 2 * earlier for earlier, later in pairwise(BOUNDS_MS))
    assert quantile_ms([0] * BUCKETS, 0.9) is None
