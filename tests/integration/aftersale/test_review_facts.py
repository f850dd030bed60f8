"""What the queues of decisions tell a reviewer: how the account stands, and only what still waits."""

from datetime import datetime, timedelta

from tests.support.aftersale import pay, value
from tests.support.control import running_control
from tests.support.postgres import TestDatabase

from farebox.accounts import bars
from farebox.domain.policies.money import RefundPolicy, WithdrawalPolicy
from farebox.domain.policy import Policy

POLICY = Policy(
    withdrawal=WithdrawalPolicy(allowed="always", two_people_above="50"), refund=RefundPolicy(window_days=3_000)
)
TO_BANK = {"kind": "payout", "destination": "IBAN DE02 1203 0000 0000 2020 51", "amount": "60"}
CHARGEBACK = """
INSERT INTO dispute (id, payment_id, provider, ref, state, gross_minor)
VALUES (gen_random_uuid(), $1, 'stripe', 'dp_1', 'open', 500) RETURNING id
"""


async def test_every_item_comes_with_its_account_and_leaves_when_it_is_decided(database: TestDatabase) -> None:
    """Withdrawal, refund and chargeback name balance, lots and what was before; decided ones wait no more."""
    async with running_control(database, POLICY) as control:
        owner, staff = await control.member(), await control.operator("money:write")
        assert owner.account_id is not None
        payment = await pay(control, owner.account_id)
        asked = (await owner.client.post("/api/withdrawals", json=TO_BANK)).json()
        facts = (await staff.client.get(f"/admin/withdrawals/{asked['id']}")).json()
        assert (facts["needs_two"], facts["account"]["balance"]) == (True, "100")
        assert [lot["remaining"] for lot in facts["lots"]] == ["100"]

        wish = {"payment_id": str(payment.id), "amount": "10"}
        refund = (await owner.client.post("/api/refunds", json=wish)).json()
        review = (await staff.client.get(f"/admin/refund-requests/{refund['id']}")).json()
        assert review["rule"]["unused"] == "review"
        paid_at, until = (
            datetime.fromisoformat(each) for each in (review["payment"]["paid_at"], review["rule"]["until"])
        )
        assert until == paid_at + timedelta(days=3_000)
        assert [lot["reference"] for lot in review["lots"]] == [review["payment"]["reference"]]

        disputed = await value(control, CHARGEBACK, payment.id)
        shown = (await staff.client.get(f"/admin/disputes/{disputed}")).json()
        assert (shown["payment"]["id"], shown["account"]["disputes"]) == (str(payment.id), 1)

        for path, decision in (
            (f"/admin/withdrawals/{asked['id']}/decline", {"note": "not now"}),
            (f"/admin/disputes/{disputed}/decide", {"decision": "won", "note": "they wrote to us"}),
        ):
            queue = path.rsplit("/", 2)[0]
            assert len((await staff.client.get(queue, params={"waiting": True})).json()["data"]) == 1
            assert (await staff.client.post(path, json=decision)).status_code == 200
            assert (await staff.client.get(queue, params={"waiting": True})).json()["data"] == []
            assert len((await staff.client.get(queue)).json()["data"]) == 1


async def test_who_waits_is_shown_with_the_reason_until_it_is_decided(database: TestDatabase) -> None:
    """An account of a region that is not served; afterwards there is nobody of that id who waits."""
    async with running_control(database, POLICY) as control:
        owner = await control.member()
        staff = await control.operator("accounts:write")
        assert owner.account_id is not None
        path = f"/admin/approvals/{owner.account_id}"
        assert (await staff.client.get(path)).status_code == 404
        async with control.services.pool.acquire() as connection:
            await bars.bar(connection, owner.account_id, "region_not_served")
        waiting = (await staff.client.get(path)).json()
        assert (waiting["code"], waiting["account"]["status"]) == ("region_not_served", "active")
        assert (await staff.client.post(f"{path}/allow-region", json={"note": "moved"})).status_code == 200
        assert (await staff.client.get(path)).status_code == 404
