"""How fast channels are, as pure rules: averages, levels, shares of the load, quantiles.

All times are those to the first byte: to the first data event of a stream, to the whole of a plain answer.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence

# Upper bounds of the buckets of traffic_hour.first_byte_counts; one more bucket holds what is above.
BOUNDS_MS = (
    25, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1_200, 1_600, 2_400, 3_200, 4_800, 6_400, 9_600, 12_800, 25_600,
    51_200,
)  # fmt: skip
BUCKETS = len(BOUNDS_MS) + 1

# In so long an average forgets two thirds of the past; half of it at once when a channel gets slower.
_MEMORY_S = 30.0
_AT_ONCE = 0.5
# An average has to leave its level by so much of a power of two before the level follows.
_HYSTERESIS = 0.75
# A slow channel keeps a sixteenth of its share, which tells when it is fast again.
_MOST_HALVINGS = 4


def bucket_of(first_byte_ms: float) -> int:
    """The bucket that counts such an answer."""
    return bisect_left(BOUNDS_MS, first_byte_ms)


def quantile_ms(counts: Sequence[float], share: float) -> int | None:
    """The bound under which at least that share of the answers lie; None without answers, or when it is the last."""
    left = share * sum(counts)
    if left <= 0:
        return None
    for bound, count in zip(BOUNDS_MS, counts, strict=False):
        left -= count
        if left <= 0:
            return bound
    return None


def blend(average_ms: float | None, sample_ms: float, elapsed_s: float) -> float:
    """The moving average after a sample so long after the last one. Peak-sensitive: bad news counts half at once."""
    if average_ms is None:
        return sample_ms
    weight = 1.0 - math.exp(-max(0.0, elapsed_s) / _MEMORY_S)
    if sample_ms > average_ms:
        weight = max(weight, _AT_ONCE)
    return average_ms + weight * (sample_ms - average_ms)


def level_of(average_ms: float, level: int | None) -> int:
    """The power of two that stands for an average. It stays where it was until the average has clearly left it.

    Coarse on purpose: workers agree on it, and each change moves conversations away from their provider's cache.
    """
    exact = math.log2(max(1.0, average_ms))
    if level is not None and abs(exact - level) <= _HYSTERESIS:
        return level
    return round(exact)


def share(level: int, best: int) -> float:
    """What a channel keeps of its weight beside the fastest of its priority: half for each doubling of the time."""
    return 0.5 ** min(max(0, level - best), _MOST_HALVINGS)
