"""SQL that reads the whole ledger: the invariants as queries that give their violations, the chain, the export.

All of a reading runs in one REPEATABLE READ snapshot. Checks are set-based: each is one pass over its tables, and gives
at most a few rows, each a `subject` and a `found` for people.
"""

from collections.abc import AsyncIterator
from typing import Any

import msgspec

from farebox.storage.database import Connection

COUNT_ENTRIES = "SELECT count(*) FROM entry"

# Violations shown per check; one is enough to act, a few show the pattern.
MOST_SHOWN = 10

UNBALANCED_TXNS = """
SELECT txn_id::text AS subject, format('%s nano of %s too much', sum(amount_nano), unit) AS found
FROM entry GROUP BY account_id, txn_id, unit HAVING sum(amount_nano) <> 0
LIMIT $1
"""

UNBALANCED_LEDGER = """
SELECT unit AS subject, format('%s nano too much', sum(amount_nano)) AS found
FROM entry GROUP BY unit HAVING sum(amount_nano) <> 0
LIMIT $1
"""

ENTRIES_WITHOUT_TXN = """
SELECT entry.txn_id::text AS subject, 'entries without a transaction' AS found
FROM entry WHERE NOT EXISTS (SELECT FROM txn WHERE txn.account_id = entry.account_id AND txn.id = entry.txn_id)
LIMIT $1
"""

TXNS_WITHOUT_ENTRIES = """
SELECT txn.id::text AS subject, 'a transaction without entries' AS found
FROM txn WHERE NOT EXISTS (SELECT FROM entry WHERE entry.account_id = txn.account_id AND entry.txn_id = txn.id)
LIMIT $1
"""

# Invariants 2 and 8: what the entries add up to is what the rows say.
BALANCES = """
SELECT account.id::text AS subject,
       format('balance %s, version %s; its entries say %s, %s', account.balance_nano, account.version,
              coalesce(posted.balance_nano, 0), coalesce(posted.version, 0)) AS found
FROM account LEFT JOIN (
    SELECT account_id, sum(amount_nano) AS balance_nano, max(version) AS version, count(*) AS entries
    FROM entry WHERE book = 'customer' GROUP BY account_id
) AS posted ON posted.account_id = account.id
WHERE account.balance_nano <> coalesce(posted.balance_nano, 0) OR account.version <> coalesce(posted.version, 0)
   OR account.version <> coalesce(posted.entries, 0)
LIMIT $1
"""

ENTRIES_OF_NO_ACCOUNT = """
SELECT DISTINCT account_id::text AS subject, 'customer entries of an account that is not there' AS found
FROM entry WHERE book = 'customer' AND NOT EXISTS (SELECT FROM account WHERE account.id = entry.account_id)
LIMIT $1
"""

CHAIN_OF_BALANCES = """
SELECT account_id::text AS subject,
       format('entry version %s: balance after %s, expected %s', version, balance_after_nano,
              before_nano + amount_nano) AS found
FROM (
    SELECT account_id, version, amount_nano, balance_after_nano,
           lag(version, 1, 0::bigint) OVER chain AS version_before,
           lag(balance_after_nano, 1, 0::bigint) OVER chain AS before_nano
    FROM entry WHERE book = 'customer'
    WINDOW chain AS (PARTITION BY account_id ORDER BY version)
) AS linked
WHERE version IS DISTINCT FROM version_before + 1 OR balance_after_nano IS DISTINCT FROM before_nano + amount_nano
LIMIT $1
"""

DEBTS = """
SELECT coalesce(receivable.account_id, posted.account_id)::text AS subject,
       format('owes %s, its entries say %s', receivable.owed_nano, posted.owed_nano) AS found
FROM receivable FULL JOIN (
    SELECT account_id, -sum(amount_nano) AS owed_nano FROM entry WHERE book = 'receivable' GROUP BY account_id
) AS posted ON posted.account_id = receivable.account_id
WHERE coalesce(receivable.owed_nano, 0) <> coalesce(posted.owed_nano, 0)
LIMIT $1
"""

# Invariant 3.
HOLDS = """
SELECT account.id::text AS subject,
       format('held %s for %s jobs, its holds say %s for %s; balance %s', account.held_nano, account.open_jobs,
              coalesce(open.held_nano, 0), coalesce(open.jobs, 0), account.balance_nano) AS found
FROM account LEFT JOIN (
    SELECT account_id, sum(amount_nano) AS held_nano, count(*) AS jobs FROM hold GROUP BY account_id
) AS open ON open.account_id = account.id
WHERE account.held_nano <> coalesce(open.held_nano, 0) OR account.open_jobs <> coalesce(open.jobs, 0)
   OR account.balance_nano < account.held_nano
LIMIT $1
"""

