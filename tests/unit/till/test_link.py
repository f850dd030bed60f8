"""The till's connection comes back whatever has become of the one before, and of attempts to replace it."""

from typing import Any

import asyncpg
import pytest

from farebox.kit.clock import SystemClock
from farebox.kit.logging import get_logger
from farebox.till.link import Link


class Session:
    """As much of a session as a link touches."""

    def __init__(self) -> None:
        self.connection = self

    def terminate(self) -> None:
        pass


@pytest.mark.parametrize(
    "failure",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.InterfaceError("closed"),
        asyncpg.InternalClientError("ended while types were looked up"),
    ],
)
async def test_a_failed_attempt_is_followed_by_another(failure: Exception) -> None:
    """An attempt that is cut short in any way must not be the last: the till would refuse calls for ever."""
    attempts: list[Any] = [Session(), failure, Session()]

    async def connect() -> Any:
        attempt = attempts.pop(0)
        if isinstance(attempt, Exception):
            raise attempt
        return attempt

    link = Link(connect, lambda: None, SystemClock(), get_logger("test"))
    await link.open()
    link.lost()
    assert await link.wait_back(5.0)
    assert link.session is not None
    await link.close()
