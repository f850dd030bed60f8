"""Chains the audit trail, and publishes the head of the chain outside of the database."""

import asyncio
from typing import Protocol

from farebox.audit.chain import Head, seal
from farebox.kit.logging import Logger
from farebox.storage.database import Connection


class AuditHeads(Protocol):
    """Where heads are published: a place that whoever can change the database cannot change. May block."""

    def add(self, head: Head) -> None: ...


class AuditSealer:
    """One of all nodes seals; its log and its file get the head."""

    def __init__(self, heads: AuditHeads, logger: Logger) -> None:
        self._heads = heads
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        while (head := await seal(connection)) is not None:
            self._logger.info("audit_sealed", seq=head.seq, hash=head.hash.hex())
            await asyncio.to_thread(self._heads.add, head)
