"""Connections to PostgreSQL as all of Farebox wants them: UTC, schema public, JSON as Python values, no dead peers.

It must not know what is asked over them.
"""

import socket
from collections.abc import Mapping
from typing import Any, TypeAlias

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

# What a store takes: a connection of its own or one lent by a pool.
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

_CONNECT_TIMEOUT_S = 10.0
# A peer that is gone without a word is noticed within about 20 s on both sides, and its locks are freed.
_KEEPALIVE_IDLE_S, _KEEPALIVE_INTERVAL_S, _KEEPALIVE_COUNT, _UNACKNOWLEDGED_MS = 10, 5, 2, 20_000
_SERVER_SETTINGS = {
    "timezone": "UTC",
    "search_path": "public",
    "jit": "off",
    "tcp_keepalives_idle": str(_KEEPALIVE_IDLE_S),
    "tcp_keepalives_interval": str(_KEEPALIVE_INTERVAL_S),
    "tcp_keepalives_count": str(_KEEPALIVE_COUNT),
    "tcp_user_timeout": str(_UNACKNOWLEDGED_MS),
}


async def connect(
    url: str,
    *,
    application_name: str,
    settings: Mapping[str, str] | None = None,
    command_timeout_s: float | None = None,
) -> "asyncpg.Connection[asyncpg.Record]":
    """One connection of one's own; `settings` are session settings of PostgreSQL that hold for its whole life."""
    connection = await asyncpg.connect(
        url,
        timeout=_CONNECT_TIMEOUT_S,
        command_timeout=command_timeout_s,
        server_settings={**_SERVER_SETTINGS, **(settings or {}), "application_name": application_name},
        # Prepared statements are kept for good: there are few, and planning costs more than most of them.
        max_cached_statement_lifetime=0,
    )
    await _prepare(connection)
    return connection


async def create_pool(
    url: str,
    *,
    application_name: str,
    min_size: int = 0,
    max_size: int = 10,
    settings: Mapping[str, str] | None = None,
    command_timeout_s: float | None = None,
) -> Pool:
    """A pool of connections, which the caller closes."""
    return await asyncpg.create_pool(
        url,
        min_size=min_size,
        max_size=max_size,
        timeout=_CONNECT_TIMEOUT_S,
        command_timeout=command_timeout_s,
        server_settings={**_SERVER_SETTINGS, **(settings or {}), "application_name": application_name},
        max_cached_statement_lifetime=0,
        init=_prepare,
    )


async def _prepare(connection: Connection) -> None:
    try:
        for name in ("json", "jsonb"):
            await connection.set_type_codec(
                name, encoder=_encode_json, decoder=msgspec.json.decode, schema="pg_catalog", format="text"
            )
    except asyncpg.InternalClientError as error:
        # What asyncpg makes of a connection that ends while it looks up a type; nobody else should have to know.
        raise ConnectionResetError("the connection ended while it was being prepared") from error
    # asyncpg has no setting for the client's side of a dead peer, and no public way to its socket.
    transport: Any = connection._transport  # noqa: SLF001
    peer: socket.socket = transport.get_extra_info("socket")
    if peer.family != socket.AF_UNIX:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _KEEPALIVE_IDLE_S)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _KEEPALIVE_INTERVAL_S)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _KEEPALIVE_COUNT)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)


def _encode_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
