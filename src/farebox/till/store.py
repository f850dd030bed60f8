"""The SQL of a batch: lock, load, write.

One session is one connection of the till's own. It knows statements; how rows become values is rows.py, what a batch
means is decide.py, and when it is run, repeated or given up is batch.py and till.py.

Round trips are what a small batch costs, so everything that most batches read comes in one statement, and everything
that most batches write goes in one. What few batches need has a statement of its own that the others skip.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import asyncpg

from farebox.storage.account_lock import ACCOUNT_LOCK_SQL, account_lock_keys
from farebox.storage.database import connect
from farebox.till import rows
from farebox.till.needs import Needs
from farebox.till.state import State, Writes

# A connection that hangs inside a transaction loses its locks after two seconds. There is no limit on statements: it
# would also cut COMMIT short while it waits for a standby, and show data that a failover loses.
_SESSION_SETTINGS = {
    "idle_in_transaction_session_timeout": "2s",
    "lock_timeout": "5s",
    "statement_timeout": "0",
    # Every statement looks up a few rows by key. Plans are kept for good, so they must not be made for the small tables
    # of the first day, where reading all of one is cheaper.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_bitmapscan": "off",
}

# The advisory locks come first, in a statement of their own: whoever waits there waits in the order of coming, and
# this statement's snapshot then shows all that the holder before has written. Row locks stay as the second fence.
_LOAD = """
WITH accounts AS MATERIALIZED (
    SELECT * FROM account WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE
), keys AS MATERIALIZED (
    SELECT * FROM api_key WHERE id = ANY($2::uuid[]) ORDER BY id FOR UPDATE
)
SELECT 0 AS tag, ROW(id, status, status_reason, balance_nano, held_nano, version,
    requests_per_minute, tokens_per_minute, concurrency, daily_nano, monthly_nano, total_limit_nano,
    last_us, minute, requests, requests_before, tokens, tokens_before, open_jobs, day, day_nano, month, month_nano,
    total_nano) AS row
FROM accounts
UNION ALL
SELECT 1, ROW(id, account_id, kind, status, (extract(epoch FROM expires_at) * 1000000)::bigint, models, cidrs::text[],
    requests_per_minute, tokens_per_minute, concurrency, daily_nano, monthly_nano, total_limit_nano,
    last_us, minute, requests, requests_before, tokens, tokens_before, open_jobs, day, day_nano, month, month_nano,
    total_nano, sees_balance)
FROM keys
UNION ALL
SELECT 2, row FROM (
    SELECT ROW(account_id, id, kind, remaining_nano, (extract(epoch FROM expires_at) * 1000000)::bigint,
               (extract(epoch FROM created_at) * 1000000)::bigint) AS row
    FROM lot
    WHERE account_id = ANY($3::uuid[]) AND remaining_nano > 0
    ORDER BY kind = 'promo' DESC, expires_at NULLS LAST, created_at, id
) AS lots
UNION ALL
SELECT 3, ROW(hold.account_id, hold.job_id, hold.key_id, amount_nano, tokens_reserved, minute, day, month,
    idempotency_key)
FROM unnest($4::uuid[], $5::uuid[]) AS asked (account_id, job_id)
JOIN hold ON hold.account_id = asked.account_id AND hold.job_id = asked.job_id
UNION ALL
SELECT 4, ROW((extract(epoch FROM clock_timestamp()) * 1000000)::bigint, (SELECT version FROM catalogue),
    EXISTS (SELECT FROM worker WHERE id = $6 AND dead_at IS NULL))
"""

_ENDED = """
SELECT job.id, status, input_hash, charge_nano, write_off_nano, hold_nano, balance_after_nano,
       (extract(epoch FROM created_at) * 1000000)::bigint AS created_us
FROM unnest($1::text::uuid[], $2::text::uuid[]) AS asked (account_id, id)
JOIN job ON job.account_id = asked.account_id AND job.id = asked.id
"""

_IDEMPOTENCY = """
SELECT stored.account_id, stored.key, body_hash, job_id, voided,
       (extract(epoch FROM created_at) * 1000000)::bigint AS created_us
