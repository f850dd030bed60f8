"""May a call run, and for how much: the checks of an admission in their order, then the hold.

A refused call consumes nothing, not even a request of its minute. Order of the checks, and why:

1. the catalogue's version, because a quote from an older one means nothing;
2. the key itself, because a revoked key is to learn nothing, not even of earlier jobs;
3. the Idempotency-Key, so that a repeated call hears of its job whatever has become of limits and balance since;
4. what the call may do at all: account's status, address, model;
5. limits of key and account, caps of the model, balance: what the customer can wait for, raise or pay;
6. a route with room, which only the operator can change.
"""

from uuid import UUID

import msgspec

from farebox.domain.pricing import Quote
from farebox.till import caps, limits, refusals
from farebox.till.operations import Admit, Admitted, NeedsLease, OutputBound, Refused, Stale
from farebox.till.state import (
    AccountRow,
    HoldRow,
    IdempotencyRow,
    KeyRow,
    NewHold,
    State,
    Writes,
)

_FREE = Quote(base_atto=0, per_output_token_atto=0)


class _Plan(msgspec.Struct, frozen=True):
    """How much of everything the call is going to take."""

    output_tokens: int
    hold_nano: int
    tokens_reserved: int


def admit(state: State, writes: Writes, call: Admit) -> Admitted | Refused | Stale | NeedsLease:
    """Hold the call's worst price and count it against every limit and cap, or say why not."""
    if call.catalogue_version != state.catalogue_version:
        return Stale(current_version=state.catalogue_version, now_us=state.now_us, group=call.group)
    account, key = state.accounts.get(call.account_id), state.keys.get(call.key_id)
    if account is None or key is None or key.account_id != account.id:
        return Refused(code="invalid_api_key", message="This API key is not known. Check the key, or create a new one.")
    if not _is_priced_right(state, call, account):
        return Stale(current_version=state.catalogue_version, now_us=state.now_us, group=account.group)
    # An account's time is never behind that of its keys' rows, so that a job has one day for both.
    now_us = max(state.now_us, account.meter.last_us, key.meter.last_us)
    refused = (
        refusals.key_refusal(key, now_us)
        or refusals.known_job(state, call)
        or refusals.earlier_call(state, call, now_us)
    )
    if refused is not None:
        return refused
    account.meter.roll(now_us)
    key.meter.roll(now_us)
    outcome = _admit_now(state, writes, call, account, key, now_us)
    if isinstance(outcome, Refused):
        writes.refusals.append(refusals.refusal_row(call, outcome.code))
        requests, tokens = limits.windows(limits.owners(key, account), now_us)
        if requests is not None or tokens is not None:
            outcome = msgspec.structs.replace(outcome, requests=requests, tokens=tokens)
    return outcome


def _is_priced_right(state: State, call: Admit, account: AccountRow) -> bool:
    """Whether the quote is for this account's customer group, and for this moment: prices change on the dot."""
    if call.group != account.group:
        return False
    until_us = call.priced_until_us
    return call.priced_from_us <= state.now_us and (until_us is None or state.now_us < until_us)


def _admit_now(
    state: State, writes: Writes, call: Admit, account: AccountRow, key: KeyRow, now_us: int
) -> Admitted | Refused | NeedsLease:
    whose = limits.owners(key, account)
    plan = _plan(state, call, account, key, whose, now_us)
    refused = (
        refusals.account_refusal(account)
        or refusals.scope_refusal(key, call)
        or limits.broken_limit(whose, tokens=plan.tokens_reserved, hold_nano=plan.hold_nano, now_us=now_us)
        or refusals.account_model_rate_refusal(state, call, account, now_us)
        or refusals.account_model_refusal(state, call, account, plan.hold_nano, now_us)
    )
    if refused is not None:
        return refused
    model_needs = [] if call.model_cap is None else [(call.model_cap, plan.hold_nano)]
    model_room = caps.fits(state, model_needs)
    if model_room is False:
        return refusals.model_refusal(call, plan.hold_nano, now_us)
    if plan.hold_nano > account.spendable_nano:
        return refusals.balance_refusal(call, account, key, plan.hold_nano)
    amounts = dict(model_room) if isinstance(model_room, caps.Shortage) else {}
    for index, offer in enumerate(call.offers):
        needs = caps.offer_needs(offer, plan.output_tokens)
        room = caps.fits(state, needs)
        if room is False:
            continue
        # The order of routes is the operator's will: an earlier route is leased for before a later one is taken.
        if isinstance(room, caps.Shortage):
            amounts |= room
        if amounts:
            return NeedsLease(amounts=amounts)
        caps.use(state, writes, model_needs)
        caps.use(state, writes, needs)
        _hold(state, writes, call, account, key, plan, index, now_us)
        requests, tokens = limits.windows(whose, now_us)
        return Admitted(
            job_id=call.job_id,
            offer_index=index,
            hold_nano=plan.hold_nano,
            output_tokens=plan.output_tokens,
            admitted_us=now_us,
            requests=requests,
            tokens=tokens,
        )
    return refusals.no_channel(call.model)


