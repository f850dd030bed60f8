"""How a job ends: settled with a charge, or voided without. Exactly once, whatever comes how often and how late.

the hold is there        charge at most the hold, plus an explicit overrun from what no other job's hold needs; the
                         rest of the price is the operator's write-off
it has ended before      the first ending stands, and is told again
voided, settled late     the sweeper took the worker for dead: charge min(price, its hold, spendable), or nothing if
                         the call was run again under its Idempotency-Key meanwhile
never admitted           nothing is charged; the row that says so keeps the id from being used later
"""

import hashlib

import msgspec

from farebox.domain.money import MAX_NANO
from farebox.ledger import posting
from farebox.ledger.lots import by_kind, spending_order, take
from farebox.till import caps
from farebox.till.admission import add_model_spend
from farebox.till.operations import Settle, Settled, Void
from farebox.till.state import (
    AccountRow,
    EndedJob,
    EndedJobWrite,
    HoldRow,
    KeyRow,
    NewEntry,
    NewTxn,
    State,
    Writes,
)

_encode = msgspec.msgpack.Encoder().encode


def settlement_hash(ending: Settle | Void) -> bytes:
    """The identity of what an ending says about money: the same ending told twice has the same."""
    price_nano = min(MAX_NANO, ending.price_nano) if isinstance(ending, Settle) else None
    told = (ending.job_id, ending.outcome, price_nano, ending.usage, ending.rate_card_id, ending.factor_ppm)
    return hashlib.sha256(_encode(told)).digest()


def settle(state: State, writes: Writes, ending: Settle) -> Settled:
    """Post the charge, release the rest of the hold, write the job's row."""
    account = state.accounts[ending.account_id]
    digest = settlement_hash(ending)
    hold = state.holds.get(ending.job_id)
    if hold is None:
        return _settle_without_hold(state, writes, ending, account, digest)
    key = state.keys.get(hold.key_id)
    price_nano = _price_nano(ending, key)
    within_nano = min(price_nano, hold.amount_nano)
    _release(state, writes, ending, hold, account, key)
    # The hold is released by now, so what is spendable is what no other job's hold needs.
    overrun_nano = max(0, min(price_nano - within_nano, account.spendable_nano - within_nano))
    charge_nano = within_nano + overrun_nano
    spent_nano = charge_nano - hold.amount_nano
    _count_spend(state, writes, ending, account, key, spent_nano, day=hold.day, month=hold.month)
    _post(writes, ending, account, within_nano, overrun_nano, digest)
    _correct_caps(state, writes, ending, hold.amount_nano, hold.day, charge_nano)
    return _end(
        state,
        writes,
        ending,
        account,
        EndedJob(
            job_id=ending.job_id,
            status="settled",
            input_hash=digest,
            charge_nano=charge_nano,
            write_off_nano=min(MAX_NANO, price_nano - charge_nano),
            hold_nano=hold.amount_nano,
            balance_after_nano=account.balance_nano,
            day=hold.day,
            month=hold.month,
        ),
    )


def void(state: State, writes: Writes, ending: Void) -> Settled:
    """Release the whole hold and write the job's row; a job that has ended before stays as it ended."""
    account = state.accounts[ending.account_id]
    digest = settlement_hash(ending)
    hold = state.holds.get(ending.job_id)
    if hold is None:
        earlier = state.ended.get(ending.job_id)
        if earlier is not None:
            _give_back_claims(state, writes, ending, earlier)
            # A void gives way to whatever ended the job before: that is no contradiction.
            return _told_again(earlier, differs=False)
        return _end(state, writes, ending, account, _never_admitted(state, ending, account, digest))
    key = state.keys.get(hold.key_id)
    _release(state, writes, ending, hold, account, key)
    _count_spend(state, writes, ending, account, key, -hold.amount_nano, day=hold.day, month=hold.month)
    _free_idempotency_key(state, writes, hold)
    _correct_caps(state, writes, ending, hold.amount_nano, hold.day, 0)
    return _end(
        state,
        writes,
        ending,
        account,
        EndedJob(
            job_id=ending.job_id,
            status="voided",
            input_hash=digest,
            charge_nano=0,
            write_off_nano=0,
            hold_nano=hold.amount_nano,
            balance_after_nano=account.balance_nano,
            day=hold.day,
            month=hold.month,
        ),
    )


