"""Percentages as decimal strings."""

from typing import Annotated

from pydantic import Field

PercentText = Annotated[
    str, Field(pattern=r"^\d{1,4}(\.\d{1,4})?$", examples=["12.5"], description="Per cent, as a decimal string.")
]
