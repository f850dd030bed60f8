"""What goes over the wire about the terms, for everybody."""

from datetime import datetime

from pydantic import BaseModel

from farebox.notices.languages import best_of
from farebox.notices.terms import Terms


class TermsView(BaseModel):
    """One version in one language."""

    version: int
    effective_at: datetime
    is_material: bool
    title: str
    body: str


class CurrentTerms(BaseModel):
    """The version in force, null before there is any, and those that have been announced."""

    in_force: TermsView | None
    coming: list[TermsView]


def terms_view(terms: Terms, language: str) -> TermsView:
    text = best_of(terms.texts, language)
    return TermsView(
        version=terms.version,
        effective_at=terms.effective_at,
        is_material=terms.is_material,
        title=text.title,
        body=text.body,
    )
