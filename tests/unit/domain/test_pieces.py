"""Prices by the piece: tables that one can check by hand, and that no charge exceeds what was held for it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farebox.domain.pieces import ImagePrice, PiecePrices, Pieces
from farebox.domain.pricing import PerTokenCard, RateCard, TokenPrices, price, quote
from farebox.domain.usage import Usage, rare_counts, usage_of_counts

CENT = 10**10  # pico-units
# As DALL-E 3 is sold.
IMAGES = PiecePrices(
    images=(
        ImagePrice(4 * CENT, "1024x1024", "standard"),
        ImagePrice(8 * CENT, "1024x1024", "hd"),
        ImagePrice(8 * CENT, "1024x1792"),
        ImagePrice(12 * CENT, "", "hd"),
    )
)
DALL_E = PiecePrices(
    images=(
        ImagePrice(5 * CENT, "1024x1024", "standard"),
        ImagePrice(10 * CENT, "1024x1024", "hd"),
        ImagePrice(15 * CENT, "1792x1024"),
    )
)


def card(pieces: PiecePrices, factor_ppm: int = 1_000_000, **prices: int) -> RateCard:
    rates = PerTokenCard(TokenPrices(**{"input": 0, "output": 0, **prices}), pieces=pieces)
    return RateCard(id=1, model="m", version=1, rates=rates, factor_ppm=factor_ppm)


@pytest.mark.parametrize(
    ("size", "quality", "cents", "dearest"),
    [
        ("1024x1024", "standard", 4, 4),
        ("1024x1024", "hd", 8, 12),
        ("1024x1792", "standard", 8, 8),
        ("1024x1792", "hd", 8, 12),  # a size counts before a quality
        ("1792x1024", "hd", 12, 12),
        ("", "standard", 8, 8),  # not known: the dearest that it could be
        ("1024x1024", "", 12, 12),
        ("", "", 12, 12),
    ],
)
def test_an_image_by_size_and_quality(size: str, quality: str, cents: int, dearest: int) -> None:
    """What is charged for an image of which so much is known, and what is held for a wish that says so much."""
    assert IMAGES.image_pico(size, quality) == cents * CENT
    assert IMAGES.dearest_image_pico(size, quality) == dearest * CENT


def test_what_has_a_price() -> None:
    """A size or quality that no price speaks of cannot be asked for; without prices of images nothing is missing."""
    assert IMAGES.prices_image("1024x1024", "standard")
    assert IMAGES.prices_image("512x512", "hd")
    assert not IMAGES.prices_image("512x512", "standard")
    assert PiecePrices(character=1).prices_image("512x512", "standard")


@pytest.mark.parametrize(
    ("prices", "pieces", "line_class", "quantity", "charge_nano"),
    [
        (IMAGES, Pieces(images=3, image_size="1024x1024", image_quality="hd"), "image", 3, 240_000_000),
        (PiecePrices(character=15_000_000), Pieces(characters=1_000), "character", 1_000, 15_000_000),
        (PiecePrices(audio_second=100_000_000), Pieces(audio_seconds=61), "audio_second", 61, 6_100_000),
        (PiecePrices(search_unit=2 * 10**9), Pieces(search_units=2), "search_unit", 2, 4_000_000),
    ],
)
def test_prices_of_pieces(
    prices: PiecePrices, pieces: Pieces, line_class: str, quantity: int, charge_nano: int
) -> None:
    """One line for what there is any of, at its own price, and the same held as charged where all is known."""
    found = price(card(prices), Usage(input_tokens=10, output_tokens=10, pieces=pieces))
    assert [(line.line_class, line.quantity) for line in found.lines] == [(line_class, quantity)]
    assert found.charge_nano == charge_nano
    assert price(card(prices, 500_000), Usage(pieces=pieces)).charge_nano == charge_nano // 2
    most = msgspec.structs.replace(pieces, image_quality=pieces.image_quality)
    assert quote(card(prices), 10, pieces=most).hold_nano(10) >= charge_nano


def test_a_claim_is_cut() -> None:
    """No provider's count is more than what was asked for, and none is negative."""
    most = Pieces(images=2, audio_seconds=5)
    assert Pieces(images=9, audio_seconds=-1, image_size="x").within(most) == Pieces(images=2, image_size="x")
    assert Pieces(characters=10**18).sane().characters == 2_000_000_000


@pytest.mark.parametrize(
    ("size", "quality", "cents"),
    [
        ("1024x1024", "medium", 10),  # the dearest at that size, not of all
        ("1024x1024", "", 10),
        ("1792x1024", "medium", 15),
        ("512x512", "hd", 15),  # no price at that size at all
    ],
)
def test_a_quality_without_a_price_costs_the_dearest_of_its_size(size: str, quality: str, cents: int) -> None:
    """The same is held as charged: a size that is known never costs what another one does."""
    assert DALL_E.image_pico(size, quality) == DALL_E.dearest_image_pico(size, quality) == cents * CENT


@pytest.mark.parametrize(
    ("asked", "claimed", "priced"),
    [
        (("1024x1024", ""), ("1024x1024", "medium"), ("1024x1024", "medium")),
        (("1024x1024", ""), ("1792x1024", "hd"), ("1024x1024", "")),
        (("", "hd"), ("1792x1024", "hd"), ("1792x1024", "hd")),
        (("", "low"), ("1024x1024", "low"), ("", "low")),
        (("", ""), ("512x512", "medium"), ("512x512", "medium")),
    ],
)
def test_a_claim_costs_no_more_than_what_was_asked_for(
    asked: tuple[str, str], claimed: tuple[str, str], priced: tuple[str, str]
) -> None:
    """A size or quality that is dearer than all the request allowed is not believed; every other claim is kept."""
    others = (ImagePrice(15 * CENT, "1792x1024", "hd"), ImagePrice(CENT, "256x256", "low"))
    prices = PiecePrices(images=(*DALL_E.images[:2], *others))
    allowed = prices.allowed(Pieces(1, *claimed), Pieces(1, *asked))
    assert (allowed.image_size, allowed.image_quality) == priced


_count = st.integers(0, 50)
_words = st.sampled_from(["", "a", "b"])
_claims = st.sampled_from(["", "a", "b", "c"])
_images = st.lists(st.builds(ImagePrice, st.integers(0, 10**12), _words, _words), max_size=5).map(tuple)
_prices = st.builds(PiecePrices, _images, *[st.integers(0, 10**9)] * 3)
_pieces = st.builds(Pieces, _count, _words, _words, *[_count] * 3)


@given(_prices, _pieces, _claims, _claims, st.integers(0, 2_000_000))
def test_no_charge_exceeds_its_hold(prices: PiecePrices, asked: Pieces, size: str, quality: str, factor: int) -> None:
    """Whatever of size and quality the request said, and whatever the provider claims to have made."""
    claimed = msgspec.structs.replace(asked, image_size=size, image_quality=quality)
    sold = card(prices, factor)
    charge_nano = price(sold, Usage(pieces=prices.allowed(claimed, asked))).charge_nano
    assert charge_nano <= quote(sold, 0, media=True, pieces=asked).hold_nano(0)


@given(_pieces, _count)
def test_counts_of_a_receipt_give_the_usage_back(pieces: Pieces, images: int) -> None:
    """What the job's row keeps is what was charged."""
    usage = Usage(image_input_tokens=images, pieces=pieces)
    found = usage_of_counts(rare_counts(usage))
    assert msgspec.structs.replace(found, pieces=found.pieces or Pieces()) == usage
