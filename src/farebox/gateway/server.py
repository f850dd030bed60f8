"""A gateway worker's listener: uvicorn's server with our connection class, our sweep and boot's signals."""

import contextlib
import logging
import socket
from collections.abc import Generator, Sequence
from typing import cast

from uvicorn.config import HTTPProtocolType
from uvicorn.server import Server

from farebox.gateway.connection import Connection, GatewayConfig
from farebox.gateway.exchange import Application
from farebox.gateway.options import GatewayOptions

# uvicorn ticks ten times a second; slow clients are looked for at every fifth tick.
_TICKS_PER_SWEEP = 5


class GatewayServer(Server):
    """Serves until `stop` is called; then it accepts nothing new, lets running jobs end, and returns.

    Signals are boot's: it calls `stop` on the first and may cancel `serve` on the second. Jobs that still run after
    `options.drain_s` are cancelled; their settlement is not (gateway/hold.py).
    """

    def __init__(self, application: Application, options: GatewayOptions) -> None:
        config = GatewayConfig(
            app=application,
            interface="asgi3",
            http=cast("HTTPProtocolType", Connection),
            ws="none",
            lifespan="off",
            loop="none",
            log_config=None,
            log_level=logging.WARNING,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=options.drain_s,
        )
        config.http_limits = options.http
        config.application = application
        super().__init__(config)

    async def serve_on(self, sockets: Sequence[socket.socket]) -> None:
        """Accept on these listening sockets until stopped and drained."""
        await self.serve(sockets=list(sockets))

    def stop(self) -> None:
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_PER_SWEEP == 0:
            self._sweep()
        return await super().on_tick(counter)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    def _sweep(self) -> None:
        connections = cast("set[Connection]", self.server_state.connections)
        for connection in tuple(connections):
            connection.expire(connection.loop.time())
