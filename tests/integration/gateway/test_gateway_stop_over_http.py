"""The emergency stop as operators use it: over HTTP, in two steps, and what workers elsewhere then do."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.gateway import MODEL, Answer, Gateway, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess

from farebox.control.admin.stop.ticket import LIFETIME, Ticket, sealed


@pytest.fixture
def workers(database: TestDatabase, gateway: Gateway, provider: SimulatorProcess) -> Iterator[tuple[Gateway, Gateway]]:
    """Two workers of one deployment."""
    with running_gateway(database, simulator_url=provider.url) as running:
        running.key = gateway.key
        yield gateway, running


@pytest.fixture
async def control(database: TestDatabase) -> AsyncIterator[RunningControl]:
    async with running_control(database) as running:
        yield running


async def chats(workers: tuple[Gateway, Gateway], **fields: Any) -> list[Answer]:
    return [await asyncio.to_thread(lambda each=each: each.chat(**fields)) for each in workers]


async def prepared(staff: SignedIn, scope: str, target: str = "", **fields: Any) -> Any:
    body = {"scope": scope, "target": target, "reason": "a leak", **fields}
    answer = await staff.client.post("/admin/stop/prepare", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("scope", "target", "what"),
    [
        ("all", "", "All models are"),
        ("model", MODEL, "This model is"),
        ("channel", "first", "All that serves this model is"),
        ("provider", "first-provider", "All that serves this model is"),
    ],
)
async def test_the_next_call_on_every_worker_is_refused(
    control: RunningControl, workers: tuple[Gateway, Gateway], scope: str, target: str, what: str
) -> None:
    """Preparing stops nothing, confirming stops at once and says what, resuming ends it; the trail has both."""
    staff = await control.operator("stop:write", "catalogue:read", "audit:read")
    told = await prepared(staff, scope, target)
    assert [answer.status for answer in await chats(workers)] == [200, 200]
    done = await staff.client.post("/admin/stop", json={"token": told["token"]})
    assert done.status_code == 200
    (stop,) = done.json()["stops"]
    assert (stop["scope"], stop["target"], stop["reason"], stop["now"]) == (scope, target, "a leak", False)
    refused = await chats(workers)
    assert [answer.code for answer in refused] == ["emergency_stop"] * 2
    assert {answer.json["error"]["message"] for answer in refused} == {f"{what} stopped for now; try again later."}
    resumed = await staff.client.post("/admin/stop/resume", json={"scope": scope, "target": target})
    assert resumed.json()["stops"] == []
    assert [answer.status for answer in await chats(workers)] == [200, 200]
    lines = (await staff.client.get("/admin/audit")).json()["data"]
    assert [line["action"] for line in lines] == ["stop.end", "stop.set"]
    assert {line["target"] for line in lines} == {scope if scope == "all" else f"{scope}:{target}"}


async def test_running_jobs_are_counted_and_ended_when_asked(
    control: RunningControl, workers: tuple[Gateway, Gateway], provider: SimulatorProcess
) -> None:
    """Who prepares a stop reads how many jobs run there; with `now` they end, uncharged."""
    provider.set(ttft_ms=20_000)
    staff = await control.operator("stop:write", "catalogue:read")
    running = asyncio.create_task(asyncio.to_thread(workers[0].chat))
    async with asyncio.timeout(10):
        while (await staff.client.get("/admin/stop")).json()["running_jobs"] == 0:
            await asyncio.sleep(0.02)
    told = await prepared(staff, "model", MODEL, now=True)
    assert told["running_jobs"] == 1
    assert (await prepared(staff, "channel", "first"))["running_jobs"] == 1
    await staff.client.post("/admin/stop", json={"token": told["token"]})
    assert (await running).code == "emergency_stop"
    async with control.services.pool.acquire() as connection:
        assert await connection.fetchval("SELECT sum(charge_nano)::bigint FROM job") == 0


async def test_a_stop_takes_two_steps_of_one_operator(control: RunningControl, gateway: Gateway) -> None:
    """Another's token, one that is over, a made-up one, a stale factor, an unknown target: nothing is stopped."""
    staff, other = await control.operator("stop:write"), await control.operator("stop:write")
    stale = await control.operator("stop:write", proved=False)
    token = (await prepared(staff, "all"))["token"]
    old = Ticket("all", "", "r", False, f"operator:{staff.person_id}", datetime.now(UTC) - LIFETIME)
    for client, sent, code in (
        (other, token, "invalid_token"),
        (staff, "bm9uZQ==", "invalid_token"),
        (staff, "not-base64", "invalid_token"),
        (staff, sealed(control.services.seal, old), "token_expired"),
        (stale, (await prepared(stale, "all"))["token"], "second_factor_required"),
    ):
        refused = await client.client.post("/admin/stop", json={"token": sent})
        assert refused.json()["code"] == code
    unknown = {"scope": "model", "target": "unheard-of", "reason": "r"}
    assert (await staff.client.post("/admin/stop/prepare", json=unknown)).status_code == 422
    for body in ({"scope": "all", "target": "x"}, {"scope": "model"}):
        assert (await staff.client.post("/admin/stop/prepare", json=body | {"reason": "r"})).status_code == 422
    assert (await asyncio.to_thread(gateway.chat)).status == 200
    async with control.services.pool.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM stop") == 0


async def test_caps_switches_and_prices_over_http_are_in_force_for_the_next_call(
    control: RunningControl, workers: tuple[Gateway, Gateway]
) -> None:
    """On a worker that has served with the old ones a moment ago."""
    staff = await control.operator("catalogue:write")
    assert [answer.status for answer in await chats(workers)] == [200, 200]
    rates = {"kind": "per_token", "prices": {"input": "10", "output": "10"}}
    assert (await staff.client.post("/admin/prices", json={"model": MODEL, "rates": rates})).status_code == 201
    costs = [answer.headers["farebox-cost"] for answer in await chats(workers)]
    assert len(set(costs)) == 1
    shown = (await staff.client.get(f"/admin/models/{MODEL}")).json()
    assert shown["rate_card"] == 2
    await staff.client.put("/admin/channels/first/caps", json={"daily_cap": "0.000000001"})
    assert [answer.code for answer in await chats(workers)] == ["no_channel_available"] * 2
    await staff.client.put("/admin/channels/first/caps", json={})
    await staff.client.post("/admin/channels/first/disable")
    assert [answer.code for answer in await chats(workers)] == ["no_channel_available"] * 2
    await staff.client.post("/admin/channels/first/enable")
    assert [answer.status for answer in await chats(workers)] == [200, 200]
