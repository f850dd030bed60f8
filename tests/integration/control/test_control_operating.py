"""What operators read and do about accounts and jobs: search, detail, freeze, limits, grants, adjustments, margins."""

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
from tests.support.calls import CHANNEL, add_key, end_job, id_at
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.postgres import TestDatabase

from farebox.ledger.rollup import roll_up

NANO = 10**9


async def _customer(control: RunningControl, credit_nano: int = 100 * NANO, email: str = "") -> tuple[SignedIn, UUID]:
    """A member with credit, and a key of the account."""
    owner = await control.member(email=email)
    assert owner.account_id is not None
    await control.credit(owner.account_id, credit_nano)
    async with control.services.pool.acquire() as connection:
        return owner, await add_key(connection, control.services.ids, owner.account_id)


async def _ids(client: httpx.AsyncClient, path: str, **query: Any) -> list[str]:
    """The ids of all rows of a list, page by page."""
    found: list[str] = []
    after: str | None = None
    while True:
        answer = await client.get(path, params=query | ({"after": after} if after else {}))
        assert answer.status_code == 200, answer.text
        found += [row["id"] for row in answer.json()["data"]]
        after = answer.json()["next"]
        if after is None:
            return found


async def test_accounts_are_found_by_what_somebody_tells_of_them(database: TestDatabase) -> None:
    """By id, address, key prefix, a member's address, status and balance; a percent sign is a percent sign."""
    async with running_control(database) as control:
        staff = await control.operator("accounts:read")
        first, key_id = await _customer(control, 5 * NANO, "ada%1@example.com")
        second, _ = await _customer(control, 50 * NANO, "adax1@example.com")
        helper = await control.member("developer", account_id=first.account_id, email="helper@example.org")
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE api_key SET prefix = 'fb_live_Xy12' WHERE id = $1", key_id)
            await connection.execute("UPDATE account SET status = 'frozen' WHERE id = $1", second.account_id)
        one, other = str(first.account_id), str(second.account_id)
        for query, wanted in (
            ({}, [other, one]),
            ({"q": one}, [one]),
            ({"q": "ADA"}, [other, one]),
            ({"q": "ada%"}, [one]),
            ({"q": "fb_live_Xy"}, [one]),
            ({"q": helper.email}, [one]),
            ({"q": "nobody"}, []),
            ({"status": "frozen"}, [other]),
            ({"min_balance": "10"}, [other]),
            ({"max_balance": "10", "q": "ada"}, [one]),
        ):
            assert await _ids(staff.client, "/admin/accounts", limit=1, **query) == wanted, query
        refused = await staff.client.get("/admin/accounts", params={"min_balance": "999999999999"})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")


async def test_an_account_in_detail_and_its_actions_are_audited(database: TestDatabase) -> None:
    """Freezing asks for a second factor; limits and grants are in force at once; each is a line of the trail."""
    async with running_control(database) as control:
        staff, stale = await control.operator(), await control.operator(proved=False)
        owner, key_id = await _customer(control)
        path = f"/admin/accounts/{owner.account_id}"
        async with control.services.pool.acquire() as connection:
            await end_job(connection, control.services.ids.new(), owner.account_id, key_id, charge_nano=NANO)
        detail = (await staff.client.get(path)).json()
        assert (detail["credits"]["balance"], len(detail["jobs"]), len(detail["statement"])) == ("99", 1, 2)
        assert [member["email"] for member in detail["members"]] == [owner.email]
        refused = await stale.client.post(f"{path}/freeze", json={"reason": "fraud"})
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
        frozen = await staff.client.post(f"{path}/freeze", json={"reason": "fraud"})
        assert (frozen.json()["status"], frozen.json()["status_reason"]) == ("frozen", "fraud")
        assert (await staff.client.post(f"{path}/unfreeze", json={"reason": "cleared"})).json()["status"] == "active"
        limited = await staff.client.put(f"{path}/limits", json={"daily_spend": "2.5"})
        assert (limited.status_code, limited.json()["daily_spend"]) == (200, "2.5")
        gift = {"amount": "3", "reason": "sorry", "kind": "promo"}
        granted = await stale.client.post(f"{path}/grants", json=gift, headers={"idempotency-key": "a"})
        again = await stale.client.post(f"{path}/grants", json=gift, headers={"idempotency-key": "a"})
        assert (granted.status_code, granted.json()) == (201, again.json())
        assert granted.json()["balance"] == "102"
        large = await stale.client.post(f"{path}/grants", json=gift | {"amount": "100.1"})
        assert (large.status_code, large.json()["code"]) == (403, "second_factor_required")
        assert (await staff.client.post(f"{path}/grants", json=gift | {"amount": "100.1"})).status_code == 201
        async with control.services.pool.acquire() as connection:
            actions = [row["action"] for row in await connection.fetch("SELECT action FROM audit ORDER BY at")]
            assert await connection.fetchval("SELECT daily_nano FROM account") == 2_500_000_000
        assert actions == ["account.freeze", "account.unfreeze", "account.limit", "account.grant", "account.grant"]


