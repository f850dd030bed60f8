"""The language that somebody wants to read in."""

from typing import Annotated

from fastapi import Query

ReadIn = Annotated[
    str,
    Query(
        max_length=35,
        pattern=r"^[A-Za-z0-9-]*$",
        description="BCP 47; the nearest language there is.",
        examples=["ja"],
    ),
]
