"""Business days: when an answer is due that was promised in them. Pure; days are those of UTC."""

from collections.abc import Container
from datetime import date, datetime, timedelta

from farebox.domain.policies.conduct import CalendarPolicy

_SATURDAY = 5


def is_business_day(day: date, holidays: Container[str]) -> bool:
    """Monday to Friday but for the holidays (YYYY-MM-DD)."""
    return day.weekday() < _SATURDAY and day.isoformat() not in holidays


def due_after(moment: datetime, business_days: int, calendar: CalendarPolicy) -> datetime:
    """The same time of day so many business days later.

    What comes on a free day counts as if it came as the next business day begins. A calendar in which a year passes
    without a business day is taken for wrong: then the year is the answer, not the end of time.
    """
    holidays = frozenset(calendar.holidays)
    start = _first_business_moment(moment, holidays)
    for _ in range(business_days):
        start = _next_day(start, holidays)
    return start


def _next_day(moment: datetime, holidays: Container[str]) -> datetime:
    following = moment + timedelta(days=1)
    while not is_business_day(following.date(), holidays) and following - moment < timedelta(days=366):
        following += timedelta(days=1)
    return following


def _first_business_moment(moment: datetime, holidays: Container[str]) -> datetime:
    if is_business_day(moment.date(), holidays):
        return moment
    following = _next_day(moment, holidays)
    return following.replace(hour=0, minute=0, second=0, microsecond=0)
