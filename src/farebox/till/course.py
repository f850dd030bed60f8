"""A job on its way: its hold grows, it falls back to another route, or it is sent to a second one, too.

An account that is frozen, or a key that is revoked or expires, while a job runs does not end the job: it may use what
is held for it. But it gets no more, so a stream ends where its hold ends.
"""

from farebox.domain.money import format_amount
from farebox.till import caps, limits, refusals
from farebox.till.admission import add_model_spend
from farebox.till.operations import (
    Cap,
    Extend,
    Extended,
    Hedge,
    Hedged,
    Move,
    Moved,
    NeedsLease,
    Offer,
    Refused,
)
from farebox.till.state import AccountRow, HoldRow, KeyRow, State, Writes


def extend(state: State, writes: Writes, more: Extend) -> Extended | Refused | NeedsLease:
    """Grow the hold to what is asked, or as far as balance, limits and caps of the model let it."""
    hold, account, key = (
        state.holds.get(more.job_id),
        state.accounts.get(more.account_id),
        state.keys.get(more.key_id),
    )
    if hold is None or account is None or key is None:
        return refusals.hold_gone()
    wanted_nano = more.to_nano - hold.amount_nano
    if wanted_nano <= 0:
        return Extended(hold_nano=hold.amount_nano)
    now_us = max(state.now_us, account.meter.last_us, key.meter.last_us)
    refused = refusals.key_refusal(key, now_us) or refusals.account_refusal(account)
    if refused is not None:
        return refused
    limit_nano = _limit_left_nano(state, more, account, key, hold, now_us)
    growth_nano = min(wanted_nano, account.spendable_nano)
    if limit_nano is not None:
        growth_nano = min(growth_nano, limit_nano)
    if growth_nano <= 0:
        return _extension_refusal(account, key, wanted_nano, limit_nano)
    if more.model_cap is not None:
        room = caps.fits(state, [(more.model_cap, growth_nano)])
        if isinstance(room, caps.Shortage):
            return NeedsLease(amounts=dict(room))
        if room is False:
            growth_nano = min(growth_nano, max(0, state.leases.get(more.model_cap.scope, 0)))
        if growth_nano == 0:
            return _extension_refusal(account, key, wanted_nano, 0)
        caps.use(state, writes, [(more.model_cap, growth_nano)])
    _grow(state, writes, more, account, key, hold, growth_nano)
    return Extended(hold_nano=hold.amount_nano)


def _limit_left_nano(
    state: State, more: Extend, account: AccountRow, key: KeyRow, hold: HoldRow, now_us: int
) -> int | None:
    # A job counts on the day of its admission: once that day is over, its counter no longer limits the job.
    account.meter.roll(now_us)
    key.meter.roll(now_us)
    left = limits.spend_left_nano(limits.owners(key, account), day=hold.day, month=hold.month)
    if more.account_model_cap_nano is None or hold.day != account.meter.day:
        return left
    used_nano = state.account_model_day.get((account.id, more.model, hold.day), 0)
    model_left = more.account_model_cap_nano - used_nano
    return model_left if left is None else min(left, model_left)


def _grow(
    state: State, writes: Writes, more: Extend, account: AccountRow, key: KeyRow, hold: HoldRow, growth_nano: int
) -> None:
    hold.amount_nano += growth_nano
    account.held_nano += growth_nano
    for meter in (account.meter, key.meter):
        meter.spend(growth_nano, day=hold.day, month=hold.month)
    if more.account_model_cap_nano is not None:
        add_model_spend(state, writes, account.id, more.model, hold.day, growth_nano)
    writes.accounts[account.id] = account
    writes.keys[key.id] = key
    writes.holds_grown[hold.job_id] = hold


def _extension_refusal(account: AccountRow, key: KeyRow, wanted_nano: int, limit_nano: int | None) -> Refused:
    if limit_nano is not None and limit_nano <= 0 < account.spendable_nano:
        return Refused(
            code="spend_limit_exceeded",
            message="The answer ends here because a spend limit is used up. Raise the limit to get longer answers.",
            limit="spend",
            required_nano=wanted_nano,
        )
    return Refused(
        code="insufficient_credits",
        message=f"The answer ends here because going on may cost {format_amount(wanted_nano)} more than is available. "
        "Add credit to get longer answers.",
        required_nano=wanted_nano,
        available_nano=max(0, account.spendable_nano) if key.sees_balance else None,
        most_output_tokens=0,
    )


def move(state: State, writes: Writes, fallback: Move) -> Moved | Refused | NeedsLease:
    """Count the job against the caps of its next route instead of those of the last."""
    hold = state.holds.get(fallback.job_id)
    if hold is None:
        return refusals.hold_gone()
    same_day = hold.day == caps.lease_day(state)
    needs = _difference(fallback.from_offer, fallback.to_offer, fallback.output_tokens, same_day=same_day)
    room = caps.fits(state, ((cap, need) for cap, need in needs if need > 0))
    if isinstance(room, caps.Shortage):
        return NeedsLease(amounts=dict(room))
    if room is False:
        return refusals.no_channel("this model")
    caps.use(state, writes, needs)
    writes.holds_moved[hold.job_id] = (hold.account_id, fallback.to_offer.channel_id)
    return Moved()


def hedge(state: State, writes: Writes, second: Hedge) -> Hedged | Refused | NeedsLease:
    """Count the job against the caps of a second route as well; its hold, and what the customer pays, stay as they are.

    Leases alone change, so that nothing is written: the job's ending says what there was.
    """
    if second.job_id not in state.holds:
        return refusals.hold_gone()
    needs = caps.offer_needs(second.offer, second.output_tokens)
    room = caps.fits(state, needs)
    if isinstance(room, caps.Shortage):
        return NeedsLease(amounts=dict(room))
    if room is False:
        return refusals.no_channel("this model")
    caps.use(state, writes, needs)
    return Hedged()


def _difference(last: Offer, following: Offer, output_tokens: int, *, same_day: bool) -> list[tuple[Cap, int]]:
    # Routes of one provider share its caps: only the difference has to fit.
    needs = {cap.scope: (cap, need) for cap, need in caps.offer_needs(following, output_tokens)}
    for cap, need in caps.offer_needs(last, output_tokens):
        if cap.daily and not same_day:
            continue
        kept = needs.get(cap.scope)
        needs[cap.scope] = (cap, -need) if kept is None else (cap, kept[1] - need)
    return list(needs.values())
