"""The worker process: periodic duties of the node, and of all nodes one at a time."""

import asyncio
from collections.abc import Callable

from farebox.boot.data_dir import DataDir
from farebox.boot.ledger_heads import LedgerHeads
from farebox.boot.metrics_socket import metrics_answered
from farebox.boot.order import Order
from farebox.kit.clock import SystemClock
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.kit.metrics import Registry
from farebox.storage.database import create_pool
from farebox.worker.run import MOST_CONNECTIONS, WorkerRun


async def serve(order: Order, stopping: asyncio.Event, say_ready: Callable[[], None]) -> None:
    """Does the duties until told to stop; what is under way then is broken off and done again by the next."""
    clock = SystemClock()
    pool = await create_pool(order.database_url, application_name="farebox-worker", max_size=MOST_CONNECTIONS)
    run = WorkerRun(
        order.database_url,
        pool,
        unit=order.config.policy.unit,
        node_id=order.node_id,
        spool_dir=order.spool_dir,
        ids=IdSource(clock),
        clock=clock,
        logger=get_logger("worker"),
        publish=LedgerHeads(DataDir(order.config.data_dir).ledger_heads),
    )
    async with metrics_answered(order.metrics_socket, order.name, Registry()):
        await run.start()
        say_ready()
        await stopping.wait()
        await run.close()
        await pool.close()