# What no constraint of the table says: the till writes it too often to pay for one with every job.
HOLDS_THAT_CANNOT_BE = """
SELECT hold.job_id::text AS subject, format('holds %s of account %s', hold.amount_nano, hold.account_id) AS found
FROM hold
WHERE hold.amount_nano < 0 OR NOT EXISTS (SELECT FROM account WHERE account.id = hold.account_id)
LIMIT $1
"""

KEY_JOBS = """
SELECT api_key.id::text AS subject,
       format('%s open jobs, its holds say %s', api_key.open_jobs, coalesce(open.jobs, 0)) AS found
FROM api_key LEFT JOIN (SELECT key_id, count(*) AS jobs FROM hold GROUP BY key_id) AS open ON open.key_id = api_key.id
WHERE api_key.open_jobs <> coalesce(open.jobs, 0)
LIMIT $1
"""

# Invariant 4.
ENDED_AND_HELD = """
SELECT hold.job_id::text AS subject, 'a job that has ended still holds credit' AS found
FROM hold JOIN job ON job.account_id = hold.account_id AND job.id = hold.job_id
LIMIT $1
"""

# Invariants 4 and 6: one charge per job; what is above the hold is an explicit overrun.
CHARGES = """
SELECT coalesce(job.id, charged.id)::text AS subject,
       format('job %s: charge %s, hold %s; its entries say %s, overrun %s', job.status, job.charge_nano, job.hold_nano,
              charged.charge_nano, charged.overrun_nano) AS found
FROM (SELECT account_id, id, status, charge_nano, hold_nano FROM job WHERE charge_nano <> 0) AS job
FULL JOIN (
    SELECT txn.account_id, txn.id, -sum(amount_nano) FILTER (WHERE book = 'customer') AS charge_nano,
           -coalesce(sum(amount_nano) FILTER (WHERE book = 'customer' AND detail = 'overrun'), 0) AS overrun_nano
    FROM txn JOIN entry ON entry.account_id = txn.account_id AND entry.txn_id = txn.id
    WHERE txn.kind = 'charge' GROUP BY txn.account_id, txn.id
) AS charged ON charged.account_id = job.account_id AND charged.id = job.id
WHERE job.status IS DISTINCT FROM 'settled' OR job.charge_nano IS DISTINCT FROM charged.charge_nano
   OR charged.overrun_nano IS DISTINCT FROM greatest(job.charge_nano - job.hold_nano, 0)
LIMIT $1
"""

# Invariant 5; that a remainder lies between 0 and the original is a constraint of the table.
LOTS = """
SELECT account.id::text AS subject,
       format('balance %s, its lots hold %s', account.balance_nano, coalesce(lots.remaining_nano, 0)) AS found
FROM account LEFT JOIN (
    SELECT account_id, sum(remaining_nano) AS remaining_nano FROM lot GROUP BY account_id
) AS lots ON lots.account_id = account.id
WHERE account.balance_nano <> coalesce(lots.remaining_nano, 0)
LIMIT $1
"""

# Invariant 6: every lot is what one transaction credited, no more and no less; what a restoring transaction gave back
# to the lots that it came from, it says itself.
CREDITS = """
SELECT coalesce(lots.txn_id, credited.txn_id)::text AS subject,
       format('credited %s, its lots began with %s', credited.amount_nano, lots.original_nano) AS found
FROM (SELECT account_id, txn_id, sum(original_nano) AS original_nano FROM lot GROUP BY account_id, txn_id) AS lots
FULL JOIN (
    SELECT account_id, txn_id, sum(amount_nano) AS amount_nano FROM entry WHERE book = 'customer' AND amount_nano > 0
    GROUP BY account_id, txn_id
) AS credited ON credited.account_id = lots.account_id AND credited.txn_id = lots.txn_id
WHERE lots.original_nano IS DISTINCT FROM credited.amount_nano AND NOT EXISTS (
    SELECT FROM txn
    WHERE txn.account_id = credited.account_id AND txn.id = credited.txn_id AND txn.kind = 'restore'
      AND (txn.memo->>'returned_nano')::bigint = credited.amount_nano - coalesce(lots.original_nano, 0)
)
LIMIT $1
"""

