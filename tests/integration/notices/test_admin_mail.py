"""The outbox as operators see it: what failed and why, once more on request, and no links that open something."""

from typing import Any

from tests.support.control import RunningControl, running_control
from tests.support.mail import mail_server
from tests.support.postgres import TestDatabase

from farebox.kit.logging import get_logger
from farebox.outbox.mail import queue_mail
from farebox.worker.mail_sender import MailSender

LINK = "https://gateway.example/reset/S3CRET"


async def _queue(control: RunningControl, kind: str, **facts: str) -> str:
    member = await control.member()
    async with control.services.pool.acquire() as connection:
        key = f"test:{kind}:{member.person_id}"
        await queue_mail(connection, control.services.ids, kind, member.person_id, facts, dedupe_key=key)
        return str(await connection.fetchval("SELECT id FROM mail WHERE dedupe_key = $1", key))


async def _text(control: RunningControl, mail_id: str) -> Any:
    staff = await control.operator("notices:read")
    return (await staff.client.get(f"/admin/mail/{mail_id}/text")).json()


async def test_on_a_trial_without_a_mail_server_operators_read_the_mail(database: TestDatabase) -> None:
    """Whoever tries Farebox on their own machine finds the link of a sign-up there."""
    async with running_control(database) as control:
        mail_id = await _queue(control, "password_reset", link=LINK)
        told = await _text(control, mail_id)
        assert told["subject"] == "Set a new password"
        assert LINK in told["text"]


async def test_where_mail_is_sent_nobody_reads_links(database: TestDatabase) -> None:
    """An operator who could read the link could be that person: with a mail server, or reachable by others."""
    async with mail_server() as server:
        for settings in ({"mail": server.settings}, {"public_url": "https://gateway.example"}):
            async with running_control(database, **settings) as control:
                mail_id = await _queue(control, "password_reset", link=LINK)
                assert "S3CRET" not in str(await _text(control, mail_id))


async def test_a_failed_message_can_be_sent_once_more(database: TestDatabase) -> None:
    """Failed ones only, with a line in the trail; members have no such page."""
    async with running_control(database) as control, mail_server() as server:
        staff, reader = await control.operator("notices:write"), await control.operator("notices:read")
        mail_id = await _queue(control, "recharge_credited", amount="5", unit="USD", balance="5")
        sender = MailSender(server.settings, control.base_url, control.services.seal, get_logger("test"))
        server.of_data = lambda _: "cut"
        async with control.services.pool.acquire() as connection:
            await sender.work(connection)
        (listed,) = (await reader.client.get("/admin/mail", params={"state": "failed"})).json()["data"]
        assert (listed["id"], listed["error"][:18]) == (mail_id, "it may have arrive")
        assert (await reader.client.post(f"/admin/mail/{mail_id}/send-again")).status_code == 403
        again = await staff.client.post(f"/admin/mail/{mail_id}/send-again")
        assert again.json()["state"] == "waiting"
        assert (await staff.client.post(f"/admin/mail/{mail_id}/send-again")).status_code == 409
        server.of_data = lambda _: None
        async with control.services.pool.acquire() as connection:
            await sender.work(connection)
            assert await connection.fetchval("SELECT count(*) FROM audit WHERE action = 'mail.send_again'") == 1
        assert len(server.received) == 2
        assert (await reader.client.get("/admin/mail")).json()["data"][0]["address"] == ""
        member = await control.member()
        assert (await member.client.get("/admin/mail")).status_code == 404
