"""Calls that are refused: each the right status and code in OpenAI shape, nothing dispatched, nothing charged."""

import http.client
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from tests.support.gateway import MODEL, RATES, Answer, Gateway, Shop
from tests.support.simulator import SimulatorProcess

from farebox.accounts.service import freeze
from farebox.catalog.admin import NewRoute, stop
from farebox.domain.limits import Limits

CHAT = "/v1/chat/completions"
MESSAGES = [{"role": "user", "content": "canary-word"}]


def body(**fields: Any) -> bytes:
    return json.dumps({"model": MODEL, "messages": MESSAGES, **fields}).encode()


DEEP = b'{"model":"sim-chat","messages":[],"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
BAD = {
    "not JSON": (b"canary-word", 400, "invalid_request"),
    "empty": (b"", 400, "invalid_request"),
    "a list": (b"[]", 400, "invalid_request"),
    "wrong type of model": (body(model=7), 400, "invalid_request"),
    "no model": (b'{"messages":[{"role":"user","content":"x"}]}', 400, "invalid_request"),
    "wrong type of messages": (body(messages="canary-word"), 400, "invalid_request"),
    "negative max_tokens": (body(max_tokens=-1), 400, "invalid_request"),
    "huge max_tokens": (body(max_tokens=10**30), 400, "invalid_request"),
    "wrong type of stream": (body(stream="yes"), 400, "invalid_request"),
    "negative n": (body(n=-3), 400, "invalid_request"),
    "invalid UTF-8": (body().replace(b"canary-word", b"\xff\xfe"), 400, "invalid_request"),
    "lone surrogate": (body().replace(b"canary-word", b"\\ud800"), 400, "invalid_request"),
    "NUL": (body().replace(b"canary-word", b"\\u0000"), 400, "invalid_request"),
    "duplicate keys": (b'{"model":"sim-chat","model":"x","messages":[]}', 400, "invalid_request"),
    "deeply nested": (DEEP, 400, "invalid_request"),
    "unknown model": (body(model="no-such"), 404, "model_not_found"),
    "model without price": (body(model="unpriced"), 404, "model_not_found"),
    "50 MB": (b"x" * 50_000_000, 413, "request_too_large"),
}


@pytest.mark.parametrize(("raw", "status", "code"), BAD.values(), ids=BAD.keys())
def test_bad_input_gets_its_own_4xx(
    gateway: Gateway,
    shop: Shop,
    provider: SimulatorProcess,
    capfd: pytest.CaptureFixture[str],
    raw: bytes,
    status: int,
    code: str,
) -> None:
    """The right 4xx in OpenAI shape, nothing charged, nothing dispatched, nothing logged of the content."""
    shop.execute("INSERT INTO model (name) VALUES ('unpriced')")
    answer = gateway.call("POST", CHAT, raw)
    assert (answer.status, answer.code) == (status, code)
    assert set(answer.json["error"]) >= {"message", "type", "param", "code"}
    assert "farebox-job-id" not in answer.headers
    assert provider.stats()["requests"] == 0
    assert shop.rows("SELECT 1 FROM txn WHERE kind = 'job'") == []
    refused = shop.wait_for(lambda: shop.rows("SELECT status, code FROM refusal"))
    assert (refused[0]["status"], refused[0]["code"]) == (status, code)
    assert "canary" not in "".join(capfd.readouterr())


def test_body_above_the_limit_without_a_declared_length(gateway: Gateway) -> None:
    """A chunked body is cut off at the limit, and the client reads why."""

    def pieces() -> Any:
        for _ in range(50):
            yield b"x" * 1_000_000

    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=30)
    headers = {"authorization": f"Bearer {gateway.key}", "transfer-encoding": "chunked"}
    connection.request("POST", CHAT, pieces(), headers, encode_chunked=True)
    response = connection.getresponse()
    assert response.status == 413
    assert json.loads(response.read())["error"]["code"] == "request_too_large"
    connection.close()


def test_compressed_bodies_are_refused(gateway: Gateway) -> None:
    """No decompression, no bomb."""
    answer = gateway.call("POST", CHAT, b"x", headers={"content-encoding": "gzip"})
    assert (answer.status, answer.code) == (415, "invalid_request")


