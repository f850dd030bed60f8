"""/api/public/announcements: planned maintenance, price changes, new terms."""

from fastapi import APIRouter

from farebox.control.announcements.schemas import ShownList, shown
from farebox.control.language import ReadIn
from farebox.control.services import Here
from farebox.notices.announcement import list_shown

router = APIRouter(prefix="/api/public/announcements", tags=["Public"])
_MOST = 100


@router.get("")
async def list_announcements(services: Here, language: ReadIn = "en") -> ShownList:
    """What is announced now, the newest first."""
    async with services.pool.acquire() as connection:
        found = await list_shown(connection, _MOST)
    return ShownList(data=[shown(each, language) for each in found])
