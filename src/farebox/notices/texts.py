"""A title and a body in the languages that somebody has written them in; English is always there."""

from collections.abc import Mapping

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.notices.languages import DEFAULT, LANGUAGES, Language


class Text(msgspec.Struct, frozen=True):
    """What is read, in one language."""

    title: str
    body: str


Texts = Mapping[Language, Text]


def check_texts(texts: Texts) -> None:
    """Raises ActionRefused without English: it is what everybody reads for whose language there is no text."""
    if DEFAULT not in texts or not texts.keys() <= set(LANGUAGES):
        raise ActionRefused(
            "english_missing",
            f"Write at least English; languages are {', '.join(LANGUAGES)}.",
            status=422,
            field="texts",
        )
