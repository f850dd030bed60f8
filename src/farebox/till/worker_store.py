"""The SQL of worker rows: who is alive, who is known dead, what was in delivery."""

from collections.abc import Collection
from uuid import UUID

from farebox.storage.database import Connection

_REGISTER = (
    "INSERT INTO worker (id, node_id, beat_at, started_at) VALUES ($1, $2, clock_timestamp(), clock_timestamp())"
)

_BEAT = "UPDATE worker SET beat_at = clock_timestamp() WHERE id = $1 AND dead_at IS NULL RETURNING true"

_MARK_DEAD = "UPDATE worker SET dead_at = clock_timestamp() WHERE id = $1 AND dead_at IS NULL"

_LEAVE = "UPDATE worker SET dead_at = clock_timestamp(), in_delivery = $2 WHERE id = $1 AND dead_at IS NULL"

_ALIVE_OF_NODE = "SELECT id FROM worker WHERE node_id = $1 AND dead_at IS NULL"

_IN_DELIVERY = "UPDATE worker SET in_delivery = $2 WHERE id = $1"


async def register(connection: Connection, worker_id: UUID, node_id: UUID) -> None:
    await connection.execute(_REGISTER, worker_id, node_id)


async def beat(connection: Connection, worker_id: UUID) -> bool:
    """False when the worker has been declared dead, or its row is gone."""
    return await connection.fetchval(_BEAT, worker_id) is True


async def mark_dead(connection: Connection, worker_id: UUID) -> None:
    await connection.execute(_MARK_DEAD, worker_id)


async def leave(connection: Connection, worker_id: UUID, in_delivery: Collection[UUID]) -> None:
    """A clean exit, with what had not reached its client."""
    await connection.execute(_LEAVE, worker_id, list(in_delivery))


async def alive_of_node(connection: Connection, node_id: UUID) -> list[UUID]:
    return [row[0] for row in await connection.fetch(_ALIVE_OF_NODE, node_id)]


async def write_in_delivery(connection: Connection, worker_id: UUID, in_delivery: Collection[UUID]) -> None:
    await connection.execute(_IN_DELIVERY, worker_id, list(in_delivery))
