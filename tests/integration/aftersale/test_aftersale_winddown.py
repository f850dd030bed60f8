"""The wind-down list, and the duties that keep queues moving."""

import csv
import io

from tests.support.aftersale import DOLLAR, pay, spend, value
from tests.support.control import running_control
from tests.support.postgres import TestDatabase
from tests.support.posting import hold

from farebox.accounts import service as accounts
from farebox.aftersale.desk import Desk
from farebox.domain.policies.conduct import SupportPolicy
from farebox.domain.policies.money import ClosingPolicy
from farebox.domain.policy import Policy
from farebox.worker.closings import Closings
from farebox.worker.overdue import OverdueRequests


async def test_the_list_says_who_is_to_be_repaid_what(database: TestDatabase) -> None:
    """By lot with what was paid for what is left; given credit is not on it; paid is who has nothing left."""
    async with running_control(database) as control:
        buyer, guest = await control.member(email="=ann@example.com"), await control.member()
        assert buyer.account_id is not None
        assert guest.account_id is not None
        payment = await pay(control, buyer.account_id, price_minor=9_000)
        await spend(control, buyer.account_id, 40 * DOLLAR)
        await control.credit(guest.account_id, 5 * DOLLAR)
        staff = await control.operator("money:write")
        assert [(await staff.client.post("/admin/wind-down")).json()["added"] for _ in range(2)] == [1, 0]
        (listed,) = (await staff.client.get("/admin/wind-down", params={"state": "open"})).json()["data"]
        assert (listed["account_id"], listed["refundable"]) == (str(buyer.account_id), "60")
        path = f"/admin/wind-down/{buyer.account_id}"
        (lot,) = (await staff.client.get(path)).json()["lots"]
        assert (lot["payment_id"], lot["remaining"], lot["refundable_minor"]) == (str(payment.id), "60", 5_400)
        table = await staff.client.get("/admin/wind-down/lots.csv")
        (row,) = csv.DictReader(io.StringIO(table.text))
        assert (row["email"], row["refundable_minor"], row["paid_currency"]) == ("'=ann@example.com", "5400", "USD")
        refused = await staff.client.post(f"{path}/mark", json={"state": "paid"})
        assert (refused.status_code, refused.json()["code"]) == (409, "balance_left")
        lost = await staff.client.post(f"{path}/mark", json={"state": "unreachable", "note": "mail bounces"})
        assert (lost.status_code, lost.json()["state"]) == (200, "unreachable")
        asked = await buyer.client.post("/api/refunds", json={"payment_id": str(payment.id)})
        done = await staff.client.post(f"/admin/refund-requests/{asked.json()['id']}/approve", json={})
        assert done.status_code == 200, done.text
        assert (await staff.client.post(f"{path}/mark", json={"state": "paid"})).json()["state"] == "paid"
        assert (await staff.client.get(f"/admin/wind-down/{guest.account_id}")).status_code == 404


async def test_what_is_late_is_a_case_until_it_is_answered(database: TestDatabase) -> None:
    """One case however often the duty runs; answering the request closes it."""
    async with running_control(database, Policy(support=SupportPolicy(due_business_days=0))) as control:
        member, staff = await control.member(), await control.operator("support:write")
        asked = (await member.client.post("/api/support", json={"subject": "s", "message": "m"})).json()
        duty = OverdueRequests(control.services.ids, control.services.logger)
        async with control.services.pool.acquire() as connection:
            await connection.execute("UPDATE support_request SET due_at = now() - interval '1 minute'")
            await duty.work(connection)
            await duty.work(connection)
            cases = await connection.fetch("SELECT subject, status FROM review_case WHERE kind = 'overdue'")
            assert [tuple(case) for case in cases] == [(f"support:{asked['id']}", "open")]
            await staff.client.post(f"/admin/support/{asked['id']}/reply", json={"message": "Done."})
            await duty.work(connection)
            assert await connection.fetchval("SELECT status FROM review_case WHERE kind = 'overdue'") == "closed"


async def test_the_duty_ends_closings_and_erases_in_time(database: TestDatabase) -> None:
    """A closing waits for its last call and is done then; the contact goes when the policy's days are over."""
    async with running_control(database, Policy(closing=ClosingPolicy(contact_kept_days=30))) as control:
        services, owner = control.services, await control.member()
        assert owner.account_id is not None
        duty = Closings(Desk(services.policy, services.ledger, services.ids), services.logger)
        await control.credit(owner.account_id, 5 * DOLLAR)
        async with services.pool.acquire() as connection:
            async with connection.transaction():
                await hold(connection, services.ids, owner.account_id, DOLLAR)
            begun = await owner.client.post("/api/closing", json={"confirm": "close this account"})
            await duty.work(connection)
            assert (begun.json()["state"], await value(control, "SELECT state FROM closing")) == ("settling",) * 2
            async with connection.transaction():
                await connection.execute("DELETE FROM hold")
                await connection.execute("UPDATE account SET held_nano = 0, open_jobs = 0")
            await duty.work(connection)
            assert await value(control, "SELECT state FROM closing") == "done"
            assert (await accounts.show_account(connection, owner.account_id)).balance_nano == 0
            await duty.work(connection)
            assert await value(control, "SELECT email FROM account_contact") == owner.email
            await connection.execute("UPDATE closing SET done_at = now() - interval '31 days'")
            await duty.work(connection)
            assert await value(control, "SELECT email FROM account_contact") == ""
