"""What is sold by the piece and not by the token: images, seconds of audio, characters of text, searches.

Prices are pico-units per piece. An image's price may depend on its size and quality; what a request leaves to the
provider (`auto`) is held at the dearest that it could be.
"""

from typing import Literal

import msgspec

PieceClass = Literal["image", "audio_second", "character", "search_unit"]

_COUNTS = ("images", "characters", "audio_seconds", "search_units")


class Pieces(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many of each. All images of a job have one size and quality; empty is what nobody has said.

    Field names are those of the receipt.
    """

    images: int = 0
    image_size: str = ""
    image_quality: str = ""
    characters: int = 0
    audio_seconds: int = 0
    search_units: int = 0

    def within(self, most: "Pieces") -> "Pieces":
        """No more than `most` of each, and never below zero: a provider's count is a claim."""
        return msgspec.structs.replace(
            self, **{name: max(0, min(getattr(self, name), getattr(most, name))) for name in _COUNTS}
        )

    def sane(self) -> "Pieces":
        """Counts that can be priced exactly."""
        return self.within(_MOST)


# Nothing real comes near; with prices of at most MAX_PIECE_PRICE (domain/money.py), no job is worth more than a bigint.
_MOST = Pieces(images=1_000, characters=2_000_000_000, audio_seconds=1_000_000, search_units=1_000_000)


class ImagePrice(msgspec.Struct, frozen=True, omit_defaults=True):
    """The price of one image of this size and quality; empty is any."""

    pico: int
    size: str = ""
    quality: str = ""

    def may_apply(self, size: str, quality: str) -> bool:
        """Whether an image can be this one, as far as its size and quality are known."""
        return _agree(self.size, size) and _agree(self.quality, quality)


class PiecePrices(msgspec.Struct, frozen=True, omit_defaults=True):
    """Pico-units per piece; a class without a price costs nothing."""

    images: tuple[ImagePrice, ...] = ()
    character: int = 0
    audio_second: int = 0
    search_unit: int = 0

    def prices_image(self, size: str, quality: str) -> bool:
        """Whether there is a price for such an image; without any prices of images there is nothing to miss."""
        return not self.images or any(price.may_apply(size, quality) for price in self.images)

    def image_pico(self, size: str, quality: str) -> int:
        """The most exact price, a size before a quality; what is not known costs the dearest that it can be."""
        exact = {(price.size, price.quality): price.pico for price in self.images}
        for key in ((size, quality), (size, ""), ("", quality), ("", "")):
            if key in exact:
                return exact[key]
        return self.dearest_image_pico(size, quality)

    def dearest_image_pico(self, size: str, quality: str) -> int:
        """The highest price that an image of which so much is known can have.

        A quality without a price costs the dearest of its size, a size without any the dearest of all.
        """
        for known in ((size, quality), (size, ""), ("", "")):
            possible = [price.pico for price in self.images if price.may_apply(*known)]
            if possible:
                return max(possible)
        return 0

    def allowed(self, claimed: Pieces, asked: Pieces) -> Pieces:
        """What a provider claims, with the size and quality of the request where its own cost more than was held."""
        claimed_pico = self.image_pico(claimed.image_size, claimed.image_quality)
        if claimed_pico <= self.dearest_image_pico(asked.image_size, asked.image_quality):
            return claimed
        return msgspec.structs.replace(claimed, image_size=asked.image_size, image_quality=asked.image_quality)

    def positions(self, pieces: Pieces) -> list[tuple[PieceClass, int, int]]:
        """Class, quantity and pico-units of one, for all that there is any of."""
        image_pico = self.image_pico(pieces.image_size, pieces.image_quality) if pieces.images else 0
        found: list[tuple[PieceClass, int, int]] = [
            ("image", pieces.images, image_pico),
            ("character", pieces.characters, self.character),
            ("audio_second", pieces.audio_seconds, self.audio_second),
            ("search_unit", pieces.search_units, self.search_unit),
        ]
        return [position for position in found if position[1] and position[2]]

    def most_pico(self, pieces: Pieces) -> int:
        """What so many pieces cost at worst."""
        dearest = self.dearest_image_pico(pieces.image_size, pieces.image_quality) if pieces.images else 0
        return (
            pieces.images * dearest
            + pieces.characters * self.character
            + pieces.audio_seconds * self.audio_second
            + pieces.search_units * self.search_unit
        )


def _agree(priced: str, known: str) -> bool:
    return not priced or not known or priced == known
