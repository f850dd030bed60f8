"""The database of this deployment, ready to use: the operator's own, or the one in the data directory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec

from farebox.boot import store
from farebox.boot.config import Config
from farebox.domain.errors import CommandError
from farebox.ledger.audit_store import current_era
from farebox.storage.database import Connection, connect
from farebox.storage.layout import Urls
from farebox.storage.migrate import has_schema, migrate
from farebox.storage.partitions import ensure_partitions
from farebox.storage.running import running_cluster

_DAYS_AHEAD = 7


class DatabaseUrls(msgspec.Struct, frozen=True):
    """How to connect as the application, and as the owner of the schema for migrations."""

    app: str
    owner: str

    def __repr__(self) -> str:
        return "DatabaseUrls(...)"


def external_urls(config: Config) -> DatabaseUrls | None:
    """The operator's own database; None when the embedded one is to be used."""
    if config.database_url is None:
        if config.database_owner_url is not None:
            raise CommandError("FAREBOX_DATABASE_OWNER_URL is set without FAREBOX_DATABASE_URL")
        return None
    return DatabaseUrls(app=config.database_url, owner=config.database_owner_url or config.database_url)


def embedded_urls(urls: Urls) -> DatabaseUrls:
    return DatabaseUrls(app=urls.app, owner=urls.owner)


async def prepare_schema(urls: DatabaseUrls) -> None:
    """The schema of this release, and partitions for the days to come."""
    with readable_errors():
        await migrate(urls.owner)
        connection = await connect(urls.app, application_name="farebox-start")
        try:
            await _prepare_days(connection)
            await current_era(connection)
        finally:
            await connection.close()


async def _prepare_days(connection: Connection) -> None:
    await ensure_partitions(connection, datetime.now(UTC).date(), _DAYS_AHEAD)


@asynccontextmanager
async def open_database(config: Config) -> AsyncIterator[Connection]:
    """A connection for one command: to the database that runs already, else to one started for the moment."""
    external = external_urls(config)
    if external is not None:
        async with _connection(config, external) as connection:
            yield connection
        return
    async with running_cluster(config.data_dir) as urls, _connection(config, embedded_urls(urls)) as connection:
        yield connection


@asynccontextmanager
async def _connection(config: Config, urls: DatabaseUrls) -> AsyncIterator[Connection]:
    with readable_errors():
        connection = await connect(urls.app, application_name="farebox-command")
    try:
        with readable_errors():
            # Only the server migrates; where there is nothing yet, nobody can be running on it.
            if await has_schema(connection):
                await _prepare_days(connection)
                await current_era(connection)
            else:
                await prepare_schema(urls)
        await check_unit(connection, config)
        yield connection
    finally:
        await connection.close()


async def check_unit(connection: Any, config: Config) -> None:
    """All amounts of a ledger are in one unit: a policy file cannot change it afterwards."""
    unit = await store.load_unit(connection)
    if unit is not None and unit != config.policy.unit:
        raise CommandError(
            f"this ledger is kept in {unit}, and the policy file says {config.policy.unit}: "
            "the unit of account cannot change once there is a ledger"
        )


class readable_errors:  # noqa: N801 - used as a context manager, like contextlib.suppress
    """Turns what a driver raises when it cannot connect into the one line that an operator is to read."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, asyncpg.InvalidPasswordError | asyncpg.InvalidAuthorizationSpecificationError):
            raise CommandError("the database refuses our name or password: check FAREBOX_DATABASE_URL") from None
        if isinstance(error, asyncpg.InvalidCatalogNameError):
            raise CommandError("the database named in FAREBOX_DATABASE_URL does not exist") from None
        if isinstance(error, asyncpg.InsufficientPrivilegeError):
            raise CommandError(
                "the database role has no rights to the schema: migrations need its owner's URL as "
                "FAREBOX_DATABASE_OWNER_URL, and the role of FAREBOX_DATABASE_URL is the owner or named farebox_app"
            ) from None
        if isinstance(error, OSError | asyncpg.CannotConnectNowError | asyncpg.ClientConfigurationError):
            raise CommandError(f"the database cannot be reached: {error}") from None
