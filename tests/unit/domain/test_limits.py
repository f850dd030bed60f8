"""Windows of the minute, days and months: never more than the limit, never backwards, honest waits."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farebox.domain.limits import (
    DAY_US,
    MINUTE_US,
    SECOND_US,
    Meter,
    day_number,
    milliseconds_until_empty,
    month_number,
    seconds_until_fits,
    seconds_until_next_day,
    seconds_until_next_month,
)


def us(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND_US


@pytest.mark.parametrize(
    ("now", "to_midnight_s", "to_next_month_s"),
    [
        ("2026-11-20T12:00:00", 12 * 3600, (10 * 24 + 12) * 3600),
        ("2026-12-31T23:59:59", 1, 1),
        ("2028-02-29T00:00:00", 86_400, 86_400),
    ],
)
def test_days_and_months_begin_in_utc(now: str, to_midnight_s: int, to_next_month_s: int) -> None:
    """How long until a daily and a monthly limit start anew."""
    assert seconds_until_next_day(us(now)) == to_midnight_s
    assert seconds_until_next_month(us(now)) == to_next_month_s


@given(st.integers(0, 60_000))
def test_month_numbers_are_those_of_the_calendar(day: int) -> None:
    """Months since year 0."""
    date = datetime.fromtimestamp(day * 86_400, UTC)
    assert month_number(day) == date.year * 12 + date.month - 1
    assert day_number(day * DAY_US + DAY_US - 1) == day


def test_counters_start_anew_with_their_window() -> None:
    """A minute moves on, a day and a month end, a total does not."""
    meter = Meter()
    meter.roll(us("2026-11-30T23:59:30"))
    meter.requests = 4
    meter.spend(100, day=meter.day, month=meter.month)
    meter.roll(us("2026-12-01T00:00:00"))
    assert (meter.requests, meter.requests_before, meter.day_nano, meter.month_nano, meter.total_nano) == (
        0,
        4,
        0,
        0,
        100,
    )
    meter.roll(us("2026-12-01T00:02:00"))
    assert meter.requests_before == 0


def test_time_never_runs_backwards() -> None:
    """A clock that is behind does not open an old window again."""
    meter = Meter()
    assert meter.roll(us("2026-12-01T00:00:00")) == us("2026-12-01T00:00:00")
    meter.requests = 9
    assert meter.roll(us("2026-11-30T23:59:00")) == us("2026-12-01T00:00:00")
    assert (meter.requests, meter.day) == (9, day_number(us("2026-12-01T00:00:00")))


@given(st.integers(1, 30), st.lists(st.integers(0, 40 * SECOND_US), max_size=200))
def test_no_burst_at_a_minutes_edge(limit: int, gaps_us: list[int]) -> None:
    """Two calendar minutes together never see more than the sliding estimate allows: no twice the limit at an edge."""
    meter, now_us = Meter(), us("2026-11-20T12:00:00")
    admitted: list[int] = []
    for gap_us in gaps_us:
        now_us = meter.roll(now_us + gap_us)
        if meter.requests_in_window(now_us) + 1 <= limit:
            meter.requests += 1
            admitted.append(now_us)
    for at in admitted:
        assert sum(1 for other in admitted if at // MINUTE_US == other // MINUTE_US) <= limit
        # A burst right around an edge is bounded by the limit, because all of the minute before still counts there.
        edge = at // MINUTE_US * MINUTE_US
        close = [one for one in admitted if edge - MINUTE_US <= one < edge + SECOND_US]
        assert len(close) <= limit + limit // 60 + 1


@given(
    st.integers(0, 100), st.integers(0, 100), st.integers(1, 120), st.integers(1, 100), st.integers(0, MINUTE_US - 1)
)
def test_the_wait_is_long_enough_and_not_longer(
    current: int, before: int, needed: int, limit: int, into_us: int
) -> None:
    """After retry-after the call fits, if nobody else came; two seconds less and it does not."""
    now_us = us("2026-11-20T12:00:00") + into_us
    if needed > limit:
        assert seconds_until_fits(current, before, needed, limit, now_us) == 60
        return

    def fits(at_us: int) -> bool:
        meter = Meter(requests=current, requests_before=before, minute=now_us // MINUTE_US, last_us=now_us)
        at_us = meter.roll(at_us)
        return meter.requests_in_window(at_us) + needed <= limit

    if fits(now_us):
        return
    wait_s = seconds_until_fits(current, before, needed, limit, now_us)
    assert 1 <= wait_s <= 120
    assert fits(now_us + wait_s * SECOND_US)
    assert wait_s <= 2 or not fits(now_us + (wait_s - 2) * SECOND_US)


def test_the_window_is_empty_after_its_reset() -> None:
    """What x-ratelimit-reset says."""
    now_us = us("2026-11-20T12:00:15")
    assert milliseconds_until_empty(0, 0, now_us) == 0
    assert milliseconds_until_empty(0, 3, now_us) == 45_000
    assert milliseconds_until_empty(1, 0, now_us) == 105_000


def test_corrections_reach_their_minute_only() -> None:
    """A reserve is corrected in the minute of its admission or, while that still counts, in the one after."""
    meter = Meter(minute=10, tokens=50, tokens_before=40)
    meter.correct_tokens(-20, minute=10)
    meter.correct_tokens(-100, minute=9)
    meter.correct_tokens(-5, minute=8)
    assert (meter.tokens, meter.tokens_before) == (30, 0)
