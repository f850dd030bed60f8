"""Large files on their way through a worker, and sound on its way back: who leaves, what breaks, what is charged."""

import contextlib
import http.client
import json
import socket
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.gateway import Answer, Gateway, Shop, running_gateway
from tests.support.media import PER_SECOND, form, sell_media, send_form, wav
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess, running_simulator

from farebox.catalog.admin import NewRoute
from farebox.gateway.options import GatewayOptions

PATH = "/v1/audio/transcriptions"
OPTIONS = GatewayOptions(
    drain_s=20, form_kept_bytes=64 * 1024, body_most_bytes=256 * 1024, upload_most_bytes=4 * 1024 * 1024
)
LARGE = wav(60)  # 960,000 bytes
SMALL = wav(1)
SPEECH = {"model": "speaker", "voice": "alloy", "input": "x" * 4096}


@pytest.fixture
def gateway(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> Iterator[Gateway]:
    sell_media(shop, provider.base_url)
    with running_gateway(database, options=OPTIONS) as running:
        running.key = shop.key(shop.account())
        yield running


def send_head_and(gateway: Gateway, path: str, body: bytes, headers: dict[str, str], length: int) -> socket.socket:
    """A call of which so much has been sent; the socket, to go on or to leave."""
    lines = [f"POST {path} HTTP/1.1", "host: x", f"authorization: Bearer {gateway.key}", f"content-length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    connection = socket.create_connection(("127.0.0.1", gateway.port), timeout=10)
    connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    return connection


def read_answer(connection: socket.socket) -> Answer:
    response = http.client.HTTPResponse(connection, method="POST")
    response.begin()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def nothing_is_left(shop: Shop, charged_nano: int) -> None:
    shop.wait_for(lambda: shop.rows("SELECT FROM hold") == [])
    row = shop.rows("SELECT sum(balance_nano) AS balance, sum(held_nano) AS held FROM account")[0]
    assert (row["balance"], row["held"]) == (10 * 10**9 - charged_nano, 0)


def test_a_large_file_passes_through(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """Its bytes arrive as they were; harmless fields may follow it."""
    answer = send_form(
        gateway, PATH, ("model", "listener"), ("file", ("long.wav", LARGE)), ("language", "en"), ("temperature", "0")
    )
    assert answer.status == 200, answer.body
    again = send_form(gateway, PATH, ("file", ("long.wav", LARGE[:200_000])), ("model", "listener"))
    assert again.status == 200, "a form of this size is kept, whatever the order of its fields"
    assert answer.json["usage"]["seconds"] == 60
    assert answer.json["text"] != again.json["text"]
    assert provider.stats()["last"][-2]["model"] == "sim-listener"
    # A WAV file's own header says how long it can be: boundaries and fields after it are a second at most.
    hold = shop.rows("SELECT hold_nano FROM job ORDER BY id LIMIT 1")[0]["hold_nano"]
    assert hold in (60 * 100_000, 61 * 100_000)


BAD_FORMS: list[tuple[Any, int, str | None]] = [
    ((("model", "listener"), ("file", ("a", LARGE)), ("stream", "true")), 400, "stream"),
    ((("model", "listener"), ("file", ("a", LARGE)), ("model", "painter")), 400, "model"),
    ((("model", "listener"), ("file", ("a", LARGE)), ("file", ("b", SMALL))), 400, "file"),
    ((("file", ("a", LARGE)), ("model", "listener")), 413, "model"),
    ((("model", "listener"), ("file", ("a", LARGE * 5))), 413, None),
    ((("model", "listener"), ("model", "listener"), ("file", ("a", SMALL))), 400, "model"),
    ((("model", "listener"), ("url", "http://x"), ("file", ("a", SMALL))), 400, "url"),
    ((("model", "listener"), ("file", "no file")), 400, "file"),
    ((("model", "listener"),), 400, "file"),
]


def test_bad_forms(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """Refused by name; the provider never has a whole request, and nothing is charged."""
    for parts, status, param in BAD_FORMS:
        body, headers = form(*parts)
        connection = send_head_and(gateway, PATH, b"", headers, len(body))
        with contextlib.suppress(OSError):  # refused before all was sent
            connection.sendall(body)
        answer = read_answer(connection)
        connection.close()
        assert (answer.status, answer.json["error"]["param"]) == (status, param), answer.body
    assert provider.stats()["requests"] == 0
    nothing_is_left(shop, 0)


def test_forms_that_are_none(gateway: Gateway, provider: SimulatorProcess) -> None:
    """A wrong type, a broken boundary, a form that is cut: 400, whatever its size."""
    body, headers = form(("model", "listener"), ("file", ("a", SMALL)))
    for sent, told in (
        (body, {"content-type": "application/json"}),
        (body, {"content-type": "multipart/form-data"}),
        (b"x" + body, headers),
        (body[:-4], headers),
        (body.replace(b'name="model"', b"name"), headers),
    ):
        answer = gateway.call("POST", PATH, sent, headers=told)
        assert (answer.status, answer.code) == (400, "invalid_request"), answer.body
    assert provider.stats()["requests"] == 0


def test_a_client_that_leaves_an_upload_pays_nothing(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """The provider never had a whole request, so nothing can have been done with it."""
    body, headers = form(("model", "listener"), ("file", ("a", LARGE)))
    connection = send_head_and(gateway, PATH, body[: len(body) // 2], headers, len(body))
    shop.wait_for(lambda: shop.rows("SELECT FROM hold"))
    reset(connection)
    job = shop.only_job()
    assert (job["outcome"], job["status"], job["charge_nano"]) == ("client_disconnected", "voided", 0)
    assert provider.stats()["requests"] == 0
    nothing_is_left(shop, 0)


def test_small_forms_fall_back_and_large_ones_say_so(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """What is kept is sent to the next route; what is not is a 502 that asks for it again."""
    with running_simulator(status=500) as broken:
        shop.channel("broken", broken.base_url)
        routes = (
            NewRoute(channel="broken", upstream_model="a", priority=0),
            NewRoute(channel="first", upstream_model="sim-b", priority=1),
        )
        shop.model("twice", *routes, rates=PER_SECOND, tasks=("transcriptions",))
        assert send_form(gateway, PATH, ("model", "twice"), ("file", ("a.wav", SMALL))).status == 200
        answer = send_form(gateway, PATH, ("model", "twice"), ("file", ("a.wav", LARGE)))
        assert (answer.status, answer.code) == (502, "provider_error")
        assert "send it again" in answer.json["error"]["message"]
        nothing_is_left(shop, 100_000)


def test_a_model_hears_no_longer_than_it_says(gateway: Gateway, shop: Shop) -> None:
    """The hold for an unknown format is what its bytes allow, or the model's own longest recording."""
    route = NewRoute(channel="first", upstream_model="sim-listener")
    shop.model("short", route, rates=PER_SECOND, tasks=("transcriptions",), most_audio_seconds=30)
    sound = b"\x1aE\xdf\xa3" + bytes(60_000)
    for model in ("listener", "short"):
        assert send_form(gateway, PATH, ("model", model), ("file", ("a.webm", sound))).status == 200
    holds = [row["hold_nano"] for row in shop.rows("SELECT hold_nano FROM job ORDER BY id")]
    assert holds == [81 * 100_000, 30 * 100_000]


def test_a_client_that_leaves_speech_pays_for_its_text(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess
) -> None:
    """The characters are input: they have been read when the first sound comes."""
    provider.set(gap_ms=20)
    raw = json.dumps(SPEECH).encode()
    connection = send_head_and(gateway, "/v1/audio/speech", raw, {}, len(raw))
    assert b"audio/mpeg" in connection.recv(65536)
    reset(connection)
    job = shop.only_job()
    assert (job["outcome"], job["charge_nano"]) == ("client_disconnected", 4096 * 15_000)
    provider.wait_for(lambda stats: stats["closed_early"] == 1)
    nothing_is_left(shop, 4096 * 15_000)


def test_broken_speech_never_looks_whole(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """Sound has no words for a bad end: the connection is broken off, and nothing is charged."""
    provider.set(cut=10)
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        gateway.call("POST", "/v1/audio/speech", SPEECH)
    job = shop.only_job()
    assert (job["outcome"], job["status"]) == ("provider_cut", "voided")
    nothing_is_left(shop, 0)


def test_speech_that_is_none(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """A page or an error in place of sound is the channel's fault, before a byte has reached the client."""
    for fault in ("html", "error_body"):
        provider.set(fault=fault)
        answer = gateway.call("POST", "/v1/audio/speech", SPEECH)
        assert (answer.status, answer.code) == (502, "provider_error")
    nothing_is_left(shop, 0)


def test_nothing_names_the_provider(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """Headers, ids and words of errors, through every endpoint."""
    calls: list[tuple[str, Any]] = [
        ("/v1/images/generations", {"model": "painter", "prompt": "x"}),
        ("/v1/audio/speech", SPEECH),
        ("/v1/moderations", {"model": "judge", "input": "x"}),
        ("/v1/rerank", {"model": "ranker", "query": "x", "documents": ["x"]}),
        (PATH, None),
    ]
    telling = ("sim-", "simulated", "org-", "first", "api_version", str(provider.port))
    words = f"ask the people at first-provider, see http://127.0.0.1:{provider.port}/org-simulated-upstream"
    for changes, status in (({}, 200), ({"status": 400, "error_message": words}, 400)):
        provider.reset()
        provider.set(provider="simulated", **changes)
        for path, body in calls:
            if body is None:
                answer = send_form(gateway, path, ("model", "listener"), ("file", ("a.wav", SMALL)))
            else:
                answer = gateway.call("POST", path, body)
            assert answer.status == status, (path, answer.body)
            said = (str(answer.headers) + answer.body.replace(b"SIMULATED-SOUND", b"").decode()).lower()
            assert not [word for word in telling if word in said], (path, said)
