"""How customers may behave, what is noticed, and how long it is remembered."""

from typing import Annotated, Literal

import msgspec

from farebox.domain.policies.kinds import Action, Count, Days

Signal = Literal[
    "key_networks",  # one key used from so many networks within the window
    "spend_velocity",  # spend of the window is so many percent of the same span before
    "refusal_ratio",  # so many percent of the window's calls were refused
    "load",  # calls a minute over the window that look like a stress test
    "failed_payments",  # failed payments within the window
    "card_testing",  # distinct failed cards or amounts within the window
    "shared_payment_method",  # accounts that share a payment method
    "shared_device",  # accounts that share a device
    "shared_address",  # accounts that share a network address
    "disposable_mail",
    "provider_denial",  # policy refusals by providers within the window
    "key_reported",  # a key reported as used by others
]


class RiskRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From `threshold` on within `window_minutes` the signal is raised, and `action` taken."""

    signal: Signal
    threshold: Annotated[int, msgspec.Meta(ge=1, le=10**9)]
    window_minutes: Annotated[int, msgspec.Meta(ge=1, le=43_200)] = 60
    action: Action = "review"


_USUAL = (
    RiskRule(signal="key_networks", threshold=10, window_minutes=1440),
    RiskRule(signal="failed_payments", threshold=5, window_minutes=1440),
    RiskRule(signal="card_testing", threshold=4, window_minutes=60, action="freeze"),
    RiskRule(signal="shared_payment_method", threshold=3, window_minutes=43_200, action="note"),
    RiskRule(signal="key_reported", threshold=1, window_minutes=1440),
)


class RiskPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The signals that are watched, and what each does."""

    rules: tuple[RiskRule, ...] = _USUAL
    # A provider that ends our account over a customer's calls: a case; or the customer is suspended as well.
    provider_account_ended: Literal["case", "suspend"] = "case"


class RetentionPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long short-lived metadata (address, agent, fingerprint, refused calls) is kept. Money records stay."""

    metadata_days: Annotated[int, msgspec.Meta(ge=1, le=30)] = 30


class SupportPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When support requests are due."""

    due_business_days: Count = 2


class PriceChangePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Prices that rise take effect after the notice; lower prices may at once."""

    notice_days: Days = 0
    mail: Literal["all", "with_balance", "none"] = "none"


class CalendarPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which days are business days: Monday to Friday but for these dates (YYYY-MM-DD)."""

    holidays: tuple[Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")], ...] = ()
