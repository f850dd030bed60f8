"""/api/public/texts: privacy, refund rules, imprint. Terms, which people agree to, are /api/public/terms."""

from fastapi import APIRouter

from farebox.control.language import ReadIn
from farebox.control.services import Here
from farebox.control.site_texts.schemas import SiteTextView, site_text_view
from farebox.notices import site_text
from farebox.notices.site_text import TextKind

router = APIRouter(prefix="/api/public/texts", tags=["Public"])


@router.get("/{kind}")
async def current_text(kind: TextKind, services: Here, language: ReadIn = "en") -> SiteTextView:
    """The version in force; `not_published` before there is any."""
    async with services.pool.acquire() as connection:
        return site_text_view(await site_text.show(connection, kind), language)
