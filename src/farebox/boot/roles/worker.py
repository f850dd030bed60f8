"""The worker process: periodic duties of the node, and of all nodes one at a time."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import httpx

from farebox.boot.audit_heads import AuditHeadFile
from farebox.boot.data_dir import DataDir
from farebox.boot.ledger_heads import LedgerHeads
from farebox.boot.metrics_socket import metrics_answered
from farebox.boot.order import OUTGOING_S, Order, salt_of
from farebox.kit.clock import SystemClock
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.kit.metrics import Registry
from farebox.ledger.service import Ledger
from farebox.storage.database import create_pool
from farebox.upstream.client import UpstreamClient
from farebox.worker.business import MOST_BUSINESS_CONNECTIONS, Business, BusinessRun
from farebox.worker.probe import Probes
from farebox.worker.run import MOST_CONNECTIONS, WorkerRun


async def serve(order: Order, stopping: asyncio.Event, say_ready: Callable[[], None]) -> None:
    """Does the duties until told to stop; what is under way then is broken off and done again by the next."""
    clock = SystemClock()
    pool = await create_pool(order.database_url, application_name="farebox-worker", max_size=MOST_CONNECTIONS)
    client = UpstreamClient(clock=clock)
    probes = Probes(
        client,
        Seal(order.secret_key),
        order.config.policy.routing,
        proxy=order.config.upstream_proxy,
        clock=clock,
        logger=get_logger("probes"),
    )
    run = WorkerRun(
        order.database_url,
        pool,
        unit=order.config.policy.unit,
        node_id=order.node_id,
        spool_dir=order.spool_dir,
        ids=IdSource(clock),
        clock=clock,
        logger=get_logger("worker"),
        heads=LedgerHeads(DataDir(order.config.data_dir).ledger_heads),
        probes=probes,
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(metrics_answered(order.metrics_socket, order.name, Registry()))
        stack.push_async_callback(pool.close)
        stack.push_async_callback(client.close)
        await run.start()
        stack.push_async_callback(run.close)
        business = await _business(order, stack)
        business.start()
        stack.push_async_callback(business.close)
        say_ready()
        await stopping.wait()


async def _business(order: Order, stack: AsyncExitStack) -> BusinessRun:
    config, clock = order.config, SystemClock()
    pool = await create_pool(
        order.database_url, application_name="farebox-business", max_size=MOST_BUSINESS_CONNECTIONS
    )
    stack.push_async_callback(pool.close)
    ids = IdSource(clock)
    callbacks = UpstreamClient(clock=clock)
    stack.push_async_callback(callbacks.close)
    business = Business(
        policy=config.policy,
        node_id=order.node_id,
        spool_dir=order.spool_dir,
        ids=ids,
        clock=clock,
        seal=Seal(order.secret_key),
        salt=salt_of(order.secret_key),
        ledger=Ledger(config.policy.unit, ids),
        logger=get_logger("business"),
        public_url=config.public_url or order.public_url,
        http=await stack.enter_async_context(httpx.AsyncClient(timeout=OUTGOING_S, follow_redirects=False)),
        callbacks=callbacks,
        upstream_proxy=config.upstream_proxy,
        audit_heads=AuditHeadFile(DataDir(config.data_dir).audit_heads),
        stripe=config.stripe,
        creem=config.creem,
        mail=config.mail,
    )
    return BusinessRun(pool, business)
