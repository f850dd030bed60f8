"""What goes over the wire about the policy."""

from typing import Any

import msgspec
from pydantic import BaseModel, Field

from farebox.domain.policy import Policy


class PolicyRule(BaseModel):
    """One rule, by its section and name in the policy file."""

    section: str = Field(description="Empty for what stands above all sections.", examples=["recharge"])
    name: str = Field(examples=["least"])
    value: Any = Field(description="As the policy file has it; null is not set.")
    is_default: bool


class PolicyView(BaseModel):
    """All rules in force, in the order of the file."""

    data: list[PolicyRule]


_DEFAULTS: dict[str, Any] = msgspec.to_builtins(Policy())


def policy_view(policy: Policy) -> PolicyView:
    found = []
    for name, value in msgspec.to_builtins(policy).items():
        section, rules = (name, value) if isinstance(value, dict) else ("", {name: value})
        defaults = _DEFAULTS[name] if section else _DEFAULTS
        found += [
            PolicyRule(section=section, name=each, value=rules[each], is_default=rules[each] == defaults[each])
            for each in rules
        ]
    return PolicyView(data=found)
