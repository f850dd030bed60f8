"""The operator's business rules as typed values; a profile is a file that fills them in (boot/profiles)."""

from typing import Annotated, Literal

import msgspec

from farebox.domain.policies.conduct import (
    CalendarPolicy,
    PriceChangePolicy,
    RetentionPolicy,
    SupportPolicy,
)
from farebox.domain.policies.identity import RegionPolicy, SignUpPolicy, TermsPolicy
from farebox.domain.policies.money import (
    AdjustmentPolicy,
    ChargebackPolicy,
    ClosingPolicy,
    DormancyPolicy,
    GrantPolicy,
    RechargePolicy,
    RefundPolicy,
    WithdrawalPolicy,
)
from farebox.domain.policies.pricing import PricingPolicy
from farebox.domain.policies.risk import AlarmPolicy, RiskPolicy
from farebox.domain.policies.routing import RoutingPolicy
from farebox.domain.policies.site import SitePolicy

OnPlainDisconnect = Literal["drain", "cancel"]
OnStreamDisconnect = Literal["delivered", "drain", "hold"]
OnProviderCut = Literal["free", "delivered"]
# A hold that lives no time would be voided while its job runs, and every call be free.
Positive = Annotated[int, msgspec.Meta(gt=0, le=2**31)]
Seconds = Annotated[float, msgspec.Meta(gt=0, le=86_400)]


class EndingPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an ending costs that is not a plain completion (the table is in gateway/settle.py)."""

    plain_disconnect: OnPlainDisconnect = "drain"
    stream_disconnect: OnStreamDisconnect = "delivered"
    provider_cut: OnProviderCut = "free"
    drain_most_s: Seconds = 120.0


class AdmissionPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds of what is admitted."""

    least_useful_output_tokens: Positive = 64
    first_step_output_tokens: Positive = 1024  # of a stream without max_tokens, until the model's own is learned
    default_most_output_tokens: Positive = 16_384  # for a model whose limit the operator did not state
    hold_lifetime_s: Annotated[int, msgspec.Meta(ge=60, le=86_400)] = 3600


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All rules of one deployment."""

    unit: Literal["USD", "credit"] = "USD"
    key_prefix: str = "fb"
    ending: EndingPolicy = msgspec.field(default_factory=EndingPolicy)
    admission: AdmissionPolicy = msgspec.field(default_factory=AdmissionPolicy)
    routing: RoutingPolicy = msgspec.field(default_factory=RoutingPolicy)
    pricing: PricingPolicy = msgspec.field(default_factory=PricingPolicy)
    sign_up: SignUpPolicy = msgspec.field(default_factory=SignUpPolicy)
    region: RegionPolicy = msgspec.field(default_factory=RegionPolicy)
    terms: TermsPolicy = msgspec.field(default_factory=TermsPolicy)
    recharge: RechargePolicy = msgspec.field(default_factory=RechargePolicy)
    refund: RefundPolicy = msgspec.field(default_factory=RefundPolicy)
    chargeback: ChargebackPolicy = msgspec.field(default_factory=ChargebackPolicy)
    grant: GrantPolicy = msgspec.field(default_factory=GrantPolicy)
    adjustment: AdjustmentPolicy = msgspec.field(default_factory=AdjustmentPolicy)
    closing: ClosingPolicy = msgspec.field(default_factory=ClosingPolicy)
    withdrawal: WithdrawalPolicy = msgspec.field(default_factory=WithdrawalPolicy)
    dormancy: DormancyPolicy = msgspec.field(default_factory=DormancyPolicy)
    risk: RiskPolicy = msgspec.field(default_factory=RiskPolicy)
    alarm: AlarmPolicy = msgspec.field(default_factory=AlarmPolicy)
    retention: RetentionPolicy = msgspec.field(default_factory=RetentionPolicy)
    support: SupportPolicy = msgspec.field(default_factory=SupportPolicy)
    price_change: PriceChangePolicy = msgspec.field(default_factory=PriceChangePolicy)
    calendar: CalendarPolicy = msgspec.field(default_factory=CalendarPolicy)
    site: SitePolicy = msgspec.field(default_factory=SitePolicy)
