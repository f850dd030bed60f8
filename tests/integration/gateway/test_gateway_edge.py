"""What strangers ask for by mistake: paths, methods, bodies and keys that are nearly right."""

import http.client
import json
import re
from typing import Any

import pytest
from tests.support.gateway import MODEL, RATES, Answer, Gateway, Shop
from tests.support.simulator import SimulatorProcess

from farebox.catalog.admin import NewRoute
from farebox.domain.limits import Limits

CHAT = "/v1/chat/completions"
GEMINI = f"/v1beta/models/{MODEL}:generateContent"
SAID = [{"role": "user", "content": "canary-word"}]
BODIES: dict[str, bytes] = {
    CHAT: json.dumps({"model": MODEL, "messages": SAID}).encode(),
    "/v1/responses": json.dumps({"model": MODEL, "input": SAID}).encode(),
    "/v1/messages": json.dumps({"model": MODEL, "max_tokens": 5, "messages": SAID}).encode(),
    "/v1/messages/count_tokens": json.dumps({"model": MODEL, "messages": SAID}).encode(),
    "/v1/completions": json.dumps({"model": MODEL, "prompt": "canary-word"}).encode(),
    "/v1/embeddings": json.dumps({"model": MODEL, "input": "canary-word"}).encode(),
    GEMINI: json.dumps({"contents": [{"parts": [{"text": "canary-word"}]}]}).encode(),
}


def ask(gateway: Gateway, method: str, path: str, body: bytes | None, headers: list[tuple[str, str]]) -> Answer:
    """A call whose headers may come twice and whose path is sent as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=10)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("content-length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    finally:
        connection.close()


def error_code(path: str, answer: Answer) -> str:
    """The stable code of an error, which must be in the shape of the path's dialect."""
    assert answer.headers["content-type"] == "application/json"
    body = answer.json
    if path.lower().startswith("/v1beta"):
        assert set(body) == {"error"}
        assert body["error"]["code"] == answer.status
        return str(body["error"]["details"][0]["reason"]).lower()
    if path.startswith("/v1/messages"):
        assert body["type"] == "error"
    else:
        assert set(body) == {"error"}
        assert set(body["error"]) == {"message", "type", "param", "code"}
    return str(body["error"]["code"])


NO_ENDPOINTS = {
    "/v1%2fchat/completions": CHAT,
    "/%76%31/chat/completions": CHAT,
    "//v1/chat/completions": CHAT,
    "/V1/chat/completions": CHAT,
    "/v1/chat/completions/": CHAT,
    "/v1//chat/completions": CHAT,
    "/v1/v1/chat/completions": CHAT,
    "/chat/completions": CHAT,
    "/v1/Models": "/v1/models",
    "/v1": None,
    "/v1/": None,
    "/v2/chat/completions": None,
    "/v1/../v1/models": None,
    "/v1/messages/nothing": None,
    f"/v1beta/models/{MODEL}:doMore": None,
    f"/v1beta/models/{MODEL}%3AgenerateContent": None,
    "/v1beta/nothing": None,
}


def test_paths_that_are_none_are_404_in_the_apis_shape(gateway: Gateway) -> None:
    """What looks like the API is answered as the API, with the path that was meant; only exact paths are endpoints."""
    for path, meant in NO_ENDPOINTS.items():
        answer = ask(gateway, "POST", path, BODIES[CHAT], [("authorization", f"Bearer {gateway.key}")])
        assert (answer.status, error_code(path, answer)) == (404, "not_found"), path
        if meant is not None:
            assert meant in answer.json["error"]["message"], path


def test_a_models_name_may_be_escaped(gateway: Gateway, shop: Shop) -> None:
    """SDKs escape the names that they put into paths."""
    shop.model("maker/sim:chat+1", NewRoute(channel="first", upstream_model=MODEL, cost=RATES))
    for path in (
        "/v1/models/maker%2Fsim%3Achat%2B1",
        "/v1/models/maker/sim:chat+1",
        "/v1beta/models/maker%2Fsim%3Achat+1",
    ):
        # The catalogue follows; until then the name is not known.
        shop.wait_for(lambda path=path: gateway.call("GET", path).status == 200)


