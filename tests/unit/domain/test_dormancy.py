"""When an unused account is warned and frozen, at the edges of calendar and notice."""

from datetime import UTC, datetime, timedelta

import pytest

from farebox.domain.dormancy import due_at, next_step
from farebox.domain.policies.money import DormancyPolicy

YEAR = DormancyPolicy(months=12, warned_days_ahead=30)
SECOND = timedelta(seconds=1)
ACTIVE = datetime(2025, 3, 15, 10, 30, tzinfo=UTC)
DUE = datetime(2026, 3, 15, 10, 30, tzinfo=UTC)
WARNED_FROM = DUE - timedelta(days=30)


@pytest.mark.parametrize(
    ("active", "months", "due"),
    [
        ((2025, 1, 31), 1, (2025, 2, 28)),
        ((2024, 1, 31), 1, (2024, 2, 29)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2025, 12, 31), 2, (2026, 2, 28)),
        ((2025, 11, 30), 1, (2025, 12, 30)),
        ((2025, 3, 15), 120, (2035, 3, 15)),
    ],
)
def test_months_are_of_the_calendar(active: tuple[int, int, int], months: int, due: tuple[int, int, int]) -> None:
    """The same day, or the last of a shorter month."""
    assert due_at(datetime(*active, tzinfo=UTC), months) == datetime(*due, tzinfo=UTC)


@pytest.mark.parametrize(
    ("warned_at", "now", "step"),
    [
        (None, WARNED_FROM - SECOND, "nothing"),
        (None, WARNED_FROM, "warn"),
        (None, DUE + timedelta(days=400), "warn"),
        (WARNED_FROM, DUE - SECOND, "nothing"),
        (WARNED_FROM, DUE, "freeze"),
        (DUE, DUE + timedelta(days=30) - SECOND, "nothing"),
        (DUE, DUE + timedelta(days=30), "freeze"),
        (ACTIVE - timedelta(days=1), WARNED_FROM - SECOND, "nothing"),
        (ACTIVE - timedelta(days=1), DUE + timedelta(days=99), "warn"),
        (ACTIVE, DUE, "warn"),
    ],
)
def test_each_step_at_its_edge(warned_at: datetime | None, now: datetime, step: str) -> None:
    """Warned so many days ahead; frozen when due and never before the whole notice; old warnings do not count."""
    assert next_step(ACTIVE, warned_at, now, YEAR) == step


def test_without_a_rule_nothing_happens() -> None:
    """Most deployments have none."""
    assert next_step(ACTIVE, ACTIVE, DUE + timedelta(days=9999), DormancyPolicy()) == "nothing"
