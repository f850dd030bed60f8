"""The order in which a model's channels are tried."""

from collections import Counter
from random import Random
from uuid import UUID, uuid4

import pytest

from farebox.catalog.snapshot import Channel, ChannelKey, Model, Route, Snapshot, Stop, channel_key_purpose
from farebox.domain.pricing import PerTokenCard, TokenPrices
from farebox.kit.clock import FixedClock
from farebox.kit.crypto import Seal
from farebox.kit.ids import NIL
from farebox.kit.logging import get_logger
from farebox.upstream.health import FAILURES_TO_OPEN, Health
from farebox.upstream.route import Router

SEAL = Seal(b"a secret key for tests")
COST = PerTokenCard(prices=TokenPrices(input=1, output=1))


def channel(name: str, *, keys: int = 1, **changes: object) -> Channel:
    pool = []
    for number in range(keys):
        key_id = uuid4()
        pool.append(ChannelKey(key_id, SEAL.seal(f"{name}-{number}".encode(), purpose=channel_key_purpose(key_id))))
    facts: dict[str, object] = {
        "id": uuid4(),
        "name": name,
        "kind": "openai",
        "provider": "openai",
        "base_url": f"https://{name}.example/v1",
        "allow_private": False,
        "proxy": None,
        "enabled": True,
        "daily_cap_nano": None,
        "concurrency": None,
        "keys": tuple(pool),
    }
    return Channel(**(facts | changes))  # type: ignore[arg-type]


def route(to: Channel, *, priority: int = 0, weight: int = 1) -> Route:
    return Route(uuid4(), to.id, "upstream", priority, weight, COST)


def snapshot_of(channels: list[Channel], routes: list[Route], *stops: Stop) -> tuple[Snapshot, Model]:
    model = Model(
        name="m",
        enabled=True,
        owned_by="us",
        context_tokens=None,
        most_output_tokens=None,
        account_daily_cap_nano=None,
        daily_cap_nano=None,
        first_step_tokens=None,
        tokens_per_kilobyte=None,
        input_modalities=("text",),
        created_ms=0,
        cards=(),
        routes=tuple(routes),
    )
    return Snapshot(1, {"m": model}, {c.id: c for c in channels}, {}, stops), model


@pytest.fixture
def health() -> Health:
    return Health(NIL, FixedClock(), get_logger("test"))


def router_of(health: Health, *, simulator_url: str | None = None) -> Router:
    return Router(SEAL, health, get_logger("test"), simulator_url=simulator_url, random=Random(7).random)


def test_priority_decides_before_weight(health: Health) -> None:
    """Guarantee: a fallback with a great weight is still a fallback."""
    first, second = channel("first"), channel("second")
    snapshot, model = snapshot_of([first, second], [route(second, priority=1, weight=100), route(first)])
    router = router_of(health)
    for _ in range(50):
        assert [c.channel.name for c in router.candidates(snapshot, model, kind="live")] == ["first", "second"]


def test_weights_share_the_load_in_proportion(health: Health) -> None:
    """Guarantee: weight 3 against 1 leads about three times as often."""
    heavy, light = channel("heavy"), channel("light")
    snapshot, model = snapshot_of([heavy, light], [route(heavy, weight=3), route(light)])
    router = router_of(health)
    lead = Counter(router.candidates(snapshot, model, kind="live")[0].channel.name for _ in range(2000))
    assert 1350 < lead["heavy"] < 1650


def test_one_conversation_stays_on_its_channel(health: Health) -> None:
    """Guarantee: the same affinity gives the same order; different ones spread."""
    channels = [channel(name) for name in "abcd"]
    snapshot, model = snapshot_of(channels, [route(c) for c in channels])
    router = router_of(health)
    for conversation in (b"one", b"two"):
        leads = {
            router.candidates(snapshot, model, kind="live", affinity=conversation)[0].channel.name for _ in range(20)
        }
        assert len(leads) == 1
    spread = {router.candidates(snapshot, model, kind="live", affinity=bytes([n]))[0].channel.name for n in range(60)}
    assert spread == set("abcd")