def test_who_is_not_a_customer_is_refused(gateway: Gateway) -> None:
    """401 without a key, with garbage, and with a well-formed key that nobody has."""
    assert gateway.call("POST", CHAT, b"{}", headers={"authorization": "Basic x"}).code == "invalid_api_key"
    for key in (
        "garbage-in-garbage-out",
        "fb_live_" + "A" * 43,
        gateway.key[:-1] + ("A" if gateway.key[-1] != "A" else "B"),
    ):
        answer = gateway.chat(key=key)
        assert (answer.status, answer.code) == (401, "invalid_api_key")
        assert key[12:] not in answer.body.decode()


def test_every_place_of_a_key_works(gateway: Gateway) -> None:
    """Clients of all three dialects bring their key in their own way."""
    for headers, query in (
        ({"x-api-key": gateway.key}, ""),
        ({"x-goog-api-key": gateway.key}, ""),
        ({}, f"?key={gateway.key}"),
    ):
        sent = {"anthropic-version": "x", **headers}
        connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=10)
        connection.request("GET", "/v1/models" + query, headers=sent)
        assert connection.getresponse().status == 200
        connection.close()


def test_paths_and_methods(gateway: Gateway) -> None:
    """Unknown paths and wrong methods in OpenAI shape."""
    assert gateway.call("GET", "/v1/nothing").code == "not_found"
    answer = gateway.call("GET", CHAT)
    assert (answer.status, answer.code, answer.headers["allow"]) == (405, "method_not_allowed", "POST, OPTIONS")
    assert gateway.call("POST", "/v1/models", b"{}").code == "method_not_allowed"


def _revoke(shop: Shop, account: UUID) -> None:
    shop.execute("UPDATE api_key SET status = 'revoked'")


def _expire(shop: Shop, account: UUID) -> None:
    shop.execute("UPDATE api_key SET expires_at = now() - interval '1 second'")


def _bind(shop: Shop, account: UUID) -> None:
    shop.execute("UPDATE api_key SET cidrs = '{192.0.2.0/24}'")


def _freeze(shop: Shop, account: UUID) -> None:
    shop.do(lambda connection: freeze(connection, account, "test"))


def _narrow(shop: Shop, account: UUID) -> None:
    shop.execute("UPDATE api_key SET models = '{other}'")


def _stop(shop: Shop, account: UUID) -> None:
    shop.do(lambda connection: stop(connection, "all", "", "test"))


def _stop_the_only_channel(shop: Shop, account: UUID) -> None:
    shop.execute("INSERT INTO stop (scope, target, reason) SELECT 'channel', name, 'test' FROM channel")


def _stop_the_only_provider(shop: Shop, account: UUID) -> None:
    shop.execute("INSERT INTO stop (scope, target, reason) SELECT DISTINCT 'provider', provider, 'test' FROM channel")


CHANGES: dict[str, tuple[Callable[[Shop, UUID], None], int, str, bool]] = {
    # change -> status, code, refused for reads too
    "revoked": (_revoke, 401, "key_revoked", True),
    "expired": (_expire, 401, "key_expired", True),
    "other address": (_bind, 403, "address_not_allowed", True),
    "frozen": (_freeze, 403, "account_frozen", False),
    "other models": (_narrow, 403, "model_not_allowed", False),
    "emergency stop": (_stop, 503, "emergency_stop", False),
    "only channel stopped": (_stop_the_only_channel, 503, "emergency_stop", False),
    "only provider stopped": (_stop_the_only_provider, 503, "emergency_stop", False),
}


@pytest.mark.parametrize(("change", "status", "code", "reads"), CHANGES.values(), ids=CHANGES.keys())
def test_changes_are_in_force_for_the_very_next_call(
    gateway: Gateway, shop: Shop, change: Callable[[Shop, UUID], None], status: int, code: str, reads: bool
) -> None:
    """Caches make it fast, never right: what was changed a moment ago decides."""
    assert gateway.chat().status == 200
    change(shop, shop.rows("SELECT id FROM account")[0]["id"])
    answer = gateway.chat()
    assert (answer.status, answer.code) == (status, code)
    if status == 503:
        assert int(answer.headers["retry-after"]) > 0
    assert gateway.call("GET", "/v1/credits").status == (status if reads else 200)


