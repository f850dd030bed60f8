"""Clients that go away, at every stage and for each policy: what is charged, and what the provider notices."""

import socket
import struct
import time

import pytest
from tests.support.gateway import Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess
from tests.support.tills import until

from farebox.domain.policy import EndingPolicy, Policy
from farebox.domain.pricing import ContextTier, PerCallCard
from farebox.gateway.options import GatewayOptions

TIER_NANO = 5_000_000
TIERS = PerCallCard(tiers=(ContextTier(None, TIER_NANO),))


def reset(connection: socket.socket) -> None:
    """Go away with a reset, as a killed client does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def read_until(connection: socket.socket, mark: bytes) -> bytes:
    received = b""
    while mark not in received:
        piece = connection.recv(65536)
        assert piece, received
        received += piece
    return received


def leave_before_first_byte(gateway: Gateway, provider: SimulatorProcess, **fields: object) -> None:
    connection = gateway.begin(**fields)
    provider.wait_for(lambda stats: stats["concurrent"] == 1)
    reset(connection)


def leave_mid_stream(gateway: Gateway) -> None:
    connection = gateway.begin(stream=True)
    read_until(connection, b'"content":')
    reset(connection)


def no_hold_is_left(shop: Shop) -> None:
    assert shop.rows("SELECT 1 FROM hold") == []
    assert shop.rows("SELECT sum(held_nano) AS held FROM account")[0]["held"] == 0


def worker(database: TestDatabase, shop: Shop, provider: SimulatorProcess, ending: EndingPolicy, **model: object):
    shop.sell(provider.base_url, **model)
    return running_gateway(database, policy=Policy(ending=ending))


def test_plain_drain_reads_on_and_charges_the_usage(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """The default for plain calls: the provider is read to its end and its count is charged."""
    with worker(database, shop, provider, EndingPolicy()) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(ttft_ms=300)
        leave_before_first_byte(gateway, provider)
        job = shop.only_job()
        assert (job["outcome"], job["usage_source"]) == ("client_disconnected", "provider")
        assert job["charge_nano"] == job["input_tokens"] * 1000 + job["output_tokens"] * 2000 > 0
        assert provider.stats()["completed"] == 1
        no_hold_is_left(shop)


def test_plain_drain_ends_after_its_time(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> None:
    """A provider that never ends is read for so long and no longer; then the input is charged."""
    with worker(database, shop, provider, EndingPolicy(drain_most_s=0.3)) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(ttft_ms=60_000)
        leave_before_first_byte(gateway, provider)
        job = shop.only_job()
        assert (job["outcome"], job["usage_source"]) == ("client_disconnected", "estimated")
        assert job["output_tokens"] == 0
        provider.wait_for(lambda stats: stats["concurrent"] == 0)
        no_hold_is_left(shop)


def test_plain_cancel_breaks_the_call_off_at_the_provider(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """`cancel`: the provider's call ends at once, and the input is charged."""
    with worker(database, shop, provider, EndingPolicy(plain_disconnect="cancel")) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(ttft_ms=60_000)
        began_s = time.monotonic()
        leave_before_first_byte(gateway, provider)
        provider.wait_for(lambda stats: stats["concurrent"] == 0)
        assert time.monotonic() - began_s < 30  # half of what the provider would have taken
        job = shop.only_job()
        assert (job["outcome"], job["output_tokens"]) == ("client_disconnected", 0)
        assert 0 < job["charge_nano"] == job["input_tokens"] * 1000
        no_hold_is_left(shop)


