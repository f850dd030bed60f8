"""/api/overview: the account at a glance, in one request."""

from datetime import UTC, datetime

from fastapi import APIRouter

from farebox.cases.case import list_cases
from farebox.control.access import AnyMember
from farebox.control.account_overview.schemas import OverviewView, overview_view
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.ledger import balance, job_page, usage
from farebox.ledger.job_page import CallFilter

router = APIRouter(prefix="/api/overview", tags=["Overview"])

_RECENT_JOBS = 8
_MOST_CASES = 50
# What the customer has part in. What rules have noticed about an account is not told to it.
_TOLD_CASES = frozenset(("payment", "dispute", "delivery_unknown"))


@router.get("")
async def show_overview(member: AnyMember, services: Here) -> OverviewView:
    """What can be spent, what was spent, the newest calls, and what the operator is looking at."""
    account_id, now = member.account_id, datetime.now(UTC)
    now_ms = int(now.timestamp() * 1000)
    async with services.pool.acquire() as connection:
        funds = await balance.load_funds(connection, account_id)
        if funds is None:
            raise ActionRefused("not_found", "There is no such account.", status=404)
        spent = await usage.load_spent(connection, account_id, now)
        recent = await job_page.load_page(connection, account_id, CallFilter(), None, _RECENT_JOBS, now_ms=now_ms)
        cases = await list_cases(connection, None, limit=_MOST_CASES, status="open", account_id=account_id)
    told = [case for case in cases if case.kind in _TOLD_CASES]
    return overview_view(funds, spent, recent.calls, told, services.policy.unit)
