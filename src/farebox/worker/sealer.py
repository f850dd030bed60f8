"""Seals the ledger's past into blocks, and publishes each block's hash outside of the database."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from farebox.kit.logging import Logger
from farebox.ledger.audit_store import Block, load_blocks_from
from farebox.ledger.heads import Head, Published
from farebox.ledger.seal import seal
from farebox.storage.database import Connection

_PUBLISHED_AT_ONCE = 1_000


class Heads(Protocol):
    """Where heads are published: a place that whoever can change the database cannot change. May block."""

    def read(self) -> Published: ...

    def last(self) -> Head | None: ...

    def add(self, blocks: Sequence[Block]) -> None: ...


class Sealer:
    """One of all nodes seals; the log gets the heads anyway."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        # An era that is over is closed by a block of its own.
        while (block := await seal(connection)) is not None:
            self._logger.info("ledger_sealed", height=block.height, hash=block.hash.hex(), entries=block.entries)


class Publication:
    """Every node publishes all blocks, whichever node has sealed them."""

    def __init__(self, heads: Heads, logger: Logger) -> None:
        self._heads = heads
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        last = await asyncio.to_thread(self._heads.last)
        if last is not None and not await self._is_in_chain(last, connection):
            # Nothing is added to it: it says what was, and somebody has to look.
            self._logger.critical("ledger_heads_differ", height=last.height, published=last.hash.hex())
            return
        height = 0 if last is None else last.height
        while blocks := await load_blocks_from(connection, height + 1, _PUBLISHED_AT_ONCE):
            await asyncio.to_thread(self._heads.add, blocks)
            height = blocks[-1].height

    async def _is_in_chain(self, head: Head, connection: Connection) -> bool:
        found = await load_blocks_from(connection, head.height, 1)
        return [(block.height, block.hash) for block in found] == [(head.height, head.hash)]
