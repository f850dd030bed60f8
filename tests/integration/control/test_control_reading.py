"""What customers read: logs with refused and running calls, receipts, usage, credits and their statement."""

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import httpx
from tests.support.calls import add_key, end_job, id_at, open_job, refuse
from tests.support.control import RunningControl, running_control
from tests.support.postgres import TestDatabase

from farebox.ledger.posting import Paid
from farebox.ledger.rollup import roll_up

NANO = 10**9


async def _walk(client: httpx.AsyncClient, path: str, **query: Any) -> list[dict[str, Any]]:
    """All rows of a list, page by page."""
    rows: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        answer = await client.get(path, params=query | ({"after": after} if after else {}))
        assert answer.status_code == 200, answer.text
        rows += answer.json()["data"]
        after = answer.json()["next"]
        if after is None:
            return rows


async def _busy(control: RunningControl, account_id: UUID) -> dict[str, Any]:
    """Forty ended jobs over three days in no order, one that runs, three refused calls."""
    ids, now, source = control.services.ids, datetime.now(UTC), random.Random(4)
    async with control.services.pool.acquire() as connection:
        keys = [await add_key(connection, ids, account_id, name) for name in ("shop", "=1+1")]
        moments = [now - timedelta(minutes=source.randrange(1, 3 * 1440)) for _ in range(40)]
        jobs = [
            await end_job(
                connection,
                id_at(ids, moment),
                account_id,
                source.choice(keys),
                charge_nano=source.choice((0, 1, 250, NANO)),
                model=source.choice(("m", "n")),
                stream=source.random() < 0.5,
                outcome=source.choice(("completed", "client_disconnected")),
            )
            for moment in moments
        ]
        running = await open_job(connection, ids.new(), account_id, keys[0])
        refused = [
            await refuse(connection, id_at(ids, now - timedelta(hours=n)), account_id, keys[1], code)
            for n, code in enumerate(("rate_limit_exceeded", "insufficient_credits", "rate_limit_exceeded"))
        ]
    return {"keys": keys, "jobs": jobs, "running": running, "refused": refused}


async def test_the_log_has_every_call_once_newest_first(database: TestDatabase) -> None:
    """Ended, running and refused ones in the order of their ids, over pages, while new ones arrive and one ends."""
    async with running_control(database) as control:
        owner = await control.member()
        assert owner.account_id is not None
        await control.credit(owner.account_id, 100 * NANO)
        made = await _busy(control, owner.account_id)
        first = (await owner.client.get("/api/jobs", params={"limit": 7})).json()
        async with control.services.pool.acquire() as connection:
            await connection.execute("DELETE FROM hold")
            await end_job(connection, made["running"], owner.account_id, made["keys"][0])
            await end_job(connection, control.services.ids.new(), owner.account_id, made["keys"][0])
        rest = await _walk(owner.client, "/api/jobs", limit=7, after=first["next"])
        seen = [row["id"] for row in first["data"] + rest]
        wanted = [str(each) for each in (*made["jobs"], made["running"], *made["refused"])]
        assert seen == sorted(wanted, reverse=True)
        assert first["data"][0]["status"] == "open"


async def test_each_filter_gives_what_a_plain_look_gives(database: TestDatabase) -> None:
    """Filters agree with filtering all rows by hand, one at a time and together."""
    async with running_control(database) as control:
        owner = await control.member()
        assert owner.account_id is not None
        await control.credit(owner.account_id, 100 * NANO)
        made = await _busy(control, owner.account_id)
        everything = await _walk(owner.client, "/api/jobs", limit=200)
        middle = (datetime.now(UTC) - timedelta(days=1)).isoformat()
        key_id = str(made["keys"][0])
        cases: list[tuple[dict[str, Any], Any]] = [
            ({"key_id": key_id}, lambda row: row["key_id"] == key_id),
            ({"model": "n"}, lambda row: row["model"] == "n"),
            ({"status": "open"}, lambda row: row["status"] == "open"),
            ({"status": "refused"}, lambda row: row["status"] == "refused"),
            ({"outcome": "client_disconnected"}, lambda row: row["outcome"] == "client_disconnected"),
            ({"code": "rate_limit_exceeded"}, lambda row: row["code"] == "rate_limit_exceeded"),
            ({"stream": True}, lambda row: row["stream"] is True),
            ({"min_cost": "0.00000025"}, lambda row: row["charge"] and Decimal(row["charge"]) >= Decimal("2.5E-7")),
            ({"since": middle}, lambda row: _begun(row) >= datetime.fromisoformat(middle)),
            ({"until": middle}, lambda row: _begun(row) < datetime.fromisoformat(middle)),
            (
                {"key_id": key_id, "model": "n", "stream": False, "since": middle},
                lambda row: (
                    row["key_id"] == key_id
                    and row["model"] == "n"
                    and row["stream"] is False
                    and _begun(row) >= datetime.fromisoformat(middle)
                ),
            ),
        ]
        for query, kept in cases:
            found = await _walk(owner.client, "/api/jobs", limit=3, **query)
            assert [row["id"] for row in found] == [row["id"] for row in everything if kept(row)], query
            assert found, query


