"""Serving the simulated provider on a port until the caller cancels it."""

import asyncio
import socket
from collections.abc import Callable

from farebox.simulator.app import Simulator
from farebox.simulator.connection import Connection
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.payments.desk import PaymentDesk

BACKLOG = 4096


async def serve_simulator(
    options: SimulatorOptions,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    sock: socket.socket | None = None,
    desk: PaymentDesk | None = None,
    on_ready: Callable[[int], None],
) -> None:
    """Serve until cancelled; `on_ready` is called once with the port when connections are accepted.

    A bound `sock` takes the place of `host` and `port`. With a `desk`, payments are simulated, too. Cancelling cuts the
    answers that are still running.
    """
    loop = asyncio.get_running_loop()
    simulator = Simulator(options, desk=desk)
    connections: set[Connection] = set()

    def connect() -> Connection:
        return Connection(simulator, connections, loop)

    if sock is not None:
        server = await loop.create_server(connect, sock=sock, backlog=BACKLOG)
    else:
        server = await loop.create_server(connect, host, port, backlog=BACKLOG)
    try:
        bound_host, bound_port = server.sockets[0].getsockname()[:2]
        if desk is not None:
            desk.serve_at(f"http://{bound_host}:{bound_port}")
        on_ready(bound_port)
        await asyncio.Event().wait()
    finally:
        server.close()
        for connection in list(connections):
            connection.close()
        if desk is not None:
            await desk.close()
