"""What goes over the wire about the terms, for operators."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.moment import Moment
from farebox.control.text import LongText, NonEmptyLine, Words
from farebox.notices.languages import Language
from farebox.notices.terms import Terms
from farebox.notices.texts import Text, Texts


class TermsText(BaseModel):
    """The terms in one language; `summary` tells in the mail what has changed."""

    model_config = ConfigDict(extra="forbid")

    title: NonEmptyLine
    body: LongText
    summary: Words = ""


class VersionText(BaseModel):
    """The terms in one language, as they were published."""

    title: str
    body: str


class Publishing(BaseModel):
    """The next version; English is needed. A material change keeps the notice of the policy and is mailed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "texts": {"en": {"title": "Terms of service", "body": "1. ..."}},
                    "effective_at": "2030-01-31T12:00:00Z",
                    "is_material": True,
                }
            ]
        },
    )

    texts: dict[Language, TermsText] = Field(min_length=1)
    effective_at: Moment
    is_material: bool = True


class VersionView(BaseModel):
    """One version in all its languages."""

    version: int
    effective_at: datetime
    is_material: bool
    created_at: datetime
    texts: dict[Language, VersionText]


class Versions(BaseModel):
    """All versions, the newest first."""

    data: list[VersionView]


def texts_of(body: Publishing) -> Texts:
    return {language: Text(text.title, text.body) for language, text in body.texts.items()}


def version_view(terms: Terms) -> VersionView:
    return VersionView(
        version=terms.version,
        effective_at=terms.effective_at,
        is_material=terms.is_material,
        created_at=terms.created_at,
        texts={language: VersionText(title=text.title, body=text.body) for language, text in terms.texts.items()},
    )
