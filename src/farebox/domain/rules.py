"""The rules of a policy one by one, for people to look at."""

from typing import Any

import msgspec

from farebox.domain.policy import Policy


class Rule(msgspec.Struct, frozen=True):
    """One rule by its section and name in the policy file, with its value as the file has it; None is not set."""

    section: str  # empty for what stands above all sections
    name: str
    value: Any
    is_default: bool


_DEFAULTS: dict[str, Any] = msgspec.to_builtins(Policy())


def rules_of(policy: Policy) -> list[Rule]:
    """All of them, in the order of the file."""
    found = []
    for name, value in msgspec.to_builtins(policy).items():
        section, rules = (name, value) if isinstance(value, dict) else ("", {name: value})
        defaults = _DEFAULTS[name] if section else _DEFAULTS
        found += [Rule(section, each, rules[each], rules[each] == defaults[each]) for each in rules]
    return found
