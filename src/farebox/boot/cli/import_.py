"""`farebox import …`: channels, keys, models and prices of another gateway."""

from pathlib import Path
from typing import Annotated

import typer

from farebox.boot.cli.options import Data, Json
from farebox.boot.cli.output import emit, note
from farebox.boot.cli.session import Session, run_command
from farebox.boot.imports import litellm, new_api
from farebox.boot.imports.new_api import Source
from farebox.boot.imports.plan import Imported, add_all

app = typer.Typer(rich_markup_mode=None)

Database = Annotated[str, typer.Argument(metavar="SOURCE", help="Its SQLite file, or a postgresql:// URL.")]


@app.command("new-api")
def from_new_api(source: Database, *, data: Data = None, json: Json = False) -> None:
    """Add the channels and models of a new-api database."""
    _import("new-api", source, data, json=json)


@app.command("one-api")
def from_one_api(source: Database, *, data: Data = None, json: Json = False) -> None:
    """Add the channels and models of a one-api database."""
    _import("one-api", source, data, json=json)


@app.command("litellm")
def from_litellm(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="Its config.yaml.")],
    *,
    data: Data = None,
    json: Json = False,
) -> None:
    """Add the deployments of a LiteLLM configuration; keys in variables are read from the environment."""
    found = litellm.read(source)
    _tell(run_command(data, lambda session: add_all(session, found)), json=json)


def _import(kind: Source, source: str, data: str | None, *, json: bool) -> None:
    async def work(session: Session) -> Imported:
        return await add_all(session, await new_api.read(kind, source))

    _tell(run_command(data, work), json=json)


def _tell(imported: Imported, *, json: bool) -> None:
    done = {name: list(getattr(imported, name)) for name in ("channels", "models", "notes")}
    for each in done["notes"]:
        note(each)
    emit(done, json=json, text=f"{len(done['channels'])} channels and {len(done['models'])} models added")
