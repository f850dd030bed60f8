"""Channels as operators manage them: added by preset, capped, tried, and never telling a secret."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess, running_simulator

SECRET = "sk-live-never-shown-0123456789"


@pytest.fixture
async def control(database: TestDatabase) -> AsyncIterator[RunningControl]:
    async with running_control(database) as running:
        yield running


@pytest.fixture
async def staff(control: RunningControl) -> SignedIn:
    return await control.operator("catalogue:write", "audit:read", "stop:write")


@pytest.fixture
def simulator() -> Iterator[SimulatorProcess]:
    with running_simulator() as running:
        yield running


async def add(staff: SignedIn, **fields: Any) -> Any:
    body = {"preset": "deepseek", "base_url": "https://1.1.1.1/v1", "api_key": SECRET} | fields
    return await staff.client.post("/admin/channels", json=body)


async def test_a_preset_fills_in_a_channel_and_the_trail_tells(staff: SignedIn) -> None:
    """Name, kind and provider come from the preset; one line of the trail says who added what."""
    made = await add(staff)
    assert made.status_code == 201
    body = made.json()
    assert (body["name"], body["kind"], body["provider"], body["preset"]) == (
        "deepseek",
        "openai-compatible",
        "deepseek",
        "deepseek",
    )
    assert (body["keys"], len(body["pool"]), body["health"]) == (1, 1, "closed")
    (line,) = (await staff.client.get("/admin/audit", params={"action": "channel.add"})).json()["data"]
    assert (line["target"], line["actor_id"]) == ("channel:deepseek", str(staff.person_id))


async def test_no_answer_holds_a_secret(staff: SignedIn, control: RunningControl) -> None:
    """Every page that tells of channels, the trail and the refusals are searched for the key."""
    answers = [
        await add(staff),
        await add(staff),  # the name is taken
        await add(staff, name="other", base_url="https://10.0.0.1/v1"),
        await staff.client.post("/admin/channels/deepseek/keys", json={"api_key": SECRET + "2"}),
        await staff.client.post("/admin/channels/deepseek/keys", json={"api_key": SECRET + " with blanks"}),
        await staff.client.post("/admin/channels", json={"preset": "deepseek", "api_key": [SECRET]}),
        await staff.client.get("/admin/channels"),
        await staff.client.get("/admin/channels/deepseek"),
        await staff.client.get("/admin/channels/presets"),
        await staff.client.get("/admin/providers"),
        await staff.client.get("/admin/audit"),
        await staff.client.post("/admin/channels/deepseek/disable"),
    ]
    assert [answer.status_code for answer in answers] == [201, 422, 422, 201, 422, 422, 200, 200, 200, 200, 200, 200]
    assert not [answer.request.url for answer in answers if SECRET in answer.text]
    async with control.services.pool.acquire() as connection:
        stored = await connection.fetch("SELECT encode(sealed, 'escape') AS sealed FROM channel_key")
    assert len(stored) == 2
    assert not any(SECRET in row["sealed"] for row in stored)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/v1", "https://169.254.169.254/v1", "https://localhost/v1"])
async def test_private_addresses_need_to_be_meant(staff: SignedIn, address: str) -> None:
    """Refused without allow_private when it is added and when it is led elsewhere; nothing is changed."""
    refused = await add(staff, base_url=address, preset=None, kind="openai-compatible", name="inside")
    assert (refused.status_code, refused.json()["code"]) == (422, "address_not_allowed")
    assert (await staff.client.get("/admin/channels")).json() == {"data": []}
    await add(staff)
    moved = {"kind": "openai-compatible", "provider": "deepseek", "base_url": address}
    refused = await staff.client.put("/admin/channels/deepseek", json=moved)
    assert (refused.status_code, refused.json()["code"]) == (422, "address_not_allowed")
    allowed = await staff.client.put("/admin/channels/deepseek", json=moved | {"allow_private": True})
    assert (allowed.status_code, allowed.json()["allow_private"]) == (200, True)


async def test_secrets_want_a_factor_that_was_just_shown(control: RunningControl) -> None:
    """Adding, leading elsewhere and keys are refused to a session that proved itself long ago; caps are not."""
    fresh = await control.operator("catalogue:write")
    assert (await add(fresh)).status_code == 201
    stale = await control.operator("catalogue:write", proved=False)
    where = {"kind": "openai-compatible", "provider": "p", "base_url": "https://1.1.1.1/v1"}
    refused = [
        await add(stale, name="another"),
        await stale.client.put("/admin/channels/deepseek", json=where),
        await stale.client.post("/admin/channels/deepseek/keys", json={"api_key": SECRET}),
    ]
    assert [answer.json()["code"] for answer in refused] == ["second_factor_required"] * 3
    capped = await stale.client.put("/admin/channels/deepseek/caps", json={"daily_cap": "5", "concurrency": 3})
    assert (capped.status_code, capped.json()) == (200, {"daily_cap": "5", "concurrency": 3})
    lifted = await stale.client.put("/admin/channels/deepseek/caps", json={})
    assert lifted.json() == {"daily_cap": None, "concurrency": None}


async def test_the_last_key_stays_and_others_go(staff: SignedIn) -> None:
    """A key of another channel is as unknown as none; the last key of a vendor's channel cannot be removed."""
    first = (await add(staff, preset="anthropic")).json()
    other = (await add(staff)).json()
    path = f"/admin/channels/{first['name']}/keys"
    foreign = await staff.client.delete(f"{path}/{other['pool'][0]['id']}")
    assert foreign.status_code == 404
    last = first["pool"][0]["id"]
    assert (await staff.client.delete(f"{path}/{last}")).status_code == 422
    await staff.client.post(path, json={"api_key": SECRET + "2"})
    removed = await staff.client.delete(f"{path}/{last}")
    assert (removed.status_code, removed.json()["keys"]) == (200, 1)


async def test_a_channel_is_tried(staff: SignedIn, simulator: SimulatorProcess) -> None:
    """A provider that answers is said to work, one that does not is said why; the key is not repeated."""
    for name, url in (("sim", simulator.base_url), ("gone", "http://127.0.0.1:9/v1")):
        fields = {"preset": None, "kind": "openai-compatible", "name": name, "base_url": url, "allow_private": True}
        assert (await add(staff, **fields)).status_code == 201
    tried = (await staff.client.post("/admin/channels/sim/test", json={})).json()
    assert (tried["ok"], tried["fault"], tried["status"]) == (True, None, 200)
    tried = (await staff.client.post("/admin/channels/gone/test", json={})).json()
    assert tried["ok"] is False
    assert tried["fault"]


async def test_unknown_channels_and_presets_are_said_to_be(staff: SignedIn) -> None:
    """404 for a channel that is not there, and one line for what is missing of a new one."""
    for method, path in (("GET", ""), ("PUT", "/caps"), ("POST", "/disable"), ("POST", "/test")):
        answer = await staff.client.request(method, f"/admin/channels/none{path}", json={} if method != "GET" else None)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    wrong: list[dict[str, Any]] = [
        {"preset": "unheard-of"},
        {"preset": None, "name": "x"},
        {"preset": None, "kind": "openai"},
        {"api_key": None},
        {"base_url": "ftp://example.com"},
        {"base_url": "https://user:pw@example.com/v1"},
    ]
    for fields in wrong:
        refused = await add(staff, **fields)
        assert refused.status_code == 422
        assert refused.json()["field"]
