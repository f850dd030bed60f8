"""Sign-ups that were never confirmed end by themselves; nobody else does."""

from tests.support.control import running_control
from tests.support.postgres import TestDatabase
from tests.support.signing_up import execute, form, rows, rules, sign_up

from farebox.kit.logging import get_logger
from farebox.worker.unconfirmed import Unconfirmed


async def test_who_never_opened_the_link_is_forgotten_after_a_month(database: TestDatabase) -> None:
    """The account is closed and the address free; who has confirmed, or may still, stays."""
    async with running_control(database, rules()) as control:
        duty = Unconfirmed(control.services.ids, get_logger("test"))
        confirmed = await sign_up(control)
        late, early = form("late@example.com"), form("early@example.com")
        for sent in (late, early):
            await control.public.post("/api/sign-up", json=sent)
        await execute(
            control,
            "UPDATE account_bar SET since = now() - interval '31 days' FROM account_contact AS contact"
            " WHERE contact.account_id = account_bar.account_id AND contact.email = 'late@example.com'",
        )
        for _ in range(2):
            async with control.services.pool.acquire() as connection:
                await duty.work(connection)
        people = await rows(control, "SELECT email, status FROM person ORDER BY created_at")
        assert [tuple(row.values()) for row in people] == [
            (confirmed, "active"),
            ("", "erased"),
            ("early@example.com", "active"),
        ]
        closed = await rows(
            control, "SELECT email, name FROM account JOIN account_contact ON account_id = id WHERE status = 'closed'"
        )
        assert closed == [{"email": "", "name": ""}]
        assert await rows(control, "SELECT action FROM audit WHERE actor_name = 'unconfirmed'") == [
            {"action": "person.erase"}
        ]
        await sign_up(control, "late@example.com")
