"""Charges of jobs as the till writes them, for tests of the ledger without a till."""

from datetime import UTC, datetime
from uuid import UUID

from farebox.kit.ids import IdSource
from farebox.storage.database import Connection

_JOB = """
INSERT INTO job (account_id, id, key_id, status, outcome, endpoint, model, stream, created_at, finished_at,
                 rate_card_id, factor_ppm, hold_nano, charge_nano, balance_after_nano, input_hash)
VALUES ($1, $2, $2, 'settled', 'completed', 'chat.completions', 'm', false, $3, $3, 1, 1000000, $4, $4, $5, '')
"""
_ENTRY = """
INSERT INTO entry (account_id, txn_id, seq, book, detail, unit, amount_nano, balance_after_nano, version)
VALUES ($1, $2, $3, $4, '', 'USD', $5, $6, $7)
"""


async def charge(
    connection: Connection, ids: IdSource, account_id: UUID, earned_nano: int, promo_nano: int = 0
) -> UUID:
    """A settled job of this charge, taken from the account's paid and promotional lots."""
    job_id, now = ids.new(), datetime.now(UTC)
    nano = earned_nano + promo_nano
    async with connection.transaction():
        row = await connection.fetchrow(
            "UPDATE account SET balance_nano = balance_nano - $2, version = version + 1 WHERE id = $1 "
            "RETURNING balance_nano, version",
            account_id,
            nano,
        )
        assert row is not None
        await connection.execute(_JOB, account_id, job_id, now, nano, row["balance_nano"])
        await connection.execute(
            "INSERT INTO txn (account_id, id, kind, posted_at, input_hash) VALUES ($1, $2, 'charge', $3, '')",
            account_id,
            job_id,
            now,
        )
        lines = [("customer", -nano, row["balance_nano"], row["version"]), ("revenue", earned_nano, None, None)]
        if promo_nano:
            lines.append(("promo", promo_nano, None, None))
        for seq, line in enumerate(lines):
            await connection.execute(_ENTRY, account_id, job_id, seq, *line)
        for kind, part_nano in (("paid", earned_nano), ("promo", promo_nano)):
            await connection.execute(
                "UPDATE lot SET remaining_nano = remaining_nano - $3 WHERE account_id = $1 AND kind = $2",
                account_id,
                kind,
                part_nano,
            )
    return job_id


async def hold(connection: Connection, ids: IdSource, account_id: UUID, nano: int) -> UUID:
    """An open job with a hold."""
    job_id = ids.new()
    await connection.execute(
        "INSERT INTO hold (account_id, job_id, key_id, worker_id, amount_nano, tokens_reserved, minute, day, month, "
        "model, endpoint, stream, rate_card_id, factor_ppm, channel_id, admitted_at, deadline_at) "
        "VALUES ($1, $2, $2, $2, $3, 0, 0, 0, 0, 'm', 'chat.completions', false, 1, 1000000, $2, now(), now())",
        account_id,
        job_id,
        nano,
    )
    await connection.execute(
        "UPDATE account SET held_nano = held_nano + $2, open_jobs = open_jobs + 1 WHERE id = $1", account_id, nano
    )
    return job_id
