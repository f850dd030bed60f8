"""`farebox serve`: everything of one node, in the order in which it has to come up and go down.

Up: data directory, sockets, child processes (which load their code meanwhile), database, schema, first things, orders.
Down: calls first, then what they lean on, PostgreSQL last.
"""

import asyncio
import resource
import signal
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from farebox.boot import store
from farebox.boot.config import Config
from farebox.boot.data_dir import DataDir
from farebox.boot.database import (
    DatabaseUrls,
    check_unit,
    embedded_urls,
    external_urls,
    prepare_schema,
    readable_errors,
)
from farebox.boot.demo import FirstThings, first_things
from farebox.boot.demo_payments import with_demo_payments
from farebox.boot.order import DRAIN_MARK, Order
from farebox.boot.sealing import open_seal
from farebox.boot.sockets import Listeners, bind_all
from farebox.boot.supervisor import ChildSpec, Supervisor
from farebox.domain.errors import CommandError
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.storage.database import connect
from farebox.storage.embedded import EmbeddedPostgres
from farebox.till.heartbeat import bury_workers_of_node

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_BURY_TRIES = 20


class Ready(msgspec.Struct, frozen=True):
    """What a node that serves says of itself."""

    config: Config
    url: str
    admin_url: str | None
    first: FirstThings


async def serve(config: Config, logger: Logger, announce: Callable[[Ready], None]) -> None:
    """Runs a node until SIGTERM or SIGINT, and drains it; a second signal ends it at once.

    `announce` is called once, when every process is ready. CommandError when it cannot start or cannot go on.
    """
    _allow_no_core_dumps()
    stopping, forced = asyncio.Event(), asyncio.Event()
    _listen_for_signals(stopping, forced)
    data_dir = DataDir(config.data_dir)
    data_dir.make()
    data_dir.lock()
    async with AsyncExitStack() as stack:
        # Last of all: a signal that comes while the interpreter ends must not make a clean end look like a death.
        stack.callback(_ignore_signals)
        stack.callback(data_dir.unlock)
        data_dir.make_spool()
        run_dir = data_dir.make_run_dir()
        stack.callback(data_dir.remove_run_dir)
        listeners = bind_all(config, run_dir, logger)
        stack.callback(listeners.close)
        node = _Node(config, data_dir, listeners, logger)
        # Entered before the children, so that it is left after them.
        database = _Database(config)
        stack.push_async_callback(database.stop)
        supervisor = Supervisor(node.specs(), logger, node.bury)
        stack.push_async_callback(supervisor.drain, config.drain_s, forced)
        # Left first: while workers finish what they have, nobody else gets in, and clients learn it at once.
        stack.callback(listeners.public.close)
        stack.callback(_mark_draining, run_dir)
        supervisor.start()
        await _until(node.start(database, supervisor, announce), stopping)
        await _until(_watch(database, supervisor), stopping)
        logger.info("draining", limit_s=config.drain_s)


class _Database:
    """The embedded server, or nothing to run when the operator has one."""

    def __init__(self, config: Config) -> None:
        self._external = external_urls(config)
        self._embedded = None if self._external is not None else EmbeddedPostgres(config.data_dir)
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> DatabaseUrls:
        if self._embedded is None:
            assert self._external is not None
            return self._external
        urls = embedded_urls(await self._embedded.start("serve"))
        self._keeping = asyncio.create_task(self._embedded.keep_running(), name="keep PostgreSQL running")
        return urls

    async def watch(self) -> None:
        """Returns never, or raises when the server cannot be kept up."""
        if self._keeping is not None:
            await asyncio.shield(self._keeping)
        await asyncio.Event().wait()

    async def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._embedded is not None:
            await self._embedded.stop()