def _settle_without_hold(state: State, writes: Writes, ending: Settle, account: AccountRow, digest: bytes) -> Settled:
    earlier = state.ended.get(ending.job_id)
    if earlier is None:
        never = _never_admitted(state, ending, account, digest)
        never.write_off_nano = min(MAX_NANO, max(0, ending.price_nano))
        told = msgspec.structs.replace(ending, outcome="platform_error")
        return _end(state, writes, told, account, never)
    if earlier.status == "settled" or earlier.input_hash == digest:
        _give_back_claims(state, writes, ending, earlier)
        return _told_again(earlier, differs=earlier.input_hash != digest)
    key = state.keys.get(ending.key_id)
    price_nano = _price_nano(ending, key)
    charge_nano = max(0, min(price_nano, earlier.hold_nano, account.spendable_nano))
    if not _takes_idempotency_key_back(state, writes, ending):
        charge_nano = 0
    if charge_nano:
        _count_spend(state, writes, ending, account, key, charge_nano, day=earlier.day, month=earlier.month)
        _post(writes, ending, account, charge_nano, 0, digest)
    _give_back_claims(state, writes, ending, earlier, charge_nano)
    late = msgspec.structs.replace(
        earlier,
        status="settled",
        input_hash=digest,
        charge_nano=charge_nano,
        write_off_nano=min(MAX_NANO, price_nano - charge_nano),
        balance_after_nano=account.balance_nano,
    )
    return _end(state, writes, ending, account, late, late=True)


def _never_admitted(state: State, ending: Settle | Void, account: AccountRow, digest: bytes) -> EndedJob:
    return EndedJob(
        job_id=ending.job_id,
        status="voided",
        input_hash=digest,
        charge_nano=0,
        write_off_nano=0,
        hold_nano=0,
        balance_after_nano=account.balance_nano,
        day=account.meter.day,
        month=account.meter.month,
    )


def _told_again(earlier: EndedJob, *, differs: bool) -> Settled:
    return Settled(
        charge_nano=earlier.charge_nano,
        write_off_nano=earlier.write_off_nano,
        balance_after_nano=earlier.balance_after_nano,
        repeated=True,
        differs=differs,
    )


def _price_nano(ending: Settle, key: KeyRow | None) -> int:
    # The same rule as at admission: a test key costs nothing, whatever was priced.
    return 0 if key is not None and key.kind == "test" else max(0, ending.price_nano)


# ---- the parts of an ending -----------------------------------------------------------------------------------------


def _release(
    state: State, writes: Writes, ending: Settle | Void, hold: HoldRow, account: AccountRow, key: KeyRow | None
) -> None:
    account.held_nano -= hold.amount_nano
    used_tokens = ending.usage.total_tokens
    for meter in (account.meter,) if key is None else (account.meter, key.meter):
        meter.open_jobs = max(0, meter.open_jobs - 1)
        meter.correct_tokens(used_tokens - hold.tokens_reserved, minute=hold.minute)
    del state.holds[hold.job_id]
    writes.holds_gone[hold.job_id] = hold.account_id


def _count_spend(
    state: State,
    writes: Writes,
    ending: Settle | Void,
    account: AccountRow,
    key: KeyRow | None,
    delta_nano: int,
    *,
    day: int,
    month: int,
) -> None:
    writes.accounts[account.id] = account
    account.meter.spend(delta_nano, day=day, month=month)
    if key is not None:
        writes.keys[key.id] = key
        key.meter.spend(delta_nano, day=day, month=month)
    if ending.account_model_cap_nano is not None and delta_nano:
        add_model_spend(state, writes, account.id, ending.model, day, delta_nano)


