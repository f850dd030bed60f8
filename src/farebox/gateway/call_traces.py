"""Where calls come from, and which of them providers denied: kept in memory for some seconds, then written for risk.

Of a key and a network address one trace is left per hour, whatever was called and whether or not it was refused; the
customer's address is nothing that a job or a receipt knows. It is worth little: what waits is lost with the worker, and
beyond the bounds nothing more is remembered until the next hour.
"""

import asyncio
import hashlib
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from farebox.gateway.address import Address
from farebox.gateway.authenticate import Caller
from farebox.gateway.receive import Call
from farebox.kit.clock import Clock
from farebox.kit.geo import Geo
from farebox.kit.ids import first_id_at
from farebox.till.operations import Admit
from farebox.traces.call_store import CallTrace, insert

_WRITE_EVERY_S = 10.0
_ROWS_AT_ONCE = 500
_HOUR_MS = 3_600_000
_LONGEST_AGENT = 300
# In an hour: of all keys, so that memory is bounded, and of one, so that no customer takes the room of the others.
MOST_REMEMBERED = 50_000
MOST_OF_A_KEY = 500
_MOST_DENIED_WAITING = 1_000
_VERSION_7_AND_VARIANT = 0x7 << 76 | 0x2 << 62


class CallTraces:
    """One worker's. Taking a trace never waits."""

    def __init__(self, pool: Any, clock: Clock, geo: Geo | None) -> None:
        self._pool = pool
        self._clock = clock
        self._geo = geo
        self._hour = 0
        self._seen: set[tuple[UUID, int | None]] = set()
        self._of_key: dict[UUID, int] = {}
        self._waiting: list[CallTrace] = []
        self._denied: list[CallTrace] = []

    def called(self, call: Call, caller: Caller) -> None:
        """A known key was used, in this hour perhaps not for the first time from there."""
        now_ms = self._clock.unix_ms()
        hour = now_ms // _HOUR_MS
        if hour != self._hour:
            self._hour = hour
            self._seen.clear()
            self._of_key.clear()
        key_id, address = caller.key.id, _plain(caller.address)
        place = _place(address)
        if (key_id, place) in self._seen:
            return
        of_key = self._of_key.get(key_id, 0)
        if of_key >= MOST_OF_A_KEY or len(self._seen) >= MOST_REMEMBERED:
            return
        self._seen.add((key_id, place))
        self._of_key[key_id] = of_key + 1
        trace_id = _id_of(hour * _HOUR_MS, key_id, place)
        self._waiting.append(_trace(trace_id, caller.key.account_id, key_id, "call", address, _agent(call), now_ms))

    def denied(self, admit: Admit) -> None:
        """The provider refused a job for what it was about; its trace has the job's id."""
        if len(self._denied) < _MOST_DENIED_WAITING:
            now_ms, address = self._clock.unix_ms(), _plain(admit.address)
            self._denied.append(_trace(admit.job_id, admit.account_id, admit.key_id, "denied", address, "", now_ms))

    async def write_always(self) -> None:
        """Write what waits, every few seconds until cancelled."""
        while True:
            await asyncio.sleep(_WRITE_EVERY_S)
            await self.write()

    async def write(self) -> None:
        rows, self._waiting, self._denied = [*self._waiting, *self._denied], [], []
        for at in range(0, len(rows), _ROWS_AT_ONCE):
            piece = [self._with_country(row) for row in rows[at : at + _ROWS_AT_ONCE]]
            try:
                async with self._pool.acquire() as connection:
                    await insert(connection, piece)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                return

    def _with_country(self, row: CallTrace) -> CallTrace:
        if self._geo is None or row.address is None:
            return row
        return msgspec.structs.replace(row, country=self._geo.country_of(row.address))


def _place(address: Address | None) -> int | None:
    """A number, as addresses take long to hash. Of IPv6 whoever has one has the network of 64 bits around it."""
    if isinstance(address, IPv4Address):
        return -1 - int(address)
    return None if address is None else int(address) >> 64


def _plain(address: Address | None) -> Address | None:
    """An IPv4 address as such, however the socket tells it."""
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address
    return address


def _id_of(hour_ms: int, key_id: UUID, place: int | None) -> UUID:
    """The same for the same key, place and hour in every worker, and of the hour's day."""
    digest = hashlib.sha256(f"{hour_ms}:{key_id}:{place}".encode()).digest()
    random = int.from_bytes(digest[:10], "big") & ~(0xF << 76 | 0x3 << 62)
    return UUID(int=first_id_at(hour_ms).int | _VERSION_7_AND_VARIANT | random)


def _trace(
    trace_id: UUID, account_id: UUID, key_id: UUID, kind: str, address: Address | None, agent: str, now_ms: int
) -> CallTrace:
    text = None if address is None else str(address).partition("%")[0]
    return CallTrace(trace_id, account_id, key_id, kind, text, "", agent, datetime.fromtimestamp(now_ms / 1000, UTC))


def _agent(call: Call) -> str:
    text = call.headers.get(b"user-agent", b"")[:_LONGEST_AGENT].decode("latin-1")
    return "".join(character for character in text if character.isprintable())
