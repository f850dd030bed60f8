"""/api/public/terms: what everybody agrees to. Accepting is POST /api/account/terms."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path

from farebox.control.language import ReadIn
from farebox.control.services import Here
from farebox.control.terms.schemas import CurrentTerms, TermsView, terms_view
from farebox.notices import terms

router = APIRouter(prefix="/api/public/terms", tags=["Public"])


@router.get("")
async def current_terms(services: Here, language: ReadIn = "en") -> CurrentTerms:
    """The terms in force, and those that will be."""
    async with services.pool.acquire() as connection:
        found = await terms.in_force_and_coming(connection)
    now = datetime.now(UTC)
    views = [terms_view(each, language) for each in found]
    return CurrentTerms(
        in_force=next((view for view in views if view.effective_at <= now), None),
        coming=[view for view in views if view.effective_at > now],
    )


@router.get("/{version}")
async def one_version(
    version: Annotated[int, Path(ge=1, le=1_000_000)], services: Here, language: ReadIn = "en"
) -> TermsView:
    """One version, also one that is not in force any more."""
    async with services.pool.acquire() as connection:
        return terms_view(await terms.show(connection, version), language)
