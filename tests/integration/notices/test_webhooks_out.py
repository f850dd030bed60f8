"""Webhooks of customers: signed, at least once with the same id, tried for a day, never into anybody's own network."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.hook import Called, HookServer, hook_server
from tests.support.postgres import TestDatabase

from farebox.kit.clock import SystemClock
from farebox.kit.logging import get_logger
from farebox.notices.delivery import delay_of
from farebox.outbox.events import queue_event
from farebox.upstream.address import Resolver
from farebox.upstream.client import UpstreamClient
from farebox.worker.webhook_sender import Reach, WebhookSender

PUBLIC = "https://93.184.216.34/hook"
GOING = {"url": PUBLIC, "events": ["low_balance", "key.created"]}


@asynccontextmanager
async def _sender(
    control: RunningControl, server: HookServer | None = None, **options: Any
) -> AsyncIterator[WebhookSender]:
    client = UpstreamClient(**options)
    reach = None if server is None else Reach(allow_private=True, ca_file=server.ca_file)
    try:
        services = control.services
        yield WebhookSender(client, services.seal, services.ids, SystemClock(), get_logger("test"), reach=reach)
    finally:
        await client.close()


async def _send(control: RunningControl, server: HookServer | None = None, **options: Any) -> None:
    async with _sender(control, server, **options) as sender, control.services.pool.acquire() as connection:
        await sender.work(connection)


async def _made(control: RunningControl, owner: SignedIn, url: str) -> tuple[str, str]:
    """A webhook of the owner's and its secret, led to where the API would not let it."""
    made = await owner.client.post("/api/webhooks", json=GOING)
    assert made.status_code == 201, made.text
    webhook_id = made.json()["webhook"]["id"]
    await _run(control, "UPDATE webhook SET url = $2 WHERE id = $1", UUID(webhook_id), url)
    return webhook_id, made.json()["secret"]


async def _run(control: RunningControl, statement: str, *values: Any) -> list[Any]:
    async with control.services.pool.acquire() as connection:
        return await connection.fetch(statement, *values)


async def _queue(control: RunningControl, owner: SignedIn, kind: Any = "low_balance", key: str = "") -> int:
    assert owner.account_id is not None
    async with control.services.pool.acquire() as connection, connection.transaction():
        return await queue_event(
            connection, control.services.ids, owner.account_id, kind, {"balance": "1"}, dedupe_key=key or f"{uuid4()}"
        )


async def _deliveries(owner: SignedIn, webhook_id: str) -> list[dict[str, Any]]:
    return (await owner.client.get(f"/api/webhooks/{webhook_id}/deliveries")).json()["data"]


def _is_signed(called: Called, secret: str) -> bool:
    """As the specification's own libraries check it."""
    told = f"{called.headers['webhook-id']}.{called.headers['webhook-timestamp']}.".encode() + called.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    return expected in called.headers["webhook-signature"].split(" ")


async def test_an_event_arrives_signed_and_once(database: TestDatabase, tmp_path: Path) -> None:
    """Only what was asked for, once per occasion, with an id, a moment and a signature over both and the body."""
    async with running_control(database) as control, hook_server(tmp_path) as server:
        owner, stranger = await control.member(), await control.member()
        webhook_id, secret = await _made(control, owner, server.url)
        assert await _queue(control, owner, key="one") == 1
        assert await _queue(control, owner, key="one") == 0
        assert await _queue(control, owner, "recharge.credited") == 0
        assert await _queue(control, stranger) == 0
        await asyncio.gather(*(_send(control, server) for _ in range(3)))
        (called,) = server.called
        assert called.path == "/hook?shop=7"
        assert _is_signed(called, secret)
        assert not _is_signed(called, "whsec_" + base64.b64encode(b"x" * 32).decode())
        assert abs(int(called.headers["webhook-timestamp"]) - time.time()) < 60
        body = json.loads(called.body)
        assert (body["type"], body["data"], body["account_id"]) == (
            "low_balance",
            {"balance": "1"},
            str(owner.account_id),
        )
        (delivery,) = await _deliveries(owner, webhook_id)
        assert (delivery["state"], delivery["status_code"], delivery["attempts"]) == ("delivered", 204, 1)
        assert delivery["event_id"] == body["id"] == called.headers["webhook-id"]


