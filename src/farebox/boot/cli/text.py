"""`farebox text …`: privacy, refund rules and imprint as everybody reads them."""

from typing import Annotated, Any

import typer

from farebox.boot.cli.documents import METAVAR, read_documents
from farebox.boot.cli.options import Data, Json
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.notices import site_text
from farebox.notices.site_text import KINDS, SiteText, TextKind

app = typer.Typer(rich_markup_mode=None)
_KIND = Annotated[str, typer.Argument(metavar="KIND", help="|".join(KINDS))]


@app.command()
def publish(
    kind: _KIND,
    texts: Annotated[list[str], typer.Argument(metavar=METAVAR, help="The first line is the title.")],
    *,
    data: Data = None,
    json: Json = False,
) -> None:
    """Publish the next version, in force at once; it cannot be changed afterwards."""
    chosen, read = _kind(kind), read_documents(texts)

    async def work(session: Session) -> dict[str, Any]:
        async with on_trail(session, "text.publish", f"text:{chosen}", after={"languages": sorted(read)}):
            return _describe(await site_text.publish(session.connection, chosen, read))

    published = run_command(data, work)
    emit(published, json=json, text=facts(published))


@app.command("list")
def list_(*, data: Data = None, json: Json = False) -> None:
    """All versions of all kinds, the newest first."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return [_describe(each) for each in await site_text.list_versions(session.connection)]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, ("kind", "version", "published_at", "title", "languages")))


@app.command()
def show(
    kind: _KIND,
    *,
    version: Annotated[int | None, typer.Option(min=1, metavar="N", help="An earlier one, else that in force.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """What one version says, in all its languages."""
    chosen = _kind(kind)

    async def work(session: Session) -> SiteText:
        return await site_text.show(session.connection, chosen, version)

    found = run_command(data, work)
    shown = "\n\n".join(f"[{language}] {text.title}\n\n{text.body}" for language, text in found.texts.items())
    emit({**_describe(found), "texts": found.texts}, json=json, text=f"{facts(_describe(found))}\n\n{shown}")


def _kind(name: str) -> TextKind:
    kind = next((each for each in KINDS if each == name.replace("-", "_")), None)
    if kind is None:
        raise typer.BadParameter(f"kinds are {', '.join(KINDS)}")
    return kind


def _describe(found: SiteText) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "version": found.version,
        "published_at": utc(found.published_at),
        "title": found.texts["en"].title,
        "languages": sorted(found.texts),
    }
