"""Evidence for authorities: all metadata of one account in a span, nobody else's, no content, and provably so."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.support.conduct import Conduct
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.postgres import TestDatabase

from farebox.control.keys.schemas import KeyMade

FILES = {
    "account.json", "calls.csv", "refusals.csv", "traces.csv", "ledger.csv", "payments.csv", "keys.csv", "signals.csv",
}  # fmt: skip


async def _customer(control: RunningControl) -> tuple[SignedIn, UUID, str]:
    """Somebody with a key, credit, a call, a refused call, a trace and a payment, now and 31 days ago."""
    owner = await control.member()
    assert owner.account_id is not None
    made = KeyMade.model_validate((await owner.client.post("/api/keys", json={"name": "=1+1"})).json())
    await control.credit(owner.account_id, 7 * 10**9, reference="a gift")
    async with control.services.pool.acquire() as connection:
        conduct = Conduct(connection)
        for ago in (timedelta(seconds=5), timedelta(days=31)):
            await conduct.job(
                owner.account_id,
                key_id=made.key.id,
                charge_nano=1_250_000_000,
                provider_request_id="req_of_the_provider",
                ago=ago,
            )
            await conduct.refusal(owner.account_id, ago=ago)
            await conduct.trace(owner.account_id, "call", key_id=made.key.id, address="198.51.100.7", ago=ago)
            await conduct.payment(owner.account_id, fingerprint="card of somebody", ago=ago)
    return owner, made.key.id, made.secret


async def _ask(staff: SignedIn, account_id: UUID | None, **changes: Any) -> Any:
    body = {
        "account_id": str(account_id),
        "since": "2020-01-01T00:00:00Z",
        "until": "2021-01-01T00:00:00Z",
        "reason": "request 17 of the police",
        **changes,
    }
    return await staff.client.post("/admin/evidence", json=body)


async def test_evidence_holds_one_account_and_proves_itself(database: TestDatabase) -> None:
    """Each file has the digest that the manifest says, and the manifest the one that the trail says."""
    async with running_control(database) as control:
        owner, _, secret = await _customer(control)
        other, other_key, _ = await _customer(control)
        async with control.services.pool.acquire() as connection:
            now = await Conduct(connection).now()
        staff = await control.operator("risk:write")
        since, until = (now - timedelta(days=30)).isoformat(), (now + timedelta(hours=1)).isoformat()
        answer = await _ask(staff, owner.account_id, since=since, until=until)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
        bundle = zipfile.ZipFile(io.BytesIO(answer.content))
        assert bundle.testzip() is None
        parts = {name: bundle.read(name) for name in bundle.namelist()}
        raw = parts.pop("manifest.json")
        manifest = json.loads(raw)
        assert (manifest["format"], manifest["account_id"]) == ("farebox-evidence/1", str(owner.account_id))
        assert parts.keys() == manifest["files"].keys() == FILES
        tables = {
            name: list(csv.DictReader(io.StringIO(part.decode(), newline="")))
            for name, part in parts.items()
            if name.endswith(".csv")
        }
        for name, part in parts.items():
            told = manifest["files"][name]
            assert (told["sha256"], told["bytes"]) == (hashlib.sha256(part).hexdigest(), len(part))
            assert told["rows"] == len(tables.get(name, [0]))
        assert {name: len(rows) for name, rows in tables.items()} == {
            "calls.csv": 1, "refusals.csv": 1, "traces.csv": 1, "ledger.csv": 1, "payments.csv": 1, "keys.csv": 1,
            "signals.csv": 0,
        }  # fmt: skip
        assert json.loads(parts["account.json"])["email"] == owner.email
        (call,), (refusal,), (trace,) = tables["calls.csv"], tables["refusals.csv"], tables["traces.csv"]
        assert (call["charge"], call["model"], call["key_prefix"]) == ("1.25", "m", secret[:12])
        assert (refusal["code"], refusal["http_status"]) == ("rate_limit_exceeded", "429")
        assert (trace["address"], trace["key_prefix"]) == ("198.51.100.7", secret[:12])
        assert (tables["ledger.csv"][0]["amount"], tables["ledger.csv"][0]["reference"]) == ("7", "a gift")
        text = b"".join(parts.values()).decode()
        for foreign in (str(other.account_id), str(other_key), other.email, "req_of_the_provider", "card of", secret):
            assert foreign not in text
        async with control.services.pool.acquire() as connection:
            line = await connection.fetchrow("SELECT * FROM audit WHERE action = 'evidence.export'")
        assert line["after"]["manifest_sha256"] == hashlib.sha256(raw).hexdigest()
        assert answer.headers["farebox-manifest-sha256"] == line["after"]["manifest_sha256"]
        assert (line["actor_id"], line["account_id"]) == (staff.person_id, owner.account_id)
        assert line["reason"] == "request 17 of the police"


async def test_evidence_is_given_to_nobody_else(database: TestDatabase) -> None:
    """A second factor and the scope are asked for; spans that are none are refused; the trail has no line of it."""
    async with running_control(database) as control:
        owner = await control.member()
        stale, reader = await control.operator(proved=False), await control.operator("risk:read")
        staff = await control.operator("risk:write")
        assert (await _ask(stale, owner.account_id)).json()["code"] == "second_factor_required"
        assert (await _ask(reader, owner.account_id)).status_code == 403
        assert (await _ask(owner, owner.account_id)).status_code == 404
        assert (await _ask(staff, uuid4())).status_code == 404
        for changes, code in (
            ({"until": "2020-01-01T00:00:00Z"}, "empty_span"),
            ({"until": "2022-01-01T00:00:00Z"}, "span_too_long"),
            ({"since": "0001-01-01T00:00:00+10:00", "until": "0001-06-01T00:00:00Z"}, "not_a_span"),
            ({"since": "9999-01-01T00:00:00Z", "until": "9999-12-31T23:59:59-10:00"}, "not_a_span"),
        ):
            refused = await _ask(staff, owner.account_id, **changes)
            assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert (await _ask(staff, owner.account_id, since="2020-01-01")).status_code == 422
        assert (await _ask(staff, owner.account_id, reason="")).status_code == 422
        empty = await _ask(staff, owner.account_id)
        assert empty.status_code == 200
        async with control.services.pool.acquire() as connection:
            assert await connection.fetchval("SELECT count(*) FROM audit") == 1
