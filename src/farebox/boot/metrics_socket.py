"""Answers with a process's counters on a socket in the run directory, so that the control process can add them up."""

import asyncio
import os
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from farebox.kit.metrics import Registry, Sample

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@asynccontextmanager
async def metrics_answered(path: Path, name: str, registry: Registry) -> AsyncIterator[None]:
    """Whoever connects to `path` gets all samples as one JSON array, for as long as the context lasts."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(msgspec.json.encode([*registry.dump(), *_process_samples(name)]))
        writer.close()

    # A name left by a killed predecessor is replaced by asyncio.
    server = await asyncio.start_unix_server(answer, path)
    try:
        yield
    finally:
        server.close()


def _process_samples(name: str) -> list[Sample]:
    labels = {"process": name}
    used = resource.getrusage(resource.RUSAGE_SELF)
    resident_bytes = int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES
    return [
        ("gauge", "farebox_process_resident_bytes", "Memory that a process holds.", labels, resident_bytes),
        (
            "counter",
            "farebox_process_cpu_seconds_total",
            "CPU time that a process has used.",
            labels,
            used.ru_utime + used.ru_stime,
        ),
    ]
