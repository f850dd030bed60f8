"""SQL of the facts of a deployment itself: its unit, its operators, whether anything is in it yet."""

from datetime import datetime
from typing import Any
from uuid import UUID

# One row, once: the first start, or the first credit, decides on the unit.
CLAIM = "INSERT INTO deployment (unit) VALUES ($1) ON CONFLICT DO NOTHING"

# An advisory lock: to lock the row, the application would need the right to change the unit.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('farebox_deployment', 0))"

UNIT = "SELECT unit FROM deployment"

HAS_OPERATOR = "SELECT EXISTS (SELECT FROM operator_grant)"

INSERT_OPERATOR = """
WITH made AS (
    INSERT INTO person (id, email, email_verified_at, password_hash) VALUES ($1, $2, now(), $3) RETURNING id
)
INSERT INTO operator_grant (person_id, scopes) SELECT id, '{*}' FROM made
"""

# Who looks after a demo looks at it from both sides.
OWN_ACCOUNT = "INSERT INTO member (account_id, person_id, role) SELECT $1, person_id, 'owner' FROM operator_grant"

FIRST_OPERATOR = """
SELECT email FROM operator_grant JOIN person ON person.id = person_id
ORDER BY operator_grant.created_at, person.id LIMIT 1
"""

IS_EMPTY = "SELECT NOT EXISTS (SELECT FROM account) AND NOT EXISTS (SELECT FROM model)"

ACCOUNT_BY_EMAIL = "SELECT account_id FROM account_contact WHERE lower(email) = lower($1)"

HAS_MODEL = "SELECT EXISTS (SELECT FROM model WHERE name = $1)"

HAS_REAL_CHANNEL = "SELECT EXISTS (SELECT FROM channel WHERE kind <> 'simulator')"

HAS_SEALED_KEYS = """
SELECT EXISTS (SELECT FROM channel_key) OR EXISTS (SELECT FROM totp WHERE confirmed_at IS NOT NULL)
"""

SEALED_KEY = "SELECT id, sealed FROM channel_key ORDER BY created_at, id LIMIT 1"

CANARY = "SELECT sealed FROM secret_canary"

# While nothing else is sealed there is nothing that another key could not open.
SET_CANARY = """
INSERT INTO secret_canary (sealed) VALUES ($1) ON CONFLICT (one) DO UPDATE SET sealed = EXCLUDED.sealed
"""

SERVER_VERSION = "SHOW server_version"

SCHEMA_REVISION = "SELECT version_num FROM public.alembic_version"

# Both have an index that holds such jobs only.
DOUBTFUL_JOBS = """
SELECT (SELECT count(*) FROM job WHERE delivery_unknown), (SELECT count(*) FROM job WHERE write_off_nano > 0)
"""

DATABASE_TIME = "SELECT clock_timestamp()"


async def claim_unit(connection: Any, unit: str) -> None:
    """Makes this the ledger's unit if it has none yet."""
    await connection.execute(CLAIM, unit)


async def lock_deployment(connection: Any) -> None:
    """Lets one node at a time look at what there is and make what is missing, until its transaction ends."""
    await connection.execute(LOCK)


async def load_unit(connection: Any) -> str | None:
    unit: str | None = await connection.fetchval(UNIT)
    return unit


async def has_operator(connection: Any) -> bool:
    return bool(await connection.fetchval(HAS_OPERATOR))


async def insert_operator(connection: Any, operator_id: UUID, email: str, password_hash: str) -> None:
    await connection.execute(INSERT_OPERATOR, operator_id, email, password_hash)


async def let_operators_own(connection: Any, account_id: UUID) -> None:
    await connection.execute(OWN_ACCOUNT, account_id)


async def first_operator(connection: Any) -> str | None:
    """The e-mail address of the operator who was there first."""
    email: str | None = await connection.fetchval(FIRST_OPERATOR)
    return email


async def is_empty(connection: Any) -> bool:
    """Whether nobody has an account and nothing is on sale."""
    return bool(await connection.fetchval(IS_EMPTY))


async def account_by_email(connection: Any, email: str) -> UUID | None:
    account_id: UUID | None = await connection.fetchval(ACCOUNT_BY_EMAIL, email)
    return account_id


async def has_model(connection: Any, name: str) -> bool:
    return bool(await connection.fetchval(HAS_MODEL, name))


async def has_real_channel(connection: Any) -> bool:
    """Whether any provider is reached that is not this node's own simulator."""
    return bool(await connection.fetchval(HAS_REAL_CHANNEL))


async def has_sealed_keys(connection: Any) -> bool:
    """Whether anything is kept that only this deployment's secret key opens."""
    return bool(await connection.fetchval(HAS_SEALED_KEYS))


async def sealed_key(connection: Any) -> tuple[UUID, bytes] | None:
    """Id and sealed secret of the oldest provider key, if there is any."""
    row = await connection.fetchrow(SEALED_KEY)
    return None if row is None else (row["id"], row["sealed"])


async def load_canary(connection: Any) -> bytes | None:
    """What the deployment's secret key has sealed, and another does not open; None when it has not been asked yet."""
    sealed: bytes | None = await connection.fetchval(CANARY)
    return sealed


async def set_canary(connection: Any, sealed: bytes) -> None:
    await connection.execute(SET_CANARY, sealed)


async def server_version(connection: Any) -> str:
    version: str = await connection.fetchval(SERVER_VERSION)
    return version


async def schema_revision(connection: Any) -> str:
    revision: str = await connection.fetchval(SCHEMA_REVISION)
    return revision


async def database_time(connection: Any) -> datetime:
    moment: datetime = await connection.fetchval(DATABASE_TIME)
    return moment


async def count_doubtful_jobs(connection: Any) -> tuple[int, int]:
    """The jobs that were charged and perhaps not delivered, and those of which something was written off."""
    unknown, written_off = await connection.fetchrow(DOUBTFUL_JOBS)
    return unknown, written_off
