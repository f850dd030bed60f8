"""Announcements and terms: read by everybody in their language, mailed to whom the policy says, with notice."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
from tests.support.control import RunningControl, running_control
from tests.support.mail import mail_server, text_of
from tests.support.postgres import TestDatabase

from farebox.domain.policies.identity import TermsPolicy
from farebox.domain.policy import Policy
from farebox.kit.logging import get_logger
from farebox.notices.announcement import announce_price_change
from farebox.worker.broadcasting import Broadcasting
from farebox.worker.mail_sender import MailSender

LOGGER = get_logger("test")


def _in(**span: float) -> str:
    return (datetime.now(UTC) + timedelta(**span)).isoformat()


def _terms(effective_at: str, *, is_material: bool = True, title: str = "Terms") -> dict[str, Any]:
    english = {"title": title, "body": "1. Pay first.", "summary": "Paragraph 1 is new."}
    japanese = {"title": "規約", "body": "一"}
    return {"texts": {"en": english, "ja": japanese}, "effective_at": effective_at, "is_material": is_material}


async def _broadcast(control: RunningControl) -> None:
    async with control.services.pool.acquire() as connection:
        await Broadcasting(control.services.ids, LOGGER).work(connection)


async def _told(control: RunningControl, kind: str) -> list[Any]:
    async with control.services.pool.acquire() as connection:
        rows = await connection.fetch("SELECT person_id FROM mail WHERE kind = $1 ORDER BY person_id", kind)
    return [row["person_id"] for row in rows]


def _code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_an_announcement_is_shown_in_its_time_and_language(database: TestDatabase) -> None:
    """Not before and not after; in the reader's language or English; gone when withdrawn; each change in the trail."""
    async with running_control(database) as control:
        staff = await control.operator("notices:write")
        texts = {"en": {"title": "Work", "body": "At night."}, "ja": {"title": "作業"}}
        window = {"starts_at": _in(days=1), "ends_at": _in(days=1, hours=2)}
        made = await staff.client.post(
            "/admin/announcements", json={"kind": "maintenance", "texts": texts, **window, "is_banner": True}
        )
        assert made.status_code == 201, made.text
        for shown_from, shown_until in ((_in(hours=1), None), (_in(hours=-2), _in(hours=-1))):
            other = await staff.client.post(
                "/admin/announcements",
                json={"kind": "general", "texts": texts, "shown_from": shown_from, "shown_until": shown_until},
            )
            assert other.status_code == 201, other.text
        for language, title in (("ja", "作業"), ("ja-JP", "作業"), ("fr", "Work"), ("zh-TW", "Work")):
            listed = (await control.public.get("/api/public/announcements", params={"language": language})).json()
            assert [each["title"] for each in listed["data"]] == [title]
        assert listed["data"][0]["is_banner"] is True
        assert made.json()["shown_until"] == made.json()["ends_at"]
        withdrawn = await staff.client.post(f"/admin/announcements/{made.json()['id']}/withdraw")
        assert withdrawn.status_code == 200
        assert (await control.public.get("/api/public/announcements")).json() == {"data": []}
        assert len((await staff.client.get("/admin/announcements")).json()["data"]) == 3
        again = await staff.client.post(f"/admin/announcements/{made.json()['id']}/withdraw")
        assert _code(again) == (404, "not_found")
        async with control.services.pool.acquire() as connection:
            actions = [row["action"] for row in await connection.fetch("SELECT action FROM audit ORDER BY at")]
        assert actions == ["announcement.make"] * 3 + ["announcement.withdraw"]


async def test_what_makes_no_sense_is_refused(database: TestDatabase) -> None:
    """No English, no languages of our own invention, no end before the start; nothing is stored."""
    async with running_control(database) as control:
        staff = await control.operator("notices:write")
        english = {"en": {"title": "Work"}}
        for body in (
            {"kind": "general", "texts": {"ja": {"title": "作業"}}},
            {"kind": "general", "texts": {"xx": {"title": "?"}, **english}},
            {"kind": "general", "texts": english, "shown_from": _in(days=2), "shown_until": _in(days=1)},
            {"kind": "maintenance", "texts": english},
            {"kind": "maintenance", "texts": english, "starts_at": _in(days=2), "ends_at": _in(days=1)},
            {"kind": "general", "texts": {"en": {"title": "a\nb"}}},
            {"kind": "general", "texts": {"en": {"title": "x" * 201}}},
        ):
            assert (await staff.client.post("/admin/announcements", json=body)).status_code == 422, body
        assert (await staff.client.get("/admin/announcements")).json()["data"] == []
        member = await control.member()
        assert (await member.client.post("/admin/announcements", json={})).status_code in (404, 422)
        assert (await member.client.get("/admin/announcements")).status_code == 404


