"""Limits of an API key or an account and the meter that they are checked against.

Requests and tokens per minute use a sliding window of two counters: the last full minute counts with the share of it
that still lies within the past 60 seconds. It admits no burst of twice the limit at a minute's edge, and two integers
are all it keeps. Spend counts what is settled plus what is held, on the day of admission.
"""

from datetime import datetime

import msgspec

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
DAY_US = 86_400 * SECOND_US


class Limits(msgspec.Struct, frozen=True, omit_defaults=True):
    """What may be used; None is no limit. Spend in nano-units."""

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    concurrency: int | None = None
    daily_nano: int | None = None
    monthly_nano: int | None = None
    total_nano: int | None = None


class Meter(msgspec.Struct):
    """Running counters of one key or account; a plain mutable row that only `decide` and its helpers change.

    `day` and `month` are days since 1970 and months since year 0 (UTC unless the policy says else), `minute` minutes
    since 1970; `last_us` is the row's last time in unix microseconds, which never runs backwards.
    """

    last_us: int = 0
    minute: int = 0
    requests: int = 0
    requests_before: int = 0
    tokens: int = 0
    tokens_before: int = 0
    open_jobs: int = 0
    day: int = 0
    day_nano: int = 0
    month: int = 0
    month_nano: int = 0
    total_nano: int = 0

    def roll(self, now_us: int) -> int:
        """Bring the windows up to now, clamped so that the row's time never runs backwards; gives the row's time."""
        now_us = max(now_us, self.last_us)
        self.last_us = now_us
        minute = now_us // MINUTE_US
        if minute != self.minute:
            following = minute == self.minute + 1
            self.requests_before = self.requests if following else 0
            self.tokens_before = self.tokens if following else 0
            self.requests = self.tokens = 0
            self.minute = minute
        day = day_number(now_us)
        if day != self.day:
            self.day = day
            self.day_nano = 0
            month = month_number(day)
            if month != self.month:
                self.month = month
                self.month_nano = 0
        return now_us

    def requests_in_window(self, now_us: int) -> int:
        return self.requests + _share(self.requests_before, now_us)

    def tokens_in_window(self, now_us: int) -> int:
        return self.tokens + _share(self.tokens_before, now_us)

    def spend(self, delta_nano: int, *, day: int, month: int) -> None:
        """Add to what counts against the spend limits of the given day and month, if these still run."""
        if day == self.day:
            self.day_nano += delta_nano
        if month == self.month:
            self.month_nano += delta_nano
        self.total_nano += delta_nano

    def correct_tokens(self, delta: int, *, minute: int) -> None:
        """Turn the reserved tokens of a job admitted in `minute` into its real ones, while that minute still counts."""
        if minute == self.minute:
            self.tokens = max(0, self.tokens + delta)
        elif minute == self.minute - 1:
            self.tokens_before = max(0, self.tokens_before + delta)


def _share(count_before: int, now_us: int) -> int:
    left_us = MINUTE_US - now_us % MINUTE_US
    return -(-count_before * left_us // MINUTE_US)


def seconds_until_fits(current: int, before: int, needed: int, limit: int, now_us: int) -> int:
    """Whole seconds until `needed` more would fit into the sliding window; 60 when it never does."""
    if needed > limit:
        return 60
    into_us = now_us % MINUTE_US
    free_now = limit - needed - current
    if free_now >= 0 and before > 0:
        # Wait until the share of the minute before has shrunk to free_now.
        target_us = MINUTE_US - free_now * MINUTE_US // before
        return max(1, -(-(target_us - into_us) // SECOND_US))
    # The running minute alone is too full: it has to become the minute before, and shrink.
    free_next = limit - needed
    wait_us = MINUTE_US - into_us
    if free_next < current:
        wait_us += MINUTE_US - free_next * MINUTE_US // current
    return max(1, min(120, -(-wait_us // SECOND_US)))


def milliseconds_until_empty(current: int, before: int, now_us: int) -> int:
    """Milliseconds until nothing counts any more in a sliding window that is left alone."""
    if not current and not before:
        return 0
    left_us = MINUTE_US - now_us % MINUTE_US
    return -(-(left_us + MINUTE_US if current else left_us) // 1000)


def seconds_until_next_day(now_us: int) -> int:
    """Whole seconds until the next day begins (UTC)."""
    return -(-((day_number(now_us) + 1) * DAY_US - now_us) // SECOND_US)


def seconds_until_next_month(now_us: int) -> int:
    """Whole seconds until the next month begins (UTC)."""
    following = month_number(day_number(now_us)) + 1
    first_day = datetime(following // 12, following % 12 + 1, 1).toordinal() - _EPOCH_ORDINAL  # noqa: DTZ001
    return -(-(first_day * DAY_US - now_us) // SECOND_US)


def day_number(unix_us: int) -> int:
    """Days since 1970-01-01 UTC."""
    return unix_us // DAY_US


_EPOCH_ORDINAL = datetime(1970, 1, 1).toordinal()  # noqa: DTZ001 - a calendar date, not a moment


def month_number(day: int) -> int:
    """Months since year 0 of a day number."""
    moment = datetime.fromordinal(_EPOCH_ORDINAL + day)
    return moment.year * 12 + moment.month - 1
