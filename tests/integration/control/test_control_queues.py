"""Lists of what waits for an operator: who has waited longest comes first, and pages go on from there."""

import pytest
from tests.support.aftersale import pay
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.postgres import TestDatabase
from tests.support.tenants import OFFERS_ALL, settle_in

_CASE = "INSERT INTO review_case (id, kind, subject, account_id) VALUES ($1, 'risk', $2, $3)"
# The list, how it is asked for what waits, and for the whole of it.
_QUEUES = {
    "recharge": ("/admin/recharges", {"state": "review"}, {}),
    "refund": ("/admin/refund-requests", {"state": "open"}, {}),
    "adjustment": ("/admin/adjustments", {"state": "open"}, {}),
    "withdrawal": ("/admin/withdrawals", {"waiting": "true"}, {}),
    "support": ("/admin/support", {"state": "open"}, {}),
    "closing": ("/admin/closings", {"state": "deciding"}, {}),
    "risk": ("/admin/risk", {}, {"status": "any"}),
}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Without the debug mode of the loop: it does many calls, as fast as they go."""
    return "asyncio"


async def test_who_waits_longest_comes_first(database: TestDatabase) -> None:
    """What waits is led through from the oldest, everything from the newest, without gap or repetition."""
    async with running_control(database, policy=OFFERS_ALL) as control:
        staff = await control.operator()
        waiting = [await _everything_that_waits(control, staff) for _ in range(3)]
        for noun, (path, open_only, all_of_it) in _QUEUES.items():
            made = [each[noun] for each in waiting]
            assert await _walk(staff, path, open_only) == made, noun
            everything = await _walk(staff, path, all_of_it)
            # Payments that the rows are about have recharges of their own.
            assert [each for each in everything if each in made] == made[::-1], noun
            assert len(set(everything)) == len(everything), noun


async def _everything_that_waits(control: RunningControl, staff: SignedIn) -> dict[str, str]:
    """One of each noun, by its id."""
    tenant = await settle_in(control, await control.member())
    leaving, case_id = await control.member(), control.services.ids.new()
    assert leaving.account_id is not None
    await pay(control, leaving.account_id)
    body = {"account_id": str(leaving.account_id), "has_breach": True, "reason": "resold its keys"}
    closing = await staff.client.post("/admin/closings", json=body)
    assert closing.status_code == 201, closing.text
    async with control.services.pool.acquire() as connection:
        await connection.execute(_CASE, case_id, str(case_id), tenant.account_id)
    return tenant.ids | {"closing": closing.json()["id"], "risk": str(case_id)}


async def _walk(staff: SignedIn, path: str, query: dict[str, str]) -> list[str]:
    """All ids of a list, one page of one after the other."""
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        answer = await staff.client.get(path, params={"limit": 1} | query | after)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [each["id"] for each in page["data"]]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}
