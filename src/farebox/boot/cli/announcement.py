"""`farebox announcement …`: telling everybody something, on the site and by mail."""

from typing import Annotated, Any, get_args
from uuid import UUID

import typer

from farebox.boot.cli.options import Data, Json, Limit, parse_when
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.notices import announcement
from farebox.notices.announcement import Announcement, AnnouncementKind, MailTo, NewAnnouncement
from farebox.notices.languages import LANGUAGES, Language
from farebox.notices.texts import Text

app = typer.Typer(rich_markup_mode=None)
_KINDS: tuple[AnnouncementKind, ...] = get_args(AnnouncementKind)
_READERS: tuple[MailTo, ...] = ("none", "all", "with_balance")
_COLUMNS = ("announcement_id", "kind", "title", "shown_from", "shown_until", "starts_at", "mail", "withdrawn_at")


@app.command()
def make(
    texts: Annotated[
        list[str], typer.Argument(metavar="[LANGUAGE=]TEXT…", help="English first; the title, or title|body.")
    ],
    *,
    kind: Annotated[str, typer.Option(metavar="KIND", help="|".join(_KINDS))] = "general",
    starts: Annotated[str | None, typer.Option(metavar="WHEN", help="When what is announced begins.")] = None,
    ends: Annotated[str | None, typer.Option(metavar="WHEN", help="When it is over.")] = None,
    until: Annotated[str | None, typer.Option(metavar="WHEN", help="How long it is shown.")] = None,
    banner: Annotated[bool, typer.Option("--banner", help="Above every page.")] = False,
    mail: Annotated[str, typer.Option(metavar="READERS", help="|".join(_READERS))] = "none",
    data: Data = None,
    json: Json = False,
) -> None:
    """Announce something."""
    written = dict(_text(text) for text in texts)
    chosen_kind = next((each for each in _KINDS if each == kind), None)
    readers = next((each for each in _READERS if each == mail), None)
    if chosen_kind is None or readers is None:
        raise typer.BadParameter(f"kinds are {', '.join(_KINDS)}; readers are {', '.join(_READERS)}")

    async def work(session: Session) -> dict[str, Any]:
        moments = [None if when is None else parse_when(when, session.now) for when in (starts, ends, until)]
        new = NewAnnouncement(
            kind=chosen_kind,
            texts=written,
            shown_from=session.now,
            starts_at=moments[0],
            ends_at=moments[1],
            shown_until=moments[2],
            is_banner=banner,
            mail=readers,
        )
        public_url = session.config.public_url or ""
        async with on_trail(session, "announcement.make", "announcement", after={"kind": kind, "mail": mail}):
            made = await announcement.announce(session.connection, session.ids, new, public_url=public_url)
        return _describe(await announcement.show(session.connection, made))

    made = run_command(data, work)
    emit(made, json=json, text=facts(made))


@app.command("list")
def list_(*, limit: Limit = 50, data: Data = None, json: Json = False) -> None:
    """The newest first, coming and withdrawn ones among them."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return [_describe(each) for each in await announcement.list_all(session.connection, None, limit)]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def withdraw(
    announcement_id: Annotated[UUID, typer.Argument(metavar="ANNOUNCEMENT_ID")],
    *,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show it no longer, and mail it to nobody else."""

    async def work(session: Session) -> dict[str, Any]:
        async with on_trail(session, "announcement.withdraw", f"announcement:{announcement_id}", after={}):
            return _describe(await announcement.withdraw(session.connection, announcement_id))

    withdrawn = run_command(data, work)
    emit(withdrawn, json=json, text=facts(withdrawn))


def _text(argument: str) -> tuple[Language, Text]:
    name, is_pair, rest = argument.partition("=")
    language = next((each for each in LANGUAGES if each == name), None)
    words = rest if is_pair and language is not None else argument
    title, _, body = words.partition("|")
    title = " ".join(title.split())
    if not title or len(title) > 200 or len(body) > 5_000 or "\0" in words:
        raise typer.BadParameter("a title has 1 to 200 characters, a body at most 5000")
    return language or "en", Text(title, body.strip())


def _describe(found: Announcement) -> dict[str, Any]:
    return {
        "announcement_id": str(found.id),
        "kind": found.kind,
        "title": found.texts["en"].title,
        "languages": sorted(found.texts),
        "shown_from": utc(found.shown_from),
        "shown_until": utc(found.shown_until),
        "starts_at": utc(found.starts_at),
        "ends_at": utc(found.ends_at),
        "is_banner": found.is_banner,
        "mail": found.mail,
        "withdrawn_at": utc(found.withdrawn_at),
    }
