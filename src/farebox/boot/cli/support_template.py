"""`farebox support template …`: replies that are used again."""

import re
from typing import Annotated, Any

import typer

from farebox.aftersale import support_store
from farebox.aftersale.desk import note
from farebox.audit.record import COMMAND
from farebox.boot.cli.after_sale import desk_of
from farebox.boot.cli.options import Data, Json, words
from farebox.boot.cli.output import emit, table
from farebox.boot.cli.session import Session, run_command
from farebox.domain.errors import CommandError
from farebox.identity.person import Language

app = typer.Typer(rich_markup_mode=None, help="Replies that are used again: list, put, drop.")
_NAME = re.compile(r"[a-z0-9-]{1,60}", re.ASCII)


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise typer.BadParameter("a template is named with 1 to 60 lower-case letters, digits and dashes")
    return text


Name = Annotated[str, typer.Argument(parser=_name, metavar="NAME")]
InLanguage = Annotated[Language, typer.Option("--language", help="Which language it is written in.")]


@app.command("list")
def list_(*, data: Data = None, json: Json = False) -> None:
    """All templates."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return await support_store.templates(session.connection)

    found = [
        {"name": row["name"], "language": row["language"], "message": row["words"]} for row in run_command(data, work)
    ]
    emit(found, json=json, text=table(found, ("name", "language", "message")))


@app.command()
def put(
    name: Name,
    *,
    message: Annotated[str, typer.Option(parser=words, metavar="TEXT", help="Plain text.")],
    language: InLanguage = "en",
    data: Data = None,
    json: Json = False,
) -> None:
    """Write or replace a template."""

    async def work(session: Session) -> None:
        connection, target = session.connection, f"support_template:{name}"
        after = {"language": language, "message": message}
        async with connection.transaction():
            await support_store.put_template(connection, name, language, message)
            await note(connection, desk_of(session), COMMAND, "support_template.put", target, None, after=after)

    run_command(data, work)
    made = {"name": name, "language": language, "message": message}
    emit(made, json=json, text=f"template {name} is written in {language}")


@app.command()
def drop(name: Name, *, language: InLanguage = "en", data: Data = None, json: Json = False) -> None:
    """Drop a template in one language."""

    async def work(session: Session) -> None:
        connection, target = session.connection, f"support_template:{name}"
        after = {"language": language}
        async with connection.transaction():
            if not await support_store.drop_template(connection, name, language):
                raise CommandError(f"there is no template {name} in {language}: see `farebox support template list`")
            await note(connection, desk_of(session), COMMAND, "support_template.drop", target, None, after=after)

    run_command(data, work)
    emit({"name": name, "language": language, "dropped": True}, json=json, text=f"template {name} is dropped")
