"""The SQL of a batch: lock, load, write.

One session is one connection of the till's own. It knows statements; how rows become values is rows.py, what a batch
means is decide.py, and when it is run, repeated or given up is batch.py and till.py.

Round trips are what a small batch costs, and each is a turn of a busy event loop. So most batches make two: one
statement locks and reads; one writes and, being a transaction of its own, commits. In between the accounts are locked
for the session. What few batches need has statements of its own, and a transaction around all that is written.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import asyncpg

from farebox.storage.account_lock import account_lock_keys
from farebox.storage.database import connect
from farebox.till import rows
from farebox.till.needs import Needs
from farebox.till.state import State, Writes

# A connection that hangs inside a transaction loses its locks after two seconds; so does one that hangs between the
# statements of a batch (idle_session_timeout, below). There is no limit on statements: it would also cut a commit short
# while it waits for a standby, and show data that a failover loses.
_SESSION_SETTINGS = {
    "default_transaction_isolation": "read committed",
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

# The functions belong to the session: they are always those of the release that calls them.
#
# The advisory locks come first, in a statement of their own: whoever waits there waits in the order of coming, and the
# next statement's snapshot then shows all that the holder before has written. They are locks of the session, because
# this transaction ends with the call. Rows are not locked as they are read, which would write each of them twice:
# _WRITE changes a row only if it is still the version that was read here (xmin).
_MAKE_LOAD = """
CREATE FUNCTION pg_temp.till_load(uuid[], uuid[], uuid[], uuid[], uuid[], uuid, locks bigint[])
RETURNS SETOF record LANGUAGE plpgsql AS $load$
BEGIN
PERFORM (SELECT set_config('idle_session_timeout', '2s', false)), pg_advisory_lock(key) FROM unnest(locks) AS key;
RETURN QUERY
SELECT 0 AS tag, ROW(id, xmin, status, status_reason, balance_nano, held_nano, version,
    requests_per_minute, tokens_per_minute, concurrency, daily_nano, monthly_nano, total_limit_nano,
    last_us, minute, requests, requests_before, tokens, tokens_before, open_jobs, day, day_nano, month, month_nano,
    total_nano, barred, customer_group) AS row
FROM account WHERE id = ANY($1::uuid[])
UNION ALL
SELECT 1, ROW(id, xmin, account_id, kind, status, (extract(epoch FROM expires_at) * 1000000)::bigint, models,
    cidrs::text[], requests_per_minute, tokens_per_minute, concurrency, daily_nano, monthly_nano, total_limit_nano,
    last_us, minute, requests, requests_before, tokens, tokens_before, open_jobs, day, day_nano, month, month_nano,
    total_nano, sees_balance)
FROM api_key WHERE id = ANY($2::uuid[])
UNION ALL
SELECT 2, ROW(account_id, id, kind, remaining_nano, (extract(epoch FROM expires_at) * 1000000)::bigint,
    (extract(epoch FROM created_at) * 1000000)::bigint)
FROM lot WHERE account_id = ANY($3::uuid[]) AND remaining_nano > 0
UNION ALL
SELECT 3, ROW(hold.account_id, hold.job_id, hold.key_id, amount_nano, tokens_reserved, minute, day, month,
    idempotency_key)
FROM unnest($4::uuid[], $5::uuid[]) AS asked (account_id, job_id)
JOIN hold ON hold.account_id = asked.account_id AND hold.job_id = asked.job_id
UNION ALL
SELECT 4, ROW((extract(epoch FROM clock_timestamp()) * 1000000)::bigint, (SELECT version FROM catalogue),
    EXISTS (SELECT FROM worker WHERE id = $6 AND dead_at IS NULL));
