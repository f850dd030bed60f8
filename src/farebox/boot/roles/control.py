"""The control process: what the gateway forwards, and the admin listener."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Generator
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import httpx
import uvicorn
from fastapi import FastAPI

from farebox.boot.geo import load_geo
from farebox.boot.metrics_socket import metrics_answered
from farebox.boot.order import OUTGOING_S, Order, salt_of
from farebox.control.operations import create_operations
from farebox.control.services import Services
from farebox.kit.clock import SystemClock
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger, get_logger
from farebox.kit.metrics import Registry
from farebox.ledger.service import Ledger
from farebox.payments.registry import providers_of
from farebox.storage.database import connect, create_pool
from farebox.storage.room import WORK_BYTES, has_room

_DRAIN_S = 3
_MOST_CONNECTIONS = 10


async def serve(order: Order, stopping: asyncio.Event, say_ready: Callable[[], None]) -> None:
    assert order.listen_fd is not None
    logger = get_logger("control")
    async with AsyncExitStack() as stack:
        services = await _services(order, logger, stack)
        await _serve(order, services, stopping, say_ready)


async def _serve(order: Order, services: Services, stopping: asyncio.Event, say_ready: Callable[[], None]) -> None:
    logger = services.logger
    # The sockets listen already. Loading the whole API takes longer than all else that starts; calls need none of it,
    # and whoever comes for it meanwhile waits in line.
    say_ready()
    app = await asyncio.to_thread(_application, services)
    servers = [(_Server(app), socket.socket(fileno=order.listen_fd))]
    if order.admin_fd is not None:
        operations = create_operations(
            order.run_dir, lambda: _database_answers(order.database_url), lambda: _obstacle(order), logger
        )
        servers.append((_Server(operations), socket.socket(fileno=order.admin_fd)))
    async with metrics_answered(order.metrics_socket, order.name, Registry()):
        serving = [asyncio.create_task(server.serve(sockets=[listener])) for server, listener in servers]
        while not all(server.started for server, _ in servers):
            await asyncio.wait(serving, timeout=0.01, return_when=asyncio.FIRST_COMPLETED)
            for task in serving:
                if task.done():
                    task.result()
        await stopping.wait()
        for server, _ in servers:
            server.should_exit = True
        await asyncio.gather(*serving)


def _application(services: Services) -> FastAPI:
    from farebox.control.app import create_app

    return create_app(services)


async def _services(order: Order, logger: Logger, stack: AsyncExitStack) -> Services:
    config = order.config
    pool = await create_pool(order.database_url, application_name="farebox-control", max_size=_MOST_CONNECTIONS)
    stack.push_async_callback(pool.close)
    http = await stack.enter_async_context(httpx.AsyncClient(timeout=OUTGOING_S, follow_redirects=False))
    ids = IdSource()
    return Services(
        pool=pool,
        policy=config.policy,
        ids=ids,
        clock=SystemClock(),
        seal=Seal(order.secret_key),
        salt=salt_of(order.secret_key),
        ledger=Ledger(config.policy.unit, ids),
        logger=logger,
        public_url=config.public_url or order.public_url,
        http=http,
        payments=providers_of(config.stripe, config.creem, http),
        stripe=config.stripe,
        creem=config.creem,
        mail=config.mail,
        oidc=config.oidc,
        geo=await load_geo(config),
        upstream_proxy=config.upstream_proxy,
    )


class _Server(uvicorn.Server):
    """uvicorn without its signals, which are boot's, and without its logs, which hold addresses and paths."""

    def __init__(self, app: Any) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="httptools",
                ws="none",
                loop="none",
                lifespan="off",
                log_config=None,
                log_level=logging.WARNING,
                access_log=False,
                server_header=False,
                # The gateway in front of us has judged them and is the only one who can connect.
                proxy_headers=False,
                timeout_graceful_shutdown=_DRAIN_S,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def _obstacle(order: Order) -> str | None:
    """Why this node takes no new calls, as far as that lies in the node itself."""
    if order.drain_mark.exists():
        return "this node is draining"
    if not has_room(order.spool_dir, WORK_BYTES):
        return "its disk is full"
    return None


async def _database_answers(url: str) -> bool:
    try:
        connection = await connect(url, application_name="farebox-ready", command_timeout_s=2.0)
        try:
            await connection.execute("SELECT")
        finally:
            await connection.close()
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True
