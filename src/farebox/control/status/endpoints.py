"""/api/public/status: how provider calls went, per model family, over the last 90 days."""

from datetime import UTC, datetime

from fastapi import APIRouter

from farebox.catalog.store import load_snapshot
from farebox.control.services import Here
from farebox.control.status.schemas import DAYS, StatusView, status_view
from farebox.upstream.report_store import load_model_days

router = APIRouter(prefix="/api/public/status", tags=["Public"])

_LASTING_S = 30.0


@router.get("")
async def show_status(services: Here) -> StatusView:
    """Families of models with their state now and on each of the last 90 days."""

    async def load() -> StatusView:
        async with services.pool.acquire() as connection:
            snapshot = await load_snapshot(connection)
            found = await load_model_days(connection, DAYS)
        return status_view(snapshot, found, datetime.fromtimestamp(snapshot.read_ms / 1000, UTC).date())

    return await services.recent.get("status", _LASTING_S, load)