END $load$
"""
_LOAD = "SELECT * FROM pg_temp.till_load($1, $2, $3, $4, $5, $6, $7) AS loaded (tag integer, content record)"

# A batch that did not find all of its rows must not stand; this says that it may be tried again.
_MAKE_DIFFER = """
CREATE FUNCTION pg_temp.till_rows_differ(changed bigint[], expected bigint[])
RETURNS boolean LANGUAGE plpgsql AS $differ$
BEGIN
RAISE EXCEPTION 'rows to change: %, found: %', expected, changed USING ERRCODE = 'serialization_failure';
END $differ$
"""

_GIVE_BACK = "SELECT pg_advisory_unlock_all(), set_config('idle_session_timeout', '0', false)"

_ENDED = """
SELECT job.id, status, input_hash, charge_nano, write_off_nano, hold_nano, balance_after_nano,
       (extract(epoch FROM created_at) * 1000000)::bigint AS created_us
FROM unnest($1::uuid[], $2::uuid[]) AS asked (account_id, id)
JOIN job ON job.account_id = asked.account_id AND job.id = asked.id
"""

_IDEMPOTENCY = """
SELECT stored.account_id, stored.key, body_hash, job_id, voided,
       (extract(epoch FROM created_at) * 1000000)::bigint AS created_us
FROM unnest($1::uuid[], $2::text[]) AS asked (account_id, key)
JOIN idempotency AS stored ON stored.account_id = asked.account_id AND stored.key = asked.key
"""

# The day is the batch's own, which may be a moment behind the clock of this statement: yesterday comes along.
_MODEL_DAYS = """
SELECT used.account_id, used.model, used.day, used.used_nano
FROM unnest($1::uuid[], $2::text[]) AS asked (account_id, model)
JOIN account_model_day AS used ON used.account_id = asked.account_id AND used.model = asked.model
WHERE used.day >= (extract(epoch FROM clock_timestamp()) / 86400)::bigint - 2
"""

_MODEL_MINUTES = """
SELECT used.account_id, used.model, used.minute, used.requests
FROM unnest($1::uuid[], $2::text[]) AS asked (account_id, model)
JOIN account_model_minute AS used ON used.account_id = asked.account_id AND used.model = asked.model
WHERE used.minute >= (extract(epoch FROM clock_timestamp()) / 60)::bigint - 2
"""

# Rows come as arrays of the types till_* (0001_fare_path.sql), which the driver and the server exchange in binary: one
# array of whole rows costs a quarter of what an array per column costs.
_CHANGED_AND_HELD = """
WITH accounts AS (
    UPDATE account SET balance_nano = new.balance_nano, held_nano = new.held_nano, version = new.version,
        last_us = new.last_us, minute = new.minute, requests = new.requests, requests_before = new.requests_before,
        tokens = new.tokens, tokens_before = new.tokens_before, open_jobs = new.open_jobs, day = new.day,
        day_nano = new.day_nano, month = new.month, month_nano = new.month_nano, total_nano = new.total_nano
    FROM unnest($1::till_account[]) AS new
    WHERE account.id = new.id AND account.xmin = new.seen
    RETURNING 1
), keys AS (
    UPDATE api_key SET last_us = new.last_us, minute = new.minute, requests = new.requests,
        requests_before = new.requests_before, tokens = new.tokens, tokens_before = new.tokens_before,
        open_jobs = new.open_jobs, day = new.day, day_nano = new.day_nano, month = new.month,
        month_nano = new.month_nano, total_nano = new.total_nano
    FROM unnest($2::till_key[]) AS new
    WHERE api_key.id = new.id AND api_key.xmin = new.seen
    RETURNING 1
), held AS (
    INSERT INTO hold (account_id, job_id, key_id, worker_id, amount_nano, tokens_reserved, minute, day, month, model,
        endpoint, stream, rate_card_id, factor_ppm, channel_id, idempotency_key, admitted_at, deadline_at)
    SELECT account_id, job_id, key_id, $3::uuid, amount_nano, tokens_reserved, minute, day, month, model, endpoint,
        stream, rate_card_id, factor_ppm, channel_id, idempotency_key, to_timestamp(admitted_us / 1e6::float8),
        to_timestamp(deadline_us / 1e6::float8)
    FROM unnest($4::till_hold[])
)
"""

# The session's locks become the transaction's, so that they are given back as it ends, be it now or at COMMIT. CASE
# keeps the order: locks, checks, and only then the unlocking.
_END_ADMISSIONS = """
SELECT CASE
    WHEN (SELECT count(pg_advisory_xact_lock(key)) FROM unnest($5::bigint[]) AS key) IS NULL THEN NULL
    WHEN changed <> $6::bigint[] THEN pg_temp.till_rows_differ(changed, $6::bigint[])::text
    ELSE pg_advisory_unlock_all()::text || set_config('idle_session_timeout', '0', false)
