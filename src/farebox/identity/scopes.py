"""What an operator or an admin token may do. A scope ends in :read or :write; write includes read; '*' is all."""

from collections.abc import Iterable
from typing import Literal, get_args

Scope = Literal[
    "accounts:read",
    "accounts:write",
    "money:read",
    "money:write",
    "catalogue:read",
    "catalogue:write",
    "risk:read",
    "risk:write",
    "support:read",
    "support:write",
    "notices:read",
    "notices:write",
    "audit:read",
    "stop:write",
    "operators:write",
]
ALL = "*"
SCOPES: tuple[str, ...] = get_args(Scope)


def permits(granted: Iterable[str], wanted: Scope) -> bool:
    """Whether any of the granted scopes covers the wanted one."""
    return covers(granted, wanted)


def covers(granted: Iterable[str], wanted: str) -> bool:
    """The same of a scope that is given on, which may be '*'."""
    held = set(granted)
    return ALL in held or wanted in held or f"{wanted.removesuffix(':read')}:write" in held
