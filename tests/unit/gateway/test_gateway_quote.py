"""Quotes: bounds of input and output, offers and caps, and what cannot be sold."""

import json
from uuid import UUID

import msgspec
import pytest
from tests.unit.gateway.facts import a_channel, a_model, a_quoted, a_request, a_snapshot

from farebox.catalog.snapshot import Model, ProviderCaps, Stop, TokensPerKilobyte
from farebox.dialects.exchange import ByteCount
from farebox.dialects.json_body import members
from farebox.domain.errors import Refusal
from farebox.domain.policy import AdmissionPolicy
from farebox.domain.pricing import PerTokenCard, TokenPrices
from farebox.gateway.quote import CAUTIOUS, USUAL, estimate_tokens, model_on_sale, output_bound
from farebox.till.operations import Cap, OutputBound

POLICY = AdmissionPolicy()


def test_input_estimate_is_by_class_of_byte_and_never_above_the_bytes() -> None:
    """A token has at least one byte; media parts bring their own bound."""
    assert estimate_tokens(ByteCount(ascii=1024), CAUTIOUS) == CAUTIOUS.ascii
    assert estimate_tokens(ByteCount(cjk=1024, other=1024), CAUTIOUS) == CAUTIOUS.cjk + CAUTIOUS.other
    assert estimate_tokens(ByteCount(ascii=10), TokensPerKilobyte(5000, 5000, 5000)) == 10
    assert estimate_tokens(ByteCount(media_tokens=765), CAUTIOUS) == 765
    assert estimate_tokens(ByteCount(ascii=1), CAUTIOUS) == 1


def test_signs_are_held_for_at_a_token_each() -> None:
    """Text of nothing but digits and punctuation has about a token per byte in many vocabularies."""
    assert estimate_tokens(ByteCount(ascii=1024, signs=1024), CAUTIOUS) == 1024
    assert estimate_tokens(ByteCount(ascii=2048, signs=1024), CAUTIOUS) == 1024 + CAUTIOUS.ascii
    assert estimate_tokens(ByteCount(ascii=1024, signs=1024), USUAL) < 300


THOUGHTLESS = a_model(most_output_tokens=9000)
PRICED = PerTokenCard(prices=TokenPrices(input=1, output=2, reasoning=2))


@pytest.mark.parametrize(
    ("model", "upstream", "fields", "unseen"),
    [
        (THOUGHTLESS, "up", {}, False),
        (THOUGHTLESS, "up", {"reasoning_effort": "none", "thinking": {"type": "disabled"}}, False),
        (THOUGHTLESS, "up", {"reasoning_effort": "low"}, True),
        (THOUGHTLESS, "up", {"reasoning": {"effort": "high"}}, True),
        (THOUGHTLESS, "up", {"generation_config": {"thinking_config": {"thinking_budget": -1}}}, True),
        (THOUGHTLESS, "openai/gpt-5-mini", {}, True),
        (THOUGHTLESS, "o3", {"reasoning_effort": "none"}, True),
        (THOUGHTLESS, "gemini-2.5-flash", {}, True),
        (THOUGHTLESS, "gpt-4o", {}, False),
        (THOUGHTLESS, "gemini-2.0-flash", {}, False),
        (a_model(most_output_tokens=9000, thinks_unseen=True), "up", {}, True),
        (a_model(PRICED, most_output_tokens=9000), "up", {}, True),
    ],
)
def test_a_stream_that_may_think_unseen_is_held_like_a_plain_call(
    model: Model, upstream: str, fields: dict[str, object], unseen: bool
) -> None:
    """Its use cannot be watched, so all of it is paid for ahead; any sign of such thinking is enough."""
    raw = json.dumps(fields, separators=(",", ":")).encode()
    route = msgspec.structs.replace(model.routes[0], upstream_model=upstream)
    quoted = a_quoted(
        model=msgspec.structs.replace(model, routes=(route,)),
        request=a_request(stream=True, most_output_tokens=None, raw=raw, spans=members(raw)),
    )
    assert quoted.thinks_unseen is unseen
    assert quoted.admit.bound == OutputBound(9000, False, 64, None if unseen else 1024)


def test_allowed_output_is_held_whole_but_never_above_the_models_limit() -> None:
    """Other gateways held many times what the model can give."""
    request = a_request(most_output_tokens=50_000)
    assert output_bound(request, a_model(most_output_tokens=1000), POLICY) == OutputBound(1000, True, 1000)
    assert output_bound(request, a_model(most_output_tokens=None), POLICY) == OutputBound(50_000, True, 50_000)
    assert output_bound(request, a_model(most_output_tokens=None, context_tokens=8000), POLICY).most == 8000