async def test_no_customer_and_no_lesser_operator_gets_in(database: TestDatabase) -> None:
    """Every route: 404 for a member, 403 without the scope, 404 for ids that nobody has; nothing is changed."""
    async with running_control(database) as control:
        owner, _ = await _customer(control)
        staff, lesser = await control.operator(), await control.operator("notices:read")
        for method, path, body in (
            ("GET", "/admin/overview", None),
            ("GET", "/admin/accounts", None),
            ("GET", f"/admin/accounts/{owner.account_id}", None),
            ("POST", f"/admin/accounts/{owner.account_id}/freeze", {"reason": "r"}),
            ("POST", f"/admin/accounts/{owner.account_id}/unfreeze", {"reason": "r"}),
            ("PUT", f"/admin/accounts/{owner.account_id}/limits", {}),
            ("POST", f"/admin/accounts/{owner.account_id}/grants", {"amount": "1", "reason": "r"}),
            ("GET", "/admin/jobs", None),
            ("GET", "/admin/jobs.csv", None),
            ("GET", f"/admin/jobs/{uuid4()}", None),
            ("POST", f"/admin/jobs/{uuid4()}/adjust", {"reason": "r"}),
            ("GET", "/admin/reports/margin", None),
            ("GET", "/admin/reports/margin.csv", None),
        ):
            assert (await owner.client.request(method, path, json=body)).status_code == 404, path
            assert (await lesser.client.request(method, path, json=body)).status_code == 403, path
            missing = path.replace(str(owner.account_id), str(uuid4()))
            if missing != path:
                assert (await staff.client.request(method, missing, json=body)).status_code == 404, path
        async with control.services.pool.acquire() as connection:
            assert await connection.fetchval("SELECT count(*) FROM audit") == 0


async def test_a_job_in_doubt_is_given_back_in_one_step(database: TestDatabase) -> None:
    """The list shows it; adjusting gives back the charge once, with the same key again nothing more."""
    async with running_control(database) as control:
        staff = await control.operator("money:write")
        owner, key_id = await _customer(control)
        ids = control.services.ids
        async with control.services.pool.acquire() as connection:
            jobs = [
                await end_job(connection, ids.new(), owner.account_id, key_id, charge_nano=2 * NANO, cost_nano=NANO)
                for _ in range(3)
            ]
            await connection.execute("UPDATE job SET delivery_unknown = true WHERE id = $1", jobs[1])
        (listed,) = (await staff.client.get("/admin/jobs", params={"doubt": "delivery_unknown"})).json()["data"]
        assert (listed["id"], listed["charge"], listed["margin"]) == (str(jobs[1]), "2", "1")
        path, body = f"/admin/jobs/{jobs[1]}/adjust", {"reason": "the node died"}
        done = await staff.client.post(path, json=body, headers={"idempotency-key": "k"})
        again = await staff.client.post(path, json=body, headers={"idempotency-key": "k"})
        assert (done.status_code, done.json()["amount"]) == (201, "2")
        assert again.json() == done.json()
        more = await staff.client.post(path, json={"amount": "0.1", "reason": "more"})
        assert (more.status_code, more.json()["code"]) == (409, "ledger_refused")
        assert (await staff.client.get(f"/admin/jobs/{jobs[1]}")).json()["adjusted"] == "2"
        assert (await owner.client.get(f"/api/jobs/{jobs[1]}")).json()["adjusted"] == "2"
        async with control.services.pool.acquire() as connection:
            assert await connection.fetchval("SELECT count(*) FROM audit WHERE action = 'job.adjust'") == 1


async def test_jobs_over_all_accounts_are_listed_once_under_each_filter(database: TestDatabase) -> None:
    """Over days, with and without the rollup's help, every page agrees with filtering by hand."""
    async with running_control(database) as control:
        staff = await control.operator("money:read")
        ids, source, now = control.services.ids, random.Random(7), datetime.now(UTC)
        people = [await _customer(control) for _ in range(3)]
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE usage_mark SET until_ms = until_ms - 864000000")
            for _ in range(60):
                owner, key_id = source.choice(people)
                await end_job(
                    connection,
                    id_at(ids, now - timedelta(minutes=source.choice((1, 90, 1500, 9000)) * source.random())),
                    owner.account_id,
                    key_id,
                    charge_nano=source.choice((0, NANO)),
                    model=source.choice(("m", "n")),
                    cost_nano=source.choice((0, 2 * NANO)),
                )
            rows = await connection.fetch("SELECT * FROM job ORDER BY id DESC")
        account_id, key_id = people[0][0].account_id, people[0][1]
        for rolled_up in (False, True):
            if rolled_up:
                async with control.services.pool.acquire() as connection:
                    await roll_up(connection)
            for query, kept in (
                ({}, lambda row: True),
                ({"model": "n"}, lambda row: row["model"] == "n"),
                ({"account_id": str(account_id)}, lambda row: row["account_id"] == account_id),
                ({"key_id": str(key_id)}, lambda row: row["key_id"] == key_id),
                ({"loss": True}, lambda row: row["cost_nano"] > row["charge_nano"]),
                ({"min_cost": "1.5", "model": "m"}, lambda row: row["cost_nano"] > NANO and row["model"] == "m"),
                ({"channel_id": str(uuid4())}, lambda row: False),
            ):
                found = await _ids(staff.client, "/admin/jobs", limit=7, **query)
                assert found == [str(row["id"]) for row in rows if kept(row)], (query, rolled_up)


