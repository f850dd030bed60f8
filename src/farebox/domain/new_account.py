"""What a new account may add to its credit: one rule for all ways to do so. Pure.

Checkouts, transfers, codes and automatic recharges all ask here, so that none is the way around the others.
"""

from datetime import datetime, timedelta
from typing import get_args

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount, parse_amount
from farebox.domain.policies.money import RechargePolicy, Way


class Adding(msgspec.Struct, frozen=True, kw_only=True):
    """Credit that an account wants to add, and what it has asked for before, given up and declined taken off."""

    way: Way
    credit_nano: int
    opened_at: datetime
    last_day_nano: int  # in the 24 hours before
    so_far_nano: int  # ever


def is_new(policy: RechargePolicy, opened_at: datetime, now: datetime) -> bool:
    """Whether the limits of new accounts hold still."""
    return now - opened_at < timedelta(days=policy.new_account_days)


def ways_open(policy: RechargePolicy, opened_at: datetime, now: datetime) -> tuple[Way, ...]:
    """The ways that an account of this age may use; whether they are offered at all is another question."""
    refused = policy.new_account_refused if is_new(policy, opened_at, now) else ()
    return tuple(way for way in get_args(Way) if way not in refused)


def check_new_account(policy: RechargePolicy, adding: Adding, now: datetime, unit: str) -> None:
    """Raises ActionRefused when the account is too new for this; the message says what would be possible."""
    if not is_new(policy, adding.opened_at, now):
        return
    if adding.way not in ways_open(policy, adding.opened_at, now):
        raise ActionRefused(
            "new_account_method",
            f"Accounts can do this once they are {policy.new_account_days} days old; use another method until then.",
            field="method",
            values={"days": policy.new_account_days},
        )
    most_nano = parse_amount(policy.new_account_most)
    daily_left_nano = parse_amount(policy.new_account_daily) - adding.last_day_nano
    total_nano = parse_amount(policy.new_account_total)
    total_left_nano = total_nano - adding.so_far_nano
    rooms_nano = [daily_left_nano]
    if most_nano:
        rooms_nano.append(most_nano)
    if total_nano:
        rooms_nano.append(total_left_nano)
    room_nano = min(rooms_nano)
    if adding.credit_nano <= room_nano:
        return
    if most_nano and adding.credit_nano > most_nano:
        raise _beyond(f"New accounts can recharge {policy.new_account_most} {unit} at once.", room_nano)
    if adding.credit_nano > daily_left_nano:
        raise _beyond(
            f"New accounts can recharge {policy.new_account_daily} {unit} in 24 hours; {_left(daily_left_nano)} {unit}"
            " are left.",
            room_nano,
        )
    raise _beyond(
        f"In their first {policy.new_account_days} days accounts can recharge {policy.new_account_total} {unit};"
        f" {_left(total_left_nano)} {unit} are left.",
        room_nano,
    )


def _left(nano: int) -> str:
    return format_amount(max(0, nano))


def _beyond(message: str, room_nano: int) -> ActionRefused:
    values = {"left_amount": _left(room_nano)}
    return ActionRefused("new_account_limit", message, status=429, field="amount", values=values)
