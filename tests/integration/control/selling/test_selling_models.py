"""Models and their prices as operators manage them: routes, caps, notices, history, previews."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.postgres import TestDatabase

from farebox.catalog.store import load_snapshot
from farebox.domain.policies.conduct import PriceChangePolicy
from farebox.domain.policy import Policy

NAME = "vendor/chat:v1"
RATES: dict[str, Any] = {"kind": "per_token", "prices": {"input": "1", "output": "2"}}
DEARER: dict[str, Any] = {"kind": "per_token", "prices": {"input": "1", "output": "3"}}
CHEAPER: dict[str, Any] = {"kind": "per_token", "prices": {"input": "1", "output": "1.5"}}
PER_CALL: dict[str, Any] = {
    "kind": "per_call",
    "tiers": [{"up_to_input_tokens": 16384, "per_call": "1"}, {"up_to_input_tokens": None, "per_call": "10"}],
    "multiplier": 2,
}


@pytest.fixture
async def control(database: TestDatabase) -> AsyncIterator[RunningControl]:
    policy = Policy(price_change=PriceChangePolicy(notice_days=14))
    async with running_control(database, policy) as running:
        yield running


@pytest.fixture
async def staff(control: RunningControl) -> SignedIn:
    """With two channels, `deepseek` and `second`."""
    staff = await control.operator("catalogue:write", "audit:read", "stop:write")
    for name in ("deepseek", "second"):
        body = {"preset": "deepseek", "name": name, "base_url": "https://1.1.1.1/v1", "api_key": "sk-0123456789"}
        assert (await staff.client.post("/admin/channels", json=body)).status_code == 201
    return staff


def route(channel: str = "deepseek", **fields: Any) -> dict[str, Any]:
    return {"channel": channel, "upstream_model": "deepseek-v4-flash"} | fields


async def sell(staff: SignedIn, **fields: Any) -> Any:
    body = {"name": NAME, "routes": [route()], "rates": RATES} | fields
    return await staff.client.post("/admin/models", json=body)


async def test_a_model_is_sold_with_listed_costs(staff: SignedIn) -> None:
    """A route without a cost costs what the preset lists; one that no list knows is named."""
    made = await sell(staff, routes=[route(), route("second", upstream_model="unlisted", priority=1)])
    assert made.status_code == 201
    body = made.json()
    assert body["without_cost"] == ["second/unlisted"]
    assert [each["cost"]["prices"]["input"] for each in body["routes"]] == ["0.3", "0"]
    assert (body["rate_card"], body["rates"]["prices"]["output"], body["coming"]) == (1, "2", 0)
    shown = (await staff.client.get(f"/admin/models/{NAME}")).json()
    assert shown["routes"] == body["routes"]
    assert (await sell(staff)).status_code == 422


async def test_what_is_said_of_a_model_is_replaced_whole(staff: SignedIn, control: RunningControl) -> None:
    """Routes that stay keep their id, others come and go; the trail has both states."""
    await sell(staff, routes=[route(), route("second")])
    async with control.services.pool.acquire() as connection:
        kept = (await load_snapshot(connection)).models[NAME].routes
    change = {
        "enabled": False,
        "family": "Vendor",
        "daily_cap": "100",
        "account_daily_cap": "7.5",
        "account_requests_per_minute": 3,
        "tasks": ["chat"],
        "routes": [route(priority=2, weight=5, cost=CHEAPER), route(upstream_model="deepseek-v4-pro")],
    }
    done = await staff.client.put(f"/admin/models/{NAME}", json=change)
    assert done.status_code == 200
    assert {name: done.json()[name] for name in ("enabled", "family", "daily_cap", "account_daily_cap")} == {
        "enabled": False,
        "family": "Vendor",
        "daily_cap": "100",
        "account_daily_cap": "7.5",
    }
    async with control.services.pool.acquire() as connection:
        snapshot = await load_snapshot(connection)
    model = snapshot.models[NAME]
    assert (model.account_requests_per_minute, model.account_daily_cap_nano) == (3, 7_500_000_000)
    by_name = {each.upstream_model: each for each in model.routes}
    first = next(each for each in kept if snapshot.channels[each.channel_id].name == "deepseek")
    assert by_name["deepseek-v4-flash"].id == first.id
    assert (by_name["deepseek-v4-flash"].priority, by_name["deepseek-v4-flash"].weight) == (2, 5)
    assert len(by_name) == 2
    (line,) = (await staff.client.get("/admin/audit", params={"action": "model.change"})).json()["data"]
    assert (line["before"]["enabled"], line["after"]["enabled"]) == (True, False)


async def test_bad_models_change_nothing(staff: SignedIn) -> None:
    """An unknown channel, a route given twice, tiers out of order: each is named, and nothing is sold."""
    wrong: list[dict[str, Any]] = [
        {"routes": [route("nowhere")]},
        {"routes": [route(), route()]},
        {"routes": []},
        {"name": "with blanks in it"},
        {"rates": {"kind": "per_token", "prices": {"input": "-1", "output": "1"}}},
        {"rates": {"kind": "per_token", "prices": {"input": "9999999", "output": "1"}}},
        {"rates": PER_CALL | {"tiers": list(reversed(PER_CALL["tiers"]))}},
    ]
    for fields in wrong:
        assert (await sell(staff, **fields)).status_code == 422
    assert (await staff.client.get("/admin/models")).json() == {"data": []}
    await sell(staff)
    for routes in ([route("nowhere")], [route(), route()]):
        refused = await staff.client.put(f"/admin/models/{NAME}", json={"routes": routes, "enabled": False})
        assert (refused.status_code, refused.json()["field"]) == (422, "routes")
    shown = (await staff.client.get(f"/admin/models/{NAME}")).json()
    assert (shown["enabled"], len(shown["routes"])) == (True, 1)


async def test_a_rise_keeps_its_notice_and_a_fall_needs_none(staff: SignedIn) -> None:
    """Too early a rise is refused with the first day it may begin; without a day it begins then; a fall is at once."""
    await sell(staff)
    soon = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    early = await staff.client.post("/admin/prices", json={"model": NAME, "rates": DEARER, "starts_at": soon})
    assert (early.status_code, early.json()["code"]) == (422, "notice_too_short")
    risen = (await staff.client.post("/admin/prices", json={"model": NAME, "rates": DEARER})).json()
    ahead = datetime.fromisoformat(risen["starts_at"]) - datetime.now(UTC)
    assert timedelta(days=13, hours=23) < ahead <= timedelta(days=14)
    assert risen["rises"] is True
    fallen = (await staff.client.post("/admin/prices", json={"model": NAME, "rates": CHEAPER})).json()
    assert (fallen["version"], fallen["rises"]) == (3, False)
    shown = (await staff.client.get(f"/admin/models/{NAME}")).json()
    assert (shown["rate_card"], shown["rates"]["prices"]["output"], shown["coming"]) == (3, "1.5", 1)
    past = {"model": NAME, "rates": RATES, "starts_at": "2020-01-01T00:00:00Z"}
    assert (await staff.client.post("/admin/prices", json=past)).json()["code"] == "in_the_past"


async def test_a_coming_price_is_taken_back(staff: SignedIn, control: RunningControl) -> None:
    """From its moment on the prices before it count; a price in force cannot be taken back; history only grows."""
    await sell(staff)
    await staff.client.post("/admin/prices", json={"model": NAME, "rates": DEARER})
    back = await staff.client.post("/admin/prices/cancel", json={"model": NAME, "version": 2})
    assert (back.status_code, back.json()["version"]) == (201, 3)
    history = (await staff.client.get("/admin/prices", params={"model": NAME})).json()["data"]
    assert [(each["version"], each["rates"]["prices"]["output"]) for each in history] == [(3, "2"), (2, "3"), (1, "2")]
    assert history[0]["starts_at"] == history[1]["starts_at"]
    async with control.services.pool.acquire() as connection:
        model = (await load_snapshot(connection)).models[NAME]
        card = model.card_at(2**60)
        assert card is not None
        assert card.version == 3
        for statement in ("UPDATE rate_card SET version = 9", "DELETE FROM rate_card", "TRUNCATE rate_card CASCADE"):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
                await connection.execute(statement)
    again = await staff.client.post("/admin/prices/cancel", json={"model": NAME, "version": 1})
    assert again.json()["code"] == "already_in_force"


async def test_prices_per_call_travel_whole(staff: SignedIn) -> None:
    """Tiers and multiplier come back as they were given."""
    made = await sell(staff, rates=PER_CALL)
    assert (made.status_code, made.json()["rates"]) == (201, PER_CALL)


async def test_a_preview_prices_the_past_anew(staff: SignedIn, control: RunningControl) -> None:
    """Sums over the model's settled jobs, each with its own discount; other models and voided jobs are left out."""
    await sell(staff)
    member = await control.member()
    async with control.services.pool.acquire() as connection:
        for status, model, factor_ppm in (
            ("settled", NAME, 1_000_000),
            ("settled", NAME, 500_000),
            ("voided", NAME, 1_000_000),
            ("settled", "other", 1_000_000),
            ("settled", NAME, 0),
        ):
            await connection.execute(
                "INSERT INTO job (account_id, id, key_id, status, outcome, endpoint, model, stream, created_at,"
                " finished_at, input_tokens, output_tokens, rate_card_id, factor_ppm, hold_nano, charge_nano,"
                " cost_nano, input_hash)"
                " VALUES ($1, $2, $1, $3, 'completed', 'chat.completions', $4, false, now(), now(),"
                " 1000000, 1000000, 1, $5, 0, $6, 1000000000, '')",
                member.account_id,
                control.services.ids.new(),
                status,
                model,
                factor_ppm,
                3_000_000_000 * factor_ppm // 1_000_000,
            )
    found = (await staff.client.post("/admin/prices/preview", json={"model": NAME, "rates": DEARER})).json()
    assert found == {
        "days": 30,
        "jobs": 2,
        "charged": "4.5",
        "repriced": "6",
        "difference": "1.5",
        "cost": "2",
        "margin": "2.5",
        "margin_repriced": "4",
        "estimated": False,
    }
