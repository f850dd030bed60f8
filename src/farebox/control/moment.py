"""Moments that people send: with a zone, in a time that every clock and column here can hold."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _usable(moment: datetime) -> datetime:
    if not _FIRST.year <= moment.year < _LAST.year:
        raise ValueError(f"must lie between {_FIRST.year} and {_LAST.year}")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_usable), Field(examples=["2030-01-31T12:00:00Z"])]
