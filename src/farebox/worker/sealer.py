"""Seals the ledger's past into blocks and publishes each block's hash outside of the database."""

from collections.abc import Callable

from farebox.kit.logging import Logger
from farebox.ledger.audit_store import Block
from farebox.ledger.seal import seal
from farebox.storage.database import Connection

Publish = Callable[[Block], None]


class Sealer:
    """`publish` puts a head where whoever can change the database cannot change it; the log gets it anyway."""

    def __init__(self, logger: Logger, publish: Publish | None = None) -> None:
        self._logger = logger
        self._publish = publish

    async def work(self, connection: Connection) -> None:
        block = await seal(connection)
        if block is None:
            return
        self._logger.info("ledger_sealed", height=block.height, hash=block.hash.hex(), entries=block.entries)
        if self._publish is not None:
            self._publish(block)
