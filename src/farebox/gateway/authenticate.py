"""Stage 2: who is asking. It grants nothing: status, expiry and limits are decided by the till on the live row.

A key is looked up by the SHA-256 of its whole text, never by a part of it. Known keys are remembered boundedly and for
half a minute (so that what is only displayed, such as CORS origins, follows changes); unknown ones for a second, so
that garbage cannot turn into a query per call. Look-ups that wait share one query.
"""

import asyncio
from typing import Any

import asyncpg
import msgspec

from farebox.accounts.api_key import api_key_hash, is_well_formed, shown_prefix
from farebox.accounts.store import KeyRecord, find_keys
from farebox.domain.errors import Refusal
from farebox.gateway.address import Address, AddressBook
from farebox.gateway.crossing import HeaderMap
from farebox.gateway.options import GatewayOptions
from farebox.gateway.receive import Call
from farebox.kit.clock import Clock

_ACQUIRE_S = 2.0
# Where clients of other dialects bring their key.
_KEY_HEADERS = (b"x-api-key", b"x-goog-api-key")


class Caller(msgspec.Struct, frozen=True):
    """The key that a call was made with, and from where."""

    key: KeyRecord
    address: Address | None


class Authenticator:
    """One worker's memory of keys."""

    def __init__(self, pool: Any, options: GatewayOptions, clock: Clock) -> None:
        self._pool = pool
        self._options = options
        self._clock = clock
        self._addresses = AddressBook(options.trusted_proxies)
        self._known: dict[bytes, tuple[KeyRecord, float]] = {}  # insertion order is order of use
        self._unknown: dict[bytes, float] = {}
        self._waiting: dict[bytes, asyncio.Future[KeyRecord | None]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def authenticate(self, call: Call) -> Caller:
        """The caller, or a Refusal: 401 for a key that is none, 503 when the database cannot be asked."""
        text = key_text(call.headers, call.query)
        if text is None:
            raise Refusal("invalid_api_key", "Send your API key as 'Authorization: Bearer KEY'.")
        digest = api_key_hash(text)
        now_s = self._clock.monotonic_s()
        known = self._known.pop(digest, None)
        if known is not None and known[1] > now_s:
            self._known[digest] = known
            record: KeyRecord | None = known[0]
        elif not is_well_formed(text) or self._unknown.get(digest, 0.0) > now_s:
            record = None
        else:
            record = await self._look_up(digest)
        if record is None:
            raise _unknown_key(text)
        return Caller(key=record, address=self.address_of(call))

    def address_of(self, call: Call) -> Address | None:
        """Where the call comes from."""
        return self._addresses.client_address(call.peer, call.headers.get(b"x-forwarded-for"))

    def forget(self, caller: Caller) -> None:
        """What is remembered of this key is not so any more: its next call looks it up."""
        self._known.pop(caller.key.hash, None)

    async def close(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look_up(self, digest: bytes) -> KeyRecord | None:
        waiter = self._waiting.get(digest)
        if waiter is None:
            waiter = self._waiting[digest] = asyncio.get_running_loop().create_future()
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_up_waiting(), name="key look-up")
        # Shielded, because others may wait for the same answer.
        return await asyncio.shield(waiter)

    async def _look_up_waiting(self) -> None:
        """One query for all that wait, again until nobody does."""
        batch: dict[bytes, asyncio.Future[KeyRecord | None]] = {}
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, {}
                try:
                    async with self._pool.acquire(timeout=_ACQUIRE_S) as connection:
                        records = await find_keys(connection, list(batch))
                except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    for waiter in batch.values():
                        waiter.set_exception(_unavailable())
                        waiter.exception()  # whoever still waits gets it; a waiter that was given up needs no complaint
                    continue
                self._remember(batch, records)
        finally:
            self._looking = None
            for waiter in batch.values():
                if not waiter.done():
                    waiter.cancel()

    def _remember(self, batch: dict[bytes, "asyncio.Future[KeyRecord | None]"], records: list[KeyRecord]) -> None:
        now_s = self._clock.monotonic_s()
        found = {record.hash: record for record in records}
        for digest, waiter in batch.items():
            record = found.get(digest)
            if record is None:
                _put(self._unknown, digest, now_s + self._options.unknown_key_s, self._options.cached_unknown_keys)
            else:
                _put(self._known, digest, (record, now_s + self._options.cached_key_s), self._options.cached_keys)
            waiter.set_result(record)


def key_text(headers: HeaderMap, query: bytes) -> str | None:
    """The key a request carries, wherever its dialect puts it; a Refusal when it carries two that differ.

    Nobody could tell who pays for such a request: a client and a proxy that each add a key are to be put right instead.
    """
    value: bytes | None = None
    authorization = headers.get(b"authorization")
    if authorization is not None:
        if authorization[:7].lower() != b"bearer ":
            return None
        value = authorization[7:].strip()
        if b"," in value:
            raise _two_keys()
    for name in _KEY_HEADERS:
        given = headers.get(name)
        if given and given != value:
            if value:
                raise _two_keys()
            value = given
    if b"key=" in query:
        value = _with_query_keys(value, query)
    return value.decode("latin-1") if value else None


def _with_query_keys(value: bytes | None, query: bytes) -> bytes | None:
    # A well-formed key has no character that a URL would escape.
    for part in query.split(b"&"):
        if part.startswith(b"key=") and (given := part[4:]) and given != value:
            if value:
                raise _two_keys()
            value = given
    return value


def _two_keys() -> Refusal:
    return Refusal(
        "invalid_api_key",
        "The request carries two different API keys; send one, in Authorization, x-api-key, x-goog-api-key or ?key=.",
    )


def _put(memory: dict[bytes, Any], key: bytes, value: Any, most: int) -> None:
    memory.pop(key, None)
    while len(memory) >= most:
        del memory[next(iter(memory))]  # the one that was used longest ago
    memory[key] = value


def _unknown_key(text: str) -> Refusal:
    shown = shown_prefix(text) if text.isascii() and text.isprintable() else ""
    return Refusal("invalid_api_key", f"The API key '{shown}…' is not valid; check it or make a new one.")


def _unavailable() -> Refusal:
    return Refusal("ledger_unavailable", "The ledger cannot be reached; try again shortly.", retry_after_s=2)