def test_stopped_and_disabled_channels_are_left_out(health: Health) -> None:
    """Guarantee: an emergency stop of a channel or provider, and a disabled channel, get no call."""
    stopped, off, foreign, good = (
        channel("stopped"),
        channel("off", enabled=False),
        channel("f", provider="p"),
        channel("good"),
    )
    every = [stopped, off, foreign, good]
    snapshot, model = snapshot_of(
        every, [route(c) for c in every], Stop("channel", "stopped", "r", False), Stop("provider", "p", "r", False)
    )
    assert [c.channel.name for c in router_of(health).candidates(snapshot, model, kind="live")] == ["good"]


def test_a_pool_takes_turns_and_skips_cooling_keys(health: Health) -> None:
    """Guarantee: the keys of a pool share the load; a rate-limited key rests while the others work."""
    pooled = channel("pooled", keys=3)
    snapshot, model = snapshot_of([pooled], [route(pooled)])
    router = router_of(health)
    lead = Counter(router.candidates(snapshot, model, kind="live")[0].auth_headers[0][1] for _ in range(30))
    assert lead == {b"Bearer pooled-0": 10, b"Bearer pooled-1": 10, b"Bearer pooled-2": 10}
    health.failed(pooled.id, pooled.keys[1].id, "rate_limited", 30)
    names = {c.auth_headers[0][1] for _ in range(9) for c in router.candidates(snapshot, model, kind="live")}
    assert names == {b"Bearer pooled-0", b"Bearer pooled-2"}


def test_an_open_breaker_leaves_the_channel_out_and_tells_when_to_return(health: Health) -> None:
    """Guarantee: after repeated failures a channel gets no calls; the customer learns when to retry."""
    only = channel("only")
    snapshot, model = snapshot_of([only], [route(only)])
    router = router_of(health)
    for _ in range(FAILURES_TO_OPEN):
        assert router.candidates(snapshot, model, kind="live")
        health.failed(only.id, only.keys[0].id, "status")
    assert router.candidates(snapshot, model, kind="live") == ()
    assert router.retry_after_s(snapshot, model) == 5


def test_a_test_key_reaches_only_the_simulator(health: Health) -> None:
    """Guarantee: a test key never costs the operator anything, whatever routes a model has."""
    real = channel("real")
    snapshot, model = snapshot_of([real], [route(real)])
    (candidate,) = router_of(health, simulator_url="http://127.0.0.1:9").candidates(snapshot, model, kind="test")
    assert (candidate.channel.kind, candidate.endpoint.host, candidate.route.upstream_model) == (
        "simulator",
        "127.0.0.1",
        "m",
    )
    assert router_of(health).candidates(snapshot, model, kind="test") == ()


def test_a_key_that_cannot_be_opened_is_left_out(health: Health) -> None:
    """Guarantee: a foreign sealed value never becomes a credential."""
    broken = channel("broken")
    moved = ChannelKey(UUID(int=5), broken.keys[0].sealed)
    altered = channel("altered", keys=0)
    altered = Channel(**{f: getattr(altered, f) for f in altered.__struct_fields__} | {"keys": (moved,)})
    snapshot, model = snapshot_of([altered], [route(altered)])
    assert router_of(health).candidates(snapshot, model, kind="live") == ()


def test_a_server_without_keys_is_called_without_credentials(health: Health) -> None:
    """Guarantee: a model server on the operator's own network needs no made-up key."""
    own = channel("own", keys=0, base_url="http://10.0.0.5:8000/v1", allow_private=True)
    snapshot, model = snapshot_of([own], [route(own)])
    (candidate,) = router_of(health).candidates(snapshot, model, kind="live")
    assert candidate.auth_headers == ()