def _post(
    writes: Writes, ending: Settle, account: AccountRow, within_nano: int, overrun_nano: int, digest: bytes
) -> None:
    charge_nano = within_nano + overrun_nano
    if not charge_nano:
        return
    taken = take(sorted(account.lots, key=spending_order) if len(account.lots) > 1 else account.lots, charge_nano)
    for lot, _ in taken:
        writes.lots[lot.id] = (account.id, lot)
    writes.txns.append(NewTxn(account_id=account.id, id=ending.job_id, kind="charge", input_hash=digest))
    for seq, line in enumerate(posting.charge(within_nano, overrun_nano, by_kind(taken))):
        balance_after_nano = version = None
        if line.book == "customer":
            account.balance_nano += line.amount_nano
            account.version += 1
            balance_after_nano, version = account.balance_nano, account.version
        writes.entries.append(
            NewEntry(
                account_id=account.id,
                txn_id=ending.job_id,
                seq=seq,
                book=line.book,
                detail=line.detail,
                amount_nano=line.amount_nano,
                balance_after_nano=balance_after_nano,
                version=version,
            )
        )


def _correct_caps(
    state: State, writes: Writes, ending: Settle | Void, hold_nano: int, day: int, charge_nano: int
) -> None:
    same_day = day == caps.lease_day(state)
    if ending.offer is not None:
        claimed = caps.offer_needs(ending.offer, ending.output_tokens_held)
        caps.use(state, writes, caps.correction(claimed, ending.cost_nano, same_day=same_day))
    if ending.hedge is not None:
        claimed = caps.offer_needs(ending.hedge.offer, ending.hedge.output_tokens_held)
        caps.use(state, writes, caps.correction(claimed, ending.hedge.cost_nano, same_day=same_day))
    if ending.model_cap is not None:
        claimed = [(ending.model_cap, hold_nano)]
        caps.use(state, writes, caps.correction(claimed, charge_nano, same_day=same_day))


def _give_back_claims(
    state: State, writes: Writes, ending: Settle | Void, earlier: EndedJob, charge_nano: int | None = None
) -> None:
    # Somebody else ended the job, who could not correct the leases of the worker that had admitted it.
    if ending.job_id in state.claimed:
        charged_nano = earlier.charge_nano if charge_nano is None else charge_nano
        _correct_caps(state, writes, ending, earlier.hold_nano, earlier.day, charged_nano)


def _takes_idempotency_key_back(state: State, writes: Writes, ending: Settle) -> bool:
    """Whether a job that was voided, and with it its key freed, may still charge; its key is used up again then."""
    if ending.idempotency_key is None:
        return True
    slot = (ending.account_id, ending.idempotency_key)
    row = state.idempotency.get(slot)
    if row is None:
        return True  # forgotten: more than a day old
    if row.job_id != ending.job_id and not row.voided:
        return False
    state.idempotency[slot] = taken = msgspec.structs.replace(row, job_id=ending.job_id, voided=False)
    writes.idempotency.append(taken)
    return True


def _free_idempotency_key(state: State, writes: Writes, hold: HoldRow) -> None:
    if hold.idempotency_key is None:
        return
    slot = (hold.account_id, hold.idempotency_key)
    row = state.idempotency.get(slot)
    if row is not None:
        if row.job_id != hold.job_id:
            return
        row.voided = True
    writes.idempotency_voided.append(slot)


def _end(
    state: State, writes: Writes, ending: Settle | Void, account: AccountRow, ended: EndedJob, *, late: bool = False
) -> Settled:
    state.ended[ended.job_id] = ended
    writes.jobs.append(
        EndedJobWrite(
            operation=ending,
            status=ended.status,
            hold_nano=ended.hold_nano,
            charge_nano=ended.charge_nano,
            write_off_nano=ended.write_off_nano,
            balance_after_nano=ended.balance_after_nano,
            input_hash=ended.input_hash,
            late=late,
        )
    )
    return Settled(
        charge_nano=ended.charge_nano,
        write_off_nano=ended.write_off_nano,
        balance_after_nano=ended.balance_after_nano,
    )
