"""What new accounts may add to their credit, at the edges of every limit."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from farebox.domain.errors import ActionRefused
from farebox.domain.new_account import Adding, check_new_account, ways_open
from farebox.domain.policies.money import RechargePolicy, Way

_NOW = datetime(2026, 3, 10, tzinfo=UTC)
_DOLLAR = 10**9
_POLICY = RechargePolicy(
    new_account_days=7,
    new_account_daily="50",
    new_account_total="120",
    new_account_most="40",
    new_account_refused=("creem", "auto"),
)
_ADDING = Adding(
    way="stripe",
    credit_nano=10 * _DOLLAR,
    opened_at=_NOW - timedelta(days=7) + timedelta(microseconds=1),
    last_day_nano=0,
    so_far_nano=0,
)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"credit_nano": 40 * _DOLLAR}, ""),
        ({"credit_nano": 40 * _DOLLAR + 1}, "new_account_limit"),
        ({"last_day_nano": 40 * _DOLLAR, "so_far_nano": 40 * _DOLLAR}, ""),
        ({"last_day_nano": 40 * _DOLLAR + 1, "so_far_nano": 41 * _DOLLAR}, "new_account_limit"),
        ({"so_far_nano": 110 * _DOLLAR}, ""),
        ({"so_far_nano": 110 * _DOLLAR + 1}, "new_account_limit"),
        ({"way": "creem"}, "new_account_method"),
        ({"way": "auto"}, "new_account_method"),
        ({"way": "code"}, ""),
        # The account is old enough, to the microsecond: nothing of this holds.
        ({"opened_at": _NOW - timedelta(days=7), "credit_nano": 9_999 * _DOLLAR, "way": "creem"}, ""),
    ],
)
def test_new_accounts_have_limits(changes: dict[str, object], code: str) -> None:
    """At once, in 24 hours, in all of the first days, and by method: up to the limit, and not one nano above it."""
    adding = msgspec.structs.replace(_ADDING, **changes)
    if not code:
        check_new_account(_POLICY, adding, _NOW, "USD")
        return
    with pytest.raises(ActionRefused) as refused:
        check_new_account(_POLICY, adding, _NOW, "USD")
    assert refused.value.code == code


def test_a_refusal_says_what_is_left() -> None:
    """The customer can ask for less instead of guessing."""
    adding = msgspec.structs.replace(_ADDING, last_day_nano=45 * _DOLLAR, so_far_nano=45 * _DOLLAR)
    with pytest.raises(ActionRefused, match="5 USD are left"):
        check_new_account(_POLICY, adding, _NOW, "USD")


def test_without_days_nobody_is_new() -> None:
    """The default limits nobody, and zero is no limit of its own."""
    ways: tuple[Way, ...] = ("stripe", "creem", "manual", "code", "auto")
    born_now = msgspec.structs.replace(_ADDING, opened_at=_NOW, credit_nano=10**6 * _DOLLAR)
    check_new_account(RechargePolicy(), born_now, _NOW, "USD")
    assert ways_open(RechargePolicy(), _NOW, _NOW) == ways
    assert ways_open(_POLICY, _NOW, _NOW) == ("stripe", "manual", "code")
    only_daily = RechargePolicy(new_account_days=1, new_account_daily="50")
    check_new_account(only_daily, msgspec.structs.replace(born_now, credit_nano=50 * _DOLLAR), _NOW, "USD")
