"""`--price CLASS=AMOUNT`: prices beside those of text, each named by its class.

image[:SIZE[:QUALITY]]   per image; * is any, and the most exact class counts
audio-second             per second of a recording
character                per million characters of text read out
search-unit              per search unit of reranking
image-input, audio-input, image-output, audio-output, reasoning      per million tokens
"""

from collections.abc import Iterable
from typing import Annotated, TypeVar

import msgspec
import typer

from farebox.domain.errors import InvalidAmount
from farebox.domain.job import Task
from farebox.domain.money import format_piece_price, format_price, parse_piece_price, parse_price
from farebox.domain.pieces import ImagePrice, PiecePrices
from farebox.domain.pricing import PerTokenCard, Rates

_K = TypeVar("_K")
_V = TypeVar("_V")
_TOKEN_CLASSES = ("image_input", "audio_input", "image_output", "audio_output", "reasoning")
_HELP = (
    "Other prices: image[:SIZE[:QUALITY]], audio-second, search-unit each for one; character, image-input, "
    "audio-input, image-output, audio-output, reasoning per million. May be given many times."
)
_TASK_OF_CLASS: dict[str, Task] = {
    "image": "images",
    "audio_second": "transcriptions",
    "character": "speech",
    "search_unit": "rerank",
}

Classes = Annotated[list[str] | None, typer.Option(metavar="CLASS=AMOUNT", help=_HELP)]


def with_classes(rates: PerTokenCard, given: Iterable[str]) -> PerTokenCard:
    """The rates with these prices added or changed, all others as they were; bad usage names the class."""
    tokens: dict[str, int] = {}
    pieces: dict[str, int] = {}
    images: dict[tuple[str, str], ImagePrice] = {}
    for text in given:
        name, mark, amount = text.partition("=")
        parts = name.strip().lower().replace("-", "_", 1).split(":")
        kind = parts[0]
        if not mark or (kind != "image" and len(parts) > 1) or len(parts) > 3:
            raise typer.BadParameter(
                f"--price must look like CLASS=AMOUNT, such as image:1024x1024=0.04: {text[:80]!r}"
            )
        try:
            if kind in _TOKEN_CLASSES:
                _once(tokens, kind, parse_price(amount), text)
            elif kind == "image":
                size, quality = ((part if part not in ("*", "auto") else "") for part in (*parts[1:], "", "")[:2])
                _once(images, (size, quality), ImagePrice(parse_piece_price(amount), size, quality), text)
            elif kind == "character":
                _once(pieces, kind, parse_price(amount), text)
            elif kind in ("audio_second", "search_unit"):
                _once(pieces, kind, parse_piece_price(amount), text)
            else:
                raise typer.BadParameter(f"there is no price class {name[:40]!r}; see --help for those there are")
        except InvalidAmount as error:
            raise typer.BadParameter(f"{name[:40]}: {error}") from None
    return msgspec.structs.replace(
        rates,
        prices=msgspec.structs.replace(rates.prices, **tokens),
        pieces=_with_pieces(rates.pieces, images, pieces) if images or pieces else rates.pieces,
    )


def _with_pieces(
    before: PiecePrices | None, images: dict[tuple[str, str], ImagePrice], pieces: dict[str, int]
) -> PiecePrices:
    known = before or PiecePrices()
    every = {(price.size, price.quality): price for price in known.images} | images
    return msgspec.structs.replace(known, images=tuple(every.values()), **pieces)


def parse_tasks(named: Iterable[str]) -> tuple[Task, ...]:
    """Each once; bad usage for a task that is none."""
    try:
        return tuple(dict.fromkeys(msgspec.convert(task, Task) for task in named))
    except msgspec.ValidationError:
        known = "chat, embeddings, images, speech, transcriptions, moderations or rerank"
        raise typer.BadParameter(f"--task must be {known}") from None


def tasks_of(rates: Rates, named: Iterable[str]) -> tuple[Task, ...]:
    """What a model with these prices can be called for, unless it is named; bad usage for a task that is none."""
    tasks = parse_tasks(named)
    if tasks or not isinstance(rates, PerTokenCard) or rates.pieces is None:
        return tasks or ("chat", "embeddings")
    sold = [name for name in ("character", "audio_second", "search_unit") if getattr(rates.pieces, name)]
    return tuple(_TASK_OF_CLASS[name] for name in (*(("image",) if rates.pieces.images else ()), *sold))


def shown_classes(rates: PerTokenCard) -> dict[str, str]:
    """The same prices as the command line shows them."""
    shown = {name: format_price(pico) for name in _TOKEN_CLASSES if (pico := getattr(rates.prices, name)) is not None}
    if rates.pieces is None:
        return shown
    for price in rates.pieces.images:
        exact = ":".join(part or "*" for part in (price.size, price.quality)) if price.size or price.quality else ""
        shown["image" + (f":{exact}" if exact else "")] = format_piece_price(price.pico)
    if rates.pieces.character:
        shown["character"] = format_price(rates.pieces.character)
    for name in ("audio_second", "search_unit"):
        if getattr(rates.pieces, name):
            shown[name] = format_piece_price(getattr(rates.pieces, name))
    return shown


def _once(found: dict[_K, _V], key: _K, value: _V, text: str) -> None:
    if key in found:
        raise typer.BadParameter(f"a price is given twice: {text[:80]!r}")
    found[key] = value
