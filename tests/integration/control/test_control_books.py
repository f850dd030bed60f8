"""What operators read of the rules in force, of the comparisons of the books, and of an account beside its money."""

from datetime import timedelta
from typing import Any

import msgspec
from tests.support.control import SignedIn, running_control
from tests.support.postgres import TestDatabase
from tests.support.shop import running_shop

from farebox.domain.policies.money import RefundPolicy
from farebox.domain.policy import Policy
from farebox.kit.logging import get_logger
from farebox.payments.payment_store import now
from farebox.payments.reconcile import reconcile_wash
from farebox.payments.statements.month import month_of
from farebox.worker.reconciliation import Reconciliation
from farebox.worker.statements import Statements


async def test_the_rules_in_force_are_told_and_what_differs_from_the_default(database: TestDatabase) -> None:
    """Every rule of the policy once, by section and name; without the scope none."""
    policy = Policy(refund=RefundPolicy(window_days=14))
    async with running_control(database, policy=policy) as control:
        reader, other = await control.operator("accounts:read"), await control.operator("money:write")
        told = (await reader.client.get("/admin/policy")).json()["data"]
        found = {(rule["section"], rule["name"]): rule for rule in told}
        assert len(found) == len(told) == _rules_of(policy)
        assert found["refund", "window_days"] == _rule("refund", "window_days", 14, is_default=False)
        assert found["refund", "unused"] == _rule("refund", "unused", "review", is_default=True)
        assert found["", "unit"] == _rule("", "unit", "USD", is_default=True)
        assert [rule["name"] for rule in told if not rule["is_default"]] == ["window_days"]
        assert (await other.client.get("/admin/policy")).status_code == 403


def _rule(section: str, name: str, value: Any, *, is_default: bool) -> dict[str, Any]:
    return {"section": section, "name": name, "value": value, "is_default": is_default}


def _rules_of(policy: Policy) -> int:
    sections = msgspec.to_builtins(policy).values()
    return sum(len(rules) if isinstance(rules, dict) else 1 for rules in sections)


async def test_each_comparison_is_told_also_one_that_could_not_be_made(database: TestDatabase) -> None:
    """Equal books, a wash book that differs, and a provider that does not answer are three different lines."""
    async with running_shop(database) as shop:
        owner, staff = await shop.control.member(), await shop.control.operator("money:read")
        await shop.act("pay", await shop.recharge(owner, amount="20"))
        assert await _newest(staff) == {}
        async with shop.control.services.pool.acquire() as connection:
            work = Reconciliation(shop.books, shop.providers, get_logger("test")).work
            await work(connection)
            equal = {"compared": 1, "differences": 0, "found": [], "failure": ""}
            found = await _newest(staff)
            assert found == {"stripe": equal, "creem": equal | {"compared": 0}, "wash": equal}
            await connection.execute("UPDATE payment SET price_minor = price_minor - 1")
            await reconcile_wash(connection, shop.books, get_logger("test"))
            difference = "stripe:USD: payments say 19.99, the wash book 20"
            assert (await _newest(staff))["wash"] == equal | {"differences": 1, "found": [difference]}
            await shop.set(api_status=503)
            await work(connection)
        assert (await _newest(staff))["stripe"] == equal | {"compared": 0, "failure": "ProviderAway"}


async def _newest(staff: SignedIn) -> dict[str, dict[str, Any]]:
    """The newest comparison of each, without what differs each time."""
    answer = await staff.client.get("/admin/reconciliation")
    assert answer.status_code == 200, answer.text
    found: dict[str, dict[str, Any]] = {}
    for each in answer.json()["data"]:
        subject = each.pop("subject").removeprefix("payments:")
        found.setdefault(subject, {name: each[name] for name in each if name not in ("id", "at")})
    return found


async def test_an_account_tells_its_group_and_its_statements(database: TestDatabase) -> None:
    """None is told as none; a group and a month are told once they are there."""
    async with running_shop(database) as shop:
        owner, staff = await shop.control.member(), await shop.control.operator()
        path = f"/admin/accounts/{owner.account_id}"
        before = (await staff.client.get(path)).json()
        assert (before["group"], before["statements"], before["signals"]) == (None, [], [])
        await shop.act("pay", await shop.recharge(owner, amount="20"))
        for put, body in (
            ("/admin/groups/vip", {"price_percent": "90", "description": ""}),
            (f"/admin/groups/members/{owner.account_id}", {"group": "vip"}),
        ):
            answer = await staff.client.put(put, json=body)
            assert answer.is_success, answer.text
        async with shop.control.services.pool.acquire() as connection:
            month = month_of(await now(connection))
            end = month_of(await now(connection) + timedelta(days=32))
            await Statements(shop.books, "", get_logger("test")).state_until(connection, end)
        after = (await staff.client.get(path)).json()
        (statement,) = after["statements"]
        assert (after["group"], statement["month"], statement["closing"]) == ("vip", f"{month:%Y-%m}", "20")
