"""An account in a database of its own, and the ledger that writes to it."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from tests.support.postgres import TestDatabase

from farebox.kit.ids import IdSource
from farebox.ledger.service import Ledger
from farebox.storage.database import Connection, connect


@pytest.fixture
def ids() -> IdSource:
    return IdSource()


@pytest.fixture
def ledger(ids: IdSource) -> Ledger:
    return Ledger("USD", ids)


@pytest.fixture
async def connection(database: TestDatabase) -> AsyncIterator[Connection]:
    opened = await connect(database.app_url, application_name="test-ledger")
    yield opened
    await opened.close()


@pytest.fixture
async def account_id(connection: Connection, ids: IdSource) -> UUID:
    made = ids.new()
    await connection.execute("INSERT INTO account (id) VALUES ($1)", made)
    return made
