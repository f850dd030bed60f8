"""How often anybody can have us send mail: by network address, and by the address that is written to."""

from tests.support.control import running_control
from tests.support.postgres import TestDatabase
from tests.support.signing_up import form, rows, rules


async def test_one_address_cannot_sign_up_without_end(database: TestDatabase) -> None:
    """After twenty it waits, all of its IPv6 site together; others do not, and nothing of it is stored in clear."""
    async with running_control(database, rules(), salt=b"of this test") as control:
        statuses = []
        for n in range(24):
            control.public.headers["x-forwarded-for"] = f"2001:db8:1:2::{n + 1:x}"
            asked = await control.public.post("/api/sign-up/resend", json={"email": f"p{n}@example.com"})
            statuses.append(asked.status_code)
        assert statuses[:20] == [202] * 20
        assert 429 in statuses[20:]
        control.public.headers["x-forwarded-for"] = "2001:db8:1:3::1"
        assert (await control.public.post("/api/sign-up", json=form())).status_code == 202
        assert "2001:db8:1:2" not in str(await rows(control, "SELECT subject::text FROM throttle"))


async def test_a_link_local_address_with_its_zone_is_an_address(database: TestDatabase) -> None:
    """As a server sees clients of its own network; the trace holds it without the zone."""
    async with running_control(database, rules()) as control:
        control.public.headers["x-forwarded-for"] = "fe80::1%eth0"
        assert (await control.public.post("/api/sign-up", json=form())).status_code == 202
        assert await rows(control, "SELECT host(address) AS address FROM trace") == [{"address": "fe80::1"}]
