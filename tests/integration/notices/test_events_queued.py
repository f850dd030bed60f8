"""What an account's webhooks hear of: its keys, its freezing; once each, and nothing of anybody else's."""

from typing import Any

from tests.support.control import RunningControl, running_control
from tests.support.postgres import TestDatabase

from farebox.outbox.events import EVENT_KINDS


async def _heard(control: RunningControl) -> list[tuple[str, dict[str, Any]]]:
    async with control.services.pool.acquire() as connection:
        rows = await connection.fetch("SELECT kind, data FROM webhook_event ORDER BY id")
    return [(row["kind"], row["data"]) for row in rows]


async def test_webhooks_hear_of_keys_and_freezing(database: TestDatabase) -> None:
    """Made, rotated, revoked, leaked; frozen and let go: in the transaction of the change, without the secret."""
    async with running_control(database) as control:
        owner, stranger = await control.member(), await control.member()
        hook = {"url": "https://93.184.216.34/", "events": list(EVENT_KINDS)}
        assert (await owner.client.post("/api/webhooks", json=hook)).status_code == 201
        assert (await stranger.client.post("/api/keys", json={})).status_code == 201
        first = (await owner.client.post("/api/keys", json={})).json()["key"]["id"]
        second = (await owner.client.post(f"/api/keys/{first}/rotate")).json()["key"]["id"]
        for _ in range(2):
            assert (await owner.client.post(f"/api/keys/{second}/revoke")).status_code == 200
        await owner.client.post(f"/api/keys/{second}/report-leak", json={"description": "on a paste site"})
        staff = await control.operator("accounts:write")
        for action in ("freeze", "freeze", "unfreeze"):
            changed = await staff.client.post(f"/admin/accounts/{owner.account_id}/{action}", json={"reason": "inner"})
            assert changed.status_code == 200, changed.text
        assert await _heard(control) == [
            ("key.created", {"key_id": first}),
            ("key.rotated", {"key_id": first, "replaced_by": second}),
            ("key.revoked", {"key_id": second}),
            ("key.leaked", {"key_id": second}),
            ("account.frozen", {}),
            ("account.unfrozen", {}),
        ]
        async with control.services.pool.acquire() as connection:
            rows = await connection.fetch("SELECT kind, facts::text AS facts FROM mail ORDER BY id")
        assert [row["kind"] for row in rows] == ["key_leaked", "account_frozen", "account_unfrozen"]
        assert "inner" not in str([row["facts"] for row in rows])
