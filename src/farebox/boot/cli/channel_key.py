"""`farebox channel key …`: the keys that a channel calls its provider with. Only their ids are ever shown."""

from typing import Annotated, Any
from uuid import UUID

import typer

from farebox.boot.cli.options import Data, Json
from farebox.boot.cli.output import emit, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.boot.config import read_secret_variable
from farebox.catalog import channel_keys

app = typer.Typer(rich_markup_mode=None, help="The keys of a channel: add, list, remove.")

Name = Annotated[str, typer.Argument(metavar="NAME")]


@app.command()
def add(
    name: Name,
    *,
    api_key_env: Annotated[
        str, typer.Option(metavar="VAR", help="The variable with the provider's key, read once, stored sealed.")
    ],
    data: Data = None,
    json: Json = False,
) -> None:
    """Add a key to a channel's pool."""
    api_key = read_secret_variable(api_key_env)

    async def work(session: Session) -> dict[str, Any]:
        seal = await session.seal()
        async with on_trail(session, "channel_key.add", f"channel:{name}"):
            key_id = await channel_keys.add_channel_key(session.connection, session.ids, seal, name, api_key)
        keys = await channel_keys.list_channel_keys(session.connection, name)
        return {"channel_key_id": str(key_id), "name": name, "keys": len(keys)}

    made = run_command(data, work)
    emit(made, json=json, text=f"key {made['channel_key_id']} added; channel {name} has {made['keys']} keys")


@app.command("list")
def list_(name: Name, *, data: Data = None, json: Json = False) -> None:
    """The keys of a channel, oldest first, without their secrets."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return [
            {"channel_key_id": str(key.id), "enabled": key.enabled, "created_at": utc(key.created_at)}
            for key in await channel_keys.list_channel_keys(session.connection, name)
        ]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, ("channel_key_id", "enabled", "created_at")))


@app.command()
def remove(
    key_id: Annotated[UUID, typer.Argument(metavar="CHANNEL_KEY_ID")], *, data: Data = None, json: Json = False
) -> None:
    """Forget a key of a channel for good; calls that run with it end normally."""

    async def work(session: Session) -> dict[str, Any]:
        async with on_trail(session, "channel_key.remove", f"channel_key:{key_id}"):
            left = await channel_keys.remove_channel_key(session.connection, key_id)
        return {"channel_key_id": str(key_id), "removed": True, "keys": left}

    done = run_command(data, work)
    emit(done, json=json, text=f"key {key_id} removed; its channel has {done['keys']} keys left")
