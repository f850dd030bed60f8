"""What people switch off, and marks at which an account is told: once per crossing, stopping nothing."""

import asyncio
from typing import Any
from uuid import UUID

from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.mail import mail_server
from tests.support.postgres import TestDatabase

from farebox.kit.logging import get_logger
from farebox.outbox.mail import queue_mail
from farebox.worker.mail_sender import MailSender
from farebox.worker.watching import Watching

LOGGER = get_logger("test")
ONE = 10**9


async def _watch(control: RunningControl, owner: SignedIn, **marks: str | None) -> None:
    answer = await owner.client.put("/api/notices/watch", json=marks)
    assert answer.status_code == 200, answer.text


async def _set(control: RunningControl, account_id: UUID | None, **columns: int) -> None:
    """The account's meters as admission and settlement leave them."""
    async with control.services.pool.acquire() as connection:
        for name, value in columns.items():
            await connection.execute(f"UPDATE account SET {name} = $2 WHERE id = $1", account_id, value)


async def _told(control: RunningControl) -> list[tuple[str, dict[str, Any]]]:
    async with control.services.pool.acquire() as connection:
        await Watching(control.services.ids, "USD", LOGGER).work(connection)
        rows = await connection.fetch("SELECT kind, facts FROM mail ORDER BY id")
        await connection.execute("DELETE FROM mail")
    return [(row["kind"], row["facts"]) for row in rows]


async def test_a_low_balance_is_told_once_per_crossing(database: TestDatabase) -> None:
    """At the mark nothing; below it once; again only after the balance was back above it, or the mark was moved."""
    async with running_control(database) as control:
        owner = await control.member()
        await _set(control, owner.account_id, balance_nano=10 * ONE)
        await _watch(control, owner, low_balance="10")
        assert await _told(control) == []
        await _set(control, owner.account_id, balance_nano=10 * ONE - 1)
        assert await _told(control) == [("low_balance", {"threshold": "10", "unit": "USD", "balance": "9.999999999"})]
        await _set(control, owner.account_id, balance_nano=ONE)
        assert await _told(control) == []
        await _set(control, owner.account_id, balance_nano=10 * ONE)
        assert await _told(control) == []
        await _set(control, owner.account_id, balance_nano=ONE)
        assert [kind for kind, _ in await _told(control)] == ["low_balance"]
        await _watch(control, owner, low_balance="5")
        assert [facts["threshold"] for _, facts in await _told(control)] == ["5"]
        await _watch(control, owner, low_balance=None)
        assert await _told(control) == []


async def test_spend_is_told_once_a_day_and_once_a_month(database: TestDatabase) -> None:
    """What is only held is not spent; the next day tells anew."""
    async with running_control(database) as control:
        owner = await control.member()
        await _watch(control, owner, daily_spend="3", monthly_spend="20")
        await _set(control, owner.account_id, day=20_000, month=24_300, day_nano=4 * ONE, month_nano=4 * ONE)
        await _set(control, owner.account_id, held_nano=2 * ONE)
        assert await _told(control) == []
        await _set(control, owner.account_id, held_nano=0)
        expected = {"threshold": "3", "unit": "USD", "spent": "4", "period": "day"}
        assert await _told(control) == [("spend_alert", expected)]
        await _set(control, owner.account_id, day_nano=9 * ONE)
        assert await _told(control) == []
        await _set(control, owner.account_id, day=20_001, day_nano=3 * ONE, month_nano=20 * ONE)
        assert [facts["period"] for _, facts in await _told(control)] == ["day", "month"]
        assert await _told(control) == []


async def test_two_duties_at_once_tell_once(database: TestDatabase) -> None:
    """Marking and queueing are one transaction, and each account is one duty's."""
    async with running_control(database) as control:
        for _ in range(10):
            owner = await control.member()
            await _watch(control, owner, low_balance="1")

        async def tell() -> None:
            async with control.services.pool.acquire() as connection:
                await Watching(control.services.ids, "USD", LOGGER).work(connection)

        await asyncio.gather(*(tell() for _ in range(4)))
        async with control.services.pool.acquire() as connection:
            assert await connection.fetchval("SELECT count(*) FROM mail") == 10


