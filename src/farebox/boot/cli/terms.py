"""`farebox terms …`: versions of the terms that everybody agrees to."""

from pathlib import Path
from typing import Annotated, Any

import typer

from farebox.boot.cli.options import Data, Json, parse_when
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.domain.errors import CommandError
from farebox.notices import terms
from farebox.notices.languages import LANGUAGES, Language
from farebox.notices.terms import Terms
from farebox.notices.texts import Text

app = typer.Typer(rich_markup_mode=None)
_LONGEST_BYTES = 800_000


@app.command()
def publish(
    texts: Annotated[list[str], typer.Argument(metavar="LANGUAGE=FILE…", help="The first line is the title.")],
    *,
    effective: Annotated[
        str | None, typer.Option(metavar="WHEN", help="A date, or a span such as 7d; else now.")
    ] = None,
    small: Annotated[bool, typer.Option("--small", help="No material change: no notice, and no mail.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Publish the next version; it cannot be changed afterwards."""
    read = dict(_read(text) for text in texts)

    async def work(session: Session) -> dict[str, Any]:
        effective_at = session.now if effective is None else parse_when(effective, session.now)
        after = {"effective_at": effective_at.isoformat(), "is_material": not small}
        async with on_trail(session, "terms.publish", "terms", after=after):
            published = await terms.publish(
                session.connection,
                session.ids,
                session.config.policy.terms,
                read,
                summaries={},
                effective_at=effective_at,
                is_material=not small,
                now=session.now,
                public_url=session.config.public_url or "",
            )
        return _describe(published)

    published = run_command(data, work)
    emit(published, json=json, text=facts(published))


@app.command("list")
def list_(*, data: Data = None, json: Json = False) -> None:
    """All versions, the newest first."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return [_describe(each) for each in await terms.list_versions(session.connection)]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, ("version", "effective_at", "is_material", "title", "languages")))


def _read(argument: str) -> tuple[Language, Text]:
    name, is_pair, path = argument.partition("=")
    language = next((each for each in LANGUAGES if each == name), None)
    if not is_pair or language is None:
        raise typer.BadParameter(f"write LANGUAGE=FILE with one of {', '.join(LANGUAGES)}")
    try:
        written = Path(path).read_text("utf-8").strip()
    except UnicodeDecodeError:
        raise CommandError(f"{path} is not UTF-8 text") from None
    if len(written.encode()) > _LONGEST_BYTES or "\0" in written:
        raise CommandError(f"{path} is no text of at most {_LONGEST_BYTES} bytes")
    title, _, body = written.partition("\n")
    title = title.lstrip("# ").strip()
    if not title or not body.strip():
        raise CommandError(f"{path} needs a title in its first line, and a text below it")
    return language, Text(title[:200], body.strip())


def _describe(found: Terms) -> dict[str, Any]:
    return {
        "version": found.version,
        "effective_at": utc(found.effective_at),
        "is_material": found.is_material,
        "title": found.texts["en"].title if found.texts else "",
        "languages": sorted(found.texts),
    }
