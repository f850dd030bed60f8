"""How many jobs an emergency stop meets, and which stops are in force."""

from typing import Any

from farebox.catalog import stops_store as store
from farebox.catalog.admin import StopScope, require_target


async def running_jobs(connection: Any, scope: StopScope, target: str) -> int:
    """Jobs that hold credit now and that a stop of this scope would bar if they came again."""
    await require_target(connection, scope, target)
    return await store.count_running(connection, scope, target)