async def test_everybody_or_those_with_a_balance_are_mailed_once(database: TestDatabase) -> None:
    """Two duties at once queue one message each; people without an account, of closed ones or erased get none."""
    async with running_control(database) as control:
        staff = await control.operator("notices:write")
        rich, poor, closed, erased = [await control.member() for _ in range(4)]
        assert rich.account_id is not None
        await control.credit(rich.account_id, 5_000_000_000)
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE account SET status = 'closed' WHERE id = $1", closed.account_id)
            await connection.execute("UPDATE person SET status = 'erased', email = '' WHERE id = $1", erased.person_id)
        texts = {"en": {"title": "News", "body": "All is well."}}
        for mail in ("all", "with_balance", "none"):
            body = {"kind": "general", "texts": texts, "mail": mail}
            assert (await staff.client.post("/admin/announcements", json=body)).status_code == 201
        await asyncio.gather(*(_broadcast(control) for _ in range(3)))
        await _broadcast(control)
        assert await _told(control, "announcement") == sorted([rich.person_id, poor.person_id, rich.person_id])


async def test_withdrawing_stops_the_mail(database: TestDatabase) -> None:
    """Nobody else is told of what was withdrawn."""
    async with running_control(database) as control:
        staff = await control.operator("notices:write")
        await control.member()
        body = {"kind": "general", "texts": {"en": {"title": "News"}}, "mail": "all"}
        made = (await staff.client.post("/admin/announcements", json=body)).json()
        await staff.client.post(f"/admin/announcements/{made['id']}/withdraw")
        await _broadcast(control)
        assert await _told(control, "announcement") == []


async def test_new_terms_keep_their_notice_and_are_mailed(database: TestDatabase) -> None:
    """The first may be in force at once; a material change needs the policy's days, a small one does not."""
    policy = msgspec.structs.replace(Policy(), terms=TermsPolicy(notice_days=7, mail="with_balance"))
    async with running_control(database, policy=policy) as control, mail_server() as server:
        staff = await control.operator("notices:write")
        rich, _ = await control.member(), await control.member()
        assert rich.account_id is not None
        await control.credit(rich.account_id, 1)
        nothing = (await control.public.get("/api/public/terms")).json()
        assert nothing == {"in_force": None, "coming": []}
        first = await staff.client.post("/admin/terms", json=_terms(_in(seconds=-1)))
        assert (first.status_code, first.json()["version"]) == (201, 1), first.text
        await _broadcast(control)
        assert await _told(control, "terms_changed") == []
        hasty = await staff.client.post("/admin/terms", json=_terms(_in(days=6, hours=23)))
        assert _code(hasty) == (422, "notice_too_short")
        second = await staff.client.post("/admin/terms", json=_terms(_in(days=7, minutes=1), title="Terms II"))
        assert second.json()["version"] == 2, second.text
        before = await staff.client.post("/admin/terms", json=_terms(_in(days=1), is_material=False))
        assert _code(before) == (422, "before_last_version")
        small = await staff.client.post("/admin/terms", json=_terms(_in(days=7, minutes=2), is_material=False))
        assert small.json()["version"] == 3
        shown = (await control.public.get("/api/public/terms", params={"language": "ja"})).json()
        assert (shown["in_force"]["version"], shown["in_force"]["title"]) == (1, "規約")
        assert [each["version"] for each in shown["coming"]] == [2, 3]
        await _broadcast(control)
        assert await _told(control, "terms_changed") == [rich.person_id]
        async with control.services.pool.acquire() as connection:
            sender = MailSender(server.settings, control.base_url, control.services.seal, LOGGER)
            await sender.work(connection)
        (message,) = server.told(rich.email)
        assert "Terms II" in message["subject"]
        assert "Paragraph 1 is new." in text_of(message)
        assert "Nothing stops working" in text_of(message)
        banners = (await control.public.get("/api/public/announcements")).json()["data"]
        assert [each["kind"] for each in banners] == ["terms"]
        assert (await control.public.get("/api/public/terms/9")).status_code == 404


async def test_two_who_publish_at_once_make_two_versions(database: TestDatabase) -> None:
    """Numbers without a gap and without a pair."""
    async with running_control(database) as control:
        staff = await control.operator("notices:write")
        answers = await asyncio.gather(
            *(
                staff.client.post("/admin/terms", json=_terms(_in(days=30, hours=hour), is_material=False))
                for hour in range(4)
            )
        )
        made = sorted(answer.json()["version"] for answer in answers if answer.status_code == 201)
        assert made == list(range(1, len(made) + 1))
        assert {answer.status_code for answer in answers} <= {201, 422}


async def test_a_price_change_is_announced_in_every_language(database: TestDatabase) -> None:
    """Whoever sets prices needs to write nothing."""
    async with running_control(database) as control:
        member = await control.member()
        now = datetime.now(UTC)
        async with control.services.pool.acquire() as connection, connection.transaction():
            await announce_price_change(
                connection,
                control.services.ids,
                ["m-1", "m-2"],
                now + timedelta(days=3),
                now=now,
                mail="all",
                public_url=control.base_url,
            )
        for language, title in (("en", "Prices of m-1, m-2"), ("zh-CN", "m-1, m-2 的价格"), ("ja", "m-1, m-2 の料金")):
            listed = (await control.public.get("/api/public/announcements", params={"language": language})).json()
            assert [each["title"] for each in listed["data"]] == [title]
        await _broadcast(control)
        assert await _told(control, "price_change") == [member.person_id]
