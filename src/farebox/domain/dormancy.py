"""When an account that nobody uses is warned, and when it is frozen. Pure: dates in, a step out.

Both edges belong to the step: due at the very moment, warned at the very day ahead. Nobody is frozen who has not had
the whole notice, whenever the rule came into force.
"""

import calendar
from datetime import datetime, timedelta
from typing import Literal

from farebox.domain.policies.money import DormancyPolicy

Step = Literal["nothing", "warn", "freeze"]


def due_at(active_at: datetime, months: int) -> datetime:
    """The same day and time so many months later; the month's last day where there is no such day."""
    of_year = active_at.month - 1 + months
    year, month = active_at.year + of_year // 12, of_year % 12 + 1
    day = min(active_at.day, calendar.monthrange(year, month)[1])
    return active_at.replace(year=year, month=month, day=day)


def frozen_at(active_at: datetime, warned_at: datetime, policy: DormancyPolicy) -> datetime:
    """When an account that was warned then is frozen, if it stays unused."""
    assert policy.months is not None
    return max(due_at(active_at, policy.months), warned_at + timedelta(days=policy.warned_days_ahead))


def next_step(active_at: datetime, warned_at: datetime | None, now: datetime, policy: DormancyPolicy) -> Step:
    """What is to be done now. A warning from before the last activity counts for nothing."""
    if policy.months is None:
        return "nothing"
    if warned_at is None or warned_at <= active_at:
        warned_from = due_at(active_at, policy.months) - timedelta(days=policy.warned_days_ahead)
        return "warn" if now >= warned_from else "nothing"
    return "freeze" if now >= frozen_at(active_at, warned_at, policy) else "nothing"