async def test_an_old_secret_signs_beside_the_new_for_a_day(database: TestDatabase, tmp_path: Path) -> None:
    """So that a customer can replace it without losing an event; after that it signs no more."""
    async with running_control(database) as control, hook_server(tmp_path) as server:
        owner = await control.member()
        webhook_id, old = await _made(control, owner, server.url)
        new = (await owner.client.post(f"/api/webhooks/{webhook_id}/rotate")).json()["secret"]
        assert new != old
        await _queue(control, owner)
        await _send(control, server)
        assert (_is_signed(server.called[0], old), _is_signed(server.called[0], new)) == (True, True)
        await _run(control, "UPDATE webhook SET before_until = now()")
        await _queue(control, owner)
        await _send(control, server)
        assert (_is_signed(server.called[1], old), _is_signed(server.called[1], new)) == (False, True)
        assert old not in (await owner.client.get("/api/webhooks")).text
        (row,) = await _run(control, "SELECT sealed FROM webhook")
        assert base64.b64decode(new.removeprefix("whsec_")) not in row["sealed"]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nlocation: https://127.0.0.1/\r\ncontent-length: 0\r\n\r\n",
        b"",
    ],
)
async def test_what_is_not_taken_is_tried_again_with_the_same_id(
    database: TestDatabase, tmp_path: Path, answer: bytes
) -> None:
    """Errors, redirects and cuts: later, after twice the time, the same body under a new signature."""
    async with running_control(database) as control, hook_server(tmp_path) as server:
        owner = await control.member()
        webhook_id, secret = await _made(control, owner, server.url)
        await _queue(control, owner)
        server.answer = lambda _: answer
        await _send(control, server)
        await _send(control, server)
        assert len(server.called) == 1
        (delivery,) = await _deliveries(owner, webhook_id)
        assert (delivery["state"], delivery["attempts"]) == ("waiting", 1)
        assert delivery["error"]
        server.answer = lambda _: b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
        await _run(control, "UPDATE webhook_delivery SET next_at = now()")
        await _send(control, server)
        assert server.called[0].body == server.called[1].body
        assert _is_signed(server.called[1], secret)
        assert (await _deliveries(owner, webhook_id))[0]["state"] == "delivered"


def test_the_wait_doubles_up_to_four_hours_for_deliveries() -> None:
    """Half a minute, one, two; never more than four hours, however often."""
    assert [int(delay_of(tries).total_seconds()) for tries in (1, 2, 3, 10, 1000)] == [30, 60, 120, 14400, 14400]


async def test_a_day_of_failures_ends_a_delivery_and_three_the_webhook(database: TestDatabase, tmp_path: Path) -> None:
    """The customer is told once, nothing waits any more, and it can be switched on again."""
    async with running_control(database) as control, hook_server(tmp_path) as server:
        owner = await control.member()
        webhook_id, _ = await _made(control, owner, server.url)
        server.answer = lambda _: b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
        await _queue(control, owner)
        await _run(control, "UPDATE webhook_delivery SET created_at = now() - interval '25 hours'")
        await _send(control, server)
        assert (await _deliveries(owner, webhook_id))[0]["state"] == "failed"
        await _run(control, "UPDATE webhook SET failing_since = now() - interval '2 days 23 hours'")
        await _queue(control, owner)
        await _send(control, server)
        assert (await owner.client.get("/api/webhooks")).json()["data"][0]["status"] == "active"
        await _run(control, "UPDATE webhook SET failing_since = now() - interval '3 days'")
        await _queue(control, owner)
        await _queue(control, owner)
        await _send(control, server)
        assert (await owner.client.get("/api/webhooks")).json()["data"][0]["status"] == "disabled"
        assert {each["state"] for each in await _deliveries(owner, webhook_id)} == {"failed", "cancelled"}
        assert [row["kind"] for row in await _run(control, "SELECT kind FROM mail")] == ["webhook_disabled"]
        assert await _queue(control, owner) == 0
        enabled = await owner.client.post(f"/api/webhooks/{webhook_id}/enable")
        assert (enabled.json()["status"], enabled.json()["failing_since"]) == ("active", None)
        assert await _queue(control, owner) == 1


async def test_a_slow_webhook_keeps_no_other_waiting(database: TestDatabase, tmp_path: Path) -> None:
    """The oldest delivery of each webhook goes out at the same time."""
    async with running_control(database) as control, hook_server(tmp_path) as server:
        slow, quick = await control.member(), await control.member()
        await _made(control, slow, server.url)
        await _made(control, quick, server.url.replace("shop=7", "quick"))
        for _ in range(3):
            await _queue(control, slow)
        await _queue(control, quick)
        both = asyncio.Event()

        async def until_both_are_here(_: Called) -> None:
            if len({called.path for called in server.called}) == 2:
                both.set()
            await both.wait()

        server.before = until_both_are_here
        await _send(control, server)
        assert both.is_set()
        assert len(server.called) == 4