# ---- how much -------------------------------------------------------------------------------------------------------


def _plan(state: State, call: Admit, account: AccountRow, key: KeyRow, whose: limits.Owners, now_us: int) -> _Plan:
    # Calls of test keys reach only the simulator and cost nothing, whatever they were quoted.
    quote = call.quote if key.kind == "live" else _FREE
    output_tokens = call.bound.most
    if not call.bound.fixed:
        budget_nano = account.spendable_nano
        left_nano = limits.spend_left_nano(whose, day=account.meter.day, month=account.meter.month)
        if left_nano is not None:
            budget_nano = min(budget_nano, left_nano)
        if call.account_model_cap_nano is not None:
            used_nano = state.account_model_day.get((account.id, call.model, account.meter.day), 0)
            budget_nano = min(budget_nano, call.account_model_cap_nano - used_nano)
        output_tokens = _affordable(call.bound, quote, max(0, budget_nano))
    reserved = call.input_tokens + output_tokens
    if not call.bound.fixed:
        # Without a bound from the client, the worst case would keep small limits of tokens per minute from ever
        # admitting a call: it reserves what is left of the minute, and its settlement corrects that to what it used.
        room = limits.token_room(whose, now_us)
        if room is not None:
            reserved = min(reserved, max(room, call.input_tokens + min(call.bound.least, output_tokens)))
    return _Plan(output_tokens=output_tokens, hold_nano=quote.hold_nano(output_tokens), tokens_reserved=reserved)


def _affordable(bound: OutputBound, quote: Quote, budget_nano: int) -> int:
    """The output tokens to hold for when the client set no bound: never below the useful least, paid for or not."""
    wanted = bound.most if bound.first_step is None else min(bound.most, bound.first_step)
    paid_for = quote.affordable_output_tokens(budget_nano)
    if paid_for is None:
        return wanted
    return min(wanted, max(paid_for, bound.least))


def _hold(
    state: State, writes: Writes, call: Admit, account: AccountRow, key: KeyRow, plan: _Plan, index: int, now_us: int
) -> None:
    minute, day, month = account.meter.minute, account.meter.day, account.meter.month
    account.held_nano += plan.hold_nano
    for meter in (account.meter, key.meter):
        meter.requests += 1
        meter.tokens += plan.tokens_reserved
        meter.open_jobs += 1
        meter.spend(plan.hold_nano, day=day, month=month)
    writes.accounts[account.id] = account
    writes.keys[key.id] = key
    if call.account_model_cap_nano is not None:
        add_model_spend(state, writes, call.account_id, call.model, day, plan.hold_nano)
    if call.account_model_requests is not None:
        slot = (call.account_id, call.model, minute)
        state.account_model_minute[slot] = state.account_model_minute.get(slot, 0) + 1
        writes.account_model_minute[slot] = writes.account_model_minute.get(slot, 0) + 1
    state.holds[call.job_id] = HoldRow(
        account_id=call.account_id,
        job_id=call.job_id,
        key_id=call.key_id,
        amount_nano=plan.hold_nano,
        tokens_reserved=plan.tokens_reserved,
        minute=minute,
        day=day,
        month=month,
        idempotency_key=call.idempotency_key,
    )
    writes.holds_new.append(
        # By position: so many keywords cost a microsecond of every admission.
        NewHold(
            call.account_id,
            call.job_id,
            call.key_id,
            plan.hold_nano,
            plan.tokens_reserved,
            minute,
            day,
            month,
            call.model,
            call.endpoint,
            call.stream,
            call.rate_card_id,
            call.factor_ppm,
            call.offers[index].channel_id,
            call.idempotency_key,
            now_us,
            now_us + call.hold_lifetime_s * 1_000_000,
        )
    )
    if call.idempotency_key is not None:
        row = IdempotencyRow(
            account_id=call.account_id,
            key=call.idempotency_key,
            body_hash=call.body_hash,
            job_id=call.job_id,
            voided=False,
            created_us=now_us,
        )
        state.idempotency[call.account_id, call.idempotency_key] = row
        writes.idempotency.append(row)


def add_model_spend(state: State, writes: Writes, account_id: UUID, model: str, day: int, delta_nano: int) -> None:
    """Count spend of an account on a model that has a cap per account and day."""
    slot = (account_id, model, day)
    state.account_model_day[slot] = state.account_model_day.get(slot, 0) + delta_nano
    writes.account_model_day[slot] = writes.account_model_day.get(slot, 0) + delta_nano
