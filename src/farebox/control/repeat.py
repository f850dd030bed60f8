"""Requests that may come twice: with an Idempotency-Key, the second gets the stored answer of the first.

The key is claimed, the work done and the answer stored in one transaction, so that a crash leaves all or nothing. A
second request that comes while the first runs waits for it. Work that calls other services cannot run inside of a
transaction: it makes its own row with a unique key instead (payments does).
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from farebox.control import repeat_store as store
from farebox.control.services import Here, Services
from farebox.domain.errors import ActionRefused
from farebox.storage.database import Connection

Answer = TypeVar("Answer", bound=BaseModel)


class Repeatable:
    """One request, and its key if it has one."""

    def __init__(self, services: Services, key: str | None, digest: bytes, response: Response) -> None:
        self._services = services
        self.key = key
        self._digest = digest
        self._response = response

    async def run(
        self, owner: str, work: Callable[[Connection], Awaitable[Answer]], model: type[Answer], *, status: int = 200
    ) -> Answer:
        """The answer of the work, or of the time before; `owner` is whose keys are compared."""
        async with self._services.pool.acquire() as connection, connection.transaction():
            if self.key is None:
                self._response.status_code = status
                return await work(connection)
            earlier = await store.claim(connection, owner, self.key, self._digest)
            if earlier is not None:
                if earlier.input_hash != self._digest:
                    raise ActionRefused(
                        "idempotency_mismatch", "This Idempotency-Key was used with another request.", status=422
                    )
                self._response.status_code = earlier.status
                self._response.headers["idempotent-replay"] = "true"
                return model.model_validate(earlier.body)
            answer = await work(connection)
            await store.keep(connection, owner, self.key, status, answer.model_dump(mode="json"))
            self._response.status_code = status
            return answer


async def _repeatable(
    request: Request,
    response: Response,
    services: Here,
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=255, description="The same key again gets the same answer.")
    ] = None,
) -> Repeatable:
    told = b"\0".join((request.method.encode(), request.url.path.encode(), await request.body()))
    return Repeatable(services, idempotency_key, hashlib.sha256(told).digest(), response)


Once = Annotated[Repeatable, Depends(_repeatable)]
