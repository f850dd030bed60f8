"""Texts that people send: bounded, without what PostgreSQL or a terminal cannot show, and read as they are stored."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Embeddings, overrides and isolates turn round what stands next to them. Arabic and Hebrew are shown well without.
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
# Formats such as joiners, blanks, and marks that need a letter to stand on.
_UNSEEN_KINDS = frozenset(("Cf", "Zs", "Zl", "Zp", "Mn"))
# Unicode counts these fillers among the letters and symbols.
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def _printable(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("must not hold control characters")
    return text


def _as_read(sent: object) -> object:
    """Without what turns its order round; empty where nothing can be seen. What is no text, others refuse.

    Left out and not refused: such characters come along, unseen, with what is copied from chats and address books.
    """
    if not isinstance(sent, str):
        return sent
    text = _TURNING.sub("", sent)
    return text if any(map(_is_seen, text)) else ""


def _is_seen(character: str) -> bool:
    if character in _FILLERS or character.isspace():
        return False
    return unicodedata.category(character) not in _UNSEEN_KINDS


# A name or a subject: one line.
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\r\n]*$"),
    AfterValidator(_printable),
    BeforeValidator(_as_read),
]
NonEmptyLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\r\n]*$"),
    AfterValidator(_printable),
    BeforeValidator(_as_read),
]
# A reason or a description.
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=5_000),
    AfterValidator(_printable),
    BeforeValidator(_as_read),
]
NonEmptyWords = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000),
    AfterValidator(_printable),
    BeforeValidator(_as_read),
]
# A document such as the terms.
LongText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200_000),
    AfterValidator(_printable),
    BeforeValidator(_as_read),
]
# A positive or negative amount as a decimal string; domain/money.py says what fits.
AmountText = Annotated[
    str, Field(pattern=r"^-?\d{1,12}(\.\d{1,9})?$", examples=["12.5"], description="A decimal string.")
]
PositiveAmountText = Annotated[
    str, Field(pattern=r"^\d{1,9}(\.\d{1,9})?$", examples=["12.5"], description="A decimal string above zero.")
]
# What somebody signs in with; blanks around an address mean nothing, those of a password do.
EmailText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^\r\n]*$"),
    AfterValidator(_printable),
    BeforeValidator(_as_read),
    Field(examples=["ada@example.com"]),
]
PasswordText = Annotated[
    str, StringConstraints(max_length=200), AfterValidator(_printable), Field(examples=["correct horse battery"])
]