# What restoring transactions gave back is what their claw-backs are short of.
RESTORED = """
SELECT coalesce(takings.account_id, restored.account_id)::text AS subject,
       format('restored %s, its takings say %s', restored.amount_nano, takings.restored_nano) AS found
FROM (
    SELECT account_id, sum(restored_nano) AS restored_nano FROM lot_taking GROUP BY account_id
    HAVING sum(restored_nano) > 0
) AS takings
FULL JOIN (
    SELECT txn.account_id, sum(entry.amount_nano) AS amount_nano
    FROM txn JOIN entry ON entry.account_id = txn.account_id AND entry.txn_id = txn.id AND entry.book = 'customer'
    WHERE txn.kind = 'restore' GROUP BY txn.account_id
) AS restored ON restored.account_id = takings.account_id
WHERE takings.restored_nano IS DISTINCT FROM restored.amount_nano
LIMIT $1
"""

KEYS_WITHOUT_TXN = """
SELECT key AS subject, 'an idempotency key whose transaction is not there' AS found
FROM txn_key WHERE NOT EXISTS (SELECT FROM txn WHERE txn.account_id = txn_key.account_id AND txn.id = txn_key.txn_id)
LIMIT $1
"""

# Invariant 7; that no more of a payment is taken back than it credited is a constraint of the table.
ADJUSTMENTS = """
SELECT adjusted.job_id::text AS subject,
       format('charged %s, %s given back', coalesce(job.charge_nano, 0), adjusted.amount_nano) AS found
FROM (
    SELECT txn.account_id, substr(txn.memo->>'reference', 5)::uuid AS job_id, sum(entry.amount_nano) AS amount_nano
    FROM txn JOIN entry ON entry.account_id = txn.account_id AND entry.txn_id = txn.id AND entry.book = 'customer'
    WHERE txn.kind = 'adjustment' GROUP BY 1, 2
) AS adjusted
LEFT JOIN job ON job.account_id = adjusted.account_id AND job.id = adjusted.job_id
WHERE adjusted.amount_nano > coalesce(job.charge_nano, 0)
LIMIT $1
"""

# What neither is covered by a block nor ever will be: of an era that has not begun, or from beyond the newest
# transaction of this one, as when a database was moved while Farebox went on posting.
UNSEALABLE_TXNS = """
SELECT txn.id::text AS subject, format('era %s, transaction %s of the database', txn.era, txn.xact) AS found
FROM txn
WHERE NOT EXISTS (SELECT FROM ledger_era WHERE ledger_era.number = txn.era)
   OR (txn.era = (SELECT max(number) FROM ledger_era) AND txn.xact >= pg_snapshot_xmax(pg_current_snapshot()))
LIMIT $1
"""

# ---- the chain of sealed blocks -------------------------------------------------------------------------------------

SEAL_LOCK = "SELECT pg_advisory_xact_lock(hashtext('farebox ledger seal'))"

ERA = "SELECT farebox_ledger_era()"

# Every transaction below it has ended: nothing new can appear there.
SAFE_XACT = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text"

_BLOCKS = "SELECT height, era, from_xact::text, to_xact::text, txns, entries, hash FROM block"

LAST_BLOCK = f"{_BLOCKS} ORDER BY height DESC LIMIT 1"

BLOCKS = f"{_BLOCKS} ORDER BY height"

BLOCKS_FROM = f"{_BLOCKS} WHERE height >= $1 ORDER BY height LIMIT $2"

INSERT_BLOCK = """
INSERT INTO block (height, era, from_xact, to_xact, txns, entries, hash)
VALUES ($1, $2, $3::text::xid8, $4::text::xid8, $5, $6, $7)
"""

