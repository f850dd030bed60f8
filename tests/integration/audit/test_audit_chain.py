"""The chain over the audit trail: it finds what was changed, removed or cut off."""

from tests.support.postgres import TestDatabase

from farebox.audit.chain import seal, verify
from farebox.audit.record import COMMAND, record
from farebox.kit.ids import IdSource
from farebox.storage.database import connect


async def test_the_chain_tells_changed_and_removed_lines(database: TestDatabase) -> None:
    """The owner of the database can do both, and neither stays unseen; the application's role can do neither."""
    app = await connect(database.app_url, application_name="test")
    owner = await connect(database.owner_url, application_name="test")
    try:
        ids = IdSource()
        for number in range(5):
            await record(app, ids, COMMAND, "account.freeze", target=f"account {number}", after={"status": "frozen"})
        head = await seal(app)
        assert head is not None
        assert head.seq == 5
        assert await seal(app) is None
        assert await verify(app, {head.seq: head.hash}) == []
        await owner.execute("ALTER TABLE audit DISABLE TRIGGER append_only")
        await owner.execute("ALTER TABLE audit_seal DISABLE TRIGGER append_only")
        # In the order of the chain: ids of one millisecond have no order of their own.
        rows = await owner.fetch("SELECT audit_id FROM audit_seal ORDER BY seq")
        lines = [row["audit_id"] for row in rows]
        await owner.execute("UPDATE audit SET reason = 'another' WHERE id = $1", lines[2])
        assert await verify(app, {}) == ["audit: the line of link 3 was changed"]
        await owner.execute("UPDATE audit SET reason = '' WHERE id = $1", lines[2])
        await owner.execute("DELETE FROM audit WHERE id = $1", lines[1])
        assert await verify(app, {}) == ["audit: the line of link 2 was removed"]
        await owner.execute("DELETE FROM audit_seal WHERE seq > 3")
        await owner.execute("DELETE FROM audit WHERE id = ANY ($1)", lines[3:])
        assert "audit: the chain ends at 3, but link 5 was published" in await verify(app, {head.seq: head.hash})
        assert "audit: link 3 is not the one that was published" in await verify(app, {3: b"another"})
    finally:
        await app.close()
        await owner.close()
