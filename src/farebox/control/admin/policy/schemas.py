"""What goes over the wire about the policy."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from farebox.domain.policy import Policy
from farebox.domain.rules import rules_of


class PolicyRule(BaseModel):
    """One rule, by its section and name in the policy file."""

    model_config = ConfigDict(from_attributes=True)

    section: str = Field(description="Empty for what stands above all sections.", examples=["recharge"])
    name: str = Field(examples=["least"])
    value: Any = Field(description="As the policy file has it; null is not set.")
    is_default: bool


class PolicyView(BaseModel):
    """All rules in force, in the order of the file."""

    data: list[PolicyRule]


def policy_view(policy: Policy) -> PolicyView:
    return PolicyView(data=[PolicyRule.model_validate(rule) for rule in rules_of(policy)])
