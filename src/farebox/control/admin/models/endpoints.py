"""/admin/models: what is on sale, by which routes."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path

from farebox.audit.record import record
from farebox.catalog import admin
from farebox.catalog.admin import NewModel, NewRoute
from farebox.catalog.models import change_model, no_model, set_routes
from farebox.catalog.models_store import ModelSettings
from farebox.catalog.snapshot import Snapshot
from farebox.catalog.store import load_snapshot
from farebox.control.access import Staff, operator
from farebox.control.admin.models.schemas import (
    ModelChange,
    ModelList,
    ModelMade,
    ModelName,
    ModelView,
    NewModelBody,
    RouteBody,
    model_view,
    route_from,
    settings_from,
)
from farebox.control.rates import rates_from
from farebox.control.services import Here, Services
from farebox.storage.database import Connection
from farebox.upstream.presets import preset_of

router = APIRouter(prefix="/admin/models", tags=["Operator: models"])

Reader = Annotated[Staff, operator("catalogue:read")]
Writer = Annotated[Staff, operator("catalogue:write")]
# A name may hold slashes: what hangs below a model has a path of its own.
Name = Annotated[ModelName, Path()]


@router.get("")
async def list_models(_: Reader, services: Here) -> ModelList:
    """All models with prices in force and routes."""
    async with services.pool.acquire() as connection:
        snapshot = await load_snapshot(connection)
    return ModelList(
        data=[model_view(snapshot.models[name], snapshot, snapshot.read_ms) for name in sorted(snapshot.models)]
    )


@router.post("", status_code=201)
async def add_model(body: NewModelBody, staff: Writer, services: Here) -> ModelMade:
    """Put a model on sale."""
    rates = rates_from(body.rates, services.policy.pricing)
    async with services.pool.acquire() as connection:
        routes, without_cost = _with_costs(body.routes, await load_snapshot(connection))
        new = NewModel(name=body.name, routes=routes, rates=rates)
        async with connection.transaction():
            await admin.add_model(connection, services.ids, new)
            settings = settings_from(body)
            await change_model(connection, body.name, settings)
            after = {**_told(settings, routes), "rates": msgspec.to_builtins(rates)}
            await _note(connection, services, staff, "model.add", body.name, after=after)
        view = await _view(connection, body.name)
    return ModelMade(**view.model_dump(), without_cost=without_cost)


@router.get("/{name:path}")
async def show_model(name: Name, _: Reader, services: Here) -> ModelView:
    """One model."""
    async with services.pool.acquire() as connection:
        return await _view(connection, name)


@router.put("/{name:path}")
async def replace_model(name: Name, body: ModelChange, staff: Writer, services: Here) -> ModelMade:
    """Replace what is said of a model, and its routes; caps and switches are in force for the next admission."""
    settings = settings_from(body)
    async with services.pool.acquire() as connection:
        snapshot = await load_snapshot(connection)
        routes, without_cost = _with_costs(body.routes, snapshot)
        async with connection.transaction():
            before = await change_model(connection, name, settings)
            await set_routes(connection, services.ids, name, routes)
            known = _routes_of(snapshot, name)
            told = {"before": _told(before, known), "after": _told(settings, routes)}
            await _note(connection, services, staff, "model.change", name, **told)
        view = await _view(connection, name)
    return ModelMade(**view.model_dump(), without_cost=without_cost)


async def _view(connection: Connection, name: str) -> ModelView:
    snapshot = await load_snapshot(connection)
    model = snapshot.models.get(name)
    if model is None:
        raise no_model(name)
    return model_view(model, snapshot, snapshot.read_ms)


def _with_costs(bodies: list[RouteBody], snapshot: Snapshot) -> tuple[tuple[NewRoute, ...], list[str]]:
    """The routes, each with its own cost or the listed one, and those of which neither is known."""
    channels = {channel.name: channel for channel in snapshot.channels.values()}
    routes: list[NewRoute] = []
    unknown: list[str] = []
    for body in bodies:
        route = route_from(body)
        if body.cost is None and body.channel in channels:
            listed = preset_of(channels[body.channel]).cost_of(body.upstream_model)
            if listed is None:
                unknown.append(f"{body.channel}/{body.upstream_model}")
            else:
                route = msgspec.structs.replace(route, cost=listed)
        routes.append(route)
    return tuple(routes), unknown


def _routes_of(snapshot: Snapshot, name: str) -> tuple[NewRoute, ...]:
    model = snapshot.models.get(name)
    return tuple(
        NewRoute(
            channel=snapshot.channels[route.channel_id].name,
            upstream_model=route.upstream_model,
            priority=route.priority,
            weight=route.weight,
            cost=route.cost,
        )
        for route in (() if model is None else model.routes)
    )


def _told(settings: ModelSettings, routes: tuple[NewRoute, ...]) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(settings)
    return told | {"routes": msgspec.to_builtins(routes)}


async def _note(
    connection: Connection,
    services: Services,
    staff: Staff,
    action: str,
    name: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any],
) -> None:
    await record(connection, services.ids, staff.actor, action, target=f"model:{name}", before=before, after=after)
