"""`farebox terms …`: versions of the terms that everybody agrees to."""

from typing import Annotated, Any

import typer

from farebox.boot.cli.documents import METAVAR, read_documents
from farebox.boot.cli.options import Data, Json, parse_when
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.notices import terms
from farebox.notices.terms import Terms

app = typer.Typer(rich_markup_mode=None)


@app.command()
def publish(
    texts: Annotated[list[str], typer.Argument(metavar=METAVAR, help="The first line is the title.")],
    *,
    effective: Annotated[
        str | None, typer.Option(metavar="WHEN", help="A date, or a span such as 7d; else now.")
    ] = None,
    small: Annotated[bool, typer.Option("--small", help="No material change: no notice, and no mail.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Publish the next version; it cannot be changed afterwards."""
    read = read_documents(texts)

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


def _describe(found: Terms) -> dict[str, Any]:
    return {
        "version": found.version,
        "effective_at": utc(found.effective_at),
        "is_material": found.is_material,
        "title": found.texts["en"].title if found.texts else "",
        "languages": sorted(found.texts),
    }