class _Node:
    """What the processes of this node have in common."""

    def __init__(self, config: Config, data_dir: DataDir, listeners: Listeners, logger: Logger) -> None:
        self._config = config
        self._data_dir = data_dir
        self._listeners = listeners
        self._logger = logger
        self._ids = IdSource()
        self._urls: DatabaseUrls | None = None
        self._plays_payments = False

    def specs(self) -> list[ChildSpec]:
        sockets = self._listeners
        admin_fd = None if sockets.admin is None else sockets.admin.fileno()
        gateways = [
            ChildSpec(name=f"gateway-{number}", role="gateway", listen_fd=sockets.public.fileno())
            for number in range(self._config.workers)
        ]
        return [
            *gateways,
            ChildSpec(name="control", role="control", listen_fd=sockets.control.fileno(), admin_fd=admin_fd),
            ChildSpec(name="worker", role="worker"),
            ChildSpec(name="simulator", role="simulator", listen_fd=sockets.simulator.fileno()),
        ]

    async def start(self, database: _Database, supervisor: Supervisor, announce: Callable[[Ready], None]) -> None:
        """Brings the database up, briefs the children, waits for all of them and announces."""
        urls = self._urls = await database.start()
        await prepare_schema(urls)
        first = await self._first_things(urls)
        # Those of an earlier life of this node that was killed.
        await self._bury_workers(urls.app)
        supervisor.brief(self._order_maker(urls))
        await supervisor.wait_ready()
        announce(Ready(self._config, self._listeners.public_url, self._listeners.admin_url, first))

    async def bury(self, order: Order) -> None:
        """Has the holds of a process that died voided now, and not after a minute of its silence."""
        if order.role not in ("gateway", "worker"):
            return
        for _ in range(_BURY_TRIES):
            try:
                await self._bury_workers(order.database_url)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(1.0)
            else:
                return
        self._logger.warning("worker_not_marked_dead", child=order.name)

    async def _bury_workers(self, database_url: str) -> None:
        connection = await connect(database_url, application_name="farebox-serve")
        try:
            await bury_workers_of_node(connection, self._data_dir.node_id(), self._data_dir.spool)
        finally:
            await connection.close()

    async def _first_things(self, urls: DatabaseUrls) -> FirstThings:
        with readable_errors():
            connection = await connect(urls.app, application_name="farebox-start")
        try:
            await check_unit(connection, self._config)
            seal = await open_seal(connection, self._data_dir, self._config)
            first = await first_things(connection, self._config, seal, self._ids)
            # Simulated money must not buy what a provider is paid for.
            self._plays_payments = not await store.has_real_channel(connection)
            return first
        finally:
            await connection.close()

    def _order_maker(self, urls: DatabaseUrls) -> Callable[[ChildSpec], Order]:
        secret_key = self._data_dir.secret_key(self._config)
        spool_dir, node_id, run_dir = self._data_dir.spool, self._data_dir.node_id(), self._data_dir.run_dir
        # Secrets that a child has no use for stay here.
        config = msgspec.structs.replace(self._config, database_url=None, database_owner_url=None, secret_key=None)
        if self._plays_payments:
            config = with_demo_payments(config, secret_key, self._listeners.simulator_url)

        def order_for(spec: ChildSpec) -> Order:
            return Order(
                role=spec.role,
                name=spec.name,
                config=config,
                database_url=urls.app,
                secret_key=secret_key,
                run_dir=run_dir,
                spool_dir=spool_dir,
                node_id=node_id,
                simulator_url=self._listeners.simulator_url,
                public_url=self._listeners.public_url,
                listen_fd=spec.listen_fd,
                admin_fd=spec.admin_fd,
            )

        return order_for


async def _watch(database: _Database, supervisor: Supervisor) -> None:
    """Raises when the database or a keeper of a child gives up; never returns."""
    watching = asyncio.create_task(database.watch())
    try:
        await asyncio.wait({watching, *supervisor.keepers}, return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            watching.result()
        supervisor.check()
        raise CommandError("a child process is no longer looked after")
    finally:
        watching.cancel()


async def _until(work: Coroutine[Any, Any, None], stopping: asyncio.Event) -> None:
    """Carries out the work, or breaks it off when we are told to stop."""
    if stopping.is_set():
        work.close()
        return
    task = asyncio.ensure_future(work)
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
    finally:
        for each in (task, stop):
            each.cancel()
        await asyncio.gather(task, stop, return_exceptions=True)


def _mark_draining(run_dir: Path) -> None:
    # Nobody is refused for want of it: the gateways say so themselves, as soon as they have heard.
    with suppress(OSError):
        (run_dir / DRAIN_MARK).touch()


def _allow_no_core_dumps() -> None:
    # A dump would write calls under way and the secret key to disk. Children inherit the limit.
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def _ignore_signals() -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _listen_for_signals(stopping: asyncio.Event, forced: asyncio.Event) -> None:
    def on_signal() -> None:
        if stopping.is_set():
            forced.set()
        stopping.set()

    def hand_over(_number: int, _frame: object) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(on_signal)

    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        # Under nohup a hang-up is to be ignored. The loop's own handlers would be gone before the process is.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, hand_over)