FROM unnest($1::text::uuid[], $2::text::text[]) AS asked (account_id, key)
JOIN idempotency AS stored ON stored.account_id = asked.account_id AND stored.key = asked.key
"""

# The day is the batch's own, which may be a moment behind the clock of this statement: yesterday comes along.
_MODEL_DAYS = """
SELECT used.account_id, used.model, used.day, used.used_nano
FROM unnest($1::text::uuid[], $2::text::text[]) AS asked (account_id, model)
JOIN account_model_day AS used ON used.account_id = asked.account_id AND used.model = asked.model
WHERE used.day >= (extract(epoch FROM clock_timestamp()) / 86400)::bigint - 2
"""

_WRITE = """
WITH accounts AS (
    UPDATE account SET balance_nano = new.balance_nano, held_nano = new.held_nano, version = new.version,
        last_us = new.last_us, minute = new.minute, requests = new.requests, requests_before = new.requests_before,
        tokens = new.tokens, tokens_before = new.tokens_before, open_jobs = new.open_jobs, day = new.day,
        day_nano = new.day_nano, month = new.month, month_nano = new.month_nano, total_nano = new.total_nano
    FROM unnest($1::text::uuid[], $2::text::bigint[], $3::text::bigint[], $4::text::bigint[], $5::text::bigint[],
                $6::text::bigint[], $7::text::bigint[], $8::text::bigint[], $9::text::bigint[], $10::text::bigint[],
                $11::text::bigint[], $12::text::bigint[], $13::text::bigint[], $14::text::bigint[],
                $15::text::bigint[], $16::text::bigint[])
        AS new (id, balance_nano, held_nano, version, last_us, minute, requests, requests_before, tokens,
                tokens_before, open_jobs, day, day_nano, month, month_nano, total_nano)
    WHERE account.id = new.id
), keys AS (
    UPDATE api_key SET last_us = new.last_us, minute = new.minute, requests = new.requests,
        requests_before = new.requests_before, tokens = new.tokens, tokens_before = new.tokens_before,
        open_jobs = new.open_jobs, day = new.day, day_nano = new.day_nano, month = new.month,
        month_nano = new.month_nano, total_nano = new.total_nano
    FROM unnest($17::text::uuid[], $18::text::bigint[], $19::text::bigint[], $20::text::bigint[], $21::text::bigint[],
                $22::text::bigint[], $23::text::bigint[], $24::text::bigint[], $25::text::bigint[],
                $26::text::bigint[], $27::text::bigint[], $28::text::bigint[], $29::text::bigint[])
        AS new (id, last_us, minute, requests, requests_before, tokens, tokens_before, open_jobs, day, day_nano, month,
                month_nano, total_nano)
    WHERE api_key.id = new.id
), held AS (
    INSERT INTO hold (account_id, job_id, key_id, worker_id, amount_nano, tokens_reserved, minute, day, month, model,
        endpoint, stream, rate_card_id, factor_ppm, channel_id, idempotency_key, admitted_at, deadline_at)
    SELECT account_id, job_id, key_id, $30::uuid, amount_nano, tokens_reserved, minute, day, month, model, endpoint,
        stream, rate_card_id, factor_ppm, channel_id, idempotency_key, to_timestamp(admitted_us / 1e6::float8),
        to_timestamp(deadline_us / 1e6::float8)
    FROM unnest($31::text::uuid[], $32::text::uuid[], $33::text::uuid[], $34::text::bigint[], $35::text::bigint[],
                $36::text::bigint[], $37::text::bigint[], $38::text::bigint[], $39::text::text[], $40::text::text[],
                $41::text::boolean[], $42::text::bigint[], $43::text::bigint[], $44::text::uuid[], $45::text::text[],
                $46::text::bigint[], $47::text::bigint[])
        AS new (account_id, job_id, key_id, amount_nano, tokens_reserved, minute, day, month, model, endpoint, stream,
                rate_card_id, factor_ppm, channel_id, idempotency_key, admitted_us, deadline_us)
), lots AS (
    UPDATE lot SET remaining_nano = new.remaining_nano
    FROM unnest($48::text::uuid[], $49::text::uuid[], $50::text::bigint[]) AS new (account_id, id, remaining_nano)
    WHERE lot.account_id = new.account_id AND lot.id = new.id
), gone AS (
    DELETE FROM hold USING unnest($51::text::uuid[], $52::text::uuid[]) AS ended (account_id, job_id)
    WHERE hold.account_id = ended.account_id AND hold.job_id = ended.job_id
    RETURNING 1
), jobs AS (
    INSERT INTO job (account_id, id, key_id, status, outcome, endpoint, model, stream, created_at, finished_at,
        first_byte_ms, latency_ms, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
        reasoning_tokens, usage_extra, usage_source, rate_card_id, factor_ppm, hold_nano, charge_nano, write_off_nano,
        balance_after_nano, channel_id, cost_nano, provider_request_id, input_hash)
    SELECT account_id, id, key_id, status, outcome, endpoint, model, stream, to_timestamp(created_us / 1e6::float8),
        to_timestamp(finished_us / 1e6::float8), first_byte_ms, latency_ms, input_tokens, cached_input_tokens,
        cache_write_tokens, output_tokens, reasoning_tokens, usage_extra::jsonb, usage_source, rate_card_id, factor_ppm,
        hold_nano, charge_nano, write_off_nano, balance_after_nano, channel_id, cost_nano, provider_request_id,
        input_hash
    FROM unnest($53::text::uuid[], $54::text::uuid[], $55::text::uuid[], $56::text::text[], $57::text::text[],
                $58::text::text[], $59::text::text[], $60::text::boolean[], $61::text::bigint[], $62::text::bigint[],
                $63::text::integer[], $64::text::integer[], $65::text::bigint[], $66::text::bigint[],
                $67::text::bigint[], $68::text::bigint[], $69::text::bigint[], $70::text::text[], $71::text::text[],
                $72::text::bigint[], $73::text::bigint[], $74::text::bigint[], $75::text::bigint[],
                $76::text::bigint[], $77::text::bigint[], $78::text::uuid[], $79::text::bigint[], $80::text::text[],
                $81::text::bytea[])
        AS new (account_id, id, key_id, status, outcome, endpoint, model, stream, created_us, finished_us,
                first_byte_ms, latency_ms, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
                reasoning_tokens, usage_extra, usage_source, rate_card_id, factor_ppm, hold_nano, charge_nano,
                write_off_nano, balance_after_nano, channel_id, cost_nano, provider_request_id, input_hash)
), txns AS (
    INSERT INTO txn (account_id, id, kind, posted_at, input_hash)
    SELECT account_id, id, kind, to_timestamp($82::bigint / 1e6::float8), input_hash
    FROM unnest($83::text::uuid[], $84::text::uuid[], $85::text::text[], $86::text::bytea[])
        AS new (account_id, id, kind, input_hash)
), entries AS (
    INSERT INTO entry (account_id, txn_id, seq, book, detail, unit, amount_nano, balance_after_nano, version)
    SELECT account_id, txn_id, seq, book, detail, $87::text, amount_nano, balance_after_nano, version
    FROM unnest($88::text::uuid[], $89::text::uuid[], $90::text::smallint[], $91::text::text[], $92::text::text[],
                $93::text::bigint[], $94::text::bigint[], $95::text::bigint[])
        AS new (account_id, txn_id, seq, book, detail, amount_nano, balance_after_nano, version)
), watermark AS (
    UPDATE worker SET in_delivery = $96::uuid[] WHERE $96::uuid[] IS NOT NULL AND id = $30
)
SELECT count(*) FROM gone
"""

# Lists of arguments as long as the parts of _WRITE, in its order.
_HOLD_COLUMNS, _LOT_COLUMNS, _JOB_COLUMNS, _TXN_COLUMNS, _ENTRY_COLUMNS = 17, 3, 29, 4, 8

_GROW_HOLDS = """
WITH grown AS (
    UPDATE hold SET amount_nano = new.amount_nano, tokens_reserved = new.tokens_reserved
    FROM unnest($1::text::uuid[], $2::text::uuid[], $3::text::bigint[], $4::text::bigint[])
        AS new (account_id, job_id, amount_nano, tokens_reserved)
    WHERE hold.account_id = new.account_id AND hold.job_id = new.job_id
    RETURNING 1
)
SELECT count(*) FROM grown
"""

_MOVE_HOLDS = """
WITH moved AS (
    UPDATE hold SET channel_id = new.channel_id
    FROM unnest($1::text::uuid[], $2::text::uuid[], $3::text::uuid[]) AS new (account_id, job_id, channel_id)
    WHERE hold.account_id = new.account_id AND hold.job_id = new.job_id
    RETURNING 1
)
SELECT count(*) FROM moved
"""

# A job that was voided when its worker seemed lost, and whose settlement came after all: its row says so from now on.
_REPLACE_JOBS = """
WITH replaced AS (
    UPDATE job SET status = new.status, outcome = new.outcome,
        finished_at = to_timestamp(new.finished_us / 1e6::float8), first_byte_ms = new.first_byte_ms,
        latency_ms = new.latency_ms, input_tokens = new.input_tokens,
        cached_input_tokens = new.cached_input_tokens, cache_write_tokens = new.cache_write_tokens,
        output_tokens = new.output_tokens, reasoning_tokens = new.reasoning_tokens,
        usage_extra = new.usage_extra::jsonb, usage_source = new.usage_source, hold_nano = new.hold_nano,
        charge_nano = new.charge_nano, write_off_nano = new.write_off_nano,
        balance_after_nano = new.balance_after_nano, channel_id = new.channel_id, cost_nano = new.cost_nano,
        provider_request_id = new.provider_request_id, input_hash = new.input_hash
    FROM unnest($1::text::uuid[], $2::text::uuid[], $3::text::uuid[], $4::text::text[], $5::text::text[],
                $6::text::text[], $7::text::text[], $8::text::boolean[], $9::text::bigint[], $10::text::bigint[],
                $11::text::integer[], $12::text::integer[], $13::text::bigint[], $14::text::bigint[],
                $15::text::bigint[], $16::text::bigint[], $17::text::bigint[], $18::text::text[], $19::text::text[],
                $20::text::bigint[], $21::text::bigint[], $22::text::bigint[], $23::text::bigint[],
                $24::text::bigint[], $25::text::bigint[], $26::text::uuid[], $27::text::bigint[], $28::text::text[],
                $29::text::bytea[])
        AS new (account_id, id, key_id, status, outcome, endpoint, model, stream, created_us, finished_us,
                first_byte_ms, latency_ms, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
                reasoning_tokens, usage_extra, usage_source, rate_card_id, factor_ppm, hold_nano, charge_nano,
                write_off_nano, balance_after_nano, channel_id, cost_nano, provider_request_id, input_hash)
    WHERE job.account_id = new.account_id AND job.id = new.id AND job.status = 'voided'
    RETURNING 1
)
SELECT count(*) FROM replaced
"""

_REFUSALS = """
INSERT INTO refusal (account_id, id, key_id, at, endpoint, model, status, code)
SELECT account_id, id, key_id, to_timestamp($1::bigint / 1e6::float8), endpoint, model, status, code
FROM unnest($2::text::uuid[], $3::text::uuid[], $4::text::uuid[], $5::text::text[], $6::text::text[],
                $7::text::integer[], $8::text::text[])
    AS new (account_id, id, key_id, endpoint, model, status, code)