async def test_a_sender_that_dies_leaves_its_event_to_the_next(database: TestDatabase, tmp_path: Path) -> None:
    """Claimed and never noted: sent again with the same id once its time is over."""
    async with running_control(database) as control, hook_server(tmp_path) as server:
        owner = await control.member()
        await _made(control, owner, server.url)
        await _queue(control, owner)
        arrived = asyncio.Event()

        async def hang(_: Called) -> None:
            arrived.set()
            await asyncio.Event().wait()

        server.before = hang
        dying = asyncio.create_task(_send(control, server))
        await arrived.wait()
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        server.before = None
        await _send(control, server)
        assert len(server.called) == 1
        await _run(control, "UPDATE webhook_delivery SET next_at = now()")
        await _send(control, server)
        assert len(server.called) == 2
        assert server.called[0].headers["webhook-id"] == server.called[1].headers["webhook-id"]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fd00::1]/",
        "https://100.64.0.1/",
        "https://localhost/",
        "https://x.internal/",
        "http://93.184.216.34/",
        "https://user:pw@93.184.216.34/",
    ],
)
async def test_the_api_takes_no_address_of_a_private_network(module_database: TestDatabase, url: str) -> None:
    """Refused at once, and nothing is stored."""
    async with running_control(module_database) as control:
        owner = await control.member()
        refused = await owner.client.post("/api/webhooks", json={**GOING, "url": url})
        assert refused.status_code == 422, refused.text
        assert (await owner.client.get("/api/webhooks")).json() == {"data": []}


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1"])
async def test_a_name_that_turns_private_is_not_connected_to(
    module_database: TestDatabase, tmp_path: Path, address: str
) -> None:
    """The address that is judged is the one that is connected to: a name server's second answer changes nothing."""
    async with running_control(module_database) as control, hook_server(tmp_path) as server:
        owner = await control.member()
        webhook_id, _ = await _made(control, owner, f"https://turning.example:{server.port}/hook")
        await _queue(control, owner)

        async def lookup(host: str, port: int) -> list[str]:
            return [address]

        await _send(control, None, resolver=Resolver(SystemClock(), lookup))
        assert server.called == []
        (delivery,) = await _deliveries(owner, webhook_id)
        assert (delivery["state"], delivery["status_code"]) == ("waiting", None)
        assert "address" in delivery["error"]


async def test_webhooks_are_the_account_s_own(database: TestDatabase) -> None:
    """Every route answers for another account's webhook as for one that nobody has; billing members only look."""
    async with running_control(database) as control:
        owner, stranger = await control.member(), await control.member()
        billing = await control.member("billing", account_id=owner.account_id)
        webhook_id = (await owner.client.post("/api/webhooks", json=GOING)).json()["webhook"]["id"]
        for method, path in (
            ("PUT", ""),
            ("DELETE", ""),
            ("POST", "/rotate"),
            ("POST", "/enable"),
            ("POST", "/disable"),
            ("POST", "/test"),
            ("GET", "/deliveries"),
        ):
            theirs = await stranger.client.request(method, f"/api/webhooks/{webhook_id}{path}", json=GOING)
            nobodys = await stranger.client.request(method, f"/api/webhooks/{uuid4()}{path}", json=GOING)
            assert (theirs.status_code, theirs.json()) == (nobodys.status_code, nobodys.json()), path
            assert theirs.status_code == 404
        assert (await billing.client.get("/api/webhooks")).status_code == 200
        assert (await billing.client.post("/api/webhooks", json=GOING)).json()["code"] == "role_not_allowed"
        for wrong in ({**GOING, "events": []}, {**GOING, "events": ["nonsense"]}, {**GOING, "secret": "mine"}):
            assert (await owner.client.post("/api/webhooks", json=wrong)).status_code == 422
        assert (await owner.client.delete(f"/api/webhooks/{webhook_id}")).status_code == 204
        assert (await owner.client.get("/api/webhooks")).json() == {"data": []}


async def test_an_account_has_ten_webhooks_at_most(database: TestDatabase) -> None:
    """Also when they are made at once."""
    async with running_control(database) as control:
        owner = await control.member()
        answers = await asyncio.gather(*(owner.client.post("/api/webhooks", json=GOING) for _ in range(14)))
        assert sorted(answer.status_code for answer in answers) == [201] * 10 + [409] * 4


async def test_the_test_button_sends_one_event(database: TestDatabase, tmp_path: Path) -> None:
    """Of no meaning, whatever the webhook wants; one at a time."""
    async with running_control(database) as control, hook_server(tmp_path) as server:
        owner = await control.member()
        webhook_id, secret = await _made(control, owner, server.url)
        assert (await owner.client.post(f"/api/webhooks/{webhook_id}/test")).status_code == 202
        assert (await owner.client.post(f"/api/webhooks/{webhook_id}/test")).status_code == 429
        await _send(control, server)
        assert json.loads(server.called[0].body)["type"] == "test"
        assert _is_signed(server.called[0], secret)