def _begun(row: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp((UUID(row["id"]).int >> 80) / 1000, UTC)


async def test_a_filter_that_finds_little_ends_its_page_and_goes_on(database: TestDatabase, monkeypatch: Any) -> None:
    """After so many rows looked at, the page is short and has a next one; nothing is left out."""
    monkeypatch.setattr("farebox.ledger.job_page._MOST_LOOKED_AT", 5)
    async with running_control(database) as control:
        owner = await control.member()
        assert owner.account_id is not None
        await control.credit(owner.account_id, 100 * NANO)
        await _busy(control, owner.account_id)
        everything = await _walk(owner.client, "/api/jobs", limit=200)
        first = (await owner.client.get("/api/jobs", params={"model": "n", "limit": 50})).json()
        assert len(first["data"]) <= 10
        assert first["next"] is not None
        found = await _walk(owner.client, "/api/jobs", limit=50, model="n")
        assert [row["id"] for row in found] == [row["id"] for row in everything if row["model"] == "n"]


async def test_the_statement_is_in_the_order_of_posting_and_adds_up(database: TestDatabase, monkeypatch: Any) -> None:
    """Each balance follows from the line below it, over pages, though jobs began in another order than they ended."""
    monkeypatch.setattr("farebox.ledger.statement._FIRST_LOOK", 4)
    async with running_control(database) as control:
        owner = await control.member()
        assert owner.account_id is not None
        paid = Paid("stripe", 5000, "USD")
        await control.credit(owner.account_id, 50 * NANO, kind="paid", reference="stripe:pi_1", paid=paid)
        made = await _busy(control, owner.account_id)
        async with control.services.pool.acquire() as connection:
            charged = await connection.fetchval("SELECT id FROM job WHERE charge_nano = $1 LIMIT 1", NANO)
            await control.services.ledger.adjust(
                connection, owner.account_id, charged, NANO // 4, "a", reason="sorry", operator="ada"
            )
            balance = await connection.fetchval("SELECT balance_nano FROM account")
        lines = await _walk(owner.client, "/api/ledger", limit=5)
        assert Decimal(lines[0]["balance_after"]) * NANO == balance
        for line, older in pairwise(lines):
            assert Decimal(line["balance_after"]) == Decimal(older["balance_after"]) + Decimal(line["amount"])
        assert Decimal(lines[-1]["amount"]) == Decimal(lines[-1]["balance_after"]) == 50
        assert (lines[0]["kind"], lines[0]["job_id"]) == ("adjustment", str(charged))
        assert (lines[-1]["kind"], lines[-1]["reference"]) == ("recharge", "stripe:pi_1")
        assert "sorry" not in str(lines)
        for kind in ("charge", "recharge", "adjustment", "grant"):
            of_kind = await _walk(owner.client, "/api/ledger", limit=4, kind=kind)
            assert {row["id"] for row in of_kind} == {row["id"] for row in lines if row["kind"] == kind}
        jobs = await _walk(owner.client, "/api/jobs", limit=200, status="settled")
        charges = {row["job_id"]: -Decimal(row["amount"]) for row in lines if row["kind"] == "charge"}
        assert charges == {row["id"]: Decimal(row["charge"]) for row in jobs if row["charge"] != "0"}
        assert len(made["jobs"]) == len(jobs)


async def test_usage_equals_the_sum_of_the_jobs_whatever_is_rolled_up(database: TestDatabase) -> None:
    """Before the rollup, after it, and after jobs that settle late: by every split, and as in the statement."""
    async with running_control(database) as control:
        owner = await control.member()
        assert owner.account_id is not None
        await control.credit(owner.account_id, 100 * NANO)
        async with control.services.pool.acquire() as connection:
            await connection.execute(
                "UPDATE usage_mark SET until_ms = until_ms - 345600000, checked_ms = checked_ms - 345600000, "
                "until_id = farebox_first_id((now() - interval '4 days')::date)"
            )
        made = await _busy(control, owner.account_id)
        query = {"step": "hour", "since": (datetime.now(UTC) - timedelta(days=4)).isoformat()}
        before = (await owner.client.get("/api/usage", params=query)).json()
        async with control.services.pool.acquire() as connection:
            assert await roll_up(connection) > 48
            total = await connection.fetchval("SELECT sum(charge_nano) FROM job")
        after = (await owner.client.get("/api/usage", params=query)).json()
        assert before == after
        assert Decimal(after["total"]["charge"]) * NANO == total
        assert after["total"]["jobs"] == 40
        for split in ("model", "key", "member", "nothing"):
            for step in ("hour", "day"):
                answer = await owner.client.get("/api/usage", params=query | {"split": split, "step": step})
                assert answer.json()["total"] == after["total"], (split, step)
        keys = (await owner.client.get("/api/usage", params=query | {"split": "key"})).json()["data"]
        assert {point["label"] for point in keys} == {str(key) for key in made["keys"]}


async def test_credits_tell_what_a_refund_could_bring_back(database: TestDatabase) -> None:
    """Paid lots only; what is spent of them is gone; given credit is nobody's to refund."""
    async with running_control(database) as control:
        owner = await control.member()
        assert owner.account_id is not None
        paid = Paid("stripe", 500, "USD")
        await control.credit(owner.account_id, 5 * NANO, kind="paid", reference="stripe:pi_1", paid=paid)
        await control.credit(owner.account_id, 2 * NANO)
        shown = (await owner.client.get("/api/credits")).json()
        assert (shown["balance"], shown["spendable"], shown["debt"], shown["unit"]) == ("7", "7", "0", "USD")
        assert [(lot["kind"], lot["refundable"], lot["payment"]) for lot in shown["lots"]] == [
            ("grant", "0", None),
            ("paid", "5", "stripe:pi_1"),
        ]
        assert await _walk(owner.client, "/api/credits/lots", limit=1) == shown["lots"]


async def test_the_overview_is_one_request(database: TestDatabase) -> None:
    """Money, spend of today and the month, the newest calls; risk cases stay the operator's."""
    async with running_control(database) as control:
        owner = await control.member()
        assert owner.account_id is not None
        empty = (await owner.client.get("/api/overview")).json()
        assert empty["low_balance"] == {"is_low": True, "lasts_days": None}
        await control.credit(owner.account_id, 10 * NANO)
        ids = control.services.ids
        async with control.services.pool.acquire() as connection:
            key_id = await add_key(connection, ids, owner.account_id)
            await end_job(connection, ids.new(), owner.account_id, key_id, charge_nano=7 * NANO)
            for kind in ("risk", "dispute"):
                await connection.execute(
                    "INSERT INTO review_case (id, kind, subject, account_id) VALUES ($1, $2, 's', $3)",
                    ids.new(),
                    kind,
                    owner.account_id,
                )
        shown = (await owner.client.get("/api/overview")).json()
        assert (shown["balance"], shown["spent_today"], shown["spent_this_month"]) == ("3", "7", "7")
        assert shown["low_balance"] == {"is_low": False, "lasts_days": 3}
        assert [case["kind"] for case in shown["open_cases"]] == ["dispute"]
        assert [job["charge"] for job in shown["recent_jobs"]] == ["7"]


async def test_tables_hold_the_same_rows_and_no_formulas(database: TestDatabase) -> None:
    """CSV of logs, statement and usage: every row, exact amounts, texts that no spreadsheet runs, a BOM on demand."""
    async with running_control(database) as control:
        owner = await control.member()
        assert owner.account_id is not None
        await control.credit(owner.account_id, 100 * NANO)
        await _busy(control, owner.account_id)
        logs = await owner.client.get("/api/jobs.csv")
        assert logs.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(logs.text)))
        shown = await _walk(owner.client, "/api/jobs")
        assert [(row["id"], row["charge"]) for row in rows] == [(each["id"], each["charge"] or "") for each in shown]
        assert {row["key_name"] for row in rows} == {"shop", "'=1+1"}
        lines = list(csv.DictReader(io.StringIO((await owner.client.get("/api/ledger.csv")).text)))
        assert [row["amount"] for row in lines] == [each["amount"] for each in await _walk(owner.client, "/api/ledger")]
        assert any(row["amount"].startswith("-") for row in lines)
        usage = await owner.client.get("/api/usage.csv", params={"bom": True, "split": "model"})
        assert usage.content.startswith(b"\xef\xbb\xbfat,label,")


