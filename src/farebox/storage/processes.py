"""The live processes of one cluster directory, found by what they are and not by who started them.

All of it blocks and belongs in a thread. It must not know how a server is started.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from farebox.kit.logging import get_logger
from farebox.storage.errors import ServerFailed
from farebox.storage.layout import cluster_tag

_POLL_S = 0.01
_ORPHANS_LIMIT_S = 5.0

_log = get_logger("storage")


class ServerProcesses:
    """The postmaster of a cluster directory and its children, all of the directory's owner."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._uid = directory.stat().st_uid
        self._tag = cluster_tag(directory).encode()

    def postmaster_pid(self) -> int | None:
        """The process that serves this very directory, if one does."""
        pid = self._recorded_pid()
        return pid if pid is not None and pid in self.all() else None

    def is_ready(self) -> bool:
        """Whether the postmaster says that it takes connections."""
        lines = self._pid_file_lines()
        return len(lines) > 7 and lines[7].strip() in ("ready", "standby")

    def all(self) -> list[int]:
        """All live processes of this cluster: postmaster, backends, helpers."""
        return [pid for pid in _all_pids() if _is_server_process(pid, self._uid, self._tag)]

    def stop(self, pid: int, fast_limit_s: float) -> None:
        """Ends a postmaster: fast shutdown, then immediate, then by force."""
        if self._is_recovering():
            # PostgreSQL 18 can hang in a fast shutdown during recovery; the next start has to recover in any case.
            fast_limit_s = 0.0
        for signal_number, limit_s in ((signal.SIGINT, fast_limit_s), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
            if limit_s == 0:
                continue
            _signal(pid, signal_number)
            if _wait_until(lambda: pid not in self.all(), limit_s):
                return
            _log.warning("postgresql does not end", pid=pid, signal=signal_number.name, waited_s=limit_s)
        raise ServerFailed(f"PostgreSQL (process {pid}) cannot be stopped")

    def clear_remains(self, fast_limit_s: float, socket_dir: Path) -> None:
        """Ends whatever an earlier, killed Farebox or postmaster left, so that exactly one postmaster can start.

        `socket_dir` is this cluster's alone.
        """
        postmaster = self.postmaster_pid()
        if postmaster is not None:
            _log.info("stopping the postgresql that an earlier farebox left running", pid=postmaster)
            self.stop(postmaster, fast_limit_s)
        # Backends outlive a killed postmaster for a moment, and hold its shared memory.
        for signal_number in (signal.SIGQUIT, signal.SIGKILL):
            if _wait_until(lambda: not self.all(), _ORPHANS_LIMIT_S):
                break
            for orphan in self.all():
                _signal(orphan, signal_number)
        if not _wait_until(lambda: not self.all(), _ORPHANS_LIMIT_S):
            raise ServerFailed(f"processes of an earlier PostgreSQL cannot be ended: {self.all()}")
        # A stale file whose process number now belongs to somebody else, or to a zombie that nobody has reaped yet,
        # would keep PostgreSQL from starting.
        for stale in (self._directory / "postmaster.pid", *socket_dir.glob(".s.PGSQL.*.lock")):
            pid = _first_number(stale)
            if pid is not None and Path(f"/proc/{pid}").exists():
                stale.unlink(missing_ok=True)

    def _is_recovering(self) -> bool:
        return not self.is_ready() or any(b": startup" in _command_of(pid) for pid in self.all())

    def _recorded_pid(self) -> int | None:
        lines = self._pid_file_lines()
        return int(lines[0]) if lines and lines[0].strip().isdecimal() else None

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self._directory / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []


def _first_number(path: Path) -> int | None:
    try:
        first = path.read_text().partition("\n")[0].strip()
    except FileNotFoundError:
        return None
    return int(first) if first.isdecimal() else None


def _all_pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]


def _is_server_process(pid: int, uid: int, tag: bytes) -> bool:
    # By command line, because a container's root may read that of every process but not its working directory.
    try:
        if Path(f"/proc/{pid}").stat().st_uid != uid:
            return False
    except OSError:
        return False
    command = _command_of(pid)
    program = command.split(b"\0", 1)[0]
    is_postgres = program.endswith(b"/postgres") or program.startswith(b"postgres: ")
    return is_postgres and (b"cluster_name=" + tag + b"\0" in command or b": " + tag + b": " in command)


def _command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _wait_until(condition: Callable[[], bool], limit_s: float) -> bool:
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
    return True