END
FROM (SELECT ARRAY[(SELECT count(*) FROM accounts), (SELECT count(*) FROM keys)]) AS counted (changed)
"""

_ENDED_JOBS = """, lots AS (
    UPDATE lot SET remaining_nano = new.remaining_nano
    FROM unnest($5::till_lot[]) AS new
    WHERE lot.account_id = new.account_id AND lot.id = new.id
), gone AS (
    DELETE FROM hold USING unnest($6::uuid[], $7::uuid[]) AS ended (account_id, job_id)
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
    FROM unnest($8::till_job[])
), txns AS (
    INSERT INTO txn (account_id, id, kind, posted_at, input_hash)
    SELECT account_id, id, kind, to_timestamp($9::bigint / 1e6::float8), input_hash FROM unnest($10::till_txn[])
), entries AS (
    INSERT INTO entry (account_id, txn_id, seq, book, detail, unit, amount_nano, balance_after_nano, version)
    SELECT account_id, txn_id, seq, book, detail, $11::text, amount_nano, balance_after_nano, version
    FROM unnest($12::till_entry[])
), watermark AS (
    UPDATE worker SET in_delivery = $13::uuid[] WHERE $13::uuid[] IS NOT NULL AND id = $3
)
SELECT CASE
    WHEN (SELECT count(pg_advisory_xact_lock(key)) FROM unnest($14::bigint[]) AS key) IS NULL THEN NULL
    WHEN changed <> $15::bigint[] THEN pg_temp.till_rows_differ(changed, $15::bigint[])::text
    ELSE pg_advisory_unlock_all()::text || set_config('idle_session_timeout', '0', false)
END
FROM (
    SELECT ARRAY[(SELECT count(*) FROM accounts), (SELECT count(*) FROM keys), (SELECT count(*) FROM gone)]
) AS counted (changed)
"""

# A batch of admissions has a statement of its own: what it does not use of the other would be set up all the same.
_ADMISSIONS = _CHANGED_AND_HELD + _END_ADMISSIONS
_WRITE = _CHANGED_AND_HELD + _ENDED_JOBS

_GROW_HOLDS = """
WITH grown AS (
    UPDATE hold SET amount_nano = new.amount_nano, tokens_reserved = new.tokens_reserved
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[])
        AS new (account_id, job_id, amount_nano, tokens_reserved)
    WHERE hold.account_id = new.account_id AND hold.job_id = new.job_id
    RETURNING 1
)
SELECT count(*) FROM grown
"""

_MOVE_HOLDS = """
WITH moved AS (
    UPDATE hold SET channel_id = new.channel_id
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS new (account_id, job_id, channel_id)
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
    FROM unnest($1::till_job[]) AS new
    WHERE job.account_id = new.account_id AND job.id = new.id AND job.status = 'voided'
    RETURNING 1
)
SELECT count(*) FROM replaced
"""

_INSERT_REFUSALS = """
INSERT INTO refusal (account_id, id, key_id, at, endpoint, model, status, code)
SELECT account_id, id, key_id, to_timestamp($1::bigint / 1e6::float8), endpoint, model, status, code
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[],
                $7::integer[], $8::text[])
    AS new (account_id, id, key_id, endpoint, model, status, code)
ON CONFLICT DO NOTHING
"""
# All that is left of a batch without any other change, and all that a crash may forget of it.
_REFUSALS_ALONE = (
    "WITH refused AS ("
    + _INSERT_REFUSALS
    + """)
SELECT set_config('synchronous_commit', 'off', true), pg_advisory_unlock_all(),
    set_config('idle_session_timeout', '0', false)
"""
)

_IDEMPOTENCY_ROWS = """
INSERT INTO idempotency (account_id, key, body_hash, job_id, voided, created_at)
SELECT account_id, key, body_hash, job_id, voided, to_timestamp(created_us / 1e6::float8)
FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::uuid[], $5::boolean[],
                $6::bigint[])
    AS new (account_id, key, body_hash, job_id, voided, created_us)
