"""A periodic duty: when its turn is, who leads it, and that its failure is nobody else's.

Nodes run the same duties; an advisory lock of the session lets one at a time do a duty's work. What a node does for
itself alone needs no leader.
"""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import msgspec

from farebox.kit.logging import Logger
from farebox.storage.database import Connection, Pool
from farebox.worker import store

Work = Callable[[Connection], Awaitable[None]]
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Duty(msgspec.Struct, frozen=True):
    """What is done every so often; the first time after `first_s`. `alone`: by one node at a time.

    `failed` is called when it could not be done.
    """

    name: str
    work: Work
    every_s: float
    first_s: float = 0.0
    alone: bool = True
    failed: Callable[[], None] | None = None


async def perform(duty: Duty, pool: Pool) -> bool:
    """Once, now; False when another node is at it."""
    async with pool.acquire() as connection:
        if not duty.alone:
            await duty.work(connection)
            return True
        if not await store.try_lead(connection, duty.name):
            return False
        try:
            await duty.work(connection)
        finally:
            # A connection that has broken has let go of the lock by itself.
            if not connection.is_closed():
                await store.stop_leading(connection, duty.name)
        return True


async def keep(duty: Duty, pool: Pool, logger: Logger) -> None:
    """For ever; a failure is logged and the duty done again in its next turn."""
    await asyncio.sleep(duty.first_s)
    while True:
        try:
            await perform(duty, pool)
        except Exception as error:
            # One duty's failure must not stop the others, nor its own next turn.
            if isinstance(error, _AWAY):
                logger.warning("duty_failed", duty=duty.name, error=type(error).__name__)
            else:
                logger.exception("duty_failed", duty=duty.name)
            if duty.failed is not None:
                duty.failed()
        await asyncio.sleep(duty.every_s)
