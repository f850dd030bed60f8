"""How customers may behave, what is noticed, and how long it is remembered."""

from typing import Annotated, Literal

import msgspec

from farebox.domain.policies.kinds import Count, Days


class RetentionPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long short-lived metadata (address, agent, fingerprint, refused calls) is kept. Money records stay."""

    metadata_days: Annotated[int, msgspec.Meta(ge=1, le=30)] = 30


class SupportPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When support requests are due, and whether the report of a key that others use opens one."""

    due_business_days: Count = 2
    request_on_key_report: bool = True  # beside the risk review, which it opens in any case


class PriceChangePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Prices that rise take effect after the notice; lower prices may at once."""

    notice_days: Days = 0
    mail: Literal["all", "with_balance", "none"] = "none"


class CalendarPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which days are business days: Monday to Friday but for these dates (YYYY-MM-DD)."""

    holidays: tuple[Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")], ...] = ()
