"""Calls from where nobody is served, and calls of barred accounts: refused before anything is held or dispatched."""

from collections.abc import Iterator

import pytest
from tests.support.gateway import Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess

from farebox.accounts import bars
from farebox.domain.policies.identity import RegionPolicy
from farebox.domain.policy import Policy
from farebox.gateway.options import GatewayOptions
from farebox.kit.geo import Geo

SERVED, SERVED_6, REFUSED, REFUSED_6, UNKNOWN = (
    "8.8.8.8",
    "2001:4860:4860::8888",
    "14.0.128.1",
    "2001:da8::1",
    "10.9.8.7",
)


@pytest.fixture(scope="module")
def geo() -> Geo:
    return Geo()


@pytest.fixture
def guarded(database: TestDatabase, shop: Shop, provider: SimulatorProcess, geo: Geo) -> Iterator[Gateway]:
    """A worker behind a proxy that it trusts, under a policy that refuses two countries and unknown addresses."""
    shop.sell(provider.base_url)
    policy = Policy(region=RegionPolicy(refused_countries=("CN", "HK"), unknown_address="refuse"))
    options = GatewayOptions(drain_s=20, trusted_proxies=("127.0.0.1/32",))
    with running_gateway(database, policy=policy, options=options, simulator_url=provider.url, geo=geo) as gateway:
        gateway.key = shop.key(shop.account())
        yield gateway


def test_a_call_from_a_refused_region_gets_451(guarded: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """Of both families, and from unknown addresses where the policy says so; nothing is held, the log shows it."""
    for address in (SERVED, SERVED_6):
        assert guarded.chat(headers={"x-forwarded-for": address}).status == 200
    bodies = provider.stats()["requests"]
    for address in (REFUSED, REFUSED_6, UNKNOWN):
        refused = guarded.chat(headers={"x-forwarded-for": address})
        assert (refused.status, refused.code) == (451, "region_not_served"), address
        counted = guarded.call(
            "POST",
            "/v1/messages/count_tokens",
            {"model": "sim-chat", "messages": []},
            headers={"x-forwarded-for": address},
        )
        assert counted.status == 451
    assert provider.stats()["requests"] == bodies
    assert shop.rows("SELECT count(*) AS jobs FROM job")[0]["jobs"] == 2
    logged = shop.wait_for(lambda: shop.rows("SELECT code FROM refusal") or None)
    assert {row["code"] for row in logged} == {"region_not_served"}
    # Whoever has no key learns nothing of regions.
    stranger = guarded.chat(key="fb_live_nobody", headers={"x-forwarded-for": REFUSED})
    assert stranger.status == 401


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("email_not_verified", 403),
        ("approval_pending", 403),
        ("terms_not_accepted", 403),
        ("region_not_served", 451),
    ],
)
def test_a_bar_is_in_force_for_the_next_call(gateway: Gateway, shop: Shop, code: bars.BarCode, status: int) -> None:
    """And so is its end; the balance stays as it was."""
    assert gateway.chat().status == 200
    account = shop.rows("SELECT id FROM account")[0]["id"]
    balance = shop.balance(account)
    shop.do(lambda connection: bars.bar(connection, account, code))
    refused = gateway.chat()
    assert (refused.status, refused.code) == (status, code)
    assert shop.balance(account) == balance
    assert shop.do(lambda connection: bars.lift(connection, account, code))
    assert gateway.chat().status == 200


def test_the_gravest_of_several_bars_is_told(shop: Shop) -> None:
    """When it ends, the next one is; raising or lifting one twice changes nothing."""
    account = shop.account()

    def told() -> str:
        return str(shop.rows("SELECT barred FROM account")[0]["barred"])

    for code in ("terms_not_accepted", "email_not_verified", "region_not_served"):
        shop.do(lambda connection, code=code: bars.bar(connection, account, code))
    assert not shop.do(lambda connection: bars.bar(connection, account, "terms_not_accepted"))
    assert told() == "region_not_served"
    shop.do(lambda connection: bars.lift(connection, account, "region_not_served"))
    assert told() == "email_not_verified"
    assert not shop.do(lambda connection: bars.lift(connection, account, "region_not_served"))
    for code in ("terms_not_accepted", "email_not_verified"):
        shop.do(lambda connection, code=code: bars.lift(connection, account, code))
    assert told() == ""