# The canonical text of each transaction with its entries, and for a charge with what the job was charged for: JSON
# arrays, so that no two contents share a text. A job that has been charged does not change any more. Of the rate card,
# which many jobs share, its digest.
SEALED_TXNS = """
WITH card AS MATERIALIZED (
    SELECT id, encode(sha256(convert_to(json_build_array(
        id, model, version, rates::text, factor_ppm, (extract(epoch FROM effective_at) * 1000000)::bigint
    )::text, 'UTF8')), 'hex') AS digest
    FROM rate_card
)
SELECT json_build_array(txn.account_id, txn.id, txn.kind, (extract(epoch FROM txn.posted_at) * 1000000)::bigint,
                        encode(txn.input_hash, 'hex'), txn.memo::text, txn.xact::text)::text AS txn,
       coalesce(lines.entries, 0) AS entries, coalesce(lines.text, '') AS lines,
       CASE WHEN job.id IS NULL THEN '' ELSE json_build_array(
           job.key_id, job.status, job.outcome, job.endpoint, job.model,
           (extract(epoch FROM job.created_at) * 1000000)::bigint,
           (extract(epoch FROM job.finished_at) * 1000000)::bigint,
           job.input_tokens, job.cached_input_tokens, job.cache_write_tokens, job.output_tokens, job.reasoning_tokens,
           job.usage_extra::text, job.usage_source, job.rate_card_id, card.digest, job.factor_ppm, job.hold_nano,
           job.charge_nano, job.write_off_nano, job.balance_after_nano, job.cost_nano, encode(job.input_hash, 'hex')
       )::text END AS job
FROM txn
CROSS JOIN LATERAL (
    SELECT count(*) AS entries,
           json_agg(json_build_array(seq, book, detail, unit, amount_nano, balance_after_nano, version)
                    ORDER BY seq)::text AS text
    FROM entry WHERE entry.account_id = txn.account_id AND entry.txn_id = txn.id
) AS lines
LEFT JOIN job ON txn.kind = 'charge' AND job.account_id = txn.account_id AND job.id = txn.id
LEFT JOIN card ON card.id = job.rate_card_id
WHERE txn.era = $1 AND txn.xact >= $2::text::xid8 AND txn.xact < $3::text::xid8
ORDER BY txn.account_id, txn.id
"""

# ---- the export -----------------------------------------------------------------------------------------------------

BOOKS = """
SELECT DISTINCT book, detail, CASE WHEN book IN ('customer', 'receivable') THEN account_id END AS account_id
FROM entry ORDER BY 1, 2, 3
"""

ENTRIES = """
SELECT txn.posted_at, txn.id AS txn_id, txn.kind, txn.account_id, entry.seq, entry.book, entry.detail, entry.unit,
       entry.amount_nano, entry.balance_after_nano, entry.version
FROM txn JOIN entry ON entry.account_id = txn.account_id AND entry.txn_id = txn.id
ORDER BY txn.posted_at, txn.account_id, txn.id, entry.seq
"""

_PREFETCH = 2000


class Block(msgspec.Struct, frozen=True):
    """A sealed block: what was posted in one era by a range of its transactions, decimal strings here."""

    height: int
    era: int
    from_xact: str
    to_xact: str
    txns: int
    entries: int
    hash: bytes


async def violations(connection: Connection, check: str) -> list[tuple[str, str]]:
    """What one of the checks above finds: subject and finding."""
    return [(row["subject"], row["found"]) for row in await connection.fetch(check, MOST_SHOWN)]


async def count_entries(connection: Connection) -> int:
    counted: int = await connection.fetchval(COUNT_ENTRIES)
    return counted


async def load_blocks(connection: Connection) -> list[Block]:
    return [Block(*row) for row in await connection.fetch(BLOCKS)]


async def load_blocks_from(connection: Connection, height: int, most: int) -> list[Block]:
    """At most so many blocks, beginning with the one of this height."""
    return [Block(*row) for row in await connection.fetch(BLOCKS_FROM, height, most)]


async def sealed_txns(
    connection: Connection, era: int, from_xact: str, to_xact: str
) -> AsyncIterator[tuple[str, int, str, str]]:
    """Of each transaction of a range: its canonical text, the number of its entries, their text, its job's or ''."""
    async for row in connection.cursor(SEALED_TXNS, era, from_xact, to_xact, prefetch=_PREFETCH):
        yield row["txn"], row["entries"], row["lines"], row["job"]


async def lock_chain(connection: Connection) -> Block | None:
    """Be the only sealer until the transaction ends; the last block."""
    await connection.execute(SEAL_LOCK)
    row = await connection.fetchrow(LAST_BLOCK)
    return None if row is None else Block(*row)


async def current_era(connection: Connection) -> int:
    """The era that postings belong to from now on, begun now if this is another cluster than before."""
    era: int = await connection.fetchval(ERA)
    return era


async def safe_xact(connection: Connection) -> str:
    xact: str = await connection.fetchval(SAFE_XACT)
    return xact


async def insert_block(connection: Connection, block: Block) -> None:
    await connection.execute(INSERT_BLOCK, *msgspec.structs.astuple(block))


async def load_books(connection: Connection) -> list[Any]:
    return list(await connection.fetch(BOOKS))


async def all_entries(connection: Connection) -> AsyncIterator[Any]:
    """Every entry with its transaction, oldest first, from the server as it is read."""
    async for row in connection.cursor(ENTRIES, prefetch=_PREFETCH):
        yield row
