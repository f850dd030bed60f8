"""Due times in business days."""

from datetime import UTC, datetime

import pytest

from farebox.domain.calendar import due_after
from farebox.domain.policies.conduct import CalendarPolicy

FRIDAY = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "days", "holidays", "due"),
    [
        (datetime(2026, 3, 2, 9, 5, tzinfo=UTC), 2, (), datetime(2026, 3, 4, 9, 5, tzinfo=UTC)),
        (FRIDAY, 1, (), datetime(2026, 3, 9, 15, 30, tzinfo=UTC)),
        (FRIDAY, 2, ("2026-03-09",), datetime(2026, 3, 11, 15, 30, tzinfo=UTC)),
        (datetime(2026, 3, 7, 23, 0, tzinfo=UTC), 1, (), datetime(2026, 3, 10, 0, 0, tzinfo=UTC)),
        (datetime(2026, 3, 7, 23, 0, tzinfo=UTC), 0, (), datetime(2026, 3, 9, 0, 0, tzinfo=UTC)),
        (FRIDAY, 0, (), FRIDAY),
        (FRIDAY, 1, ("2026-03-06",), datetime(2026, 3, 10, 0, 0, tzinfo=UTC)),
    ],
)
def test_due_after(asked: datetime, days: int, holidays: tuple[str, ...], due: datetime) -> None:
    """Weekends and holidays do not count, and what comes on them counts from the next business day's beginning."""
    assert due_after(asked, days, CalendarPolicy(holidays=holidays)) == due
