"""The simulator process: the demo model and test keys of this node, on a loopback socket."""

import asyncio
import socket
from collections.abc import Callable

from farebox.boot.metrics_socket import metrics_answered
from farebox.boot.order import Order
from farebox.kit.metrics import Registry
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.server import serve_simulator


async def serve(order: Order, stopping: asyncio.Event, say_ready: Callable[[], None]) -> None:
    assert order.listen_fd is not None
    listener = socket.socket(fileno=order.listen_fd)
    async with metrics_answered(order.metrics_socket, order.name, Registry()):
        options = SimulatorOptions()
        serving = asyncio.create_task(serve_simulator(options, sock=listener, on_ready=lambda _: say_ready()))
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait({serving, stop}, return_when=asyncio.FIRST_COMPLETED)
        for task in (serving, stop):
            task.cancel()
        await asyncio.gather(stop, return_exceptions=True)
        results = await asyncio.gather(serving, return_exceptions=True)
        if isinstance(results[0], Exception):
            raise results[0]
