"""Warns of settlements that wait in a node's spools for longer than an outage explains, or that could not be posted."""

import asyncio
from pathlib import Path
from uuid import UUID

from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.storage.database import Connection
from farebox.till.spool import put_aside, spool_files
from farebox.worker.alarm import Alarm, Alarms


class SpoolWatch:
    """Of this node's own files; every node looks at its own."""

    def __init__(self, node_id: UUID, spool_dir: Path, most_bytes: int, ids: IdSource, logger: Logger) -> None:
        self._node_id = node_id
        self._spool_dir = spool_dir
        self._most_bytes = most_bytes
        self._alarms = Alarms(ids, logger)

    async def work(self, connection: Connection) -> None:
        waiting, aside = await asyncio.to_thread(self._look)
        on = []
        if waiting >= self._most_bytes:
            on.append(self._backlog(waiting))
        if aside:
            on.append(self._aside(aside))
        await self._alarms.settle(connection, "spool", f"node:{self._node_id}:", on)

    def _look(self) -> tuple[int, list[str]]:
        sizes = 0
        for _, path in spool_files(self._spool_dir):
            try:
                sizes += path.stat().st_size
            except FileNotFoundError:
                continue  # posted meanwhile
        return sizes, [path.name for path in put_aside(self._spool_dir)]

    def _backlog(self, waiting: int) -> Alarm:
        return Alarm(
            kind="spool",
            subject=f"node:{self._node_id}:waiting",
            title="Settlements wait in a node's spool",
            text=f"{waiting} bytes of them: the database takes them slower than calls end. Nothing is lost.",
            facts={"node_id": str(self._node_id), "bytes": waiting},
        )

    def _aside(self, names: list[str]) -> Alarm:
        return Alarm(
            kind="spool",
            subject=f"node:{self._node_id}:aside",
            title="Settlements could not be posted",
            text="They were put aside in the node's spool directory; the case names the files. Somebody has to look.",
            facts={"node_id": str(self._node_id), "files": names[:20]},
        )
