"""Texts that people send: bounded, and without what PostgreSQL or a terminal cannot show."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _printable(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("must not hold control characters")
    return text


# A name or a subject: one line.
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\r\n]*$"), AfterValidator(_printable)
]
NonEmptyLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\r\n]*$"),
    AfterValidator(_printable),
]
# A reason or a description.
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5_000), AfterValidator(_printable)]
NonEmptyWords = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000), AfterValidator(_printable)
]
# A document such as the terms.
LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200_000), AfterValidator(_printable)
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
    Field(examples=["ada@example.com"]),
]
PasswordText = Annotated[
    str, StringConstraints(max_length=200), AfterValidator(_printable), Field(examples=["correct horse battery"])
]
