"""The simulator process: the demo model, test keys and demo payments of this node, on a loopback socket."""

import asyncio
import socket
from collections.abc import Callable

from farebox.boot.demo_payments import demo_payment_options
from farebox.boot.metrics_socket import metrics_answered
from farebox.boot.order import Order
from farebox.kit.metrics import Registry
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.payments.desk import PaymentDesk
from farebox.simulator.server import serve_simulator


async def serve(order: Order, stopping: asyncio.Event, say_ready: Callable[[], None]) -> None:
    assert order.listen_fd is not None
    listener = socket.socket(fileno=order.listen_fd)
    payments = demo_payment_options(order.config, order.public_url, order.simulator_url)
    desk = None if payments is None else PaymentDesk(payments)
    async with metrics_answered(order.metrics_socket, order.name, Registry()):
        simulating = serve_simulator(SimulatorOptions(), sock=listener, desk=desk, on_ready=lambda _: say_ready())
        serving = asyncio.create_task(simulating)
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait({serving, stop}, return_when=asyncio.FIRST_COMPLETED)
        for task in (serving, stop):
            task.cancel()
        await asyncio.gather(stop, return_exceptions=True)
        results = await asyncio.gather(serving, return_exceptions=True)
        if isinstance(results[0], Exception):
            raise results[0]
