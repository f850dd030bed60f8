"""Ends of streams that a client could have for less than it used: the usage chunk missed, a stall, a hold outgrown."""

import socket
import struct
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.gateway import MODEL, RATES, Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.scripted_provider import (
    DONE,
    HEAD,
    ScriptedProvider,
    finish,
    scripted_provider,
    text,
    usage,
)
from tests.support.simulator import SimulatorProcess

from farebox.catalog.admin import NewRoute
from farebox.domain.policy import AdmissionPolicy, EndingPolicy, Policy
from farebox.gateway.options import GatewayOptions

PROMPT, VISIBLE, HIDDEN = 9, 2, 3_000


@pytest.fixture
def scripted() -> Iterator[ScriptedProvider]:
    with scripted_provider() as provider:
        yield provider


def read_until(connection: socket.socket, mark: bytes) -> bytes:
    received = b""
    while mark not in received:
        piece = connection.recv(65536)
        assert piece, received
        received += piece
    return received


def leave(connection: socket.socket) -> None:
    """Go away for good: only to have nothing more to say is not to leave."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def until_left(gateway: Gateway) -> None:
    """Wait until the gateway has seen the only client of its only job go."""
    assert gateway.server is not None
    until = time.monotonic() + 10
    while gateway.server.server_state.connections:
        assert time.monotonic() < until
        time.sleep(0.005)


def price_of(job: Any) -> int:
    return int(job["input_tokens"] * 1000 + job["output_tokens"] * 2000)


# ---- the usage chunk --------------------------------------------------------------------------------------------


def test_lesson_usage_is_not_lost_when_the_client_aborts_just_before_the_last_chunk(
    database: TestDatabase, shop: Shop, scripted: ScriptedProvider
) -> None:
    """A client that closes after `finish_reason` pays what the usage chunk says, hidden reasoning included."""
    shop.sell(scripted.base_url)
    with running_gateway(database) as gateway:
        gateway.key = shop.key(shop.account())
        client = gateway.begin(stream=True)
        scripted.request()
        scripted.send(HEAD, text("hello"), finish())
        read_until(client, b'"stop"')
        leave(client)
        until_left(gateway)
        scripted.send(usage(PROMPT, VISIBLE + HIDDEN, HIDDEN), DONE)
        job = shop.only_job()
        assert (job["outcome"], job["usage_source"]) == ("client_disconnected", "provider")
        assert (job["output_tokens"], job["reasoning_tokens"]) == (VISIBLE + HIDDEN, HIDDEN)
        assert job["charge_nano"] == price_of(job)


def test_the_last_chunk_is_waited_for_briefly_only(
    database: TestDatabase, shop: Shop, scripted: ScriptedProvider
) -> None:
    """A provider that never sends its usage is left after seconds; what was delivered is charged."""
    shop.sell(scripted.base_url)
    with running_gateway(database, options=GatewayOptions(last_chunk_s=0.3, drain_s=20)) as gateway:
        gateway.key = shop.key(shop.account())
        client = gateway.begin(stream=True)
        scripted.request()
        scripted.send(HEAD, text("hello"), finish())
        read_until(client, b'"stop"')
        leave(client)
        job = shop.only_job()
        assert (job["outcome"], job["usage_source"]) == ("client_disconnected", "estimated")
        assert 0 < job["charge_nano"] == price_of(job)
        assert scripted.is_left()


def test_a_client_that_leaves_a_thinking_model_early_pays_its_thoughts(
    database: TestDatabase, shop: Shop, scripted: ScriptedProvider
) -> None:
    """Leaving one word early is no way around hidden reasoning: it and what was delivered are charged, no more."""
    shop.sell(scripted.base_url)
    with running_gateway(database) as gateway:
        gateway.key = shop.key(shop.account())
        client = gateway.begin(stream=True, reasoning_effort="high")
        scripted.request()
        scripted.send(HEAD, text("hell"))
        read_until(client, b"hell")
        leave(client)
        until_left(gateway)
        scripted.send(text("o" * 400), finish(), usage(PROMPT, 101 + HIDDEN, HIDDEN), DONE)
        job = shop.only_job()
        assert (job["outcome"], job["reasoning_tokens"]) == ("client_disconnected", HIDDEN)
        assert HIDDEN < job["output_tokens"] < HIDDEN + 20
        assert job["charge_nano"] == price_of(job)


def test_an_early_count_of_the_provider_is_not_taken_for_its_last(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """Anthropic tells one token of output at the start: a client that leaves later pays what was delivered."""
    shop.sell(provider.url, kind="anthropic")
    with running_gateway(database) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(gap_ms=5, chunks=10_000)
        client = gateway.begin("/v1/messages", stream=True, max_tokens=20_000)
        received = b""
        while received.count(b"content_block_delta") < 100:
            received += client.recv(65536)
        leave(client)
        job = shop.only_job()
        assert job["outcome"] == "client_disconnected"
        assert job["output_tokens"] >= 40
        assert job["charge_nano"] == price_of(job)


# ---- stalls and deadlines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["free", "delivered"])
def test_a_cut_that_the_clients_own_stalling_caused_is_not_free(
    database: TestDatabase, shop: Shop, scripted: ScriptedProvider, policy: Any
) -> None:
    """A client that stops reading until the provider gives up ends the stream itself, and pays what was delivered."""
    shop.sell(scripted.base_url, most_output_tokens=10_000_000)
    ending = Policy(ending=EndingPolicy(provider_cut=policy))
    with running_gateway(database, policy=ending, options=GatewayOptions(behind_s=0.4, drain_s=20)) as gateway:
        gateway.key = shop.key(shop.account("1000"))
        client = gateway.begin(stream=True)
        scripted.request()
        scripted.send(HEAD)
        scripted.flood(text("word " * 2_000) * 8, give_up_s=1.0)
        received = b""
        while piece := client.recv(1 << 20):
            received = (received + piece)[-20_000:]
            if b'"error"' in received:
                break
        client.close()
        assert b"[DONE]" not in received
        job = shop.only_job()
        assert (job["status"], job["outcome"]) == ("settled", "client_disconnected")
        assert job["output_tokens"] > 10_000
        assert job["charge_nano"] == price_of(job)


def test_a_cut_by_the_provider_stays_free_for_a_client_that_reads(
    database: TestDatabase, shop: Shop, scripted: ScriptedProvider
) -> None:
    """Back-pressure that was made good long ago is no excuse for a provider that breaks off."""
    shop.sell(scripted.base_url, most_output_tokens=10_000_000)
    with running_gateway(database, options=GatewayOptions(behind_s=0.4, drain_s=20)) as gateway:
        gateway.key = shop.key(shop.account("1000"))
        client = gateway.begin(stream=True)
        scripted.request()
        scripted.send(HEAD, text("hello"))
        read_until(client, b"hello")
        time.sleep(0.6)  # the provider is slow, not the client
        scripted.send(text("you"))
        read_until(client, b"you")
        scripted.close()
        read_until(client, b'"error"')
        client.close()
        job = shop.only_job()
        assert (job["status"], job["outcome"], job["charge_nano"]) == ("voided", "provider_cut", 0)


def test_a_stream_that_outlives_its_hold_is_charged_what_it_delivered(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of a hold's life is no fault of the provider: otherwise a stream drawn out until then would be free."""
    monkeypatch.setattr("farebox.gateway.pipeline._LIFETIME_SHARE", 0.01)  # of 60 s, the least that can be set
    shop.sell(provider.base_url)
    with running_gateway(database, policy=Policy(admission=AdmissionPolicy(hold_lifetime_s=60))) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(gap_ms=20, chunks=10_000)
        answer = gateway.chat(stream=True)
        assert answer.events[-1]["error"]["code"] == "timeout"
        job = shop.job(answer.job_id)
        assert (job["status"], job["outcome"], job["usage_source"]) == ("settled", "timeout", "estimated")
        assert 0 < job["charge_nano"] == price_of(job)


