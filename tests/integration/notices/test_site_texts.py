"""Privacy, refund rules and imprint: published for good, read in the reader's language, beside the enforced rules."""

import asyncio
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest
from tests.support.control import RunningControl, running_control
from tests.support.postgres import TestDatabase

from farebox.domain.policies.money import RefundPolicy
from farebox.domain.policy import Policy

ENGLISH = {"title": "Privacy", "body": "# What we keep\n\nNothing that you write."}
CHINESE = {"title": "隐私政策", "body": "我们不保存您的内容。"}


def _text(kind: str = "privacy", **texts: Any) -> dict[str, Any]:
    return {"kind": kind, "texts": texts or {"en": ENGLISH, "zh-CN": CHINESE}}


async def _read(control: RunningControl, kind: str, language: str = "en") -> httpx.Response:
    return await control.public.get(f"/api/public/texts/{kind}", params={"language": language})


def _code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_the_newest_version_is_in_force_and_older_ones_can_be_shown(database: TestDatabase) -> None:
    """In the reader's language or English; the site names what is published; each publication is on the trail."""
    async with running_control(database) as control:
        staff = await control.operator("notices:write")
        assert _code(await _read(control, "privacy")) == (404, "not_published")
        assert (await control.public.get("/api/public/site")).json()["texts"] == []
        first = await staff.client.post("/admin/texts", json=_text())
        assert (first.status_code, first.json()["version"]) == (201, 1), first.text
        for language, title in (("zh-CN", "隐私政策"), ("zh", "隐私政策"), ("ja", "Privacy"), ("fr", "Privacy")):
            assert (await _read(control, "privacy", language)).json()["title"] == title
        changed = {"title": "Privacy", "body": "Nothing at all."}
        assert (await staff.client.post("/admin/texts", json=_text(en=changed))).json()["version"] == 2
        shown = (await _read(control, "privacy", "zh-CN")).json()
        assert (shown["version"], shown["title"], shown["body"]) == (2, "Privacy", "Nothing at all.")
        await staff.client.post("/admin/texts", json=_text("imprint", en=ENGLISH))
        assert (await control.public.get("/api/public/site")).json()["texts"] == ["privacy", "imprint"]
        assert _code(await _read(control, "refund_rules")) == (404, "not_published")
        listed = (await staff.client.get("/admin/texts")).json()["data"]
        assert [(each["kind"], each["version"]) for each in listed] == [("imprint", 1), ("privacy", 2), ("privacy", 1)]
        assert listed[2]["titles"] == {"en": "Privacy", "zh-CN": "隐私政策"}
        assert (await staff.client.get("/admin/texts/privacy/1")).json() == first.json()
        assert first.json()["texts"] == {"en": ENGLISH, "zh-CN": CHINESE}
        assert _code(await staff.client.get("/admin/texts/privacy/3")) == (404, "not_found")
        async with control.services.pool.acquire() as connection:
            lines = await connection.fetch("SELECT action, target FROM audit ORDER BY at")
        published = [("text.publish", f"text:{each}") for each in ("privacy:1", "privacy:2", "imprint:1")]
        assert [(line["action"], line["target"]) for line in lines] == published


async def test_a_version_is_never_changed(database: TestDatabase) -> None:
    """Neither by the rights of the running program nor by the schema's owner without taking the trigger out."""
    async with running_control(database) as control:
        staff = await control.operator("notices:write")
        assert (await staff.client.post("/admin/texts", json=_text())).status_code == 201
        changes = ("UPDATE site_text SET version = 9", "DELETE FROM site_text", "TRUNCATE site_text")
        async with control.services.pool.acquire() as connection:
            for change in changes:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(change)
        owner = await asyncpg.connect(database.admin_url)
        try:
            for change in changes:
                with pytest.raises(asyncpg.RestrictViolationError):
                    await owner.execute(change)
        finally:
            await owner.close()
        assert (await _read(control, "privacy")).json()["version"] == 1


async def test_what_is_no_text_is_refused(database: TestDatabase) -> None:
    """No English, no kind or language of our own invention, nothing empty; nothing is stored, nobody else may."""
    async with running_control(database) as control:
        staff, reader = await control.operator("notices:write"), await control.operator("notices:read")
        assert _code(await staff.client.post("/admin/texts", json=_text(ja=CHINESE))) == (422, "english_missing")
        for body in (
            _text("terms"),
            _text(en=ENGLISH, xx=CHINESE),
            _text(en={"title": "Privacy", "body": "  "}),
            _text(en={"title": "a\nb", "body": "c"}),
            _text(en={**ENGLISH, "more": 1}),
        ):
            assert (await staff.client.post("/admin/texts", json=body)).status_code == 422, body
        assert _code(await reader.client.post("/admin/texts", json=_text())) == (403, "scope_missing")
        assert (await _read(control, "terms")).status_code == 422
        assert (await reader.client.get("/admin/texts")).json()["data"] == []


async def test_two_who_publish_at_once_make_two_versions(database: TestDatabase) -> None:
    """Numbers without a gap and without a pair, each later than the one before."""
    async with running_control(database) as control:
        staff = await control.operator("notices:write")
        answers = await asyncio.gather(*(staff.client.post("/admin/texts", json=_text()) for _ in range(4)))
        made = sorted((each.json()["version"], each.json()["published_at"]) for each in answers)
        assert [version for version, _ in made] == [1, 2, 3, 4]
        moments = [moment for _, moment in made]
        assert moments == sorted(set(moments))


async def test_the_enforced_refund_rules_are_told_to_everybody(database: TestDatabase) -> None:
    """They are the policy's, whether or not the operator has written any."""
    refund = RefundPolicy(unused="discretion", duplicate="source", window_days=14, refuse_with_open_dispute=False)
    async with running_control(database, policy=msgspec.structs.replace(Policy(), refund=refund)) as control:
        rules = (await control.public.get("/api/public/refund-rules")).json()
        assert rules == {
            "unused": "discretion",
            "window_days": 14,
            "not_while_disputed": False,
            "duplicate": "source",
            "answer_business_days": 2,
            "charge_window_days": 30,
            "charge_answer_business_days": 2,
            "credit_days": 0,
            "at_closing": "return",
            "at_closing_for_breach": "may_forfeit",
        }
