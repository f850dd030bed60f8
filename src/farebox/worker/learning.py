"""Learns from settled jobs how long a model's answers are, for the first step of a stream's hold."""

from farebox.kit.clock import Clock
from farebox.kit.ids import first_id_at
from farebox.kit.logging import Logger
from farebox.storage.database import Connection
from farebox.worker import store

_DAY_MS = 86_400_000
# Fewer answers say little about a 95th percentile.
_LEAST_JOBS = 200


class Learning:
    """Each change is a new version of the catalogue, which every worker loads: only real changes are written."""

    def __init__(self, clock: Clock, logger: Logger) -> None:
        self._clock = clock
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        since = first_id_at(self._clock.unix_ms() - _DAY_MS)
        for model, tokens in await store.learn_first_steps(connection, since, _LEAST_JOBS):
            self._logger.info("first_step_learned", model=model, tokens=tokens)
