"""Migrations: once, whoever asks and however many; and never backwards."""

import asyncio
import subprocess
import sys

import asyncpg
import pytest
from tests.support.postgres import TestDatabase, TestPostgres

from farebox.storage.database import connect
from farebox.storage.errors import DatabaseTooNew
from farebox.storage.layout import OWNER_ROLE
from farebox.storage.migrate import Migrated, migrate
from farebox.storage.migrations.files import revisions

HEAD = revisions()[-1]


@pytest.fixture
async def empty_url(postgres: TestPostgres) -> str:
    admin = await asyncpg.connect(postgres.server.urls.admin)
    try:
        await admin.execute("DROP DATABASE IF EXISTS empty WITH (FORCE)")
        await admin.execute(f"CREATE DATABASE empty OWNER {OWNER_ROLE}")
    finally:
        await admin.close()
    return postgres.server.urls.owner.replace("/farebox?", "/empty?")


async def test_starters_at_once_migrate_once(empty_url: str) -> None:
    """The lock lets one of several processes do all the steps and the others find them done."""
    results = await asyncio.gather(*(migrate(empty_url) for _ in range(4)))
    assert Migrated(None, HEAD) in results
    assert [result.before for result in results].count(None) == 1
    assert await migrate(empty_url) == Migrated(HEAD, HEAD)


async def test_a_failed_step_leaves_nothing(empty_url: str) -> None:
    """All steps and their rights are one transaction."""
    owner = await connect(empty_url, application_name="test")
    try:
        # Stands in the way of the second revision, when the first has done its work.
        await owner.execute("CREATE FUNCTION farebox_first_id(day date) RETURNS uuid LANGUAGE sql RETURN NULL::uuid")
        with pytest.raises(asyncpg.DuplicateFunctionError):
            await migrate(empty_url)
        assert await owner.fetchval("SELECT to_regclass('account')") is None
        assert await owner.fetchval("SELECT to_regclass('alembic_version')") is None
    finally:
        await owner.close()


async def test_a_role_that_came_later_gets_its_rights(database: TestDatabase) -> None:
    """An operator may make farebox_app after the first start: the next start gives it what it needs, and no more."""
    owner = await connect(database.owner_url, application_name="test")
    app = await connect(database.app_url, application_name="test")
    try:
        await owner.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM farebox_app")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.fetch("SELECT FROM account")
        assert await migrate(database.owner_url) == Migrated(HEAD, HEAD)
        await app.fetch("SELECT FROM account")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("UPDATE txn SET kind = 'x'")
    finally:
        await app.close()
        await owner.close()


async def test_a_newer_database_is_refused(database: TestDatabase) -> None:
    """An old release must not run on a schema it does not know."""
    owner = await connect(database.owner_url, application_name="test")
    try:
        await owner.execute("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(DatabaseTooNew, match="9999"):
            await migrate(database.owner_url)
    finally:
        await owner.close()


def test_a_start_with_nothing_to_migrate_does_not_load_alembic(database: TestDatabase) -> None:
    """Loading it would take longer than all else that a start does."""
    script = (
        "import asyncio, sys; from farebox.storage.migrate import migrate; "
        "asyncio.run(migrate(sys.argv[1])); sys.exit('alembic' in sys.modules or 'sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script, database.owner_url]).returncode == 0
