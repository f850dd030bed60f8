"""Tells the till when a settled job's last byte is in the kernel's hands.

Sockets write after the turn of the event loop in which they were given bytes, so answers are looked at a turn later,
all of them together; those of slow readers again a little later.
"""

import asyncio
from uuid import UUID

from farebox.gateway.exchange import Exchange
from farebox.till.till import Till

_LOOK_AGAIN_S = 0.05


class Deliveries:
    """One worker's answers on their way out."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._waiting: list[tuple[Exchange, UUID]] = []
        self._is_scheduled = False

    def watch(self, exchange: Exchange, job_id: UUID) -> None:
        """Called when the answer's last byte was given to the socket. A client that is gone ends a delivery, too."""
        self._waiting.append((exchange, job_id))
        if not self._is_scheduled:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        waiting, self._waiting = self._waiting, []
        for exchange, job_id in waiting:
            if exchange.is_delivered:
                self._till.delivered(job_id)
            else:
                self._waiting.append((exchange, job_id))
        self._is_scheduled = bool(self._waiting)
        if self._waiting:
            asyncio.get_running_loop().call_later(_LOOK_AGAIN_S, self._look)
