"""Calendar months in UTC, by their first day. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime


def month_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date().replace(day=1)


def after(month: date) -> date:
    """The month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def begin_of(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)


def months(first: date, end: date) -> Iterator[date]:
    """From the first to before the end."""
    while first < end:
        yield first
        first = after(first)


def name_of(month: date) -> str:
    """As people write it, such as 2026-10."""
    return month.strftime("%Y-%m")
