"""A worker says that it is alive; a node says which of its workers are not.

A beat is a matter of its own connection, so that a busy till cannot silence it.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import asyncpg

from farebox.kit.logging import Logger
from farebox.storage.database import Connection, Pool
from farebox.till import worker_store
from farebox.till.spool import owner_lives

BEAT_S = 5.0
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Heartbeat:
    """Beats for the worker that `worker_id` names, and calls `declared_dead` once the database says that it is dead."""

    def __init__(
        self, pool: Pool, worker_id: Callable[[], UUID], declared_dead: Callable[[], None], logger: Logger
    ) -> None:
        self._pool = pool
        self._worker_id = worker_id
        self._declared_dead = declared_dead
        self._logger = logger
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="heartbeat")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            worker_id = self._worker_id()
            try:
                async with asyncio.timeout(BEAT_S), self._pool.acquire() as connection:
                    alive = await worker_store.beat(connection, worker_id)
            except _AWAY as error:
                self._logger.warning("heartbeat_failed", error=type(error).__name__)
                continue
            if not alive and worker_id == self._worker_id():
                self._declared_dead()


async def mark_dead(connection: Connection, worker_id: UUID) -> None:
    """The worker's process has ended: its holds can be voided at once."""
    await worker_store.mark_dead(connection, worker_id)


async def dead_workers_of_node(connection: Connection, node_id: UUID, spool_dir: Path) -> list[UUID]:
    """Workers of this node that count as alive although no process holds their spool."""
    alive = await worker_store.alive_of_node(connection, node_id)
    return [worker_id for worker_id in alive if not owner_lives(spool_dir, worker_id)]


async def bury_workers_of_node(connection: Connection, node_id: UUID, spool_dir: Path) -> list[UUID]:
    """Marks them dead: for the start of a node, and whenever it looks after its workers. Gives their ids."""
    dead = await dead_workers_of_node(connection, node_id, spool_dir)
    for worker_id in dead:
        await worker_store.mark_dead(connection, worker_id)
    return dead