async def test_a_receipt_shows_lines_timing_and_what_was_given_back(database: TestDatabase) -> None:
    """The lines' sum is the charge and the ledger's entry; a refused call has its code instead."""
    async with running_control(database) as control:
        owner = await control.member()
        assert owner.account_id is not None
        await control.credit(owner.account_id, 10 * NANO)
        ids = control.services.ids
        async with control.services.pool.acquire() as connection:
            key_id = await add_key(connection, ids, owner.account_id)
            await connection.execute("INSERT INTO model (name) VALUES ('m')")
            rates = {"type": "per_token", "prices": {"input": 2_500_000, "output": 10_000_000}}
            card_id = await connection.fetchval(
                "INSERT INTO rate_card (model, version, rates) VALUES ('m', 1, $1) RETURNING id", rates
            )
            job_id = await end_job(
                connection, ids.new(), owner.account_id, key_id, charge_nano=75_000, rate_card_id=card_id
            )
            await control.services.ledger.adjust(
                connection, owner.account_id, job_id, 50, "a", reason="r", operator="o"
            )
            refused_id = await refuse(connection, ids.new(), owner.account_id, key_id, "spend_limit_exceeded")
        shown = (await owner.client.get(f"/api/jobs/{job_id}")).json()
        assert (
            sum(Decimal(line["amount"]) for line in shown["lines"]) == Decimal(shown["charge"]) == Decimal("0.000075")
        )
        assert (shown["first_byte_ms"], shown["latency_ms"], shown["adjusted"]) == (5, 9, "0.00000005")
        assert shown["charge_reason"] is None
        refused = (await owner.client.get(f"/api/jobs/{refused_id}")).json()
        assert (refused["status"], refused["code"], refused["http_status"]) == ("refused", "spend_limit_exceeded", 429)


