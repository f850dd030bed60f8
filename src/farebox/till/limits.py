"""Limits of the key and the account of a call: the first that it breaks, and what they leave to spend.

The key comes before its account: it is what the customer can change by themselves.
"""

from collections.abc import Iterator

from farebox.domain.limits import (
    Limits,
    Meter,
    milliseconds_until_empty,
    seconds_until_fits,
    seconds_until_next_day,
    seconds_until_next_month,
)
from farebox.domain.money import format_amount
from farebox.till.operations import Refused, Window
from farebox.till.state import AccountRow, KeyRow

Owner = tuple[str, Limits, Meter]
Owners = tuple[Owner, ...]

_NO_LIMITS = Limits()

# When a running job ends is not known; this is how soon it is worth asking again.
_CONCURRENCY_RETRY_S = 1
# A limit on total spend ends only when somebody raises it.
_TOTAL_RETRY_S = 86_400


def owners(key: KeyRow, account: AccountRow) -> Owners:
    """Whose limits hold for a call, in the order of checking, with the word for each. Most have none."""
    found: Owners = ()
    if key.limits != _NO_LIMITS:
        found = (("API key", key.limits, key.meter),)
    if account.limits != _NO_LIMITS:
        found += (("account", account.limits, account.meter),)
    return found


def token_room(whose: Owners, now_us: int) -> int | None:
    """How many tokens still fit into the minute; None is no limit."""
    room = None
    for _, limits, meter in whose:
        if limits.tokens_per_minute is not None:
            left = limits.tokens_per_minute - meter.tokens_in_window(now_us)
            room = left if room is None else min(room, left)
    return room


def spend_left_nano(whose: Owners, *, day: int, month: int) -> int | None:
    """What the spend limits leave for a job of this day and month of admission; None is no limit, below 0 is overspent.

    A day or month that is over by now leaves its job alone: its counter is gone.
    """
    left = None
    for _, limits, meter in whose:
        for limit, used, runs in (
            (limits.daily_nano, meter.day_nano, meter.day == day),
            (limits.monthly_nano, meter.month_nano, meter.month == month),
            (limits.total_nano, meter.total_nano, True),
        ):
            if limit is not None and runs:
                left = limit - used if left is None else min(left, limit - used)
    return left


def broken_limit(whose: Owners, *, tokens: int, hold_nano: int, now_us: int) -> Refused | None:
    """The first limit that one more job with these tokens and this hold would break."""
    for name, limits, meter in whose:
        refused = _broken_minute(name, limits, meter, tokens, now_us) or _broken_spend(
            name, limits, meter, hold_nano, now_us
        )
        if refused is not None:
            return refused
    return None


def _broken_minute(name: str, limits: Limits, meter: Meter, tokens: int, now_us: int) -> Refused | None:
    rpm, tpm, jobs = limits.requests_per_minute, limits.tokens_per_minute, limits.concurrency
    if rpm is not None and meter.requests_in_window(now_us) + 1 > rpm:
        wait_s = seconds_until_fits(meter.requests, meter.requests_before, 1, rpm, now_us)
        return Refused(
            code="rate_limit_exceeded",
            message=f"This {name} may make {rpm} requests per minute. Try again in {wait_s} s.",
            limit="requests_per_minute",
            retry_after_s=wait_s,
        )
    if tpm is not None and meter.tokens_in_window(now_us) + tokens > tpm:
        wait_s = seconds_until_fits(meter.tokens, meter.tokens_before, tokens, tpm, now_us)
        advice = (
            "which can never fit: send less input or lower max_tokens."
            if tokens > tpm
            else f"which do not fit now. Try again in {wait_s} s or lower max_tokens."
        )
        return Refused(
            code="rate_limit_exceeded",
            message=f"This {name} may use {tpm} tokens per minute; this call needs up to {tokens}, {advice}",
            limit="tokens_per_minute",
            retry_after_s=wait_s,
        )
    if jobs is not None and meter.open_jobs + 1 > jobs:
        return Refused(
            code="concurrency_limit_exceeded",
            message=f"This {name} may run {jobs} calls at once, and {meter.open_jobs} are running. "
            "Try again when one has ended.",
            limit="concurrency",
            retry_after_s=_CONCURRENCY_RETRY_S,
        )
    return None


def _broken_spend(name: str, limits: Limits, meter: Meter, hold_nano: int, now_us: int) -> Refused | None:
    # What costs nothing cannot exceed a limit on spend.
    if hold_nano == 0:
        return None
    for limit, limit_nano, used_nano in _spends(limits, meter):
        if used_nano + hold_nano > limit_nano:
            return spend_refusal(
                limit,
                f"the {limit.replace('_', ' ')} of this {name}",
                limit_nano,
                used_nano,
                hold_nano,
                now_us,
            )
    return None


def _spends(limits: Limits, meter: Meter) -> Iterator[tuple[str, int, int]]:
    if limits.daily_nano is not None:
        yield "daily_spend", limits.daily_nano, meter.day_nano
    if limits.monthly_nano is not None:
        yield "monthly_spend", limits.monthly_nano, meter.month_nano
    if limits.total_nano is not None:
        yield "total_spend", limits.total_nano, meter.total_nano


def spend_refusal(limit: str, what: str, limit_nano: int, used_nano: int, needed_nano: int, now_us: int) -> Refused:
    """A limit on spend that a call or an extension would break."""
    if limit == "total_spend":
        wait_s, when = _TOTAL_RETRY_S, "Raise the limit to go on."
    elif limit == "monthly_spend":
        wait_s, when = (
            seconds_until_next_month(now_us),
            "It starts anew next month (UTC); lower max_tokens or raise it.",
        )
    else:
        wait_s, when = seconds_until_next_day(now_us), "It starts anew at midnight UTC; lower max_tokens or raise it."
    left_nano = max(0, limit_nano - used_nano)
    return Refused(
        code="spend_limit_exceeded",
        message=f"This call may cost {format_amount(needed_nano)}, but {what} is {format_amount(limit_nano)} and "
        f"{format_amount(left_nano)} of it is left, calls that are running included. {when}",
        limit=limit,
        retry_after_s=wait_s,
        required_nano=needed_nano,
        available_nano=left_nano,
    )


def windows(whose: Owners, now_us: int) -> tuple[Window | None, Window | None]:
    """The minute's limits of requests and of tokens as the caller is to see them: the tighter of key and account."""
    requests: Window | None = None
    tokens: Window | None = None
    for _, limits, meter in whose:
        if limits.requests_per_minute is not None:
            seen = Window(
                limit=limits.requests_per_minute,
                remaining=max(0, limits.requests_per_minute - meter.requests_in_window(now_us)),
                reset_ms=milliseconds_until_empty(meter.requests, meter.requests_before, now_us),
            )
            requests = _tighter(requests, seen)
        if limits.tokens_per_minute is not None:
            seen = Window(
                limit=limits.tokens_per_minute,
                remaining=max(0, limits.tokens_per_minute - meter.tokens_in_window(now_us)),
                reset_ms=milliseconds_until_empty(meter.tokens, meter.tokens_before, now_us),
            )
            tokens = _tighter(tokens, seen)
    return requests, tokens


def _tighter(known: Window | None, seen: Window) -> Window:
    return seen if known is None or seen.remaining < known.remaining else known
