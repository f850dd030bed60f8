"""What the operator changes of a model that is on sale: its facts, switches, caps and routes; prices are prices.py."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from farebox.catalog import models_store as store
from farebox.catalog.admin import NewRoute
from farebox.catalog.models_store import ModelSettings
from farebox.domain.errors import ActionRefused
from farebox.kit.ids import IdSource


async def lock_model(connection: Any, name: str) -> ModelSettings:
    """What is said of a model, locked until the transaction ends; 404 without one."""
    found = await store.lock_settings(connection, name)
    if found is None:
        raise no_model(name)
    return found


async def change_model(connection: Any, name: str, settings: ModelSettings) -> ModelSettings:
    """The settings before; a cap, a switch or a limit is in force for the next admission."""
    before = await lock_model(connection, name)
    await store.update_settings(connection, name, settings)
    return before


async def lock_routes(connection: Any, name: str) -> list[NewRoute]:
    """The routes as they are, with the model locked until the transaction ends; 404 without one."""
    await lock_model(connection, name)
    return [NewRoute(**row) for row in await store.load_routes(connection, name)]


async def set_routes(connection: Any, ids: IdSource, name: str, routes: Sequence[NewRoute]) -> None:
    """The model's routes are these from now on. A route that stays keeps its id, and with it what is known of it."""
    await lock_model(connection, name)
    channels = await store.channel_ids(connection, [route.channel for route in routes])
    wanted: dict[tuple[UUID, str], NewRoute] = {}
    for route in routes:
        channel_id = channels.get(route.channel)
        if channel_id is None:
            raise ActionRefused(
                "unknown_channel",
                f"There is no channel named {route.channel[:64]}.",
                status=422,
                field="routes",
                values={"name": route.channel[:64]},
            )
        if (channel_id, route.upstream_model) in wanted:
            raise ActionRefused(
                "route_twice",
                f"The route {route.channel}/{route.upstream_model} is given twice.",
                status=422,
                field="routes",
            )
        wanted[channel_id, route.upstream_model] = route
    known = await store.load_route_ids(connection, name)
    gone = [route_id for way, route_id in known.items() if way not in wanted]
    await store.delete_routes(connection, gone)
    for way, route in wanted.items():
        if way in known:
            await store.update_route(connection, known[way], route.priority, route.weight, route.cost)
        else:
            await store.insert_route(connection, ids.new(), name, *way, route.priority, route.weight, route.cost)


def no_model(name: str) -> ActionRefused:
    return ActionRefused("not_found", f"There is no model {name[:128]}.", status=404)
