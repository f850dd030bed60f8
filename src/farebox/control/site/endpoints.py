"""/api/public/site: what public pages say of whoever runs this."""

from fastapi import APIRouter

from farebox.control.services import Here
from farebox.control.site.schemas import SiteView, site_view
from farebox.notices.site_text import published_kinds

router = APIRouter(prefix="/api/public/site", tags=["Public"])


@router.get("")
async def show_site(services: Here) -> SiteView:
    """Name, contacts and base URL, and which texts are published."""
    async with services.pool.acquire() as connection:
        texts = await published_kinds(connection)
    return site_view(services.policy.site, services.public_url, services.policy.unit, texts)
