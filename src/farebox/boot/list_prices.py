"""What the routes of a new model cost the operator where nobody said so: the list prices of their channels' presets."""

import msgspec

from farebox.catalog.admin import NewModel, NewRoute
from farebox.catalog.snapshot import Snapshot
from farebox.upstream.presets import preset_of


def with_list_prices(new: NewModel, snapshot: Snapshot) -> tuple[NewModel, tuple[str, ...]]:
    """The model with each route's cost from the list, and the routes of which no list tells, as they were given.

    A channel that is not there is left for whoever adds the model to refuse.
    """
    presets = {channel.name: preset_of(channel) for channel in snapshot.channels.values()}
    routes: list[NewRoute] = []
    unknown: list[str] = []
    for route in new.routes:
        preset = presets.get(route.channel)
        cost = None if preset is None else preset.cost_of(route.upstream_model)
        if cost is None:
            unknown.append(f"{route.channel}/{route.upstream_model}")
            routes.append(route)
        else:
            routes.append(msgspec.structs.replace(route, cost=cost))
    return msgspec.structs.replace(new, routes=tuple(routes)), tuple(unknown)