async def test_marks_are_the_account_s_own_and_sound(database: TestDatabase) -> None:
    """Developers look and do not change; zero and negative marks are refused; the trail has before and after."""
    async with running_control(database) as control:
        owner, stranger = await control.member(), await control.member()
        developer = await control.member("developer", account_id=owner.account_id)
        await _watch(control, owner, low_balance="2.5")
        shown = {"low_balance": "2.5", "daily_spend": None, "monthly_spend": None}
        assert (await developer.client.get("/api/notices/watch")).json() == shown
        assert (await stranger.client.get("/api/notices/watch")).json()["low_balance"] is None
        assert (await developer.client.put("/api/notices/watch", json={})).status_code == 403
        for wrong in ("0", "-1", "1e3", "", "0.0000000001"):
            assert (await owner.client.put("/api/notices/watch", json={"low_balance": wrong})).status_code == 422, wrong
        assert (await owner.client.get("/api/notices/watch")).json() == shown
        async with control.services.pool.acquire() as connection:
            rows = await connection.fetch("SELECT before, after FROM audit WHERE action = 'watch.change'")
        assert [(row["before"]["low_balance"], row["after"]["low_balance"]) for row in rows] == [(None, "2.5")]


async def test_only_what_is_not_essential_can_be_switched_off(database: TestDatabase) -> None:
    """Receipts and news yes; warnings about the account's safety, terms and prices no."""
    async with running_control(database) as control:
        owner = await control.member()
        shown = (await owner.client.get("/api/notices/preferences")).json()
        assert shown["muted"] == []
        assert not {"key_leaked", "terms_changed", "price_change", "password_reset"} & set(shown["switchable"])
        changed = await owner.client.put("/api/notices/preferences", json={"muted": ["maintenance", "maintenance"]})
        assert changed.json()["muted"] == ["maintenance"]
        refused = await owner.client.put("/api/notices/preferences", json={"muted": ["key_leaked"]})
        assert (refused.status_code, refused.json()["code"]) == (422, "not_switchable")
        assert (await owner.client.get("/api/notices/preferences")).json()["muted"] == ["maintenance"]


async def test_the_link_in_a_mail_switches_its_kind_off(database: TestDatabase) -> None:
    """Looking at it changes nothing; one click does, without signing in; a changed link does not work."""
    async with running_control(database) as control, mail_server() as server:
        owner = await control.member()
        facts, ids = {"amount": "5", "unit": "USD", "balance": "5"}, control.services.ids
        sender = MailSender(server.settings, control.base_url, control.services.seal, LOGGER)
        async with control.services.pool.acquire() as connection:
            await queue_mail(connection, ids, "recharge_credited", owner.person_id, facts, dedupe_key="1")
            await sender.work(connection)
        link = server.received[0]["list-unsubscribe"].strip("<>")
        assert "Switch off" in (await control.public.get(link)).text
        named = {"display_name": "Ada", "language": "zh-TW"}
        assert (await owner.client.put("/api/person", json=named)).status_code == 200
        assert "點選按鈕即可關閉此類通知" in (await control.public.get(link)).text
        assert (await owner.client.get("/api/notices/preferences")).json()["muted"] == []
        for _ in range(2):
            assert (await control.public.post(link, data={"List-Unsubscribe": "One-Click"})).status_code == 200
        assert (await owner.client.get("/api/notices/preferences")).json()["muted"] == ["recharge_credited"]
        flipped = link[:-5] + ("A" if link[-5] != "A" else "B") + link[-4:]
        assert (await control.public.post(flipped)).status_code == 404
        async with control.services.pool.acquire() as connection:
            await queue_mail(connection, ids, "recharge_credited", owner.person_id, facts, dedupe_key="2")
            await sender.work(connection)
        assert len(server.received) == 1