def test_what_was_added_or_resumed_a_moment_ago_is_on_sale(gateway: Gateway, shop: Shop) -> None:
    """A worker's older snapshot refuses nothing: it looks once more before it says that a model is not there."""
    for number in range(5):
        name = f"sim-new-{number}"
        assert gateway.chat(model=name).code == "model_not_found"
        shop.execute(
            "WITH made AS (INSERT INTO model (name, most_output_tokens) VALUES ($1, 1000)), "
            "card AS (INSERT INTO rate_card (model, version, rates) SELECT $1, 1, rates FROM rate_card LIMIT 1) "
            "INSERT INTO route (id, model, channel_id, upstream_model, cost) "
            "SELECT gen_random_uuid(), $1, channel_id, $1, cost FROM route LIMIT 1",
            name,
        )
        assert gateway.chat(model=name).status == 200
        shop.execute("INSERT INTO stop (scope, target, reason) VALUES ('model', $1, 'test')", name)
        assert gateway.chat(model=name).code == "emergency_stop"
        shop.execute("DELETE FROM stop")
        assert gateway.chat(model=name).status == 200


def test_insufficient_credit_says_what_would_fit(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """402 names what is required, what is available and the largest max_tokens that fits; nothing is dispatched."""
    poor = shop.key(shop.account("0.001"))
    answer = gateway.chat(key=poor, max_tokens=10_000)
    assert (answer.status, answer.code) == (402, "insufficient_credits")
    error = answer.json["error"]
    assert error["available"] == "0.001"
    assert float(error["required"]) > 0.02
    assert 300 < error["max_tokens"] < 500
    assert provider.stats()["requests"] == 0
    fits = gateway.chat(key=poor, max_tokens=error["max_tokens"])
    assert fits.status == 200


def test_plain_call_without_a_bound_is_bounded_by_the_balance(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess
) -> None:
    """The bound is told to the provider and to the client, and the hold is what the balance pays."""
    provider.set(record_bodies=True)
    answer = gateway.chat(key=shop.key(shop.account("0.001")))
    assert answer.status == 200
    told = int(answer.headers["farebox-max-tokens"])
    assert 300 < told < 500
    assert provider.bodies()[-1]["body"]["max_completion_tokens"] == told
    assert "farebox-max-tokens" not in gateway.chat().headers


def test_limits_of_the_key(gateway: Gateway, shop: Shop) -> None:
    """429 names the limit and when to come back."""
    key = shop.key(shop.account(), limits=Limits(requests_per_minute=1))
    assert gateway.chat(key=key).status == 200
    answer = gateway.chat(key=key)
    assert (answer.status, answer.code) == (429, "rate_limit_exceeded")
    assert 1 <= int(answer.headers["retry-after"]) <= 120
    assert answer.headers["x-ratelimit-remaining-requests"] == "0"


def _plain(gateway: Gateway, key: str, **fields: Any) -> Answer:
    return gateway.chat(headers={"idempotency-key": key}, **fields)


def test_idempotency_key_charges_once(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """Again after completion: 409 with the job id. With another body: 422. After a voided job: anew."""
    first = _plain(gateway, "one")
    again = _plain(gateway, "one")
    assert (again.status, again.code) == (409, "idempotency_conflict")
    assert again.headers["x-should-retry"] == "false"
    assert again.json["error"]["job_id"] == first.job_id
    assert _plain(gateway, "one", temperature=1).status == 422
    assert len(shop.rows("SELECT 1 FROM job")) == 1
    provider.set(status=400)
    assert _plain(gateway, "two").status == 400
    provider.set(status=None)
    assert _plain(gateway, "two").status == 200


def test_model_without_a_usable_route(gateway: Gateway, shop: Shop) -> None:
    """No channel left: 503 with Retry-After, and nothing is held."""
    shop.execute("UPDATE channel SET enabled = false")
    answer = shop.wait_for(lambda: next((made for made in [gateway.chat()] if made.status != 200), None))
    assert (answer.status, answer.code) == (503, "no_channel_available")
    assert int(answer.headers["retry-after"]) > 0


def test_a_model_sold_later_is_found_at_once(gateway: Gateway, shop: Shop) -> None:
    """A new model needs no restart."""
    shop.model("later", NewRoute(channel="first", upstream_model="sim-chat", cost=RATES))
    shop.wait_for(lambda: gateway.chat(model="later").status == 200)


def test_a_body_of_very_many_members_is_refused_at_once(gateway: Gateway) -> None:
    """Reading JSON costs by its members: a worker must not be kept from everybody by one body."""
    messages = [{"role": "user", "content": "x"}] * 60_000
    answer = gateway.chat(messages=messages)
    assert (answer.status, answer.code) == (413, "request_too_large")
