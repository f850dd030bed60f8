"""Calls that were refused before the till saw them, for the customer's logs: kept in memory for a second, then written.

They are worth little: when too many wait, or the database is away, they are dropped and counted. The till writes those
it refuses itself.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from farebox.domain.errors import Refusal
from farebox.gateway.authenticate import Caller
from farebox.gateway.metrics import GatewayMetrics
from farebox.gateway.receive import Call
from farebox.gateway.store import write_refusals
from farebox.kit.clock import Clock

_WRITE_EVERY_S = 1.0
_LONGEST_MODEL = 64


class RefusedCall(msgspec.Struct, frozen=True):
    """A row of `refusal`."""

    account_id: UUID
    id: UUID
    key_id: UUID
    at: datetime
    endpoint: str
    model: str
    status: int
    code: str


class Refusals:
    """One worker's rows that wait to be written."""

    def __init__(self, pool: Any, clock: Clock, most_waiting: int, metrics: GatewayMetrics) -> None:
        self._pool = pool
        self._clock = clock
        self._most_waiting = most_waiting
        self._metrics = metrics
        self._waiting: list[RefusedCall] = []

    def add(self, call: Call, caller: Caller, model: str, refusal: Refusal) -> None:
        if len(self._waiting) >= self._most_waiting:
            self._metrics.refusals_dropped.add()
            return
        self._waiting.append(
            RefusedCall(
                account_id=caller.key.account_id,
                id=call.id,
                key_id=caller.key.id,
                at=datetime.fromtimestamp(self._clock.unix_ms() / 1000, UTC),
                endpoint=call.endpoint or call.path[:_LONGEST_MODEL],
                model="".join(character for character in model[:_LONGEST_MODEL] if character.isprintable()),
                status=refusal.status,
                code=refusal.code,
            )
        )

    async def write_always(self) -> None:
        """Write what waits, every second until cancelled."""
        while True:
            await asyncio.sleep(_WRITE_EVERY_S)
            await self.write()

    async def write(self) -> None:
        if not self._waiting:
            return
        rows, self._waiting = self._waiting, []
        try:
            async with self._pool.acquire() as connection:
                await write_refusals(connection, rows)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._metrics.refusals_dropped.add(len(rows))
