"""A gateway worker: the data plane of one process, on the public socket that all workers share."""

import asyncio
import gc
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack

from farebox.boot.config import Config
from farebox.boot.geo import load_geo
from farebox.boot.metrics_socket import metrics_answered
from farebox.boot.order import Order
from farebox.catalog.reader import CatalogReader
from farebox.gateway.app import GatewayApp
from farebox.gateway.forward import ControlForwarder
from farebox.gateway.options import GatewayOptions, HttpLimits
from farebox.gateway.server import GatewayServer
from farebox.kit.clock import SystemClock
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.kit.metrics import Registry
from farebox.storage.database import create_pool
from farebox.till.till import Till
from farebox.upstream.client import UpstreamClient
from farebox.upstream.health import Health
from farebox.upstream.limits import Timeouts
from farebox.upstream.route import Router

# Admissions and settlements have the till's own connection; these are for look-ups of keys, receipts and housework.
_POOL_SIZE = 4
# Net of those that went again by themselves. A thousand open streams are about as many.
_NEW_OBJECTS_PER_COLLECTION = 20_000


async def serve(order: Order, stopping: asyncio.Event, say_ready: Callable[[], None]) -> None:
    """Serves calls until told to stop, then lets running ones end; what they used goes last."""
    assert order.listen_fd is not None
    listener = socket.socket(fileno=order.listen_fd)
    clock, registry = SystemClock(), Registry()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(metrics_answered(order.metrics_socket, order.name, registry))
        application, options = await _compose(order, stack, clock, registry)
        application.start()
        stack.push_async_callback(application.close)
        server = GatewayServer(application, options)
        serving = asyncio.create_task(server.serve_on([listener]))
        await _until_started(server, serving)
        _collect_seldom()
        say_ready()
        await stopping.wait()
        application.begin_drain()
        server.stop()
        await serving


async def _compose(
    order: Order, stack: AsyncExitStack, clock: SystemClock, registry: Registry
) -> tuple[GatewayApp, GatewayOptions]:
    """Everything that the application stands on; the stack takes it down in reverse."""
    config, ids, options = order.config, IdSource(clock), gateway_options(order.config)
    pool = await create_pool(order.database_url, application_name=f"farebox-{order.name}", max_size=_POOL_SIZE)
    stack.push_async_callback(pool.close)
    client = UpstreamClient(clock=clock)
    stack.push_async_callback(client.close)
    reader = CatalogReader(pool, get_logger("catalog"), clock)
    stack.push_async_callback(reader.close)
    await reader.start()
    till = Till(
        order.database_url,
        pool,
        unit=config.policy.unit,
        node_id=order.node_id,
        spool_dir=order.spool_dir,
        ids=ids,
        clock=clock,
        logger=get_logger("till"),
    )
    await till.start()
    stack.push_async_callback(till.close)
    stack.push_async_callback(till.drain)
    health = Health(till.worker_id, clock, get_logger("health"))
    health.start(pool)
    stack.push_async_callback(health.close)
    router = Router(
        Seal(order.secret_key),
        health,
        get_logger("router"),
        simulator_url=order.simulator_url,
        proxy=config.upstream_proxy,
    )
    application = GatewayApp(
        policy=config.policy,
        till=till,
        reader=reader,
        router=router,
        health=health,
        client=client,
        pool=pool,
        options=options,
        forwarder=ControlForwarder(order.control_socket, get_logger("forward")),
        logger=get_logger("gateway"),
        clock=clock,
        ids=ids,
        registry=registry,
        geo=await load_geo(config),
    )
    return application, options


def _collect_seldom() -> None:
    """Calls leave no cycles behind (a test counts them), so that looking for some after every few calls finds none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS_PER_COLLECTION)


def gateway_options(config: Config) -> GatewayOptions:
    """The part of the configuration that a gateway worker goes by."""
    return GatewayOptions(
        http=HttpLimits(keep_alive_s=float(config.keep_alive_s)),
        body_most_bytes=config.body_limit_bytes,
        trusted_proxies=config.trusted_proxies,
        plain_timeouts=Timeouts(
            connect_s=config.connect_timeout_s,
            first_byte_s=config.plain_timeout_s,
            idle_s=config.idle_timeout_s,
        ),
        stream_timeouts=Timeouts(
            connect_s=config.connect_timeout_s,
            first_byte_s=config.first_byte_timeout_s,
            idle_s=config.idle_timeout_s,
        ),
        drain_s=int(config.drain_s),
    )


async def _until_started(server: GatewayServer, serving: "asyncio.Task[None]") -> None:
    while not server.started:
        await asyncio.wait({serving}, timeout=0.005)
        if serving.done():
            serving.result()
