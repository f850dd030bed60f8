"""The control API on a real socket, in this process: its application, a database, people, and clients signed in.

async with running_control(database) as control:
    owner = await control.member()                      # a new account with an owner who is signed in
    reply = await owner.client.get("/api/keys")
    staff = await control.operator("money:write")       # an operator, a second factor just shown
"""

import asyncio
import contextlib
import gc
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Generator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import uvicorn
from fastapi import FastAPI
from tests.support.postgres import TestDatabase

from farebox.accounts.service import create_account
from farebox.control.access import COOKIE_HTTP
from farebox.control.app import create_app
from farebox.control.services import Services
from farebox.domain.policy import Policy
from farebox.identity import session
from farebox.identity.visitor import Role
from farebox.kit.clock import SystemClock
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.ledger.service import Ledger
from farebox.payments.registry import providers_of
from farebox.storage.database import create_pool

# One for all clients: loading certificates takes longer than the loop may be kept.
_TLS = ssl.create_default_context()
# Of clients: passwords take long on a busy machine.
_PATIENCE_S = 30.0
SECRET_KEY = b"a secret key of tests, never of anybody else"


@dataclass(frozen=True)
class SignedIn:
    """A person with a client of their own; `account_id` is None of an operator without an account."""

    person_id: UUID
    email: str
    client: httpx.AsyncClient
    account_id: UUID | None = None


class RunningControl:
    """A control process to be."""

    def __init__(self, services: Services, base_url: str, stack: AsyncExitStack) -> None:
        self.services = services
        self.base_url = base_url
        self.public = self.browser()
        self._stack = stack
        stack.push_async_callback(self.public.aclose)

    def browser(self, **options: Any) -> httpx.AsyncClient:
        """A client of its own, for the test to close; `options` are httpx's."""
        return httpx.AsyncClient(base_url=self.base_url, verify=_TLS, **({"timeout": _PATIENCE_S} | options))

    async def member(self, role: Role = "owner", *, account_id: UUID | None = None, email: str = "") -> SignedIn:
        """A verified person in a new account, or in the one given."""
        email = email or f"{uuid4().hex}@example.com"
        async with self.services.pool.acquire() as connection:
            if account_id is None:
                account_id = await create_account(connection, self.services.ids, email=email)
            person_id = await _insert_person(connection, self.services.ids, email)
            await connection.execute(
                "INSERT INTO member (account_id, person_id, role) VALUES ($1, $2, $3)", account_id, person_id, role
            )
        return await self._signed_in(person_id, email, account_id, proved=False)

    async def operator(self, *scopes: str, proved: bool = True) -> SignedIn:
        """An operator with these scopes, all without any; `proved`: a second factor was shown just now."""
        email = f"{uuid4().hex}@operator.example.com"
        async with self.services.pool.acquire() as connection:
            person_id = await _insert_person(connection, self.services.ids, email)
            await connection.execute(
                "INSERT INTO operator_grant (person_id, scopes) VALUES ($1, $2)", person_id, list(scopes) or ["*"]
            )
        return await self._signed_in(person_id, email, None, proved=proved)

    async def credit(self, account_id: UUID, amount_nano: int, **terms: Any) -> None:
        """Credit without a story behind it: a grant, unless the terms say else."""
        async with self.services.pool.acquire() as connection:
            await self.services.ledger.credit(
                connection, account_id, amount_nano, terms.pop("kind", "grant"), f"test:{uuid4()}", **terms
            )

    async def lengthen_waits(self) -> None:
        """Of those who are throttled, where they have begun: so that a slow machine finds them going on."""
        async with self.services.pool.acquire() as connection:
            await connection.execute(
                "UPDATE throttle SET blocked_until = now() + interval '10 minutes' WHERE blocked_until > '-infinity'"
            )

    async def _signed_in(self, person_id: UUID, email: str, account_id: UUID | None, *, proved: bool) -> SignedIn:
        async with self.services.pool.acquire() as connection:
            secret = await session.start(connection, self.services.ids, person_id, proved=proved)
        client = self.browser(cookies=_jar(secret))
        self._stack.push_async_callback(client.aclose)
        return SignedIn(person_id, email, client, account_id)


@asynccontextmanager
async def running_control(
    database: TestDatabase, policy: Policy | None = None, **settings: Any
) -> AsyncIterator[RunningControl]:
    """`settings` are further fields of Services, such as stripe=StripeSettings(...)."""
    async with AsyncExitStack() as stack:
        pool = await create_pool(database.app_url, application_name="test-control", max_size=8)
        stack.push_async_callback(pool.close)
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=20, verify=_TLS))
        listener = socket.create_server(("127.0.0.1", 0))
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        ids = IdSource()
        policy = policy or Policy()
        services = Services(
            pool=pool,
            policy=policy,
            ids=ids,
            clock=SystemClock(),
            seal=Seal(SECRET_KEY),
            salt=b"salt",
            ledger=Ledger(policy.unit, ids),
            logger=get_logger("test"),
            public_url=base_url,
            http=http,
        )
        services = msgspec.structs.replace(services, **settings)
        services = msgspec.structs.replace(services, payments=providers_of(services.stripe, services.creem, http))
        server = _Server(
            uvicorn.Config(await _application(services), lifespan="off", log_config=None, log_level=logging.WARNING)
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.wait([serving], timeout=0.01)
            if serving.done():
                serving.result()
        try:
            yield RunningControl(services, base_url, stack)
        finally:
            server.should_exit = True
            await serving


_made: list[FastAPI] = []


async def _application(services: Services) -> FastAPI:
    # Making it takes longer than a test should wait, and the loop may be kept: one for all tests, which run in turn.
    if not _made:
        _made.append(await asyncio.to_thread(_make, services))
    _made[0].state.services = services
    return _made[0]


def _make(services: Services) -> FastAPI:
    app = create_app(services)
    # What FastAPI builds with the first request takes as long again.
    asyncio.run(_first_request(app))
    # All of this stays; looking through it for garbage again and again would keep the loop for as long.
    gc.collect()
    gc.freeze()
    return app


async def _first_request(app: FastAPI) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", verify=_TLS
    ) as client:
        await client.get("/api/nothing")


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def _jar(secret: str) -> httpx.Cookies:
    # As if the server had set it, so that it can set another in its place.
    jar = httpx.Cookies()
    jar.set(COOKIE_HTTP, secret, domain="127.0.0.1", path="/")
    return jar


async def _insert_person(connection: Any, ids: IdSource, email: str) -> UUID:
    person_id = ids.new()
    await connection.execute(
        "INSERT INTO person (id, email, email_verified_at) VALUES ($1, $2, now())", person_id, email
    )
    return person_id
