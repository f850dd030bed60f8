"""/admin/overview: the deployment at a glance, in one request."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter

from farebox.control.access import Staff, operator
from farebox.control.admin.overview.schemas import OverviewView, overview_view
from farebox.control.admin.overview.waiting_store import load_waiting
from farebox.control.services import Here
from farebox.identity.scopes import permits
from farebox.ledger.margin import MarginFilter, load_margins
from farebox.ledger.pulse import take
from farebox.ledger.usage import span_of

router = APIRouter(prefix="/admin/overview", tags=["Operator: overview"])


@router.get("")
async def show_overview(staff: Annotated[Staff, operator("accounts:read")], services: Here) -> OverviewView:
    """Live rate, errors, queues, stops and workers; today's margin for those who may read money."""
    now = datetime.now(UTC)
    today = span_of("day", now.replace(hour=0, minute=0, second=0, microsecond=0), now, now)
    async with services.pool.acquire() as connection:
        pulse = await take(connection, int(now.timestamp() * 1000))
        margins = await load_margins(connection, today, "nothing", "whole", MarginFilter())
        waiting = await load_waiting(connection)
    return overview_view(pulse, margins, waiting, shows_money=permits(staff.scopes, "money:read"))
