"""What is charged of a list price: discounts, groups, and the moments at which it changes."""

from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farebox.catalog.snapshot import DatedCard, Discount, Model, Snapshot
from farebox.catalog.terms import fits, terms_of
from farebox.domain.money import PPM
from farebox.domain.pricing import PerTokenCard, RateCard, TokenPrices

CARD = RateCard(id=1, model="m", version=1, rates=PerTokenCard(prices=TokenPrices(input=1, output=1)))


def discount(off_ppm: int, starts_ms: int = 0, ends_ms: int | None = None, number: int = 1) -> Discount:
    return Discount(UUID(int=number), "Autumn", ("*",), off_ppm, starts_ms, ends_ms)


def a_model(*discounts: Discount, cards: tuple[DatedCard, ...] = (DatedCard(0, CARD),)) -> Model:
    return Model(
        name="m",
        enabled=True,
        owned_by="x",
        context_tokens=None,
        most_output_tokens=None,
        account_daily_cap_nano=None,
        daily_cap_nano=None,
        first_step_tokens=None,
        tokens_per_kilobyte=None,
        input_modalities=("text",),
        created_ms=0,
        cards=cards,
        routes=(),
        discounts=discounts,
    )


def a_snapshot(model: Model, **groups: int) -> Snapshot:
    return Snapshot(version=1, models={"m": model}, channels={}, providers={}, stops=(), groups=groups)


def test_the_edges_of_prices_bound_the_terms() -> None:
    """A quote is good from the last edge until before the next, be it a card's or a discount's."""
    model = a_model(
        discount(100_000, 1_000, 5_000),
        discount(200_000, 2_000, 3_000, number=2),
        cards=(DatedCard(0, CARD), DatedCard(4_000, msgspec.structs.replace(CARD, version=2))),
    )
    snapshot = a_snapshot(model)
    seen = [terms_of(snapshot, model, CARD, None, at) for at in (999, 1_000, 2_000, 2_999, 3_000, 4_000, 5_000)]
    assert [each.card.factor_ppm for each in seen] == [
        1_000_000,
        900_000,
        800_000,
        800_000,
        900_000,
        900_000,
        1_000_000,
    ]
    assert [(each.from_ms, each.until_ms) for each in seen] == [
        (0, 1_000),
        (1_000, 2_000),
        (2_000, 3_000),
        (2_000, 3_000),
        (3_000, 4_000),
        (4_000, 5_000),
        (5_000, None),
    ]


@given(
    st.integers(0, PPM),
    st.lists(st.integers(1, PPM), max_size=4),
    st.integers(0, 100 * PPM),
)
def test_the_factor_is_the_product_rounded_up_once(card_ppm: int, offs: list[int], group_ppm: int) -> None:
    """In any order of discounts; never less than what was agreed, by a millionth more at most."""
    card = msgspec.structs.replace(CARD, factor_ppm=card_ppm)
    discounts = [discount(off, number=number) for number, off in enumerate(offs)]
    factors = set()
    for order in (discounts, discounts[::-1]):
        model = a_model(*order)
        factors.add(terms_of(a_snapshot(model, g=group_ppm), model, card, "g", 1).card.factor_ppm)
    (factor,) = factors
    exact = card_ppm * (PPM - max(offs, default=0)) * group_ppm
    assert exact <= factor * PPM * PPM < exact + PPM * PPM


@pytest.mark.parametrize(
    ("patterns", "model", "matches"),
    [
        (("claude-*",), "claude-opus-5", True),
        (("CLAUDE-*",), "claude-opus-5", True),
        (("opus",), "claude-opus-5", False),
        (("gpt-*", "claude-opus-5"), "claude-opus-5", True),
        (("*",), "vendor/anything:v1", True),
    ],
)
def test_patterns_name_families(patterns: tuple[str, ...], model: str, matches: bool) -> None:
    """A pattern is a whole name; * stands for any part of it."""
    assert fits(patterns, model) is matches


def test_an_unknown_group_pays_the_list_price() -> None:
    """A snapshot that is older than the group is corrected by the till; until then nothing is given away."""
    model = a_model()
    assert terms_of(a_snapshot(model, a=0), model, CARD, "b", 1).card.factor_ppm == PPM
