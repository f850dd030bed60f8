"""What goes over the wire about signals and the rules that raise them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.domain.policies.risk import Action, RiskRule, Signal
from farebox.risk.signal import RaisedSignal


class SignalView(BaseModel):
    """What a rule found of an account: counts and ids."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    account_id: UUID
    kind: Signal
    subject: str = Field(examples=["account:01a1f000-0000-7000-8000-000000000000"])
    measured: int
    threshold: int
    window_minutes: int
    action: Action
    has_frozen: bool = Field(description="Whether the account was active until then.")
    facts: dict[str, Any]
    case_id: UUID | None
    raised_at: datetime


class RuleView(BaseModel):
    """A rule of the policy in force."""

    model_config = ConfigDict(from_attributes=True)

    signal: Signal
    threshold: int
    window_minutes: int
    action: Action
    least: int


def signal_view(signal: RaisedSignal) -> SignalView:
    return SignalView.model_validate(signal)


def rule_view(rule: RiskRule) -> RuleView:
    return RuleView.model_validate(rule)
