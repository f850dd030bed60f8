"""Commands of `farebox`, each in a process of its own that is forked from one which has loaded everything already.

To load takes half a second of a processor and most commands take next to nothing: tests of servers, which ask and ask
again, would mostly load. Whether the installed command starts is for tests that call `tests.support.server.farebox`.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

_LIMIT_S = 60.0


class CommandLine:
    """Runs one command after the other; a program that has died, or was ended for its slowness, is started anew."""

    def __init__(self) -> None:
        self._in_turn = threading.Lock()
        self._program: subprocess.Popen[str] | None = None
        atexit.register(self._end)

    def run(self, arguments: tuple[str, ...], env: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
        """One command to its end, with this environment and nothing to read."""
        with self._in_turn, tempfile.TemporaryDirectory(prefix="farebox-command-") as place:
            out, err = Path(place, "out"), Path(place, "err")
            order = {"arguments": arguments, "env": dict(env), "out": str(out), "err": str(err)}
            status = self._status_of(json.dumps(order) + "\n")
            return subprocess.CompletedProcess(arguments, status, out.read_text(), err.read_text())

    def _status_of(self, order: str) -> int:
        if self._program is None:
            self._program = _start()
        program = self._program
        assert program.stdin is not None
        assert program.stdout is not None
        # A command that hangs is ended, so that reading its status ends, too.
        watchdog = threading.Timer(_LIMIT_S, program.kill)
        watchdog.start()
        try:
            program.stdin.write(order)
            program.stdin.flush()
            return int(program.stdout.readline())
        except BaseException:
            self._end()
            raise
        finally:
            watchdog.cancel()

    def _end(self) -> None:
        program, self._program = self._program, None
        if program is not None:
            program.kill()
            program.communicate()


@cache
def command_line() -> CommandLine:
    """The one of this process."""
    return CommandLine()


def _start() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.command_line"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONWARNINGS": "error"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _serve() -> None:
    """Carries out the orders of standard input, one line each; standard output gets their exit statuses."""
    from farebox.boot import cli

    for module in pkgutil.iter_modules(cli.__path__, f"{cli.__name__}."):
        importlib.import_module(module.name)
    # Forks share what is never touched again.
    gc.freeze()
    for line in sys.stdin:
        process = os.fork()
        if not process:
            _carry_out(json.loads(line))
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _carry_out(order: dict[str, Any]) -> NoReturn:
    from farebox.boot.cli.app import run

    os.environ.clear()
    os.environ.update(order["env"])
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, order["out"], os.O_WRONLY | os.O_CREAT),
        (2, order["err"], os.O_WRONLY | os.O_CREAT),
    ):
        os.dup2(os.open(path, flags, 0o600), number)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - what was read ahead is for the next command
    status = 1
    try:
        status = run(order["arguments"])
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(status)


if __name__ == "__main__":
    _serve()
