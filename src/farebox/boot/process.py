"""`python -m farebox.boot.process ROLE NAME PARENT`: the child's side of the supervisor.

It loads the code of its role while the supervisor still starts the database, reads its order from standard input, and
says "ready" on standard output once it serves. It takes its configuration from nowhere else.
"""

import asyncio
import ctypes
import gc
import importlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop

from farebox.boot.order import Order, decode_order
from farebox.kit.logging import configure_logging, get_logger

_PR_SET_PDEATHSIG = 1
_ROLES = ("gateway", "control", "worker", "simulator")

# What a role's module offers: serve until `stopping` is set, calling the last argument once when it serves.
Serve = Callable[[Order, asyncio.Event, Callable[[], None]], Coroutine[Any, Any, None]]


def main() -> int:
    role, name, parent_pid = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if role not in _ROLES:
        sys.stderr.write(f"{role} is no role of a process\n")
        return 2
    die_with(parent_pid)
    serve: Serve = importlib.import_module(f"farebox.boot.roles.{role}").serve
    raw = sys.stdin.buffer.read()
    if not raw:
        return 0  # The supervisor gave up before there was anything to do.
    order = decode_order(raw)
    configure_logging(json=order.config.log_json, level=order.config.log_level)
    # What is loaded now lives as long as the process: no collection has to look at it again.
    gc.collect()
    gc.freeze()
    uvloop.run(_live(serve, order))
    get_logger("boot").debug("child_done", child=name)
    return 0


async def _live(serve: Serve, order: Order) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await serve(order, stopping, _say_ready)


def _say_ready() -> None:
    os.write(sys.stdout.fileno(), b"ready\n")


def die_with(parent_pid: int) -> None:
    """Have the kernel kill this process when its parent ends, however it ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent_pid:
        # It ended before we asked to be told.
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
