"""`--price CLASS=AMOUNT`: what is read, what is shown again, and what is bad usage."""

import pytest
import typer

from farebox.boot.cli.price_classes import shown_classes, tasks_of, with_classes
from farebox.domain.pieces import ImagePrice, PiecePrices
from farebox.domain.pricing import PerTokenCard, TokenPrices

NOTHING = PerTokenCard(TokenPrices(input=0, output=0))


@pytest.mark.parametrize(
    ("given", "pieces", "tasks"),
    [
        (("image=0.04",), PiecePrices(images=(ImagePrice(4 * 10**10),)), ("images",)),
        (
            ("image:1024X1024:HD=0.08", "image:*:low=0.01", "image:512x512=0"),
            PiecePrices(
                images=(
                    ImagePrice(8 * 10**10, "1024x1024", "hd"),
                    ImagePrice(10**10, "", "low"),
                    ImagePrice(0, "512x512"),
                )
            ),
            ("images",),
        ),
        (("audio-second=0.000011111111",), PiecePrices(audio_second=11_111_111), ("transcriptions",)),
        (("character=15",), PiecePrices(character=15_000_000), ("speech",)),
        (("search-unit=0.002",), PiecePrices(search_unit=2 * 10**9), ("rerank",)),
        (("audio-input=6", "image-output=40"), None, ("chat", "embeddings")),
    ],
)
def test_classes(given: tuple[str, ...], pieces: PiecePrices | None, tasks: tuple[str, ...]) -> None:
    """Each class in its own unit; what is shown can be given again."""
    rates = with_classes(NOTHING, given)
    assert rates.pieces == pieces
    assert tasks_of(rates, ()) == tasks
    again = [f"{name.replace('_', '-')}={amount}" for name, amount in shown_classes(rates).items()]
    assert with_classes(NOTHING, again) == rates


def test_what_is_not_named_stays() -> None:
    """A new price of one class changes no other."""
    before = with_classes(NOTHING, ("image=1", "image:*:low=2", "character=3", "audio-input=4"))
    after = with_classes(before, ("image=5", "search-unit=6"))
    assert shown_classes(after) == shown_classes(before) | {"image": "5", "search_unit": "6"}


def test_a_task_is_named() -> None:
    """What prices do not tell, or tell otherwise."""
    assert tasks_of(NOTHING, ("moderations", "moderations")) == ("moderations",)
    with pytest.raises(typer.BadParameter, match="--task must be"):
        tasks_of(NOTHING, ("gold",))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (("image",), "CLASS=AMOUNT"),
        (("image=-1",), "negative"),
        (("image=1001",), "larger"),
        (("image:a:b:c=1",), "CLASS=AMOUNT"),
        (("audio-second:x=1",), "CLASS=AMOUNT"),
        (("audio-second=0.0000000000001",), "decimal places"),
        (("gold=1",), "no price class"),
        (("image=1", "image=2"), "twice"),
        (("character=x",), "decimal number"),
    ],
)
def test_bad_usage(given: tuple[str, ...], reason: str) -> None:
    """One clear reason each."""
    with pytest.raises(typer.BadParameter, match=reason):
        with_classes(NOTHING, given)
