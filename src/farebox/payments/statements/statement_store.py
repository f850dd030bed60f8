"""SQL of statements: the entries that they are made of, and the statements."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.payments.statements.content import Content, Statement
from farebox.storage.database import Connection

# Accounts that have ever had an entry and are not stated to the end of the month before $1.
DUE = """
SELECT account.id AS account_id, account.version AS newest, until_month, coalesce(mark.version, 0) AS version,
       coalesce(mark.balance_nano, 0) AS balance_nano
FROM account LEFT JOIN statement_mark AS mark ON mark.account_id = account.id
WHERE account.version > 0 AND (until_month IS NULL OR until_month < $1) AND account.id > $2
ORDER BY account.id LIMIT $3
"""

NEWEST_VERSION = "SELECT version FROM account WHERE id = $1"

FIRST_POSTED = "SELECT min(posted_at) FROM txn WHERE account_id = $1"

# $2: the version before; $3: an id before which nothing is looked for; $4: the end of the month.
LAST_VERSION = """
SELECT coalesce(min(version) FILTER (WHERE posted_at >= $4) - 1, max(version), $2) AS last_version,
       count(*) FILTER (WHERE posted_at >= $4) > 0 AS is_known
FROM account_chain WHERE account_id = $1 AND version > $2 AND txn_id >= $3
"""

# Of these and the following, $4 is the last version.
CLOSING = """
SELECT count(*) AS entries, (array_agg(balance_after_nano ORDER BY version DESC))[1] AS balance_nano
FROM account_chain WHERE account_id = $1 AND version > $2 AND txn_id >= $3 AND version <= $4
"""

SUMS = """
SELECT kind, count(DISTINCT txn_id) AS count, sum(amount_nano)::bigint AS amount_nano
FROM account_chain WHERE account_id = $1 AND version > $2 AND txn_id >= $3 AND version <= $4
GROUP BY kind ORDER BY kind
"""

SPEND = """
SELECT coalesce(model, '') AS model, count(DISTINCT txn_id) AS jobs, -sum(amount_nano)::bigint AS amount_nano
FROM account_chain LEFT JOIN job ON job.account_id = $1 AND job.id = txn_id AND job.id >= $3
WHERE account_chain.account_id = $1 AND version > $2 AND txn_id >= $3 AND version <= $4 AND kind = 'charge'
GROUP BY 1 ORDER BY 1
"""

# A reference is told where it names a payment, a code or a job; others are notes of operators.
MOVEMENTS = """
WITH moved AS (
    SELECT txn_id, min(posted_at) AS at, min(kind) AS kind, sum(amount_nano)::bigint AS amount_nano,
           max(version) AS last_version, min(reference) AS reference,
           (array_agg(balance_after_nano ORDER BY version DESC))[1] AS balance_after_nano
    FROM account_chain
    WHERE account_id = $1 AND version > $2 AND txn_id >= $3 AND version <= $4 AND kind <> 'charge'
    GROUP BY txn_id
)
SELECT at, kind, amount_nano, balance_after_nano,
       CASE WHEN payment.id IS NOT NULL OR moved.reference ~ '^(code|job):' THEN moved.reference ELSE '' END
           AS reference,
       price_minor, tax_minor, coalesce(currency, '') AS currency, coalesce(invoice_url, '') AS invoice_url
