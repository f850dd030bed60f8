"""What goes over the wire about the operator's texts, for everybody."""

from datetime import datetime

from pydantic import BaseModel

from farebox.notices.languages import best_of
from farebox.notices.site_text import SiteText, TextKind


class SiteTextView(BaseModel):
    """The version in force in one language; `body` is plain text, in which light Markdown is shown as meant."""

    kind: TextKind
    version: int
    published_at: datetime
    title: str
    body: str


def site_text_view(found: SiteText, language: str) -> SiteTextView:
    text = best_of(found.texts, language)
    return SiteTextView(
        kind=found.kind, version=found.version, published_at=found.published_at, title=text.title, body=text.body
    )
