"""A second factor that only some uses of an endpoint ask for."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends

from farebox.control.access import Staff, visitor_or_nobody
from farebox.domain.errors import ActionRefused
from farebox.domain.money import parse_amount
from farebox.domain.policies.money import GrantPolicy
from farebox.identity.visitor import Visitor

MayBeFresh = Annotated[Visitor | None, Depends(visitor_or_nobody)]


def check_fresh(staff: Staff, visitor: Visitor | None) -> None:
    """Refuses an operator who has not shown a second factor just now; a program's scopes were given by one who had."""
    if staff.actor.kind == "token":
        return
    if visitor is None or not visitor.is_fresh(datetime.now(UTC)):
        raise ActionRefused("second_factor_required", "Show your second factor again for this.", status=403)


def check_fresh_above(policy: GrantPolicy, amount_nano: int, staff: Staff, visitor: Visitor | None) -> None:
    """The same for credit that nobody has paid for, above the policy's amount."""
    if amount_nano > parse_amount(policy.fresh_above):
        check_fresh(staff, visitor)