async def test_somebody_elses_calls_and_money_are_as_good_as_missing(database: TestDatabase) -> None:
    """Lists are empty, ids answer like nobody's, cursors of others lead nowhere."""
    async with running_control(database) as control:
        owner, stranger = await control.member(), await control.member()
        assert owner.account_id is not None
        await control.credit(owner.account_id, 100 * NANO)
        made = await _busy(control, owner.account_id)
        for call_id in (made["jobs"][0], made["running"], made["refused"][0]):
            theirs = await stranger.client.get(f"/api/jobs/{call_id}")
            nobodys = await stranger.client.get(f"/api/jobs/{uuid4()}")
            assert (theirs.status_code, theirs.json()) == (nobodys.status_code, nobodys.json())
            assert theirs.status_code == 404
        line = (await owner.client.get("/api/ledger")).json()["data"][0]["id"]
        for path in ("/api/jobs", f"/api/jobs?key_id={made['keys'][0]}", "/api/ledger", f"/api/ledger?after={line}"):
            assert (await stranger.client.get(path)).json()["data"] == [], path
        assert (await stranger.client.get("/api/usage", params={"split": "key"})).json()["data"] == []
        assert len((await stranger.client.get("/api/jobs.csv")).text.splitlines()) == 1
        assert (await stranger.client.get("/api/credits")).json()["lots"] == []


async def test_bad_questions_are_named(database: TestDatabase) -> None:
    """Moments without an offset or out of range, spans that end first or are too long, unknown words."""
    async with running_control(database) as control:
        owner = await control.member()
        for path in (
            "/api/jobs?since=2026-01-01T00:00:00",
            "/api/jobs?until=0001-01-01T00:00:00%2B14:00",
            "/api/jobs?status=lost",
            "/api/jobs?min_cost=-1",
            "/api/jobs?model=%00",
            "/api/jobs?limit=1000",
            "/api/jobs/not-an-id",
            "/api/usage?step=week",
            "/api/usage?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z",
            "/api/usage?step=hour&since=2025-01-01T00:00:00Z&until=2026-01-01T00:00:00Z",
            "/api/ledger?kind=%27",
        ):
            refused = await owner.client.get(path)
            assert refused.status_code == 422, (path, refused.text)
            assert refused.headers["content-type"] == "application/problem+json"


async def test_a_members_usage_is_that_of_the_keys_they_made(database: TestDatabase) -> None:
    """Also after a rotation by somebody else."""
    async with running_control(database) as control:
        owner = await control.member()
        assert owner.account_id is not None
        helper = await control.member("developer", account_id=owner.account_id)
        await control.credit(owner.account_id, NANO)
        made = (await helper.client.post("/api/keys", json={})).json()["key"]["id"]
        rotated = (await owner.client.post(f"/api/keys/{made}/rotate")).json()["key"]["id"]
        async with control.services.pool.acquire() as connection:
            for key_id in (made, rotated):
                await end_job(
                    connection, control.services.ids.new(), owner.account_id, UUID(key_id), charge_nano=NANO // 4
                )
        (point,) = (await owner.client.get("/api/usage", params={"split": "member"})).json()["data"]
        assert (point["label"], point["charge"], point["jobs"]) == (str(helper.person_id), "0.5", 2)
