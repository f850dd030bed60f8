"""What goes over the wire about preferences."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.text import PositiveAmountText
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount, parse_amount
from farebox.notices.kinds import NON_ESSENTIAL
from farebox.notices.watch import Watch

_Kind = Annotated[str, Field(max_length=50, json_schema_extra={"enum": list(NON_ESSENTIAL)}, examples=["maintenance"])]


class MutedKinds(BaseModel):
    """Exactly what is to be switched off."""

    model_config = ConfigDict(extra="forbid")

    muted: list[_Kind] = Field(max_length=len(NON_ESSENTIAL))


class PreferencesView(BaseModel):
    """What is switched off, and what can be."""

    muted: list[_Kind]
    switchable: list[_Kind]


class WatchView(BaseModel):
    """Marks of an account; null tells nothing. Days and months are UTC's."""

    model_config = ConfigDict(extra="forbid")

    low_balance: PositiveAmountText | None = None
    daily_spend: PositiveAmountText | None = None
    monthly_spend: PositiveAmountText | None = None


def preferences_view(muted: tuple[str, ...]) -> PreferencesView:
    return PreferencesView(muted=list(muted), switchable=list(NON_ESSENTIAL))


def watch_view(watch: Watch) -> WatchView:
    return WatchView(
        low_balance=_text(watch.low_balance_nano),
        daily_spend=_text(watch.daily_spend_nano),
        monthly_spend=_text(watch.monthly_spend_nano),
    )


def watch_of(view: WatchView) -> Watch:
    return Watch(
        low_balance_nano=_nano(view.low_balance, "low_balance"),
        daily_spend_nano=_nano(view.daily_spend, "daily_spend"),
        monthly_spend_nano=_nano(view.monthly_spend, "monthly_spend"),
    )


def _nano(text: str | None, field: str) -> int | None:
    if text is None:
        return None
    nano = parse_amount(text)
    if nano == 0:
        raise ActionRefused("not_positive", "Choose an amount above zero, or null for none.", status=422, field=field)
    return nano


def _text(nano: int | None) -> str | None:
    return None if nano is None else format_amount(nano)
