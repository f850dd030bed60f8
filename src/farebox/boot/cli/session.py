"""What a command works with: the configuration, a connection to the database, ids and the seal."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import asyncpg
import msgspec

from farebox.boot.config import Config, Given, load_config
from farebox.boot.data_dir import DataDir
from farebox.boot.database import open_database
from farebox.boot.sealing import open_seal
from farebox.domain.errors import CommandError
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.kit.logging import configure_logging
from farebox.storage.database import Connection

_T = TypeVar("_T")


class Session(msgspec.Struct, frozen=True):
    """For one command. `now` is this machine's time, for dates that people give."""

    config: Config
    connection: Connection
    ids: IdSource
    now: datetime

    @property
    def public_url(self) -> str:
        """Where people reach us, for links in mail."""
        return self.config.public_url or f"http://{self.config.host}:{self.config.port}"

    async def seal(self) -> Seal:
        """What secrets are stored with; makes the deployment's key while nothing is sealed yet."""
        data_dir = DataDir(self.config.data_dir)
        data_dir.make()
        return await open_seal(self.connection, data_dir, self.config)


def run_command(data: str | None, work: Callable[[Session], Awaitable[_T]]) -> _T:
    """Carries out the work on the database that runs, or on one started for the moment."""
    config = load_config(Given(data=data))
    configure_logging(json=config.log_json, level="warning" if config.log_level == "info" else config.log_level)
    return asyncio.run(_with_database(config, work))


async def _with_database(config: Config, work: Callable[[Session], Awaitable[_T]]) -> _T:
    async with open_database(config) as connection:
        session = Session(config=config, connection=connection, ids=IdSource(), now=datetime.now(UTC))
        try:
            return await work(session)
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # Its text may quote values; its kind is enough to look it up.
            raise CommandError(f"the database refused this: {type(error).__name__}") from error