def test_stream_delivered_charges_what_had_arrived(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """The default for streams: the provider's call ends, input and delivered output are charged."""
    with worker(database, shop, provider, EndingPolicy()) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(gap_ms=50, chunks=10_000)
        leave_mid_stream(gateway)
        job = shop.only_job()
        assert (job["outcome"], job["usage_source"]) == ("client_disconnected", "estimated")
        assert 1 <= job["output_tokens"] < 100
        assert job["charge_nano"] == job["input_tokens"] * 1000 + job["output_tokens"] * 2000
        provider.wait_for(lambda stats: stats["concurrent"] == 0)
        no_hold_is_left(shop)


def test_stream_left_before_its_first_byte_pays_its_input(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """After dispatch and before the first event: input, and no output."""
    with worker(database, shop, provider, EndingPolicy()) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(ttft_ms=60_000)
        leave_before_first_byte(gateway, provider, stream=True)
        job = shop.only_job()
        assert (job["outcome"], job["output_tokens"]) == ("client_disconnected", 0)
        assert job["charge_nano"] > 0
        provider.wait_for(lambda stats: stats["concurrent"] == 0)
        no_hold_is_left(shop)


def test_stream_drain_charges_the_providers_count(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """`drain`: the stream is read to its end although nobody listens."""
    with worker(database, shop, provider, EndingPolicy(stream_disconnect="drain")) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(gap_ms=20, chunks=30)
        leave_mid_stream(gateway)
        job = shop.only_job()
        assert (job["outcome"], job["usage_source"]) == ("client_disconnected", "provider")
        assert job["output_tokens"] == 30
        no_hold_is_left(shop)


@pytest.mark.parametrize("mid_stream", [False, True])
def test_stream_hold_charges_the_tier(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess, mid_stream: bool
) -> None:
    """`hold` with a context-tier card: the whole hold, wherever the client left."""
    with worker(database, shop, provider, EndingPolicy(stream_disconnect="hold"), rates=TIERS) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(gap_ms=100, chunks=1000, ttft_ms=0 if mid_stream else 60_000)
        if mid_stream:
            leave_mid_stream(gateway)
        else:
            leave_before_first_byte(gateway, provider, stream=True)
        assert shop.only_job()["charge_nano"] == TIER_NANO
        no_hold_is_left(shop)


def test_leaving_at_the_last_byte_changes_nothing(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """Settled before the last byte: a client that leaves while it is written has a completed job, charged once."""
    with worker(database, shop, provider, EndingPolicy()) as gateway:
        gateway.key = shop.key(shop.account())
        for stream in (False, True):
            connection = gateway.begin(stream=stream)
            read_until(connection, b"[DONE]" if stream else b'"usage"')
            reset(connection)
        jobs = shop.wait_for(lambda: found if len(found := shop.rows("SELECT * FROM job")) == 2 else None)
        assert [job["outcome"] for job in jobs] == ["completed", "completed"]
        no_hold_is_left(shop)


def test_leaving_before_dispatch_is_free(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> None:
    """A client that is gone when its call is admitted pays nothing, and no provider is asked."""
    with worker(database, shop, provider, EndingPolicy(stream_disconnect="hold"), rates=TIERS) as gateway:
        account = shop.account()
        gateway.key = shop.key(account)
        gateway.chat(key=gateway.key)  # the key is known and the till warm
        asked = provider.stats()["requests"]
        balance = shop.balance(account)

        async def hold_account(connection):  # the till waits for this lock, and the client does not
            async with connection.transaction():
                await connection.execute("SELECT 1 FROM account WHERE id = $1 FOR UPDATE", account)
                client = gateway.begin(stream=True)
                await until(lambda: connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))
                reset(client)
                shop.wait_for(lambda: not gateway.server.server_state.connections)

        shop.do(hold_account)
        jobs = shop.wait_for(lambda: found if len(found := shop.rows("SELECT * FROM job")) == 2 else None)
        assert "client_disconnected" in [job["outcome"] for job in jobs]
        assert shop.balance(account) == balance
        assert provider.stats()["requests"] == asked
        no_hold_is_left(shop)


def test_graceful_drain_finishes_running_jobs(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> None:
    """Stopping the worker lets a running stream end whole and charged."""
    with worker(database, shop, provider, EndingPolicy()) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(gap_ms=20, chunks=30)
        connection = gateway.begin(stream=True)
        read_until(connection, b'"content":')
        gateway.loop.call_soon_threadsafe(gateway.server.stop)
        assert b"[DONE]" in read_until(connection, b"[DONE]")
        connection.close()
    assert shop.only_job()["outcome"] == "completed"
    no_hold_is_left(shop)


def test_forced_shutdown_leaves_no_hold(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> None:
    """A job that outlasts the drain is cancelled; its hold is voided, and the customer pays nothing for our restart."""
    shop.sell(provider.base_url)
    with running_gateway(database, options=GatewayOptions(drain_s=1)) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(gap_ms=100, chunks=10_000)
        connection = gateway.begin(stream=True)
        read_until(connection, b'"content":')
    connection.close()
    job = shop.only_job()
    assert (job["status"], job["outcome"], job["charge_nano"]) == ("voided", "platform_error", 0)
    no_hold_is_left(shop)
