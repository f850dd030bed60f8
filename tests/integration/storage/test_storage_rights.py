"""What the application's role may and may not do, and what the ledger's tables refuse from anyone."""

import uuid

import asyncpg
import pytest
from tests.support.postgres import TestDatabase

from farebox.storage.database import connect


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET amount_nano = 1",
        "DELETE FROM entry",
        "UPDATE txn SET kind = 'x'",
        "DELETE FROM txn",
        "TRUNCATE entry",
        "TRUNCATE txn",
        "DELETE FROM entry_default",
        "SELECT * FROM entry_default",
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP TABLE job",
        "ALTER TABLE entry DISABLE TRIGGER append_only",
        "UPDATE alembic_version SET version_num = '0'",
        "UPDATE deployment SET unit = 'credit'",
        "DELETE FROM deployment",
        "UPDATE catalogue SET version = 1",
        "UPDATE ledger_era SET system_identifier = 1",
        "INSERT INTO ledger_era (number, system_identifier) VALUES (9, 9)",
        "DELETE FROM block",
        "DELETE FROM receivable",
        "ALTER TABLE txn ALTER COLUMN era SET DEFAULT 9",
        "SELECT pg_read_file('postgresql.conf')",
        "SET session_replication_role = replica",
    ],
)
async def test_the_application_cannot_change_the_ledger_or_the_schema(
    module_database: TestDatabase, statement: str
) -> None:
    """The application's role owns nothing and cannot rewrite what was posted."""
    connection = await connect(module_database.app_url, application_name="test")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("statement", ["UPDATE txn SET kind = 'x'", "DELETE FROM txn", "TRUNCATE txn"])
async def test_even_the_owner_cannot_change_a_transaction(database: TestDatabase, statement: str) -> None:
    """The triggers refuse where rights would not."""
    connection = await connect(database.owner_url, application_name="test")
    try:
        await connection.execute(
            "INSERT INTO txn (account_id, id, kind, posted_at, input_hash) VALUES ($1, $1, 'x', now(), '')",
            uuid.UUID(int=0),
        )
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_values_come_and_go_as_python_values(module_database: TestDatabase) -> None:
    """JSON is decoded, and a session counts in UTC whatever the server's zone."""
    connection = await connect(module_database.app_url, application_name="test")
    try:
        assert await connection.fetchval("SELECT $1::jsonb", {"a": [1, None]}) == {"a": [1, None]}
        assert await connection.fetchval("SELECT $1::jsonb[]", [{"a": 1}, 2]) == [{"a": 1}, 2]
        assert await connection.fetchval("SHOW timezone") == "UTC"
        assert await connection.fetchval("SHOW application_name") == "test"
    finally:
        await connection.close()
