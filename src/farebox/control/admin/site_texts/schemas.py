"""What goes over the wire about the operator's texts, for operators."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.text import LongText, NonEmptyLine
from farebox.notices.languages import Language
from farebox.notices.site_text import SiteText, TextKind
from farebox.notices.texts import Text, Texts


class WrittenText(BaseModel):
    """A text in one language."""

    model_config = ConfigDict(extra="forbid")

    title: NonEmptyLine
    body: LongText


class PublishingText(BaseModel):
    """The next version of a kind; English is needed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"kind": "privacy", "texts": {"en": {"title": "Privacy", "body": "What we keep: ..."}}}]
        },
    )

    kind: TextKind
    texts: dict[Language, WrittenText] = Field(min_length=1)


class PublishedLine(BaseModel):
    """One version without its bodies: its titles by language."""

    kind: TextKind
    version: int
    published_at: datetime
    titles: dict[Language, str]


class PublishedList(BaseModel):
    """All versions of all kinds, the newest first."""

    data: list[PublishedLine]


class PublishedWords(BaseModel):
    """A text in one language, as it was published."""

    title: str
    body: str


class PublishedText(BaseModel):
    """One version in all its languages."""

    kind: TextKind
    version: int
    published_at: datetime
    texts: dict[Language, PublishedWords]


def texts_of(body: PublishingText) -> Texts:
    return {language: Text(text.title, text.body) for language, text in body.texts.items()}


def published_line(found: SiteText) -> PublishedLine:
    return PublishedLine(
        kind=found.kind,
        version=found.version,
        published_at=found.published_at,
        titles={language: text.title for language, text in found.texts.items()},
    )


def published_text(found: SiteText) -> PublishedText:
    return PublishedText(
        kind=found.kind,
        version=found.version,
        published_at=found.published_at,
        texts={language: PublishedWords(title=text.title, body=text.body) for language, text in found.texts.items()},
    )
