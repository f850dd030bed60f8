"""Discounts, groups and public pages over HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.postgres import TestDatabase

from farebox.domain.policies.conduct import PriceChangePolicy
from farebox.domain.policies.site import Link, SitePolicy
from farebox.domain.policy import Policy

CHEAP: dict[str, Any] = {"kind": "per_token", "prices": {"input": "1", "output": "2"}}
DEAR: dict[str, Any] = {"kind": "per_token", "prices": {"input": "1", "output": "4"}}
NOTHING: dict[str, Any] = {"kind": "per_token", "prices": {"input": "0", "output": "0"}}


@pytest.fixture
async def control(database: TestDatabase) -> AsyncIterator[RunningControl]:
    links = (Link(title="Group", url="https://chat.example.com/join", qr=True),)
    site = SitePolicy(name="Lighthouse", contact_mail="help@example.com", links=links)
    policy = Policy(site=site, price_change=PriceChangePolicy(notice_days=7, mail="all"))
    async with running_control(database, policy) as running:
        yield running


@pytest.fixture
async def staff(control: RunningControl) -> SignedIn:
    """With one channel and the models alpha-1, alpha-2 (one family) and free-1."""
    staff = await control.operator("catalogue:write", "accounts:write", "audit:read", "stop:write")
    channel = {"preset": "deepseek", "name": "main", "base_url": "https://1.1.1.1/v1", "api_key": "sk-0123456789"}
    assert (await staff.client.post("/admin/channels", json=channel)).status_code == 201
    for name, family, rates in (("alpha-1", "Alpha", CHEAP), ("alpha-2", "Alpha", CHEAP), ("free-1", "", NOTHING)):
        routes = [{"channel": "main", "upstream_model": name}]
        body = {"name": name, "family": family, "routes": routes, "rates": rates, "context_tokens": 128_000}
        assert (await staff.client.post("/admin/models", json=body)).status_code == 201
    return staff


def at(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


async def plan(staff: SignedIn, **fields: Any) -> Any:
    body = {"name": "Autumn", "models": ["alpha-*"], "off_percent": "70", "ends_at": at(days=3)} | fields
    return await staff.client.post("/admin/discounts", json=body)


async def test_a_discount_runs_is_shown_and_ends(control: RunningControl, staff: SignedIn) -> None:
    """Public pages show what is charged and until when; ended, the list price is back; both are in the trail."""
    made = (await plan(staff)).json()
    assert (made["state"], made["off_percent"]) == ("running", "70")
    (offer,) = (await control.public.get("/api/public/offers")).json()["data"]
    assert (offer["name"], offer["models"], offer["off_percent"]) == ("Autumn", ["alpha-*"], "70")
    sold = {model["name"]: model for model in (await control.public.get("/api/public/models")).json()["data"]}
    assert {name: model["price_percent"] for name, model in sold.items()} == {
        "alpha-1": "30",
        "alpha-2": "30",
        "free-1": "100",
    }
    assert sold["alpha-1"]["rates"]["prices"]["output"] == "2"
    assert datetime.fromisoformat(sold["alpha-1"]["discount"]["ends_at"]) <= datetime.fromisoformat(
        offer["ends_at"]
    ) + timedelta(milliseconds=1)
    assert [name for name, model in sold.items() if model["free"]] == ["free-1"]
    ended = (await staff.client.post(f"/admin/discounts/{made['id']}/end", json={})).json()
    assert ended["state"] == "ended"
    again = await staff.client.post(f"/admin/discounts/{made['id']}/end", json={})
    assert (again.status_code, again.json()["code"]) == (409, "already_ended")
    (line,) = (await staff.client.get("/admin/audit", params={"action": "discount.end"})).json()["data"]
    assert line["target"] == f"discount:{made['id']}"


async def test_bad_discounts_are_refused(staff: SignedIn) -> None:
    """More than all of it, nothing, an end before the start, patterns that are none: one line, nothing planned."""
    wrong: list[dict[str, Any]] = [
        {"off_percent": "100.1"},
        {"off_percent": "0"},
        {"off_percent": "-1"},
        {"ends_at": at(days=-1)},
        {"starts_at": at(days=4)},
        {"models": []},
        {"models": ["with blank "]},
        {"ends_at": "2030-01-01T00:00:00"},
        {"name": ""},
    ]
    for fields in wrong:
        assert (await plan(staff, **fields)).status_code == 422, fields
    assert (await staff.client.get("/admin/discounts")).json()["data"] == []
    coming = (await plan(staff, starts_at=at(days=1))).json()
    assert coming["state"] == "coming"
    called_off = (await staff.client.post(f"/admin/discounts/{coming['id']}/end", json={})).json()
    assert called_off["starts_at"] == called_off["ends_at"]


async def test_groups_are_made_joined_and_removed_when_empty(control: RunningControl, staff: SignedIn) -> None:
    """An unknown group or account changes nothing; a group with accounts stays; every step is in the trail."""
    member = await control.member()
    path = f"/admin/groups/members/{member.account_id}"
    assert (await staff.client.put(path, json={"group": "partners"})).json()["code"] == "unknown_group"
    made = await staff.client.put("/admin/groups/partners", json={"price_percent": "80", "description": "Friends"})
    assert made.json()["data"] == [{"name": "partners", "price_percent": "80", "description": "Friends", "accounts": 0}]
    assert (await staff.client.put(path, json={"group": "partners"})).status_code == 200
    unknown = await staff.client.put(f"/admin/groups/members/{uuid4()}", json={"group": "partners"})
    assert unknown.status_code == 404
    assert (await staff.client.delete("/admin/groups/partners")).json()["code"] == "group_in_use"
    assert (await staff.client.get("/admin/groups")).json()["data"][0]["accounts"] == 1
    assert (await staff.client.put(path, json={"group": None})).json()["group"] is None
    assert (await staff.client.delete("/admin/groups/partners")).json()["data"] == []
    lines = (await staff.client.get("/admin/audit", params={"action": "account.group"})).json()["data"]
    assert [(line["before"], line["after"]) for line in lines] == [
        ({"group": "partners"}, {"group": None}),
        ({"group": None}, {"group": "partners"}),
    ]


async def test_the_status_page_counts_families_by_day(control: RunningControl, staff: SignedIn) -> None:
    """Counted calls of all models of a family make its day; it names no channel, and a stop shows."""
    rows = [
        ("alpha-1", 0, 95, 0),
        ("alpha-2", 0, 0, 5),
        ("alpha-1", 1, 999, 1),
        ("alpha-1", 2, 1, 9),
        ("gone", 0, 0, 9),
    ]
    async with control.services.pool.acquire() as connection:
        for model, days, answered, faults in rows:
            await connection.execute(
                "INSERT INTO traffic_hour (hour, model, channel_id, stream, answered, timeout_faults, first_byte_ms,"
                " first_byte_counts) SELECT date_trunc('day', now(), 'UTC') - make_interval(days => $2), $1, id, false,"
                " $3::bigint, $4, $3::bigint * 200, '{}' FROM channel",
                model,
                days,
                answered,
                faults,
            )
    answer = await control.public.get("/api/public/status")
    assert "main" not in answer.text
    families = {each["family"]: each for each in answer.json()["data"]}
    assert set(families) == {"Alpha", "free-1"}
    alpha = families["Alpha"]["days"]
    assert len(alpha) == 90
    assert [(day["state"], day["answered_percent"]) for day in reversed(alpha[-4:])] == [
        ("degraded", "95"),
        ("good", "99.9"),
        ("down", "10"),
        ("unknown", None),
    ]
    assert alpha[-1]["average_first_byte_ms"] == 200
    assert (families["Alpha"]["state"], families["free-1"]["state"]) == ("degraded", "unknown")


async def test_the_site_tells_name_and_contacts(control: RunningControl) -> None:
    """From the settings, to everybody."""
    told = (await control.public.get("/api/public/site")).json()
    assert (told["name"], told["contact_mail"], told["unit"]) == ("Lighthouse", "help@example.com", "USD")
    assert told["links"] == [{"title": "Group", "url": "https://chat.example.com/join", "qr": True}]
    assert told["base_url"] == control.base_url


async def test_a_coming_rise_is_announced_and_taken_back(control: RunningControl, staff: SignedIn) -> None:
    """Customers see it ahead among announcements and prices; a price that is taken back is not announced any more."""
    risen = (await staff.client.post("/admin/prices", json={"model": "alpha-1", "rates": DEAR})).json()
    sold = (await control.public.get("/api/public/models")).json()["data"][0]
    assert [each["rates"]["prices"]["output"] for each in sold["coming"]] == ["4"]
    async with control.services.pool.acquire() as connection:
        told = await connection.fetchrow("SELECT * FROM price_notice")
        assert told is not None
        assert isinstance(told["announcement_id"], UUID)
    shown = (await control.public.get("/api/public/announcements")).json()["data"]
    assert [each["kind"] for each in shown] == ["price_change"]
    body = {"model": "alpha-1", "version": risen["version"]}
    assert (await staff.client.post("/admin/prices/cancel", json=body)).status_code == 201
    assert (await control.public.get("/api/public/announcements")).json()["data"] == []