# ---- holds of models that think unseen ----------------------------------------------------------------------------


def thinking_stream(gateway: Gateway, provider: SimulatorProcess, **fields: Any) -> Any:
    provider.set(reasoning_tokens=20_000, chunks=16)
    return gateway.chat(stream=True, **fields)


def test_a_stream_that_thinks_unseen_is_held_whole(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """No bytes tell how far a hidden thought has come: all that the model can give is held before it begins."""
    shop.sell(provider.base_url, most_output_tokens=32_000)
    with running_gateway(database) as gateway:
        gateway.key = shop.key(shop.account())
        answer = thinking_stream(gateway, provider, reasoning_effort="high")
        assert answer.events[-1] == "[DONE]"
        job = shop.job(answer.job_id)
        assert job["output_tokens"] > 20_000
        assert job["charge_nano"] == price_of(job) <= job["hold_nano"]
        assert job["write_off_nano"] == 0


def test_a_balance_that_pays_less_bounds_what_a_model_thinks(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """The provider is told what the balance pays for; nobody's excess is written off by the operator."""
    shop.sell(provider.base_url, most_output_tokens=32_000)
    with running_gateway(database) as gateway:
        account = shop.account("0.01")
        gateway.key = shop.key(account)
        provider.set(record_bodies=True)
        answer = thinking_stream(gateway, provider, reasoning_effort="high")
        assert answer.status == 200
        told = int(answer.headers["farebox-max-tokens"])
        assert 1_000 < told < 5_000
        assert provider.bodies()[-1]["body"]["max_completion_tokens"] == told
        job = shop.job(answer.job_id)
        assert job["output_tokens"] == told
        assert (job["charge_nano"], job["write_off_nano"]) == (price_of(job), 0)
        assert shop.balance(account)[0] >= 0


@pytest.mark.parametrize("known_by", ["name", "price", "learned"])
def test_a_model_is_known_to_think_without_being_asked_to(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess, known_by: str
) -> None:
    """The provider's name for it, a price of its own for reasoning, or what jobs have taught: each is enough."""
    upstream = "o3" if known_by == "name" else MODEL
    priced = {"rates": type(RATES)(prices=type(RATES.prices)(1_000_000, 2_000_000, reasoning=2_000_000))}
    shop.channel("first", provider.base_url)
    shop.model(
        MODEL,
        NewRoute(channel="first", upstream_model=upstream, cost=RATES),
        most_output_tokens=32_000,
        **(priced if known_by == "price" else {}),
    )
    if known_by == "learned":
        shop.execute("UPDATE model SET thinks_unseen = true")
    provider.set(models=[upstream])
    with running_gateway(database) as gateway:
        gateway.key = shop.key(shop.account())
        job = shop.job(thinking_stream(gateway, provider).job_id)
        assert job["charge_nano"] <= job["hold_nano"]
        assert job["hold_nano"] >= 32_000 * 2000


# ---- caps and extensions ------------------------------------------------------------------------------------------


def test_a_stream_that_extends_counts_against_its_channels_cap_once(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """What an extension never claimed is not given back: the second call finds only what the first has left."""
    shop.channel("first", provider.base_url, daily_cap_nano=3_000_000)
    shop.model(MODEL, NewRoute(channel="first", upstream_model=MODEL, cost=RATES), most_output_tokens=100_000)
    with running_gateway(database, policy=Policy(admission=AdmissionPolicy(first_step_output_tokens=64))) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(chunks=1000)
        assert gateway.chat(stream=True).events[-1] == "[DONE]"  # costs 2,000,000 and a little
        assert gateway.chat(max_tokens=1000).code == "no_channel_available"
        provider.set(chunks=16)
        assert gateway.chat(max_tokens=300).status == 200


def test_extensions_count_against_the_models_caps(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """A stream grows no further than the model's cap per account and for the day allows."""
    shop.sell(provider.base_url, most_output_tokens=100_000)
    shop.execute("UPDATE model SET account_daily_cap_nano = 1000000")
    with running_gateway(database, policy=Policy(admission=AdmissionPolicy(first_step_output_tokens=64))) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(chunks=5000, gap_ms=1)
        answer = gateway.chat(stream=True)
        assert answer.events[-1] == "[DONE]"
        job = shop.job(answer.job_id)
        assert job["hold_nano"] <= 1_000_000
        assert job["charge_nano"] <= 1_000_000
