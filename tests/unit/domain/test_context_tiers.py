"""The tiers of prices per call: what a file may say of them, and what a model makes of them."""

from pathlib import Path

import pytest

from farebox.boot.config import load_policy
from farebox.domain.errors import CommandError
from farebox.domain.policies.pricing import PricingPolicy

NANO = 10**9


def test_the_usual_tiers_times_a_multiplier():
    """16K, 32K, 128K and above; each bound belongs to the cheaper tier."""
    card = PricingPolicy().card(2)
    sizes = (0, 16_384, 16_385, 32_768, 32_769, 131_072, 131_073, 10**9)
    assert [card.amount_nano(size) // NANO for size in sizes] == [2, 2, 4, 4, 10, 10, 20, 20]


@pytest.mark.parametrize(
    "tiers",
    [
        "[]",
        '[{ up_to_input_tokens = 10, per_call = "1" }]',
        '[{ per_call = "1" }, { up_to_input_tokens = 10, per_call = "1" }]',
        '[{ up_to_input_tokens = 9, per_call = "1" }, { up_to_input_tokens = 9, per_call = "2" }, { per_call = "3" }]',
        '[{ up_to_input_tokens = 0, per_call = "1" }, { per_call = "3" }]',
        '[{ per_call = "-1" }]',
    ],
)
def test_tiers_that_leave_a_call_without_a_price_are_refused(tmp_path: Path, tiers: str):
    """By name, when the file is read: nothing starts with prices that contradict each other."""
    path = tmp_path / "farebox.toml"
    path.write_text(f"[pricing]\ncontext_tiers = {tiers}\n")
    with pytest.raises(CommandError, match="pricing"):
        load_policy(path)
