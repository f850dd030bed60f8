"""`python -m farebox.simulator`: the simulated provider as a process of its own.

It prints one JSON line `{"url": …}` when it is ready and ends on SIGTERM, on SIGINT, and, with `--until-stdin-closes`,
when its parent is gone.
"""

import argparse
import asyncio
import contextlib
import json
import signal
import sys

import msgspec
import uvloop

from farebox.simulator.options import SimulatorOptions, options_from_json
from farebox.simulator.payments.desk import PaymentDesk
from farebox.simulator.payments.options import PaymentOptions
from farebox.simulator.server import serve_simulator


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m farebox.simulator", description=__doc__)
    arguments.add_argument("--json-options", default="{}", help="a JSON object with the fields of SimulatorOptions")
    arguments.add_argument("--host", default="127.0.0.1")
    arguments.add_argument("--port", type=int, default=0, help="0 takes any free port")
    arguments.add_argument("--payments", metavar="JSON", help="payments too, with the fields of PaymentOptions")
    arguments.add_argument("--until-stdin-closes", action="store_true")
    given = arguments.parse_args()
    try:
        options = options_from_json(given.json_options)
        payments = None if given.payments is None else msgspec.json.decode(given.payments, type=PaymentOptions)
    except msgspec.DecodeError as error:
        arguments.error(f"--json-options or --payments: {error}")
    uvloop.run(run(options, given.host, given.port, payments, until_stdin_closes=given.until_stdin_closes))
    return 0


async def run(
    options: SimulatorOptions,
    host: str,
    port: int,
    payments: PaymentOptions | None = None,
    *,
    until_stdin_closes: bool = False,
) -> None:
    """Serve until a signal comes (or the parent is gone), announcing the address on standard output."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    if until_stdin_closes:
        await loop.connect_read_pipe(lambda: ParentWatch(stopped), sys.stdin)

    def announce(bound_port: int) -> None:
        sys.stdout.write(json.dumps({"url": f"http://{host}:{bound_port}"}) + "\n")
        sys.stdout.flush()

    desk = None if payments is None else PaymentDesk(payments)
    serving = asyncio.create_task(serve_simulator(options, host=host, port=port, desk=desk, on_ready=announce))
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


class ParentWatch(asyncio.Protocol):
    """Standard input ends when the process that started this one ends."""

    def __init__(self, gone: asyncio.Event) -> None:
        self._gone = gone

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone.set()


if __name__ == "__main__":
    sys.exit(main())
