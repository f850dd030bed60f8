"""Between the database's rows and the values of a batch, both ways. It must not know why a row is read or written.

This is the part of a batch that costs Python time for each row, so rows are taken apart by position and never pass
through dictionaries.
"""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import msgspec

from farebox.domain.limits import Limits, Meter, day_number, month_number
from farebox.domain.usage import Usage, rare_counts
from farebox.till.operations import Settle
from farebox.till.state import (
    AccountRow,
    EndedJob,
    EndedJobWrite,
    HoldRow,
    IdempotencyRow,
    KeyRow,
    LotRow,
    NewEntry,
    NewHold,
    NewRefusal,
    NewTxn,
    State,
    Writes,
)

_ACCOUNT, _KEY, _LOT, _HOLD, _CLOCK = range(5)


def columns(rows: Iterable[Sequence[Any]], width: int) -> Sequence[Sequence[Any]]:
    """Rows turned into the arrays that unnest takes, for statements that few batches need."""
    return list(zip(*rows, strict=True)) or [()] * width


def state_of(loaded: Iterable[Any]) -> tuple[State, bool]:
    """What store._LOAD gives: the state without what few batches need, and whether the worker counts as alive."""
    accounts: dict[UUID, AccountRow] = {}
    keys: dict[UUID, KeyRow] = {}
    holds: dict[UUID, HoldRow] = {}
    now_us = version = 0
    alive = True
    for tag, row in loaded:
        if tag == _HOLD:
            holds[row[1]] = HoldRow(*row)
        elif tag == _ACCOUNT:
            accounts[row[0]] = _account(row)
        elif tag == _KEY:
            keys[row[0]] = _key(row)
        elif tag == _LOT:
            # Lots come after all accounts, and of loaded accounts only.
            accounts[row[0]].lots.append(LotRow(*row[1:]))
        else:
            now_us, version, alive = row
    return State(now_us, version, accounts, keys, holds), alive


def _account(row: Any) -> AccountRow:
    limits, meter = Limits(*row[7:13]), Meter(*row[13:25])
    return AccountRow(
        row[0], row[2], row[3], row[4], row[5], row[6], limits, meter, [], row[25], seen=row[1], group=row[26]
    )


def _key(row: Any) -> KeyRow:
    models, cidrs = row[6], row[7]
    return KeyRow(
        row[0],
        row[2],
        row[3],
        row[4],
        row[5],
        None if models is None else frozenset(models),
        None if cidrs is None else tuple(map(ip_network, cidrs)),
        Limits(*row[8:14]),
        Meter(*row[14:26]),
        row[26],
        seen=row[1],
    )


def ended_of(loaded: Iterable[Any]) -> dict[UUID, EndedJob]:
    ended: dict[UUID, EndedJob] = {}
    for row in loaded:
        day = day_number(row[7])
        ended[row[0]] = EndedJob(row[0], row[1], row[2], row[3], row[4], row[5], row[6], day, month_number(day))
    return ended


def idempotency_of(loaded: Iterable[Any]) -> dict[tuple[UUID, str], IdempotencyRow]:
    return {(row[0], row[1]): IdempotencyRow(*row) for row in loaded}


def settle_within(writes: Writes) -> None:
    """Fold together what one batch did to one hold: a hold that came and went within it was never there."""
    new_jobs = {hold.job_id for hold in writes.holds_new}
    if new_jobs:
        touched = new_jobs & (writes.holds_grown.keys() | writes.holds_moved.keys() | writes.holds_gone.keys())
        if touched:
            writes.holds_new = [
                _folded(hold, writes) for hold in writes.holds_new if hold.job_id not in writes.holds_gone
            ]
            for job_id in touched:
                writes.holds_grown.pop(job_id, None)
                writes.holds_moved.pop(job_id, None)
                writes.holds_gone.pop(job_id, None)


def _folded(hold: NewHold, writes: Writes) -> NewHold:
    grown, moved = writes.holds_grown.get(hold.job_id), writes.holds_moved.get(hold.job_id)
    if grown is not None:
        hold = msgspec.structs.replace(hold, amount_nano=grown.amount_nano, tokens_reserved=grown.tokens_reserved)
    if moved is not None:
        hold = msgspec.structs.replace(hold, channel_id=moved[1])
    return hold


def account_values(row: AccountRow) -> tuple[Any, ...]:
    return (row.id, row.seen, row.balance_nano, row.held_nano, row.version, *_meter(row.meter))


def key_values(row: KeyRow) -> tuple[Any, ...]:
    return (row.id, row.seen, *_meter(row.meter))


def _meter(meter: Meter) -> tuple[int, ...]:
    return msgspec.structs.astuple(meter)


def hold_values(hold: NewHold) -> tuple[Any, ...]:
    # Here and below, fields stand in the order of the type that the statement takes.
    return msgspec.structs.astuple(hold)


def grown_values(hold: HoldRow) -> tuple[Any, ...]:
    return (hold.account_id, hold.job_id, hold.amount_nano, hold.tokens_reserved)


def lot_values(lots: Mapping[UUID, tuple[UUID, LotRow]]) -> list[tuple[Any, ...]]:
    return [(account_id, lot_id, row.remaining_nano) for lot_id, (account_id, row) in lots.items()]


def job_values(job: EndedJobWrite) -> tuple[Any, ...]:
    said = job.operation
    usage = said.usage
    if isinstance(said, Settle):
        first_byte_ms, usage_source = said.first_byte_ms, said.usage_source
    else:
        first_byte_ms, usage_source = None, "none"
    return (
        said.account_id,
        said.job_id,
        said.key_id,
        job.status,
        said.outcome,
        said.endpoint,
        said.model,
        said.stream,
        said.admitted_us,
        said.finished_us,
        first_byte_ms,
        said.latency_ms,
        usage.input_tokens,
        usage.cached_input_tokens,
        usage.cache_write_tokens,
        usage.output_tokens,
        usage.reasoning_tokens,
        _rare_usage(usage),
        usage_source,
        said.rate_card_id,
        said.factor_ppm,
        job.hold_nano,
        job.charge_nano,
        job.write_off_nano,
        job.balance_after_nano,
        said.channel_id,
        said.cost_nano,
        said.provider_request_id,
        job.input_hash,
    )


def _rare_usage(usage: Usage) -> str | None:
    if not usage.has_parts and usage.pieces is None:
        return None  # most have none
    counts = rare_counts(usage)
    return msgspec.json.encode(counts).decode() if counts else None


def hedge_values(jobs: Iterable[EndedJobWrite]) -> list[tuple[Any, ...]]:
    """The second calls of the jobs that had one."""
    return [
        (said.account_id, said.job_id, other.channel_id, other.result, other.cost_nano)
        for job in jobs
        if (other := (said := job.operation).hedge) is not None
    ]


def txn_values(txn: NewTxn) -> tuple[Any, ...]:
    return msgspec.structs.astuple(txn)


def entry_values(entry: NewEntry) -> tuple[Any, ...]:
    return msgspec.structs.astuple(entry)


def refusal_values(refusal: NewRefusal) -> tuple[Any, ...]:
    return msgspec.structs.astuple(refusal)


def idempotency_values(row: IdempotencyRow) -> tuple[Any, ...]:
    return (row.account_id, row.key, row.body_hash, row.job_id, row.voided, row.created_us)
