"""Calls of an account as the log and the statement meet them: ended, running and refused ones."""

from datetime import datetime
from typing import Any
from uuid import UUID

from farebox.kit.ids import IdSource, first_id_at
from farebox.storage.database import Connection

_JOB = """
INSERT INTO job (account_id, id, key_id, status, outcome, endpoint, model, stream, created_at, finished_at,
                 first_byte_ms, latency_ms, input_tokens, output_tokens, usage_source, rate_card_id, factor_ppm,
                 hold_nano, charge_nano, write_off_nano, balance_after_nano, channel_id, cost_nano, input_hash)
VALUES ($1, $2, $3, $4, $5, 'chat.completions', $6, $7, farebox_id_at($2), farebox_id_at($2), 5, 9, $8, $9,
        'provider', $10, 1000000, $11, $12, $13, $14, $15, $16, '')
"""
_ENTRY = """
INSERT INTO entry (account_id, txn_id, seq, book, detail, unit, amount_nano, balance_after_nano, version)
VALUES ($1, $2, $3, $4, '', 'USD', $5, $6, $7)
"""
CHANNEL = UUID(int=7)


def id_at(ids: IdSource, moment: datetime) -> UUID:
    """A new id of that moment."""
    random = ids.new().int & ((1 << 80) - 1)
    return UUID(int=first_id_at(int(moment.timestamp() * 1000)).int | random)


async def add_key(connection: Connection, ids: IdSource, account_id: UUID, name: str = "", **facts: Any) -> UUID:
    """A live key of the account."""
    key_id = ids.new()
    await connection.execute(
        "INSERT INTO api_key (id, account_id, kind, name, prefix, hash, made_by) "
        "VALUES ($1, $2, 'live', $3, $4, $5, $6)",
        key_id,
        account_id,
        name,
        f"fb_live_{key_id.hex[-4:]}",
        key_id.bytes,
        facts.get("made_by"),
    )
    return key_id


async def end_job(
    connection: Connection, job_id: UUID, account_id: UUID, key_id: UUID, *, charge_nano: int = 0, **facts: Any
) -> UUID:
    """A job's row, and its charge on the ledger if it has one; `facts` are columns of the job."""
    told: dict[str, Any] = {
        "status": "settled",
        "outcome": "completed",
        "model": "m",
        "stream": False,
        "input_tokens": 10,
        "output_tokens": 5,
        "rate_card_id": 1,
        "hold_nano": charge_nano,
        "write_off_nano": 0,
        "channel_id": CHANNEL,
        "cost_nano": 0,
    } | facts
    async with connection.transaction():
        balance_nano = None
        if charge_nano:
            balance_nano = await _charge(connection, account_id, job_id, charge_nano)
        await connection.execute(
            _JOB,
            account_id,
            job_id,
            key_id,
            told["status"],
            told["outcome"],
            told["model"],
            told["stream"],
            told["input_tokens"],
            told["output_tokens"],
            told["rate_card_id"],
            told["hold_nano"],
            charge_nano,
            told["write_off_nano"],
            balance_nano,
            told["channel_id"],
            told["cost_nano"],
        )
    return job_id


async def _charge(connection: Connection, account_id: UUID, job_id: UUID, nano: int) -> int:
    row = await connection.fetchrow(
        "UPDATE account SET balance_nano = balance_nano - $2, version = version + 1 WHERE id = $1 "
        "RETURNING balance_nano, version",
        account_id,
        nano,
    )
    assert row is not None
    await connection.execute(
        "INSERT INTO txn (account_id, id, kind, posted_at, input_hash) "
        "VALUES ($1, $2, 'charge', clock_timestamp(), '')",
        account_id,
        job_id,
    )
    await connection.execute(_ENTRY, account_id, job_id, 0, "customer", -nano, row["balance_nano"], row["version"])
    await connection.execute(_ENTRY, account_id, job_id, 1, "revenue", nano, None, None)
    balance_nano: int = row["balance_nano"]
    return balance_nano


async def open_job(connection: Connection, job_id: UUID, account_id: UUID, key_id: UUID, model: str = "m") -> UUID:
    """A running job with a hold of nothing."""
    await connection.execute(
        "INSERT INTO hold (account_id, job_id, key_id, worker_id, amount_nano, tokens_reserved, minute, day, month, "
        "model, endpoint, stream, rate_card_id, factor_ppm, channel_id, admitted_at, deadline_at) "
        "VALUES ($1, $2, $3, $2, 0, 0, 0, 0, 0, $4, 'chat.completions', false, 1, 1000000, $5, now(), now())",
        account_id,
        job_id,
        key_id,
        model,
        CHANNEL,
    )
    return job_id


async def refuse(connection: Connection, call_id: UUID, account_id: UUID, key_id: UUID, code: str) -> UUID:
    """A refused call."""
    await connection.execute(
        "INSERT INTO refusal (account_id, id, key_id, at, endpoint, model, status, code) "
        "VALUES ($1, $2, $3, now(), 'chat.completions', 'm', 429, $4)",
        account_id,
        call_id,
        key_id,
        code,
    )
    return call_id