def test_absent_bound_is_the_models_cap_and_a_stream_starts_with_a_step() -> None:
    """An absent max_tokens is not free."""
    unbounded = a_request(most_output_tokens=None)
    assert output_bound(unbounded, a_model(), POLICY) == OutputBound(1000, False, 64)
    unstated = output_bound(unbounded, a_model(most_output_tokens=None), POLICY)
    assert unstated.most == POLICY.default_most_output_tokens
    stream = a_request(most_output_tokens=None, stream=True)
    assert output_bound(stream, a_model(most_output_tokens=9000), POLICY).first_step == 1024
    assert output_bound(stream, a_model(most_output_tokens=9000, first_step_tokens=200), POLICY).first_step == 200
    assert output_bound(a_request(endpoint="embeddings"), a_model(), POLICY).most == 0


def test_every_answer_is_held_for() -> None:
    """n and best_of multiply the output's price."""
    one, three = a_quoted().admit.quote, a_quoted(request=a_request(answers=3)).admit.quote
    assert three.per_output_token_atto == 3 * one.per_output_token_atto
    assert three.base_atto == one.base_atto


def test_test_keys_are_quoted_at_nothing() -> None:
    """A test key costs nothing and carries the factor that says so."""
    admit = a_quoted(kind="test").admit
    assert admit.quote.hold_nano(10**6) == 0
    assert admit.factor_ppm == 0


def test_caps_of_channel_provider_and_model_travel_with_the_offer() -> None:
    """The till checks exactly the caps that the catalogue states."""
    channel = a_channel(daily_cap_nano=5, concurrency=3)
    model = a_model(daily_cap_nano=11, account_daily_cap_nano=12)
    snapshot = a_snapshot(model, channel, providers={"p": ProviderCaps("p", 7, 2)})
    admit = a_quoted(model=model, channel=channel, snapshot=snapshot).admit
    identity = UUID(int=2)
    assert admit.offers[0].caps == (
        Cap(f"channel:{identity}", 5, daily=True),
        Cap(f"channel_jobs:{identity}", 3, daily=False),
        Cap("provider:p", 7, daily=True),
        Cap("provider_jobs:p", 2, daily=False),
    )
    assert admit.model_cap == Cap("model:m", 11, daily=True)
    assert admit.account_model_cap_nano == 12


def test_offer_is_priced_at_the_providers_prices() -> None:
    """Caps of channels count what the operator pays, not what the customer pays."""
    dear = a_model(PerTokenCard(prices=TokenPrices(input=9_000_000, output=9_000_000)))
    admit = a_quoted(model=dear).admit
    assert admit.offers[0].cost.hold_nano(100) < admit.quote.hold_nano(100)


def test_idempotency_keys_are_for_plain_calls() -> None:
    """A stream cannot be repeated; a key that is none is refused."""
    assert a_quoted(idempotency_key=b"abc").admit.idempotency_key == "abc"
    assert len(a_quoted(idempotency_key=b"abc").admit.body_hash) == 32
    assert a_quoted(idempotency_key=b"abc", request=a_request(stream=True)).admit.idempotency_key is None
    for bad in (b"", b"x" * 256, b"\xff", b"a\tb"):
        with pytest.raises(Refusal, match="Idempotency-Key"):
            a_quoted(idempotency_key=bad)


def test_what_cannot_be_sold_is_refused() -> None:
    """Unknown, disabled, unpriced and stopped models: nothing reaches the till."""
    channel = a_channel()

    def code(**changes: object) -> str:
        snapshot_changes = {name: changes.pop(name) for name in ("stops",) if name in changes}
        with pytest.raises(Refusal) as caught:
            model_on_sale(a_snapshot(a_model(**changes), channel, **snapshot_changes), "m", 5)
        return caught.value.code

    assert code(enabled=False) == "model_not_found"
    assert code(cards=()) == "model_not_found"
    assert code(stops=(Stop("model", "m", "r", False),)) == "emergency_stop"
    assert code(stops=(Stop("all", "", "r", False),)) == "emergency_stop"
    with pytest.raises(Refusal):
        model_on_sale(a_snapshot(a_model(), channel), "other", 5)
    assert model_on_sale(a_snapshot(a_model(), channel), "m", 5)[1].id == 7
