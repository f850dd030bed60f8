"""Brings the schema up to this release, at every start of the server and under a lock; other commands only look.

Most starts find it there already: they compare one row and do not load Alembic.
"""

import asyncio
import io

import msgspec

from farebox.kit.logging import get_logger
from farebox.storage.database import Connection, connect
from farebox.storage.errors import DatabaseTooNew, DatabaseTooOld
from farebox.storage.layout import APP_ROLE
from farebox.storage.migrations.files import SCRIPTS, grants, revisions

# Any number that no other program on the same database uses.
_LOCK = 0x66_61_72_65_62_6F_78  # "farebox"
_TAKE_LOCK = "SELECT pg_advisory_xact_lock($1)"
_HAS_VERSION = "SELECT to_regclass('public.alembic_version') IS NOT NULL"
_VERSION = "SELECT version_num FROM public.alembic_version"
_IS_THERE = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND rolname <> current_user)"
# A role that was made after the last migration.
_LACKS_RIGHTS = """
SELECT EXISTS (
    SELECT FROM pg_roles
    WHERE rolname = $1 AND rolname <> current_user AND NOT has_table_privilege(oid, 'public.account', 'SELECT')
)
"""

_log = get_logger("storage")


class Migrated(msgspec.Struct, frozen=True):
    """The revision before (None: an empty database) and after; equal when there was nothing to do."""

    before: str | None
    after: str


async def migrate(owner_url: str) -> Migrated:
    """Migrates the database of `owner_url` to the newest revision, all steps or none, and gives farebox_app its rights.

    Raises DatabaseTooNew when a newer release has been there first.
    """
    connection = await connect(owner_url, application_name="farebox-migrate")
    try:
        head = revisions()[-1]
        if await _current(connection) == head and not await connection.fetchval(_LACKS_RIGHTS, APP_ROLE):
            return Migrated(head, head)
        async with connection.transaction():
            await connection.fetchval(_TAKE_LOCK, _LOCK)
            before = await _current(connection)
            if before != head:
                _log.info("migrating the database", before=before, after=head)
                await connection.execute(await asyncio.to_thread(_script, before))
            if await connection.fetchval(_IS_THERE, APP_ROLE):
                await connection.execute(grants())
        return Migrated(before, head)
    finally:
        await connection.close()


async def has_schema(connection: Connection) -> bool:
    """Whether the schema is that of this release; False when there is none at all.

    Raises DatabaseTooOld or DatabaseTooNew otherwise: a command that migrates would change the tables under a server
    of another release that runs on them.
    """
    found, head = await _current(connection), revisions()[-1]
    if found is not None and found != head:
        raise DatabaseTooOld(
            f"the database is at revision {found}, and this release of Farebox needs {head}: start `farebox serve` of "
            "this release, which migrates it, and then repeat the command"
        )
    return found is not None


async def _current(connection: Connection) -> str | None:
    if not await connection.fetchval(_HAS_VERSION):
        return None
    current: str | None = await connection.fetchval(_VERSION)
    known = revisions()
    if current is not None and current not in known:
        raise DatabaseTooNew(
            f"the database is at revision {current}, and this release of Farebox knows none after {known[-1]}: "
            "install the newer release again, or restore a backup made before it"
        )
    return current


def _script(before: str | None) -> str:
    # Alembic keeps the order of the steps and the version; it writes SQL here and does not connect, so that one
    # transaction of one connection holds the lock, takes the steps and gives the rights.
    # Imported late, because it takes longer to load than a whole start without it.
    from alembic import command
    from alembic.config import Config

    script = io.StringIO()
    config = Config(output_buffer=script)
    # Alembic's configuration takes a percent sign for an interpolation.
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    command.upgrade(config, f"{before or 'base'}:head", sql=True)
    return script.getvalue()
