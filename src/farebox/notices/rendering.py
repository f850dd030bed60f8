"""From a kind, a language and facts to the subject, text and HTML of a message.

Templates are ours; facts may come from anybody. They fill places and are never templates themselves, lose control
characters, and in the HTML form everything is escaped after filling: both forms say the same.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import jinja2
import msgspec

from farebox.domain.errors import FareboxError
from farebox.notices.kinds import KINDS
from farebox.notices.languages import LANGUAGES, language_of

_LAYOUT = "_layout"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SEVERAL_LINES = frozenset(("text", "note", "reason"))
_LONGEST_LINE, _LONGEST_TEXT, _LONGEST_SUBJECT = 500, 20_000, 200
_HTML = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>
<body style="font-family:sans-serif;line-height:1.5;max-width:36em">
{body}
<hr>
{foot}
</body></html>
"""


class NotRenderable(FareboxError):
    """There is no template of this kind, or a fact that it tells is missing; the text names it."""


class Written(msgspec.Struct, frozen=True):
    """What a person reads: one line of subject, and the same words as text and as HTML."""

    language: str
    subject: str
    text: str
    html: str


class Renderer:
    """All templates of a deployment, read once; a template is compiled when it is first used."""

    def __init__(self, public_url: str) -> None:
        self._site = urlsplit(public_url).netloc
        self._sources = load_sources()
        # Text is no HTML: the HTML form is escaped as a whole, after it was filled.
        self._jinja = jinja2.Environment(autoescape=False, undefined=jinja2.StrictUndefined)  # noqa: S701
        self._jinja.filters.update(FILTERS)
        self._templates: dict[tuple[str, str, str], jinja2.Template] = {}

    def render(self, kind: str, language: str, facts: Mapping[str, Any], *, unsubscribe: str = "") -> Written:
        """The message in the language, or in the nearest one there is; `unsubscribe` is a link, '' for none."""
        if kind not in KINDS:
            raise NotRenderable(f"there is no kind of mail {kind!r}")
        language = language_of(language)
        told = self._told(kind, facts, unsubscribe)
        subject = _line(self._fill(language, kind, "subject", told))[:_LONGEST_SUBJECT]
        body = _paragraphs(self._fill(language, kind, "body", told))
        foot = [self._fill(language, _LAYOUT, "reason", told)]
        if unsubscribe:
            foot.append(self._fill(language, _LAYOUT, "unsubscribe", told))
        text = "\n\n".join([*body, "-- \n" + "\n".join(foot)]) + "\n"
        html = _HTML.format(
            language=language,
            title=escape(subject),
            body="\n".join(_html(each, told["link"]) for each in body),
            foot="\n".join(_html(each, unsubscribe) for each in foot),
        )
        return Written(language, subject, text, html)

    def _told(self, kind: str, facts: Mapping[str, Any], unsubscribe: str) -> dict[str, str]:
        known = KINDS[kind]
        missing = known.facts - facts.keys()
        if missing:
            raise NotRenderable(f"mail of kind {kind} lacks {', '.join(sorted(missing))}")
        told = {name: _clean(name, facts.get(name)) for name in known.facts | known.optional}
        told.setdefault("link", "")
        return {**told, "site": self._site, "unsubscribe": unsubscribe}

    def _fill(self, language: str, kind: str, part: str, told: Mapping[str, str]) -> str:
        return self._compiled(language, kind, part).render(told)

    def _compiled(self, language: str, kind: str, part: str) -> jinja2.Template:
        template = self._templates.get((language, kind, part))
        if template is None:
            template = self._jinja.from_string(self._sources[language][kind][part])
            self._templates[language, kind, part] = template
        return template


@cache
def load_sources() -> dict[str, dict[str, dict[str, str]]]:
    """By language, kind and part ('subject', 'body'): the templates as they are written."""
    folder = files("farebox.notices") / "templates"
    return {language: tomllib.loads((folder / f"{language}.toml").read_text("utf-8")) for language in LANGUAGES}


def _moment(text: str) -> str:
    """An RFC 3339 moment for people, in UTC; whatever else it is stays as it is."""
    return _formatted(text, "%Y-%m-%d %H:%M UTC")


def _day(text: str) -> str:
    return _formatted(text, "%Y-%m-%d")


FILTERS = {"moment": _moment, "day": _day}


def _formatted(text: str, form: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).strftime(form)


def _clean(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name not in _SEVERAL_LINES:
        return _line(str(value))[:_LONGEST_LINE]
    return _CONTROL.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))[:_LONGEST_TEXT]


def _line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _paragraphs(text: str) -> list[str]:
    return [part.strip("\n") for part in re.split(r"\n\s*\n", text) if part.strip()]


def _html(paragraph: str, link: str) -> str:
    escaped = escape(paragraph).replace("\n", "<br>\n")
    if link.startswith(("https://", "http://")):
        # Only the link that the message is about; whatever else looks like one is somebody's text.
        escaped = escaped.replace(escape(link), f'<a href="{escape(link)}">{escape(link)}</a>')
    return f"<p>{escaped}</p>"
