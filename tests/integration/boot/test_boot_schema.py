"""Who migrates: a start of the server; every other command only makes a schema where there is none."""

import asyncio

import asyncpg
import pytest
from tests.integration.boot.conftest import Cli
from tests.support.postgres import TestDatabase, TestPostgres

from farebox.storage.layout import OWNER_ROLE
from farebox.storage.migrations.files import revisions


@pytest.mark.parametrize(("revision", "advice"), [("0001", "farebox serve"), ("9999", "newer release")])
async def test_a_command_leaves_the_schema_of_another_release_alone(
    cli: Cli, database: TestDatabase, revision: str, advice: str
) -> None:
    """Migrating under a server that runs on the old schema would break it: the command says who may."""
    owner = await asyncpg.connect(database.owner_url)
    try:
        await owner.execute("UPDATE alembic_version SET version_num = $1", revision)
        message = await asyncio.to_thread(cli.fails, "account", "list")
        assert revision in message
        assert advice in message
        assert await owner.fetchval("SELECT version_num FROM alembic_version") == revision
    finally:
        await owner.close()


async def test_a_command_makes_the_first_schema(
    cli: Cli, postgres: TestPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accounts can be made before the first start, as on a fresh data directory."""
    admin = await asyncpg.connect(postgres.server.urls.admin)
    try:
        await admin.execute(f"CREATE DATABASE first_schema OWNER {OWNER_ROLE}")
        urls = postgres.server.urls
        for name, url in (("FAREBOX_DATABASE_URL", urls.app), ("FAREBOX_DATABASE_OWNER_URL", urls.owner)):
            monkeypatch.setenv(name, url.replace("/farebox?", "/first_schema?"))
        assert await asyncio.to_thread(cli.ok, "account", "list") == []
        owner = await asyncpg.connect(urls.owner.replace("/farebox?", "/first_schema?"))
        try:
            assert await owner.fetchval("SELECT version_num FROM alembic_version") == revisions()[-1]
        finally:
            await owner.close()
    finally:
        await admin.execute("DROP DATABASE first_schema WITH (FORCE)")
        await admin.close()
