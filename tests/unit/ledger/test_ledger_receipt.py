"""Why a receipt's charge is not the sum of its lines."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from farebox.domain.money import PPM
from farebox.domain.pricing import ContextTier, PerCallCard, PerTokenCard, RateCard, TokenPrices
from farebox.ledger.receipt import receipt

# A thousand pico are a nano: 1,000 input tokens are 1,000 nano.
PER_TOKEN = PerTokenCard(prices=TokenPrices(input=1_000, output=2_000))
PER_CALL = PerCallCard(tiers=(ContextTier(up_to_input_tokens=None, amount_nano=500),))


def made(rates: Any = PER_TOKEN, **facts: Any) -> dict[str, Any]:
    row = {
        "id": uuid4(),
        "status": "settled",
        "outcome": "completed",
        "endpoint": "chat.completions",
        "model": "m",
        "stream": False,
        "prefix": "fb_live_abcd",
        "key_kind": "live",
        "created_at": datetime.now(UTC),
        "finished_at": datetime.now(UTC),
        "first_byte_ms": 1,
        "latency_ms": 2,
        "input_tokens": 1_000,
        "cached_input_tokens": 0,
        "cache_write_tokens": 0,
        "output_tokens": 0,
        "reasoning_tokens": 0,
        "usage_extra": None,
        "usage_source": "provider",
        "hold_nano": 1_000,
        "charge_nano": 1_000,
        "write_off_nano": 0,
        "balance_after_nano": 5,
        **facts,
    }
    card = RateCard(id=1, model="m", version=1, rates=rates, factor_ppm=PPM)
    return receipt(row, card, sees_balance=True)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, None),
        ({"hold_nano": 700, "charge_nano": 700, "write_off_nano": 300}, "written_off"),
        ({"charge_nano": 0, "write_off_nano": 1_000}, "written_off"),
        ({"hold_nano": 700, "charge_nano": 700, "usage_source": "estimated"}, "capped_at_hold"),
        ({"hold_nano": 700, "charge_nano": 600, "write_off_nano": 100, "usage_source": "estimated"}, "written_off"),
        ({"charge_nano": 0, "key_kind": "test"}, "test_key"),
        ({"status": "voided", "charge_nano": 0}, None),
    ],
)
def test_a_charge_below_its_lines_says_why(facts: dict[str, Any], reason: str | None) -> None:
    """A customer with a calculator is never left to wonder."""
    assert made(**facts)["charge_reason"] == reason


def test_a_charge_above_its_lines_says_why() -> None:
    """Where the policy charges the whole hold, the lines say what was used and the reason why it is more."""
    left = made(PER_CALL, outcome="client_disconnected", hold_nano=900, charge_nano=900, usage_source="estimated")
    assert (left["lines"][0]["amount"], left["charge"], left["charge_reason"]) == (
        "0.0000005",
        "0.0000009",
        "whole_hold",
    )


@pytest.mark.parametrize(("latency_ms", "hold_ms"), [(130, 30), (100, 0), (99, 0), (None, None)])
def test_a_receipt_tells_how_long_the_hold_took(latency_ms: int | None, hold_ms: int | None) -> None:
    """The request came first, then the job was created with its hold; what is left of the latency came after."""
    created_at = datetime.now(UTC)
    told = made(created_at=created_at, finished_at=created_at + timedelta(milliseconds=100), latency_ms=latency_ms)
    assert told["hold_ms"] == hold_ms
