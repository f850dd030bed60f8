"""What calls leave behind for risk: from where, and which of them providers denied. Content is none of it."""

import json
from typing import Any

from tests.support.gateway import Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess

from farebox.domain.end_user import end_user_id
from farebox.domain.policies.routing import RoutingPolicy
from farebox.domain.policy import Policy
from farebox.gateway.options import GatewayOptions
from farebox.kit.geo import Geo
from farebox.risk.end_user_store import whose

BEHIND_A_PROXY = GatewayOptions(drain_s=20, trusted_proxies=("127.0.0.1/32",))


def _traces(shop: Shop, kind: str) -> list[Any]:
    return shop.rows("SELECT *, host(address) AS ip FROM trace WHERE kind = $1 ORDER BY address, at", kind)


def test_calls_leave_where_they_come_from(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> None:
    """One trace per key, address and hour, of refused calls as well; whoever has no key leaves none."""
    shop.sell(provider.base_url)
    account, poor_account = shop.account(), shop.account("0")
    key, poor = shop.key(account), shop.key(poor_account)
    with running_gateway(database, options=BEHIND_A_PROXY, simulator_url=provider.url, geo=Geo()) as gateway:
        for address in ("8.8.8.8", "8.8.8.8", "198.51.100.7"):
            sent = {"x-forwarded-for": address, "user-agent": "sdk/1"}
            assert gateway.chat(key=key, headers=sent).status == 200
        assert gateway.chat(key=poor, headers={"x-forwarded-for": "8.8.8.8"}).status == 402
        assert gateway.chat(key="fb_live_nobody", headers={"x-forwarded-for": "8.8.8.8"}).status == 401
    # Leaving the worker writes what waits.
    rows = _traces(shop, "call")
    # Had the clock struck meanwhile, an address would have one of each hour.
    assert len(rows) == len({(row["key_id"], row["ip"], row["id"].int >> 80) for row in rows})
    found = {(row["account_id"], row["ip"]): (row["country"], row["agent"]) for row in rows}
    assert found == {
        (account, "198.51.100.7"): ("", "sdk/1"),
        (account, "8.8.8.8"): ("US", "sdk/1"),
        (poor_account, "8.8.8.8"): ("US", ""),
    }
    assert "hello" not in json.dumps([dict(row) for row in rows], default=str)


def test_a_provider_can_name_whom_it_complains_of(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """Where the policy says so, conversations carry a digest of the account under the provider's own name for it."""
    shop.sell(provider.base_url)
    provider.set(record_bodies=True)
    shop.sell(provider.base_url, name="claude", channel="second", kind="anthropic")
    account = shop.account()
    told = end_user_id(account)
    claude = {"model": "claude", "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]}
    policy = Policy(routing=RoutingPolicy(end_user_id="account"))
    with running_gateway(database, policy=policy, simulator_url=provider.url) as gateway:
        gateway.key = shop.key(account)
        assert gateway.chat(safety_identifier="the client's word").status == 200
        assert gateway.chat(model="claude").status == 200
        assert gateway.call("POST", "/v1/messages", claude).status == 200
    first, *others = [each["body"] for each in provider.bodies()]
    assert first["safety_identifier"] == told
    assert [body["metadata"] for body in others] == [{"user_id": told}] * 2
    with running_gateway(database, simulator_url=provider.url) as gateway:
        gateway.key = shop.key(account)
        assert gateway.chat(user="the client's word").status == 200
    last = provider.bodies()[-1]["body"]
    assert last["user"] == "the client's word"
    assert told not in str(last)
    assert shop.do(lambda connection: whose(connection, told)) == account
    assert shop.do(lambda connection: whose(connection, "0" * 40)) is None


def test_what_a_provider_denies_is_traced_and_can_be_named_to_it(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """A refusal of the content is a denial, one of the form is none; each job keeps what the provider called it."""
    shop.sell(provider.base_url)
    account = shop.account()
    with running_gateway(database, simulator_url=provider.url) as gateway:
        gateway.key = shop.key(account)
        provider.set(fault="content_filter")
        denied = gateway.chat()
        assert denied.status == 400
        provider.set(fault="", status=400)
        malformed = gateway.chat()
        assert malformed.status == 400
        provider.set(status=401)
        failed = gateway.chat()
        assert failed.status == 502
        jobs = {each.job_id: shop.job(each.job_id) for each in (denied, malformed, failed)}
    assert {job["outcome"] for job in jobs.values()} == {"refused", "provider_error"}
    named = {job["provider_request_id"] for job in jobs.values()}
    assert len(named) == 3
    assert all(name.startswith("req_") for name in named)
    for answer in (denied, malformed, failed):
        assert not [name for name in named if name in f"{answer.headers} {answer.body!r}"]
    (trace,) = _traces(shop, "denied")
    assert (str(trace["id"]), trace["account_id"]) == (denied.job_id, account)
