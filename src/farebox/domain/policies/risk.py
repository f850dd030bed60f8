"""What is noticed of customers' conduct, from when on, and what follows from it; and what the operator is warned of."""

from typing import Annotated, Literal, get_args

import msgspec

from farebox.domain.policies.kinds import Amount, Count

# Of one account each, within the window.
Signal = Literal[
    "key_networks",  # networks (/24, /48) that one key was used from
    "spend_velocity",  # spend in percent of what the same span before saw
    "refusal_ratio",  # percent of the calls that were refused
    "load",  # calls per minute over the whole window: a stress test
    "failed_payments",  # payments that failed, one per payment and method
    "card_testing",  # methods, or amounts, of failed payments
    "shared_payment_method",  # accounts that share a payment method
    "shared_device",  # accounts that share a device
    "shared_address",  # accounts whose people came from one network address
    "disposable_mail",  # members with an address of a disposable domain
    "provider_denial",  # calls that providers refused for what they were about
    "key_reported",  # keys that were reported as used by others
]
SIGNALS: tuple[Signal, ...] = get_args(Signal)
# note: the signal is kept. review: it opens a case, too. freeze: the account is frozen as well, for the case to decide.
Action = Literal["note", "review", "freeze"]


class RiskRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From `threshold` on within `window_minutes` the signal is raised, once per window, and `action` taken.

    `least` keeps small numbers from meaning anything: calls for refusal_ratio, whole units spent for spend_velocity.
    """

    signal: Signal
    threshold: Annotated[int, msgspec.Meta(ge=1, le=10**9)]
    window_minutes: Annotated[int, msgspec.Meta(ge=1, le=43_200)] = 60
    action: Action = "review"
    least: Count = 0


_USUAL = (
    RiskRule(signal="key_networks", threshold=10, window_minutes=1440),
    RiskRule(signal="spend_velocity", threshold=1000, window_minutes=60, action="note", least=20),
    RiskRule(signal="refusal_ratio", threshold=90, window_minutes=60, action="note", least=200),
    RiskRule(signal="failed_payments", threshold=5, window_minutes=1440),
    RiskRule(signal="card_testing", threshold=4, window_minutes=60, action="freeze"),
    RiskRule(signal="shared_payment_method", threshold=3, window_minutes=43_200, action="note"),
    RiskRule(signal="shared_device", threshold=3, window_minutes=43_200, action="note"),
    RiskRule(signal="disposable_mail", threshold=1, window_minutes=43_200, action="note"),
    RiskRule(signal="provider_denial", threshold=20, window_minutes=1440),
    RiskRule(signal="key_reported", threshold=1, window_minutes=1440),
)


class RiskPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The signals that are watched, and what each does; rules that are given take the place of all of these."""

    rules: tuple[RiskRule, ...] = _USUAL
    # A provider that ends an account of ours: a case; or whoever had it deny calls is frozen as well.
    provider_account_ended: Literal["case", "suspend"] = "case"


class AlarmPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When operators are warned by case and mail. Shares are percent."""

    # What is left at a provider that tells its prepaid balance, in the provider's currency; None asks nobody.
    provider_balance: Amount | None = None
    # What a model or channel may have cost above what it brought, over a day.
    day_loss: Amount = "1"
    channel_faults: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50
    channel_least_calls: Annotated[int, msgspec.Meta(ge=1, le=10**9)] = 20
    spool_bytes: Annotated[int, msgspec.Meta(ge=1, le=2**40)] = 16 * 1024 * 1024