METHODS = {
    **dict.fromkeys(BODIES, ("POST", ("GET", "HEAD", "PUT", "DELETE", "PATCH"))),
    **dict.fromkeys(
        ("/v1/models", f"/v1/models/{MODEL}", "/v1/credits", "/v1/key", "/v1beta/models"),
        ("GET, HEAD", ("POST", "PUT", "DELETE", "PATCH")),
    ),
}


def test_methods_that_an_endpoint_does_not_take(gateway: Gateway) -> None:
    """405 with `allow`, which OPTIONS tells, too; HEAD gives the headers of GET."""
    for path, (takes, others) in METHODS.items():
        for method in others:
            answer = gateway.call(method, path, b"{}" if method != "HEAD" else None)
            assert (answer.status, answer.headers["allow"]) == (405, f"{takes}, OPTIONS"), (method, path)
            if method != "HEAD":
                assert error_code(path, answer) == "method_not_allowed", (method, path)
        told = gateway.call("OPTIONS", path, key="")
        assert (told.status, told.headers["allow"], told.body) == (204, f"{takes}, OPTIONS", b""), path
        if takes.startswith("GET"):
            head, whole = gateway.call("HEAD", path), gateway.call("GET", path)
            assert (head.status, head.body) == (200, b""), path
            assert head.headers["content-length"] == whole.headers["content-length"], path


BAD_BODIES: dict[str, bytes] = {
    "empty": b"",
    "white space": b" \r\n",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a":"canary-word"}'.encode("utf-16"),
    "UTF-16 without a mark": '{"a":"canary-word"}'.encode("utf-16-le"),
    "UTF-32": '{"a":"canary-word"}'.encode("utf-32-be"),
    "Latin-1": '{"a":"canary-wörd"}'.encode("latin-1"),
    "a form": b"model=sim-chat&messages=canary-word",
    "lines of JSON": b'{"a":1}\n{"a":"canary-word"}',
    "an endless number": b'{"seed":' + b"9" * 5000 + b"}",
    "a list": b'["canary-word"]',
    "a text": b'"canary-word"',
}


def test_bodies_that_are_none(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess, capfd: pytest.CaptureFixture[str]
) -> None:
    """400 in the client's dialect at every endpoint; nothing dispatched, charged, or logged of the content."""
    for path in BODIES:
        for name, raw in BAD_BODIES.items():
            answer = gateway.call("POST", path, raw)
            assert (answer.status, error_code(path, answer)) == (400, "invalid_request"), (name, path)
            assert "canary" not in answer.body.decode(), (name, path)
    assert provider.stats()["requests"] == 0
    assert shop.rows("SELECT 1 FROM txn WHERE kind = 'job'") == []
    assert "".join(capfd.readouterr()) == ""


def _keys(gateway: Gateway, other: str) -> dict[str, tuple[list[tuple[str, str]], str]]:
    mine, bearer = gateway.key, f"Bearer {gateway.key}"
    return {
        "Authorization and x-api-key": ([("authorization", bearer), ("x-api-key", other)], ""),
        "Authorization and x-goog-api-key": ([("authorization", bearer), ("x-goog-api-key", other)], ""),
        "Authorization and query": ([("authorization", bearer)], f"?key={other}"),
        "x-api-key and query": ([("x-api-key", mine)], f"?key={other}"),
        "both other headers": ([("x-api-key", mine), ("x-goog-api-key", other)], ""),
        "Authorization twice": ([("authorization", bearer), ("authorization", f"Bearer {other}")], ""),
        "query twice": ([], f"?key={mine}&key={other}"),
    }