ON CONFLICT (account_id, key) DO UPDATE
SET body_hash = EXCLUDED.body_hash, job_id = EXCLUDED.job_id, voided = EXCLUDED.voided, created_at = EXCLUDED.created_at
"""

_IDEMPOTENCY_VOIDED = """
UPDATE idempotency SET voided = true
FROM unnest($1::uuid[], $2::text[]) AS ended (account_id, key)
WHERE idempotency.account_id = ended.account_id AND idempotency.key = ended.key
"""

# A job settles late, after it was voided, with the hedge that its void did not know of.
_HEDGES = """
INSERT INTO job_hedge (account_id, job_id, channel_id, result, cost_nano)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[])
ON CONFLICT DO NOTHING
"""

_ADD_MODEL_DAYS = """
INSERT INTO account_model_day AS kept (account_id, model, day, used_nano)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[])
ON CONFLICT (account_id, model, day) DO UPDATE SET used_nano = kept.used_nano + EXCLUDED.used_nano
"""

_ADD_MODEL_MINUTES = """
INSERT INTO account_model_minute AS kept (account_id, model, minute, requests)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[])
ON CONFLICT (account_id, model, minute) DO UPDATE SET requests = kept.requests + EXCLUDED.requests
"""


class RowsDiffer(Exception):
    """The database did not have the rows that the batch was decided on: nothing of it may stand."""


class TillSession:
    """One connection with the statements of a batch prepared for as long as it lives."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", unit: str) -> None:
        self.connection = connection
        self._unit = unit
        self._locks: list[int] = []

    async def prepare(self) -> None:
        await self.connection.execute(_MAKE_LOAD)
        await self.connection.execute(_MAKE_DIFFER)
        prepare = self.connection.prepare
        self._load = (await prepare(_LOAD)).fetch
        self._write_admissions = (await prepare(_ADMISSIONS)).fetchval
        self._write = (await prepare(_WRITE)).fetchval
        self._write_refusals = (await prepare(_REFUSALS_ALONE)).fetchval

    async def load(self, needs: Needs, worker_id: UUID) -> tuple[State, bool]:
        """Everything the batch may depend on; False when this worker has been declared dead.

        From here on the accounts are locked, until the batch is committed, ended or rolled back.
        """
        self._locks = account_lock_keys(needs.accounts)
        loaded = await self._load(
            list(needs.accounts),
            list(needs.keys),
            needs.spending,
            needs.hold_accounts,
            needs.hold_jobs,
            worker_id,
            self._locks,
        )
        state, alive = rows.state_of(loaded)
        fetch = self.connection.fetch
        missing = [pair for pair in needs.holds() if pair[1] not in state.holds]
        if missing:
            state.ended = rows.ended_of(await fetch(_ENDED, *rows.columns(missing, 2)))
        # A job that is voided frees its Idempotency-Key, unless that belongs to another job by now.
        # And a job that settles without a hold looks whether it does.
        asked = [
            *needs.idempotency,
            *(
                (hold.account_id, hold.idempotency_key)
                for hold in state.holds.values()
                if hold.idempotency_key is not None
            ),
            *(needs.settled_under[job_id] for _, job_id in missing if job_id in needs.settled_under),
        ]
        if asked:
            stored = await fetch(_IDEMPOTENCY, *rows.columns(asked, 2))
            state.idempotency = rows.idempotency_of(stored)
        if needs.model_days:
            used = await fetch(_MODEL_DAYS, *rows.columns(needs.model_days, 2))
            state.account_model_day = {(row[0], row[1], row[2]): row[3] for row in used}
        if needs.model_minutes:
            made = await fetch(_MODEL_MINUTES, *rows.columns(needs.model_minutes, 2))
            state.account_model_minute = {(row[0], row[1], row[2]): row[3] for row in made}
        return state, alive

    async def commit(self, state: State, writes: Writes, worker_id: UUID, in_delivery: Collection[UUID] | None) -> None:
        """All of the batch's changes, durable; nothing of them when what it was decided on is not there any more.

        That is told by RowsDiffer, or by PostgreSQL as a failure of serialization.
        """
        rows.settle_within(writes)
        if not _is_usual(writes):
            await self.connection.execute("BEGIN")
            await self._write_running(writes)
            await self._write_usual(state, writes, worker_id, in_delivery)
            await self._write_seldom(state, writes)
            await self.connection.execute("COMMIT")
        else:
            await self._write_usual(state, writes, worker_id, in_delivery)

    async def end(self, state: State, writes: Writes) -> None:
        """Of a batch that changes nothing: gives the locks back, and keeps the rows of refused calls, not for sure."""
        if writes.refusals:
            await self._write_refusals(*_refusals(state, writes))
        else:
            await self.connection.execute(_GIVE_BACK)

    async def rollback(self) -> None:
        """Nothing of the batch stands, and its locks are given back."""
        if self.connection.is_in_transaction():
            await self.connection.execute("ROLLBACK")
        await self.connection.execute(_GIVE_BACK)

    async def _write_usual(
        self, state: State, writes: Writes, worker_id: UUID, in_delivery: Collection[UUID] | None
    ) -> None:
        changed = (
            list(map(rows.account_values, writes.accounts.values())),
            list(map(rows.key_values, writes.keys.values())),
            worker_id,
            list(map(rows.hold_values, writes.holds_new)),
        )
        expected = [len(writes.accounts), len(writes.keys)]
        if writes.jobs or writes.holds_gone or in_delivery is not None:
            expected.append(len(writes.holds_gone))
            await self._write(*changed, *self._endings(state, writes, in_delivery), self._locks, expected)
        else:
            await self._write_admissions(*changed, self._locks, expected)

    def _endings(self, state: State, writes: Writes, in_delivery: Collection[UUID] | None) -> tuple[Any, ...]:
        return (
            rows.lot_values(writes.lots),
            list(writes.holds_gone.values()),
            list(writes.holds_gone),
            [rows.job_values(job) for job in writes.jobs if not job.late],
            state.now_us,
            list(map(rows.txn_values, writes.txns)),
            self._unit,
            list(map(rows.entry_values, writes.entries)),
            None if in_delivery is None else list(in_delivery),
        )

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
            _expect(await fetchval(_REPLACE_JOBS, late), len(late))
        if writes.refusals:
            await execute(_INSERT_REFUSALS, *_refusals(state, writes))
        fresh = {(row.account_id, row.key): row for row in writes.idempotency}
        if fresh:
            await execute(_IDEMPOTENCY_ROWS, *rows.columns(map(rows.idempotency_values, fresh.values()), 6))
        voided = [key for key in writes.idempotency_voided if key not in fresh or not fresh[key].voided]
        if voided:
            await execute(_IDEMPOTENCY_VOIDED, *rows.columns(voided, 2))
        hedges = rows.hedge_values(writes.jobs)
        if hedges:
            await execute(_HEDGES, *rows.columns(hedges, 5))
        if writes.account_model_day:
            days = [(*key, used) for key, used in writes.account_model_day.items()]
            await execute(_ADD_MODEL_DAYS, *rows.columns(days, 4))
        if writes.account_model_minute:
            minutes = [(*key, made) for key, made in writes.account_model_minute.items()]
            await execute(_ADD_MODEL_MINUTES, *rows.columns(minutes, 4))


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


def _is_usual(writes: Writes) -> bool:
    """Whether the batch's changes fit into one statement; its own transaction is all it needs then."""
    return not (
        writes.holds_grown
        or writes.holds_moved
        or writes.refusals
        or writes.idempotency
        or writes.idempotency_voided
        or writes.account_model_day
        or writes.account_model_minute
        or any(job.late or job.operation.hedge is not None for job in writes.jobs)
    )


def _refusals(state: State, writes: Writes) -> tuple[Any, ...]:
    return (state.now_us, *rows.columns(map(rows.refusal_values, writes.refusals), 7))


def _expect(found: int, expected: int) -> None:
    if found != expected:
        raise RowsDiffer(f"{expected} rows to change, {found} found")
