"""What a rule finds just now: the accounts at or above its threshold that it was not raised for within its window.

Traces, refusals and failed payments are forgotten after at most 30 days; a window reaches back no further than they do.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from farebox.domain.money import parse_amount
from farebox.domain.policies.risk import RiskRule
from farebox.kit.ids import first_id_at
from farebox.risk import measures_store as store
from farebox.risk.measures_store import Finding
from farebox.storage.database import Connection

MOST_AT_ONCE = 500
# A row is found by its id, which is older than what is told of it: a job's is made when its call begins, a trace's
# with its hour.
_SLACK = timedelta(hours=2)


async def measure(
    connection: Connection, rule: RiskRule, now: datetime, is_disposable: Callable[[str], bool]
) -> list[Finding]:
    """Up to MOST_AT_ONCE findings; `now` is the database's time."""
    since = now - timedelta(minutes=rule.window_minutes)
    lower = _lower(since)
    if rule.signal == "disposable_mail":
        found = await store.addresses_since(connection, rule.action, lower, since)
        counts = Counter(account_id for account_id, email in found if is_disposable(email))
        return [_of_account(account_id, count) for account_id, count in counts.items() if count >= rule.threshold]
    own: tuple[Any, ...] = ()
    if rule.signal == "spend_velocity":
        before = since - timedelta(minutes=rule.window_minutes)
        own = (_lower(before), before, parse_amount(str(rule.least)))
    elif rule.signal == "refusal_ratio":
        own = (max(1, rule.least),)
    elif rule.signal == "load":
        own = (rule.window_minutes,)
    return await store.measure(connection, rule.signal, rule.action, lower, since, rule.threshold, MOST_AT_ONCE, *own)


def _lower(since: datetime) -> UUID:
    return first_id_at(int((since - _SLACK).timestamp() * 1000))


def _of_account(account_id: UUID, count: int) -> Finding:
    return Finding(account_id, f"account:{account_id}", count, {"members": count})
