"""Options that several commands share, and how their text becomes values; what cannot be read is bad usage (exit 2)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
import typer

from farebox.domain.errors import InvalidAmount
from farebox.domain.money import parse_amount, parse_price

_T = TypeVar("_T")
_SPAN = re.compile(r"(\d{1,6})([mhdw])", re.ASCII)
_WHOLE_NUMBER = re.compile(r"\d{1,18}", re.ASCII)  # fits a bigint
_MOST_WORDS = 5_000
# What PostgreSQL or a terminal cannot show; bytes of no encoding come as lone surrogates.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
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


def words(text: str) -> str:
    """What somebody says, without the blanks around it; saying nothing is bad usage."""
    said = text.strip()
    if not said or len(said) > _MOST_WORDS or _CONTROL.search(said):
        raise typer.BadParameter(f"say it in 1 to {_MOST_WORDS} characters, none of them a control character")
    return said


def count_option(help_: str) -> Any:
    """An option that takes a whole number of at least one."""
    return typer.Option(min=1, metavar="N", help=help_)


def count_setting(help_: str) -> Any:
    """The same, where the word none lifts what is set."""
    return typer.Option(parser=_parser(count_or_none, "number|none"), metavar="N|none", help=help_)


def _amount(help_: str) -> Any:
    return typer.Option(parser=_parser(unsigned_amount, "amount"), metavar="AMOUNT", help=help_)


def amount_setting(help_: str) -> Any:
    """An option that takes an amount, or the word none, which lifts what is set."""
    return typer.Option(parser=_parser(amount_or_none, "amount|none"), metavar="AMOUNT|none", help=help_)


def positive_option(help_: str) -> Any:
    """An option that takes an amount above zero."""
    return typer.Option(parser=_parser(positive_amount, "amount"), metavar="AMOUNT", help=help_)


def _price(help_: str, *names: str) -> Any:
    return typer.Option(*names, parser=_parser(parse_price, "price"), metavar="P", help=help_)


Data = Annotated[str | None, typer.Option("--data", metavar="DIR", help="Data directory, else FAREBOX_DATA, ./data.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]
_ID = _parser(parse_id, "id")
OfAccount = Annotated[UUID, typer.Option("--account", parser=_ID, metavar="ID", help="Whose.")]
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
OfPayment = Annotated[UUID, typer.Option("--payment", parser=_ID, metavar="ID", help="Of which payment.")]
OfJob = Annotated[UUID, typer.Option("--job", parser=_ID, metavar="JOB", help="About which job.")]
Reason = Annotated[str, typer.Option("--reason", metavar="R", help="Why; kept with the change.")]
NeededReason = Annotated[str, typer.Option("--reason", parser=words, metavar="R", help="Why; kept with the change.")]
Note = Annotated[str, typer.Option("--note", metavar="N", help="Kept with the decision.")]
NeededNote = Annotated[str, typer.Option("--note", parser=words, metavar="N", help="Why; kept with the decision.")]
Email = Annotated[str, typer.Option("--email", metavar="E", help="Their address.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, metavar="N", help="How many at most, newest first.")]
OnceKey = Annotated[
    str | None, typer.Option("--idempotency-key", metavar="KEY", help="The same key does it once only.")
]
AmountArgument = Annotated[int, typer.Argument(parser=_parser(positive_amount, "amount"), metavar="AMOUNT")]
InputPrice = Annotated[int | None, _price("Of input, per million tokens.", "--input")]
OutputPrice = Annotated[int | None, _price("Of output, per million tokens.")]
Price = Annotated[int | None, _price("Per million tokens.")]
CallPrice = Annotated[int | None, positive_option("Of every call, beside its tokens.")]
# Limits of a key.
Rpm = Annotated[int | None, count_option("Requests per minute.")]
Tpm = Annotated[int | None, count_option("Tokens per minute.")]
AtOnce = Annotated[int | None, count_option("Jobs at once.")]
Daily = Annotated[int | None, _amount("Charges of a day.")]
Monthly = Annotated[int | None, _amount("Charges of a month.")]
Total = Annotated[int | None, _amount("Charges in all.")]
# The same where they may be lifted again.
RpmSetting = Annotated[Setting | None, count_setting("Requests per minute.")]
TpmSetting = Annotated[Setting | None, count_setting("Tokens per minute.")]
AtOnceSetting = Annotated[Setting | None, count_setting("Jobs at once.")]
DailySetting = Annotated[Setting | None, amount_setting("Charges of a day.")]
MonthlySetting = Annotated[Setting | None, amount_setting("Charges of a month.")]
TotalSetting = Annotated[Setting | None, amount_setting("Charges in all.")]
# Caps of a channel or a provider.
DailyCap = Annotated[int | None, _amount("What its calls of a day may cost.")]
DailyCapSetting = Annotated[Setting | None, amount_setting("What its calls of a day may cost.")]
