"""CORS: closed by default, opened per key for named origins.

A preflight carries no key. It is answered for an origin that any active key names; the call that follows is answered
with CORS headers only if its own key names the origin.
"""

from typing import Any

import asyncpg

from farebox.gateway.answer import Headers
from farebox.gateway.crossing import HeaderMap
from farebox.gateway.store import read_origins
from farebox.kit.clock import Clock

_KEPT_S = 30.0


class Preflights:
    """Answers preflights from one set of origins, read at most every half minute whoever asks."""

    def __init__(self, pool: Any, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._origins: frozenset[str] = frozenset()
        self._fresh_until_s = float("-inf")

    async def headers_for(self, headers: HeaderMap) -> Headers:
        """The headers that open the way; none for an origin that nobody opened."""
        origin = headers.get(b"origin")
        if origin is None:
            return []
        await self._refresh()
        if origin.decode("latin-1") not in self._origins and "*" not in self._origins:
            return []
        return [
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
            (
                b"access-control-allow-headers",
                headers.get(b"access-control-request-headers", b"authorization, content-type"),
            ),
            (b"access-control-max-age", b"600"),
            (b"vary", b"origin, access-control-request-headers"),
        ]

    async def _refresh(self) -> None:
        now_s = self._clock.monotonic_s()
        if now_s < self._fresh_until_s:
            return
        self._fresh_until_s = now_s + _KEPT_S  # set first: others meanwhile use what is known
        try:
            async with self._pool.acquire(timeout=2.0) as connection:
                self._origins = await read_origins(connection)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._fresh_until_s = now_s + 1.0
