"""Child processes: started early, briefed when the database is there, watched, restarted, drained.

A child loads its code while the database still starts, then waits for its order on standard input and answers with one
line on standard output when it serves. It dies with the supervisor (boot/process.py). Sockets are bound by the
supervisor and inherited, so that nobody is refused while a crashed child comes back. It must not know what the
processes do.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import msgspec

from farebox.boot.config import child_environment
from farebox.boot.order import Order, Role, encode_order
from farebox.domain.errors import CommandError
from farebox.kit.logging import Logger

READY_LINE = b"ready\n"

_FIRST_BACKOFF_S = 0.1
_LONGEST_BACKOFF_S = 5.0
_STABLE_S = 10.0
_READY_LIMIT_S = 60.0
_KILL_AFTER_S = 5.0


class ChildSpec(msgspec.Struct, frozen=True):
    """One place in the house: the process that fills it changes with every restart."""

    name: str
    role: Role
    listen_fd: int | None = None
    admin_fd: int | None = None

    @property
    def fds(self) -> tuple[int, ...]:
        return tuple(fd for fd in (self.listen_fd, self.admin_fd) if fd is not None)


class Supervisor:
    """Keeps one process alive for each spec.

    `on_death` is told the order of a child that ended on its own, and may take its time: the restart does not wait.
    """

    def __init__(
        self, specs: Sequence[ChildSpec], logger: Logger, on_death: Callable[[Order], Awaitable[None]]
    ) -> None:
        self._specs = specs
        self._logger = logger
        self._on_death = on_death
        self._order_for: asyncio.Future[Callable[[ChildSpec], Order]] = asyncio.get_running_loop().create_future()
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._ready = {spec.name: asyncio.Event() for spec in specs}
        self._stopping = asyncio.Event()
        self._keepers: list[asyncio.Task[None]] = []
        self._mourners: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to start all children; they wait for `brief`."""
        self._keepers = [asyncio.create_task(self._keep(spec), name=f"keep {spec.name}") for spec in self._specs]

    def brief(self, order_for: Callable[[ChildSpec], Order]) -> None:
        """Give the orders, also to the successors of children that will have crashed."""
        self._order_for.set_result(order_for)

    async def wait_ready(self) -> None:
        """Returns when every child serves; CommandError when one ends first or takes too long."""
        everyone = asyncio.gather(*(event.wait() for event in self._ready.values()))
        awaited: set[asyncio.Future[Any]] = {everyone, *self._keepers}
        await asyncio.wait(awaited, timeout=_READY_LIMIT_S, return_when=asyncio.FIRST_COMPLETED)
        if everyone.done():
            return
        everyone.cancel()
        await asyncio.gather(everyone, return_exceptions=True)
        self.check()
        waiting = ", ".join(name for name, event in self._ready.items() if not event.is_set())
        raise CommandError(f"not ready after {_READY_LIMIT_S:.0f} s: {waiting}")

    def check(self) -> None:
        """Raises what ended a keeper; they end before time only when something is badly wrong."""
        for keeper in self._keepers:
            if keeper.done() and not keeper.cancelled():
                keeper.result()

    @property
    def keepers(self) -> Iterable[asyncio.Task[None]]:
        return self._keepers

    def pids(self) -> dict[str, int]:
        """The running children by name."""
        return {name: process.pid for name, process in self._processes.items() if process.returncode is None}

    async def drain(self, limit_s: float, forced: asyncio.Event) -> None:
        """Ends all children: first those that take calls, then those that they lean on.

        What still runs after `limit_s`, or when `forced` is set, is killed.
        """
        self._stopping.set()
        if not self._order_for.done():
            self._order_for.cancel()
        await self._end([spec for spec in self._specs if spec.role == "gateway"], limit_s + _KILL_AFTER_S, forced)
        await self._end([spec for spec in self._specs if spec.role != "gateway"], _KILL_AFTER_S, forced)
        # The next start finds what the dead have left; a database that is away must not keep us from ending.
        tasks = [*self._keepers, *self._mourners]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _end(self, specs: Sequence[ChildSpec], limit_s: float, forced: asyncio.Event) -> None:
        running = [process for spec in specs if (process := self._processes.get(spec.name)) is not None]
        for process in running:
            _signal(process, signal.SIGTERM)
        ends = asyncio.gather(*(process.wait() for process in running))
        force = asyncio.create_task(forced.wait())
        awaited: set[asyncio.Future[Any]] = {ends, force}
        await asyncio.wait(awaited, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
        force.cancel()
        if not ends.done():
            self._logger.warning("killing_children", still_running=sorted(self.pids()))
            for process in running:
                _signal(process, signal.SIGKILL)
        await ends

    async def _keep(self, spec: ChildSpec) -> None:
        backoff_s = _FIRST_BACKOFF_S
        while not self._stopping.is_set():
            started_at = time.monotonic()
            process = await self._spawn(spec)
            if self._stopping.is_set():
                # The drain has looked for children already, and this one has not been told anything yet.
                _signal(process, signal.SIGKILL)
                await process.wait()
                return
            order = (await asyncio.shield(self._order_for))(spec)
            was_ready = await self._hand_over(spec, process, order)
            status = await process.wait()
            if self._stopping.is_set():
                return
            if not was_ready and not self._ready[spec.name].is_set():
                raise CommandError(f"the {spec.name} process ended while it was starting ({_describe(status)})")
            self._logger.error("child_ended", child=spec.name, pid=process.pid, status=_describe(status))
            self._mourn(order)
            backoff_s = _FIRST_BACKOFF_S if time.monotonic() - started_at > _STABLE_S else backoff_s * 2
            await asyncio.sleep(min(backoff_s, _LONGEST_BACKOFF_S))

    async def _spawn(self, spec: ChildSpec) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "farebox.boot.process", spec.role, spec.name, str(os.getpid())),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=spec.fds,
            env=child_environment(),
            # Ctrl-C in a terminal is for the supervisor, which drains the children in order.
            start_new_session=True,
        )
        self._processes[spec.name] = process
        return process

    async def _hand_over(self, spec: ChildSpec, process: asyncio.subprocess.Process, order: Order) -> bool:
        """Briefs a child and waits for its answer: whether it came to serve."""
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(encode_order(order))
            await process.stdin.drain()
            process.stdin.close()
        except (BrokenPipeError, ConnectionResetError):
            return False
        if await process.stdout.readline() != READY_LINE:
            return False
        self._ready[spec.name].set()
        self._logger.debug("child_ready", child=spec.name, pid=process.pid)
        return True

    def _mourn(self, order: Order) -> None:
        mourner = asyncio.ensure_future(self._on_death(order))
        self._mourners.add(mourner)
        mourner.add_done_callback(self._mourners.discard)


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except ProcessLookupError:
        return


def _describe(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
