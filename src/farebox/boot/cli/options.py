"""Options that several commands share, and how their text becomes values; what cannot be read is bad usage (exit 2)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
import typer

from farebox.domain.errors import InvalidAmount
from farebox.domain.money import parse_amount, parse_price

_T = TypeVar("_T")
_SPAN = re.compile(r"(\d{1,6})([mhdw])", re.ASCII)
_WHOLE_NUMBER = re.compile(r"\d{1,18}", re.ASCII)  # fits a bigint
_SPAN_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def _parser(parse: Callable[[str], _T], name: str) -> Callable[[str], _T]:
    def parsed(text: str) -> _T:
        try:
            return parse(text)
        except InvalidAmount as error:
            raise typer.BadParameter(str(error)) from None

    # typer shows the parser's name as the kind of value.
    parsed.__name__ = name
    return parsed


def positive_amount(text: str) -> int:
    """Nano-units above zero."""
    nano = parse_amount(text)
    if nano <= 0:
        raise InvalidAmount(f"an amount must be above zero, got {text[:40]}")
    return nano


def unsigned_amount(text: str) -> int:
    """Nano-units of at least zero."""
    nano = parse_amount(text)
    if nano < 0:
        raise InvalidAmount(f"an amount cannot be negative: {text[:40]}")
    return nano


class Setting(msgspec.Struct, frozen=True):
    """What an option sets: a value, or None for the word 'none', which lifts a limit. No option changes nothing."""

    value: int | None


def amount_or_none(text: str) -> Setting:
    """Nano-units of at least zero, or 'none'."""
    return Setting(None if _is_none(text) else unsigned_amount(text))


def count_or_none(text: str) -> Setting:
    """A whole number of at least one, or 'none'."""
    if _is_none(text):
        return Setting(None)
    number = int(text) if _WHOLE_NUMBER.fullmatch(text.strip()) else 0
    if number < 1:
        raise typer.BadParameter(f"{text[:40]!r} is neither a whole number of at least 1 nor none")
    return Setting(number)


def changes(**settings: Setting | None) -> dict[str, int | None]:
    """The settings that were given, by name; giving none at all is bad usage."""
    given = {name: setting.value for name, setting in settings.items() if setting is not None}
    if not given:
        raise typer.BadParameter("say what to change: give at least one limit, or none to lift it")
    return given


def _is_none(text: str) -> bool:
    return text.strip().lower() == "none"


def parse_when(text: str, now: datetime) -> datetime:
    """A moment given as ISO date or time (UTC unless it says else), or as a span from now: 45m, 12h, 30d, 2w."""
    span = _SPAN.fullmatch(text.strip())
    try:
        if span is not None:
            return now + timedelta(**{_SPAN_UNITS[span[2]]: int(span[1])})
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except ValueError:
        raise typer.BadParameter(f"{text[:40]!r} is neither a date such as 2027-01-31 nor a span such as 30d") from None
    except OverflowError:
        raise typer.BadParameter(f"{text[:40]!r} lies beyond the year 9999") from None


def parse_id(text: str) -> UUID:
    """The id of an account, a key or a job."""
    try:
        return UUID(text.strip())
    except ValueError:
        raise typer.BadParameter(
            f"{text[:40]!r} is not an id, such as 01a1f000-0000-7000-8000-000000000000; `list` shows those there are"
        ) from None


def split_list(text: str | None) -> tuple[str, ...]:
    """The parts of a comma-separated option."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def chosen(argument: _T | None, option: _T | None, what: str) -> _T:
    """The value of something that may be named by an argument or by an option."""
    value = option if argument is None else argument
    if value is None or (argument is not None and option is not None):
        raise typer.BadParameter(f"name {what} once")
    return value


Data = Annotated[str | None, typer.Option("--data", metavar="DIR", help="Data directory, else FAREBOX_DATA, ./data.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]
_ID = _parser(parse_id, "id")
OfAccount = Annotated[UUID, typer.Option("--account", parser=_ID, metavar="ID")]
OfAnyAccount = Annotated[UUID | None, typer.Option("--account", parser=_ID, metavar="ID", help="Of one account only.")]
# Things that may be named by an argument or by an option: see `chosen`.
AccountArgument = Annotated[UUID | None, typer.Argument(parser=_ID, metavar="ACCOUNT")]
AccountOption = Annotated[
    UUID | None, typer.Option("--account", parser=_ID, metavar="ID", help="Instead of the argument.")
]
IdArgument = Annotated[UUID, typer.Argument(parser=_ID, metavar="ID")]
KeyArgument = Annotated[UUID | None, typer.Argument(parser=_ID, metavar="KEY_ID")]
KeyOption = Annotated[UUID | None, typer.Option("--key", parser=_ID, metavar="KEY_ID", help="Instead of the argument.")]
JobArgument = Annotated[UUID | None, typer.Argument(parser=_ID, metavar="JOB")]
JobOption = Annotated[UUID | None, typer.Option("--job", parser=_ID, metavar="JOB", help="Instead of the argument.")]
Reason = Annotated[str, typer.Option("--reason", metavar="R", help="Why; kept with the change.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many at most, newest first.")]
Count = Annotated[int | None, typer.Option(min=1, metavar="N")]
Amount = Annotated[int | None, typer.Option(parser=_parser(unsigned_amount, "amount"), metavar="AMOUNT")]
AmountSetting = Annotated[
    Setting | None, typer.Option(parser=_parser(amount_or_none, "amount|none"), metavar="AMOUNT|none")
]
CountSetting = Annotated[Setting | None, typer.Option(parser=_parser(count_or_none, "number|none"), metavar="N|none")]
PositiveAmount = Annotated[int | None, typer.Option(parser=_parser(positive_amount, "amount"), metavar="AMOUNT")]
AmountArgument = Annotated[int, typer.Argument(parser=_parser(positive_amount, "amount"), metavar="AMOUNT")]
InputPrice = Annotated[int | None, typer.Option("--input", parser=_parser(parse_price, "price"), metavar="P")]
OutputPrice = Annotated[int | None, typer.Option(parser=_parser(parse_price, "price"), metavar="P")]
Price = Annotated[int | None, typer.Option(parser=_parser(parse_price, "price"), metavar="P")]