ON CONFLICT DO NOTHING
"""

_IDEMPOTENCY_ROWS = """
INSERT INTO idempotency (account_id, key, body_hash, job_id, voided, created_at)
SELECT account_id, key, body_hash, job_id, voided, to_timestamp(created_us / 1e6::float8)
FROM unnest($1::text::uuid[], $2::text::text[], $3::text::bytea[], $4::text::uuid[], $5::text::boolean[],
                $6::text::bigint[])
    AS new (account_id, key, body_hash, job_id, voided, created_us)
ON CONFLICT (account_id, key) DO UPDATE
SET body_hash = EXCLUDED.body_hash, job_id = EXCLUDED.job_id, voided = EXCLUDED.voided, created_at = EXCLUDED.created_at
"""

_IDEMPOTENCY_VOIDED = """
UPDATE idempotency SET voided = true
FROM unnest($1::text::uuid[], $2::text::text[]) AS ended (account_id, key)
WHERE idempotency.account_id = ended.account_id AND idempotency.key = ended.key
"""

_ADD_MODEL_DAYS = """
INSERT INTO account_model_day AS kept (account_id, model, day, used_nano)
SELECT * FROM unnest($1::text::uuid[], $2::text::text[], $3::text::bigint[], $4::text::bigint[])
ON CONFLICT (account_id, model, day) DO UPDATE SET used_nano = kept.used_nano + EXCLUDED.used_nano
"""

# Only what a crash may forget: refusals, and counters of the minute.
_COMMIT_WITHOUT_WAITING = "SET LOCAL synchronous_commit = off; COMMIT"


class RowsDiffer(Exception):
    """The database did not have the rows that the batch was decided on: nothing of it may stand."""


class TillSession:
    """One connection with the statements of a batch prepared for as long as it lives."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", unit: str) -> None:
        self.connection = connection
        self._unit = unit

    async def prepare(self) -> None:
        prepare = self.connection.prepare
        self._lock = (await prepare(ACCOUNT_LOCK_SQL)).fetch
        self._load = (await prepare(_LOAD)).fetch
        self._write = (await prepare(_WRITE)).fetchval

    async def begin(self) -> None:
        await self.connection.execute("BEGIN")

    async def load(self, needs: Needs, worker_id: UUID) -> tuple[State, bool]:
        """Everything the batch may depend on, under the locks; False when this worker has been declared dead."""
        await self._lock(account_lock_keys(needs.accounts))
        loaded = await self._load(
            sorted(needs.accounts), sorted(needs.keys), needs.spending, needs.hold_accounts, needs.hold_jobs, worker_id
        )
        state, alive = rows.state_of(loaded)
        fetch = self.connection.fetch
        missing = [pair for pair in needs.holds() if pair[1] not in state.holds]
        if missing:
            state.ended = rows.ended_of(await fetch(_ENDED, *rows.columns(missing, 2)))
        # A job that is voided frees its Idempotency-Key, unless that belongs to another job by now.
        asked = needs.idempotency + [
            (hold.account_id, hold.idempotency_key) for hold in state.holds.values() if hold.idempotency_key is not None
        ]
        if asked:
            stored = await fetch(_IDEMPOTENCY, *rows.columns(asked, 2))
            state.idempotency = rows.idempotency_of(stored)
        if needs.model_days:
            used = await fetch(_MODEL_DAYS, *rows.columns(needs.model_days, 2))
            state.account_model_day = {(row[0], row[1], row[2]): row[3] for row in used}
        return state, alive

    async def write(self, state: State, writes: Writes, worker_id: UUID, in_delivery: Collection[UUID] | None) -> None:
        """All of the batch's changes; raises RowsDiffer when what it was decided on is not there."""
        rows.settle_within(writes)
        await self._write_running(writes)
        now_us = state.now_us
        ended = await self._write(
            *rows.columns(map(rows.account_values, writes.accounts.values()), 16),
            *rows.columns(map(rows.key_values, writes.keys.values()), 13),
            worker_id,
            *rows.columns(map(rows.hold_values, writes.holds_new), _HOLD_COLUMNS),
            *rows.columns(rows.lot_values(writes.lots), _LOT_COLUMNS),
            *rows.columns(((account_id, job_id) for job_id, account_id in writes.holds_gone.items()), 2),
            *rows.columns((rows.job_values(job) for job in writes.jobs if not job.late), _JOB_COLUMNS),
            now_us,
            *rows.columns(map(rows.txn_values, writes.txns), _TXN_COLUMNS),
            self._unit,
            *rows.columns(map(rows.entry_values, writes.entries), _ENTRY_COLUMNS),
            None if in_delivery is None else list(in_delivery),
        )
        _expect(ended, len(writes.holds_gone))
        await self._write_seldom(state, writes)

    async def _write_running(self, writes: Writes) -> None:
        fetchval = self.connection.fetchval
        if writes.holds_grown:
            grown = rows.columns(map(rows.grown_values, writes.holds_grown.values()), 4)
            _expect(await fetchval(_GROW_HOLDS, *grown), len(writes.holds_grown))
        if writes.holds_moved:
            moved = [(account, job, channel) for job, (account, channel) in writes.holds_moved.items()]
            _expect(await fetchval(_MOVE_HOLDS, *rows.columns(moved, 3)), len(moved))

    async def _write_seldom(self, state: State, writes: Writes) -> None:
        fetchval, execute = self.connection.fetchval, self.connection.execute
        late = [rows.job_values(job) for job in writes.jobs if job.late]
        if late:
            _expect(await fetchval(_REPLACE_JOBS, *rows.columns(late, _JOB_COLUMNS)), len(late))
        if writes.refusals:
            await self.write_refusals(state, writes)
        fresh = {(row.account_id, row.key): row for row in writes.idempotency}
        if fresh:
            await execute(_IDEMPOTENCY_ROWS, *rows.columns(map(rows.idempotency_values, fresh.values()), 6))
        voided = [key for key in writes.idempotency_voided if key not in fresh or not fresh[key].voided]
        if voided:
            await execute(_IDEMPOTENCY_VOIDED, *rows.columns(voided, 2))
        if writes.account_model_day:
            days = [(*key, used) for key, used in writes.account_model_day.items()]
            await execute(_ADD_MODEL_DAYS, *rows.columns(days, 4))

    async def write_refusals(self, state: State, writes: Writes) -> None:
        """Only the rows of refused calls: all that is left of a batch without any other change."""
        refused = rows.columns(map(rows.refusal_values, writes.refusals), 7)
        await self.connection.execute(_REFUSALS, state.now_us, *refused)

    async def commit(self, *, durable: bool) -> None:
        await self.connection.execute("COMMIT" if durable else _COMMIT_WITHOUT_WAITING)

    async def rollback(self) -> None:
        await self.connection.execute("ROLLBACK")


async def open_session(url: str, unit: str) -> TillSession:
    """A connection for the till alone, ready for batches."""
    connection = await connect(url, application_name="farebox-till", settings=_SESSION_SETTINGS)
    session = TillSession(connection, unit)
    try:
        await session.prepare()
    except BaseException:
        connection.terminate()
        raise
    return session


def _expect(found: Any, expected: int) -> None:
    if found != expected:
        raise RowsDiffer(f"{expected} rows to change, {found} found")
