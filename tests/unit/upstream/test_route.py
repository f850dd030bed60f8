"""The order in which a model's channels are tried."""

from collections import Counter
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from farebox.catalog.snapshot import Channel, ChannelKey, Model, Route, Snapshot, Stop, channel_key_purpose
from farebox.domain.pricing import PerTokenCard, TokenPrices
from farebox.kit.clock import FixedClock
from farebox.kit.crypto import Seal
from farebox.kit.ids import NIL
from farebox.kit.logging import get_logger
from farebox.upstream.health import (
    FAILURES_TO_OPEN,
    ROUTE_FAULTS_TO_OPEN,
    Health,
    Subjects,
    channel_subject,
    key_subject,
    route_subject,
)
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


def subjects_of(to: Channel, key: ChannelKey, at: Route | None = None) -> Subjects:
    return Subjects(channel_subject(to.id), key_subject(key.id), route_subject(NIL if at is None else at.id))


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
    health.failed(subjects_of(pooled, pooled.keys[1]), "rate_limited", 30)
    names = {c.auth_headers[0][1] for _ in range(9) for c in router.candidates(snapshot, model, kind="live")}
    assert names == {b"Bearer pooled-0", b"Bearer pooled-2"}


def test_an_open_breaker_leaves_the_channel_out_and_tells_when_to_return(health: Health) -> None:
    """Guarantee: after repeated failures a channel gets no calls; the customer learns when to retry."""
    only = channel("only")
    snapshot, model = snapshot_of([only], [route(only)])
    router = router_of(health)
    for _ in range(FAILURES_TO_OPEN):
        assert router.candidates(snapshot, model, kind="live")
        health.failed(subjects_of(only, only.keys[0]), "status")
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


def test_all_workers_send_a_conversation_to_the_same_key(health: Health) -> None:
    """Guarantee: without any shared state, each worker finds the same channel and the same key of its pool."""
    channels = [channel(name, keys=5) for name in "abc"]
    snapshot, model = snapshot_of(channels, [route(c, weight=n + 1) for n, c in enumerate(channels)])
    workers = [Router(SEAL, health, get_logger("test"), simulator_url=None) for _ in range(4)]
    for conversation in range(30):
        orders = {
            tuple(c.key_id for c in worker.candidates(snapshot, model, kind="live", affinity=bytes([conversation])))
            for worker in workers
        }
        assert len(orders) == 1


def test_conversations_move_only_when_their_home_is_gone(health: Health) -> None:
    """Guarantee: a key that cools down loses its own conversations, for as long as it cools, and nobody else's."""
    only = channel("only", keys=4)
    snapshot, model = snapshot_of([only], [route(only)])
    router = router_of(health)

    def homes() -> dict[int, UUID | None]:
        return {n: router.candidates(snapshot, model, kind="live", affinity=bytes([n]))[0].key_id for n in range(80)}

    before = homes()
    health.failed(subjects_of(only, only.keys[0]), "rate_limited", 30)
    during = homes()
    assert set(during.values()) == {key.id for key in only.keys[1:]}
    assert {n for n in before if before[n] != during[n]} == {n for n in before if before[n] == only.keys[0].id}
    health.succeeded(subjects_of(only, only.keys[0]))
    assert homes() == before


def test_a_slow_channel_loses_a_part_of_its_load(health: Health, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guarantee: twice as slow is half the share, of calls and of conversations alike; what is unknown gets its all."""
    fast, slow, unknown = channel("fast"), channel("slow"), channel("unknown")
    snapshot, model = snapshot_of([fast, slow, unknown], [route(fast), route(slow), route(unknown)])
    router = router_of(health)
    levels = {fast.id: 8, slow.id: 10}
    monkeypatch.setattr(health.traffic, "_levels", {("m", False): levels})

    def lead(affinities: list[bytes | None]) -> Counter[str]:
        return Counter(
            router.candidates(snapshot, model, kind="live", affinity=each)[0].channel.name for each in affinities
        )

    for affinities in ([None] * 2000, [n.to_bytes(2, "big") for n in range(2000)]):
        found = lead(affinities)
        assert 750 < found["fast"] < 1050
        assert 750 < found["unknown"] < 1050
        assert 150 < found["slow"] < 300
    # Streams are measured apart from plain calls, and only channels of one priority are compared.
    streams = Counter(router.candidates(snapshot, model, kind="live", stream=True)[0].channel.name for _ in range(900))
    assert min(streams.values()) > 220


def test_a_missing_model_takes_the_route_and_nothing_else(health: Health) -> None:
    """Guarantee: the channel and its key stay with the other models; the route itself rests."""
    shared = channel("shared")
    missing, present = route(shared), route(shared)
    snapshot, model = snapshot_of([shared], [missing])
    _, other = snapshot_of([shared], [present])
    other = Model(**{f: getattr(other, f) for f in other.__struct_fields__} | {"name": "n"})
    router = router_of(health)
    for _ in range(ROUTE_FAULTS_TO_OPEN):
        assert router.candidates(snapshot, model, kind="live")
        health.failed(subjects_of(shared, shared.keys[0], missing), "route")
    assert router.candidates(snapshot, model, kind="live") == ()
    assert len(router.candidates(snapshot, other, kind="live")) == 1


FAULTS: dict[str, tuple[str, int | None, set[str]]] = {
    "a refused key": ("auth", None, {"key"}),
    "a busy key": ("rate_limited", 7, {"key"}),
    "one error of a provider": ("status", None, set()),
    "an error that says when to return": ("status", 7, {"channel"}),
    "one missing model": ("route", None, set()),
}


@pytest.mark.parametrize(("fault", "retry_after_s", "blamed"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_blames_what_failed(health: Health, fault: Any, retry_after_s: int | None, blamed: set[str]) -> None:
    """Guarantee: nothing rests for a fault that was another's."""
    subjects = Subjects("channel", "key", "route")
    health.failed(subjects, fault, retry_after_s)
    for subject in ("channel", "key", "route"):
        assert health.fits(Subjects(subject, None, subject)) == (subject not in blamed)
    if retry_after_s is not None:
        assert health.retry_after_s(subjects) == retry_after_s


def test_one_outage_is_one_opening(health: Health) -> None:
    """Guarantee: a thousand calls that fail together do not keep a channel away for longer than five do."""
    for _ in range(1000):
        health.failed(Subjects("channel", None, "route"), "timeout")
    assert health.retry_after_s(Subjects("channel", None, "route")) == 5
