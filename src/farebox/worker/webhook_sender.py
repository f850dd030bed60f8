"""Sends events to the webhooks of customers.

Addresses are the customers': they are reached by the client that judges the very address it connects to, over https
only, without redirects, with little time, and nothing of the answer but its status is read.
"""

import asyncio
from datetime import UTC, datetime

import msgspec

from farebox.kit.clock import Clock
from farebox.kit.crypto import Seal, SealError
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.notices import delivery
from farebox.notices.delivery import Due, Outcome
from farebox.storage.database import Connection
from farebox.upstream.callback import callback_of
from farebox.upstream.client import UpstreamClient
from farebox.upstream.errors import EndpointError, UpstreamError
from farebox.upstream.limits import Timeouts

_AT_ONCE = 20
_MOST_PER_ROUND = 500
_TIMEOUTS = Timeouts(connect_s=5.0, first_byte_s=10.0, idle_s=5.0)
_WHOLE_TRY_S = 20.0
_LONGEST_ERROR = 200


class Reach(msgspec.Struct, frozen=True):
    """Where webhooks may lead: to public addresses only, unless a test says otherwise."""

    allow_private: bool = False
    ca_file: str | None = None


class WebhookSender:
    """Any number may run at once; an event may arrive twice, with the same id."""

    def __init__(
        self,
        client: UpstreamClient,
        seal: Seal,
        ids: IdSource,
        clock: Clock,
        logger: Logger,
        *,
        reach: Reach | None = None,
    ) -> None:
        self._client = client
        self._seal = seal
        self._ids = ids
        self._clock = clock
        self._logger = logger
        self._reach = reach or Reach()

    async def work(self, connection: Connection) -> None:
        for _ in range(_MOST_PER_ROUND // _AT_ONCE):
            claimed = await delivery.claim(connection, _AT_ONCE)
            if not claimed:
                return
            outcomes = await asyncio.gather(*(self._try(due) for due in claimed))
            for due, outcome in zip(claimed, outcomes, strict=True):
                await delivery.note(connection, self._ids, due, outcome, now=datetime.now(UTC))

    async def _try(self, due: Due) -> Outcome:
        try:
            callback = callback_of(due.url, allow_private=self._reach.allow_private, ca_file=self._reach.ca_file)
            headers = delivery.headers_of(due, self._seal, self._clock.unix_ms() // 1000)
            async with asyncio.timeout(_WHOLE_TRY_S):
                answer = await self._client.send(
                    callback.endpoint, b"POST", callback.target, headers, due.body, _TIMEOUTS
                )
                status = answer.status
                answer.close()
        except TimeoutError:
            return Outcome(None, "no answer in time")
        except (UpstreamError, EndpointError) as error:
            return Outcome(None, str(error)[:_LONGEST_ERROR])
        except SealError:
            self._logger.error("webhook_secret_sealed_by_another_key", webhook_id=str(due.webhook_id))
            return Outcome(None, "the secret cannot be opened here: replace it")
        return Outcome(status, "" if 200 <= status < 300 else f"answered {status}")
