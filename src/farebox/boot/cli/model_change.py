"""`farebox model change`: what is said of a model on sale; caps, prices and routes have commands of their own."""

import re
from typing import Annotated, Any

import msgspec
import typer

from farebox.boot.cli.options import Data, Json, Setting, count_setting
from farebox.boot.cli.output import emit, facts
from farebox.boot.cli.price_classes import parse_tasks
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.catalog.models import change_model, lock_model

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}", re.ASCII)


def change(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    *,
    context: Annotated[Setting | None, count_setting("Tokens of input and output at most.")] = None,
    max_output: Annotated[Setting | None, count_setting("Tokens of output at most.")] = None,
    max_seconds: Annotated[Setting | None, count_setting("Of a recording at most.")] = None,
    task: Annotated[
        list[str] | None, typer.Option(metavar="TASK", help="All that it serves: chat, embeddings, images, …")
    ] = None,
    owned_by: Annotated[str | None, typer.Option(metavar="WHO", help="As lists of models tell it.")] = None,
    family: Annotated[
        str | None, typer.Option(metavar="F", help="What the status page shows it under; none: the model alone.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Change what is said of a model; what is not named stays, and jobs under way are not touched."""
    sizes = {"context_tokens": context, "most_output_tokens": max_output, "most_audio_seconds": max_seconds}
    asked: dict[str, Any] = {field: setting.value for field, setting in sizes.items() if setting is not None}
    if task:
        asked["tasks"] = parse_tasks(task)
    if owned_by is not None:
        asked["owned_by"] = _word(owned_by)
    if family is not None:
        asked["family"] = "" if family == "none" else _word(family)
    if not asked:
        raise typer.BadParameter("say what to change")

    async def work(session: Session) -> dict[str, Any]:
        connection = session.connection
        async with connection.transaction():
            before = await lock_model(connection, name)
            after = msgspec.structs.replace(before, **asked)
            told = _chosen(before, asked), _chosen(after, asked)
            async with on_trail(session, "model.change", f"model:{name}", before=told[0], after=told[1]):
                await change_model(connection, name, after)
        return {"model": name, **told[1]}

    done = run_command(data, work)
    emit(done, json=json, text=facts(done))


def _word(text: str) -> str:
    if not _WORD.fullmatch(text):
        raise typer.BadParameter(f"{text[:64]!r} is not 1 to 64 letters, digits, blanks, dots and dashes")
    return text


def _chosen(settings: msgspec.Struct, asked: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(settings)
    return {field: told[field] for field in asked}