FROM moved LEFT JOIN payment ON payment.account_id = $1 AND payment.provider || ':' || payment.ref = moved.reference
ORDER BY last_version
"""

MARK = """
INSERT INTO statement_mark (account_id, until_month, version, balance_nano) VALUES ($1, $2, $3, $4)
ON CONFLICT (account_id) DO UPDATE
SET until_month = EXCLUDED.until_month, version = EXCLUDED.version, balance_nano = EXCLUDED.balance_nano
WHERE statement_mark.until_month < EXCLUDED.until_month
RETURNING true
"""

# Whoever makes a statement at the same time waits here.
NEXT_NUMBER = "UPDATE statement_number SET last = last + 1 RETURNING last"

INSERT = "INSERT INTO account_statement (id, number, account_id, month, content) VALUES ($1, $2, $3, $4, $5)"

_STATEMENTS = "SELECT id, number, account_id, month, made_at, content FROM account_statement"

LOAD = f"{_STATEMENTS} WHERE id = $1"

PAGE = f"""
{_STATEMENTS}
WHERE ($1::uuid IS NULL OR account_id = $1) AND ($2::date IS NULL OR month = $2) AND number < $3
ORDER BY number DESC LIMIT $4
"""

NUMBER = "SELECT number FROM account_statement WHERE id = $1"

_BEYOND_ALL = 2**62


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """An account to state: where its last statement ended. `newest` is the version of its newest entry."""

    account_id: UUID
    newest: int
    until_month: date | None
    version: int
    balance_nano: int


class Span(msgspec.Struct, frozen=True):
    """Entries of an account after a version, with ids from `from_id` on, up to a version."""

    account_id: UUID
    after_version: int
    from_id: UUID
    last_version: int

    @property
    def terms(self) -> tuple[UUID, int, UUID, int]:
        return self.account_id, self.after_version, self.from_id, self.last_version


async def load_due(connection: Connection, month: date, after: UUID, limit: int) -> list[Due]:
    """By id, those after `after`."""
    return [Due(**row) for row in await connection.fetch(DUE, month, after, limit)]


async def first_posted(connection: Connection, account_id: UUID) -> datetime | None:
    moment: datetime | None = await connection.fetchval(FIRST_POSTED, account_id)
    return moment


async def newest_version(connection: Connection, account_id: UUID) -> int:
    version: int = await connection.fetchval(NEWEST_VERSION, account_id)
    return version


async def last_version(
    connection: Connection, account_id: UUID, after_version: int, from_id: UUID, end: datetime
) -> tuple[int, bool]:
    """The version before the first entry posted at the end or later, and whether there is such an entry."""
    row = await connection.fetchrow(LAST_VERSION, account_id, after_version, from_id, end)
    assert row is not None
    return row["last_version"], row["is_known"]


async def closing(connection: Connection, span: Span) -> tuple[int, int | None]:
    """How many entries there are, and the balance after the last of them."""
    row = await connection.fetchrow(CLOSING, *span.terms)
    assert row is not None
    return row["entries"], row["balance_nano"]


async def sums(connection: Connection, span: Span) -> list[Any]:
    return list(await connection.fetch(SUMS, *span.terms))


async def spend(connection: Connection, span: Span) -> list[Any]:
    return list(await connection.fetch(SPEND, *span.terms))


async def movements(connection: Connection, span: Span) -> list[Any]:
    return list(await connection.fetch(MOVEMENTS, *span.terms))


async def mark(connection: Connection, account_id: UUID, until_month: date, version: int, balance_nano: int) -> bool:
    """Move an account's mark on; False when somebody else has moved it as far."""
    return bool(await connection.fetchval(MARK, account_id, until_month, version, balance_nano))


async def next_number(connection: Connection) -> int:
    """The next number; it is taken only if the transaction commits."""
    number: int = await connection.fetchval(NEXT_NUMBER)
    return number


async def insert(
    connection: Connection, statement_id: UUID, number: int, account_id: UUID, month: date, content: Content
) -> None:
    await connection.execute(INSERT, statement_id, number, account_id, month, msgspec.to_builtins(content))


async def load(connection: Connection, statement_id: UUID) -> Statement | None:
    row = await connection.fetchrow(LOAD, statement_id)
    return None if row is None else _statement(row)


async def page(
    connection: Connection, account_id: UUID | None, month: date | None, after: UUID | None, limit: int
) -> list[Statement]:
    """The newest first, those before the cursor `after`."""
    below = _BEYOND_ALL if after is None else await connection.fetchval(NUMBER, after)
    return [_statement(row) for row in await connection.fetch(PAGE, account_id, month, below or 0, limit)]


def _statement(row: Any) -> Statement:
    return Statement(**{**row, "content": msgspec.convert(row["content"], Content)})
