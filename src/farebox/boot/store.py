"""SQL of the facts of a deployment itself: its unit, its operators, whether anything is in it yet."""

from datetime import datetime
from typing import Any
from uuid import UUID

# One row, once: the first start, or the first credit, decides on the unit.
CLAIM = "INSERT INTO deployment (unit) VALUES ($1) ON CONFLICT DO NOTHING"

LOCK = "SELECT FROM deployment FOR UPDATE"

UNIT = "SELECT unit FROM deployment"

HAS_OPERATOR = "SELECT EXISTS (SELECT FROM operator)"

INSERT_OPERATOR = "INSERT INTO operator (id, email, password_hash) VALUES ($1, $2, $3)"

FIRST_OPERATOR = "SELECT email FROM operator ORDER BY created_at, id LIMIT 1"

IS_EMPTY = "SELECT NOT EXISTS (SELECT FROM account) AND NOT EXISTS (SELECT FROM model)"

ACCOUNT_BY_EMAIL = "SELECT account_id FROM account_contact WHERE lower(email) = lower($1)"

HAS_MODEL = "SELECT EXISTS (SELECT FROM model WHERE name = $1)"

HAS_SEALED_KEYS = "SELECT EXISTS (SELECT FROM channel_key)"

SERVER_VERSION = "SHOW server_version"

SCHEMA_REVISION = "SELECT version_num FROM public.alembic_version"

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


async def has_sealed_keys(connection: Any) -> bool:
    """Whether anything is kept that only this deployment's secret key opens."""
    return bool(await connection.fetchval(HAS_SEALED_KEYS))


async def server_version(connection: Any) -> str:
    version: str = await connection.fetchval(SERVER_VERSION)
    return version


async def schema_revision(connection: Any) -> str:
    revision: str = await connection.fetchval(SCHEMA_REVISION)
    return revision


async def database_time(connection: Any) -> datetime:
    moment: datetime = await connection.fetchval(DATABASE_TIME)
    return moment