def test_two_keys_in_one_request_are_refused(gateway: Gateway, shop: Shop) -> None:
    """Two keys that differ: nobody can tell who pays, whichever comes last; the same key twice is one key."""
    other = shop.key(shop.account())
    for name, (headers, query) in _keys(gateway, other).items():
        for path in (CHAT, "/v1/credits"):
            answer = ask(gateway, "POST" if path == CHAT else "GET", path + query, BODIES.get(path), headers)
            assert (answer.status, answer.code) == (401, "invalid_api_key"), name
            assert "two different API keys" in answer.json["error"]["message"], name
    for name, (headers, query) in _keys(gateway, gateway.key).items():
        assert ask(gateway, "GET", "/v1/credits" + query, None, headers).status == 200, name
    empty = [("authorization", f"Bearer {gateway.key}"), ("x-api-key", "")]
    assert ask(gateway, "GET", "/v1/credits?key=", None, empty).status == 200


def test_headers_on_several_lines_are_one_list(gateway: Gateway, provider: SimulatorProcess) -> None:
    """A second line adds to the first instead of replacing it: no value can be hidden behind another one."""
    headers = [
        ("authorization", f"Bearer {gateway.key}"),
        ("content-encoding", "gzip"),
        ("content-encoding", "identity"),
    ]
    answer = ask(gateway, "POST", CHAT, BODIES[CHAT], headers)
    assert (answer.status, answer.headers["accept-encoding"]) == (415, "identity")
    assert provider.stats()["requests"] == 0


def test_numbers_beyond_machine_types_are_no_failure(gateway: Gateway) -> None:
    """A huge number passes to the provider, or is refused by the name of its field; never 500."""
    for field in ("seed", "temperature", "max_tokens", "top_logprobs", "unknown"):
        body: dict[str, Any] = {"model": MODEL, "messages": SAID, field: 10**30}
        answer = gateway.call("POST", CHAT, body)
        assert answer.status in (200, 400), (field, answer.body)
        if answer.status == 400:
            assert answer.json["error"]["param"] == field


def _seconds(duration: str) -> float:
    """A duration as OpenAI writes them."""
    found = re.fullmatch(r"(?:(\d+)m)?(?:([\d.]+)s)?|(\d+)ms", duration)
    assert found is not None, duration
    minutes, seconds, milliseconds = (float(part or 0) for part in found.groups())
    return 60 * minutes + seconds + milliseconds / 1000


def test_when_to_come_back_is_told_once(gateway: Gateway, shop: Shop) -> None:
    """retry-after, the reset of the limit that refuses, and the message name the same moment."""
    account = shop.account()
    for limits, what in ((Limits(requests_per_minute=2), "requests"), (Limits(tokens_per_minute=300), "tokens")):
        key = shop.key(account, limits=limits)
        for _ in range(4):
            answer = gateway.chat(key=key, max_tokens=200)
        assert (answer.status, answer.code) == (429, "rate_limit_exceeded")
        wait_s = int(answer.headers["retry-after"])
        assert _seconds(answer.headers[f"x-ratelimit-reset-{what}"]) == wait_s
        assert f"in {wait_s} s" in answer.json["error"]["message"]
        assert 1 <= wait_s <= 120


def test_probes_speak_as_the_admin_listener_does(gateway: Gateway) -> None:
    """Alive is not ready: a draining worker is alive, takes no new calls from a load balancer, and says why."""
    assert (gateway.call("GET", "/healthz").json, gateway.call("GET", "/readyz").json) == (
        {"status": "ok"},
        {"status": "ready"},
    )
    assert gateway.call("HEAD", "/readyz").status == 200
    refused = gateway.call("POST", "/readyz", b"{}")
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")
    assert gateway.application is not None
    gateway.loop.call_soon_threadsafe(gateway.application.begin_drain)
    answer = gateway.call("GET", "/readyz")
    assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.json["detail"] == "Not ready: this node is draining."
    assert gateway.call("GET", "/healthz").status == 200