async def test_margins_by_each_split_add_up_to_the_jobs(database: TestDatabase) -> None:
    """Charge, cost with hedges, and their difference: by day, model, channel and account, and as a table."""
    async with running_control(database) as control:
        staff = await control.operator("money:read", "accounts:read")
        ids, source, now = control.services.ids, random.Random(8), datetime.now(UTC)
        people = [await _customer(control) for _ in range(2)]
        other_channel = UUID(int=8)
        async with control.services.pool.acquire() as connection:
            await connection.execute(
                "UPDATE usage_mark SET until_ms = until_ms - 864000000, checked_ms = checked_ms - 864000000"
            )
            for n in range(40):
                owner, key_id = source.choice(people)
                job_id = await end_job(
                    connection,
                    id_at(ids, now - timedelta(minutes=10 + source.randrange(5 * 1440))),
                    owner.account_id,
                    key_id,
                    charge_nano=source.choice((0, 3, NANO)),
                    model=source.choice(("m", "n")),
                    cost_nano=source.choice((0, 7, 2 * NANO)),
                )
                if n % 5 == 0:
                    await connection.execute(
                        "INSERT INTO job_hedge VALUES ($1, $2, $3, 'overtaken', 11)",
                        owner.account_id,
                        job_id,
                        other_channel,
                    )
            await roll_up(connection)
            charge, cost = await connection.fetchrow("SELECT sum(charge_nano), sum(cost_nano) + 8 * 11 FROM job")
        reports = {}
        for split in ("nothing", "model", "channel", "account"):
            for step in ("day", "whole"):
                answer = await staff.client.get("/admin/reports/margin", params={"split": split, "step": step})
                report = reports[split, step] = answer.json()
                total = report["total"]
                assert Decimal(total["charge"]) * NANO == charge, (split, step)
                assert Decimal(total["cost"]) * NANO == cost, (split, step)
                assert Decimal(total["margin"]) * NANO == charge - cost, (split, step)
                assert total["jobs"] == 40
        by_channel = {line["label"]: line["cost"] for line in reports["channel", "whole"]["data"]}
        assert by_channel[str(other_channel)] == "0.000000088"
        assert set(by_channel) == {str(other_channel), str(CHANNEL)}
        assert {line["name"] for line in reports["account", "whole"]["data"]} == {each.email for each, _ in people}
        answer = await staff.client.get("/admin/reports/margin.csv", params={"split": "model", "step": "whole"})
        table = list(csv.DictReader(io.StringIO(answer.text)))
        assert [row["margin"] for row in table] == [line["margin"] for line in reports["model", "whole"]["data"]]


async def test_the_overview_tells_what_wants_attention(database: TestDatabase) -> None:
    """Rate, errors, queues, stops and silent workers, in one answer; the margin for those who may read money."""
    async with running_control(database) as control:
        staff = await control.operator("accounts:read")
        owner, key_id = await _customer(control)
        ids = control.services.ids
        async with control.services.pool.acquire() as connection:
            await end_job(connection, ids.new(), owner.account_id, key_id, charge_nano=NANO)
            await end_job(connection, ids.new(), owner.account_id, key_id, status="voided", outcome="provider_error")
            await connection.execute("INSERT INTO stop (scope, target, reason) VALUES ('model', 'm', 'leak')")
            await connection.execute(
                "INSERT INTO worker (id, node_id, beat_at) VALUES ($1, $1, now() - interval '50 seconds')", ids.new()
            )
            await connection.execute("INSERT INTO review_case (id, kind, subject) VALUES ($1, 'risk', 's')", ids.new())
            for code in ("approval_pending", "region_not_served"):
                await connection.execute("INSERT INTO account_bar VALUES ($1, $2)", owner.account_id, code)
        asked = {"subject": "s", "message": "m"}
        assert (await owner.client.post("/api/support", json=asked)).is_success
        shown = (await staff.client.get("/admin/overview")).json()
        assert shown["margin_today"] is None
        teller = await control.operator("accounts:read", "money:read")
        assert (await teller.client.get("/admin/overview")).json()["margin_today"] is not None
        assert (shown["calls"]["ended"], shown["calls"]["failed"], shown["calls"]["error_share"]) == (2, 1, 0.5)
        assert shown["open_cases"] == {"risk": 1}
        assert {queue: count for queue, count in shown["waiting"].items() if count} == {"support": 1, "approvals": 1}
        assert [stop["target"] for stop in shown["stops"]] == ["m"]
        assert [worker["is_silent"] for worker in shown["workers"]] == [True]
