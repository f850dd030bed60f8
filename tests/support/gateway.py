"""A gateway worker in a thread of the test, with its real till, database and sockets, and a shop around it.

The worker runs on an event loop of its own, so that tests can be plain functions that talk to it over sockets.
"""

import asyncio
import contextlib
import http.client
import json
import socket
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import uvloop
from tests.support.postgres import TestDatabase

from farebox.accounts.keys import KeyTerms, create_key
from farebox.accounts.service import create_account
from farebox.catalog.admin import NewChannel, NewModel, NewRoute, add_channel, add_model
from farebox.catalog.reader import CatalogReader
from farebox.domain.money import parse_amount
from farebox.domain.policy import Policy
from farebox.domain.pricing import PerTokenCard, Rates, TokenPrices
from farebox.gateway.app import GatewayApp
from farebox.gateway.forward import ControlForwarder
from farebox.gateway.options import GatewayOptions
from farebox.gateway.server import GatewayServer
from farebox.kit.clock import SystemClock
from farebox.kit.crypto import Seal
from farebox.kit.geo import Geo
from farebox.kit.ids import IdSource
from farebox.kit.logging import configure_logging, get_logger
from farebox.kit.metrics import Registry
from farebox.ledger.service import Ledger
from farebox.storage.database import connect, create_pool
from farebox.till.till import Till
from farebox.upstream.client import UpstreamClient
from farebox.upstream.health import Health
from farebox.upstream.route import Router

T = TypeVar("T")

SECRET = b"s" * 32
DEADLINE_S = 30.0
_START_LIMIT_S = 30.0
# 1 and 2 units per million tokens: a token of input is 1,000 nano, one of output 2,000.
RATES = PerTokenCard(prices=TokenPrices(input=1_000_000, output=2_000_000))
MODEL = "sim-chat"
PROVIDER_KEY = "sk-upstream-secret-0001"


@dataclass
class Answer:
    """A whole answer of the gateway."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])

    @property
    def job_id(self) -> str:
        return self.headers["farebox-job-id"]

    @property
    def events(self) -> list[Any]:
        """The data of a stream's events, JSON decoded; the end mark as text."""
        lines = [line[6:] for line in self.body.split(b"\n") if line.startswith(b"data: ")]
        return [line.decode() if line == b"[DONE]" else json.loads(line) for line in lines]


class Shop:
    """What the operator and the customer have set up, made with the code that they use."""

    def __init__(self, database: TestDatabase) -> None:
        self._runner = asyncio.Runner()
        self._url = database.owner_url
        self._ids = IdSource()
        self._connection: Any = None

    def close(self) -> None:
        if self._connection is not None:
            self._runner.run(self._connection.close())
        self._runner.close()

    def do(self, work: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
        async def run() -> T:
            if self._connection is None:
                self._connection = await connect(self._url, application_name="test shop")
            return await work(self._connection)

        return self._runner.run(run())

    def rows(self, statement: str, *values: Any) -> list[Any]:
        return self.do(lambda connection: connection.fetch(statement, *values))

    def execute(self, statement: str, *values: Any) -> None:
        self.do(lambda connection: connection.execute(statement, *values))

    def account(self, credit: str = "10") -> UUID:
        async def make(connection: Any) -> UUID:
            account = await create_account(connection, self._ids, email=f"{self._ids.new().hex}@example.com")
            amount = parse_amount(credit)
            if amount:
                await Ledger("USD", self._ids).credit(connection, account, amount, "grant", f"seed {account}")
            return account

        return self.do(make)

    def key(self, account: UUID, **terms: Any) -> str:
        made = self.do(
            lambda connection: create_key(
                connection, self._ids, account, KeyTerms(**terms), prefix="fb", now=datetime.now(UTC)
            )
        )
        return made.secret

    def channel(self, name: str, base_url: str, **changes: Any) -> UUID:
        new = NewChannel(
            **{
                "name": name,
                "kind": "openai",
                "provider": f"{name}-provider",
                "base_url": base_url,
                "allow_private": True,
                "api_key": PROVIDER_KEY.encode(),
                **changes,
            }
        )
        return self.do(lambda connection: add_channel(connection, self._ids, Seal(SECRET), new))

    def model(self, name: str, *routes: NewRoute, rates: Rates = RATES, **changes: Any) -> None:
        new = NewModel(name=name, routes=routes, rates=rates, **changes)
        self.do(lambda connection: add_model(connection, self._ids, new))

    def sell(
        self, base_url: str, *, name: str = MODEL, channel: str = "first", kind: str = "openai", **changes: Any
    ) -> None:
        """A channel and a model on it, in one step."""
        self.channel(channel, base_url, kind=kind)
        self.model(name, NewRoute(channel=channel, upstream_model=name, cost=RATES), **changes)

    def balance(self, account: UUID) -> tuple[int, int]:
        row = self.rows("SELECT balance_nano, held_nano FROM account WHERE id = $1", account)[0]
        return row["balance_nano"], row["held_nano"]

    def job(self, job_id: str) -> Any:
        """The job's row once it has ended."""
        return self.wait_for(lambda: next(iter(self.rows("SELECT * FROM job WHERE id = $1", UUID(job_id))), None))

    def only_job(self) -> Any:
        """The one job of this database, once it has ended."""
        return self.wait_for(lambda: next(iter(self.rows("SELECT * FROM job")), None))

    def wait_for(self, look: Callable[[], T | None]) -> T:
        until = time.monotonic() + DEADLINE_S
        while True:
            found = look()
            if found:
                return found
            assert time.monotonic() < until, "it did not happen in time"
            time.sleep(0.01)


@dataclass
class Gateway:
    """A running worker. `call` speaks to it; `loop` and `application` are for looking inside."""

    port: int
    key: str = ""
    loop: Any = None
    application: GatewayApp | None = None
    server: GatewayServer | None = None
    till: Any = None
    registry: Registry = field(default_factory=Registry)

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    @property
    def url(self) -> str:
        """As clients of Anthropic and Google want it, without the version."""
        return f"http://127.0.0.1:{self.port}"

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"authorization": f"Bearer {self.key if key is None else key}", **(headers or {})}
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, raw, sent)
            response = connection.getresponse()
            answer = response.read()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, answer)

    def chat(self, *, key: str | None = None, headers: dict[str, str] | None = None, **fields: Any) -> Answer:
        body = {"model": MODEL, "messages": [{"role": "user", "content": "hello"}], **fields}
        return self.call("POST", "/v1/chat/completions", body, key=key, headers=headers)

    def begin(self, path: str = "/v1/chat/completions", **fields: Any) -> socket.socket:
        """Send a call and hand out the socket, for clients that misbehave."""
        body = json.dumps({"model": MODEL, "messages": [{"role": "user", "content": "hello"}], **fields}).encode()
        head = f"POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {self.key}\r\ncontent-length: {len(body)}\r\n"
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE_S)
        connection.sendall(head.encode() + b"\r\n" + body)
        return connection


@contextlib.contextmanager
def running_gateway(
    database: TestDatabase,
    *,
    policy: Policy | None = None,
    options: GatewayOptions | None = None,
    simulator_url: str | None = None,
    control_socket: Path = Path("/nonexistent"),
    geo: Geo | None = None,
) -> Iterator[Gateway]:
    """A worker for as long as the block lasts; leaving it drains."""
    configure_logging(json=True)
    started = threading.Event()
    gateway = Gateway(port=0)
    failure: list[BaseException] = []

    async def live() -> None:
        async with _worker(database, policy or Policy(), options, simulator_url, control_socket, gateway, geo):
            started.set()
            await stopping.wait()

    stopping = asyncio.Event()

    def run() -> None:
        try:
            uvloop.run(live())
        except BaseException as error:
            failure.append(error)
            raise
        finally:
            started.set()

    thread = threading.Thread(target=run, name="gateway", daemon=True)
    thread.start()
    assert started.wait(_START_LIMIT_S), "the gateway does not start"
    assert not failure, failure
    try:
        yield gateway
    finally:
        gateway.loop.call_soon_threadsafe(stopping.set)
        thread.join(30)
        assert not thread.is_alive(), "the gateway does not drain"


@contextlib.asynccontextmanager
async def _worker(
    database: TestDatabase,
    policy: Policy,
    options: GatewayOptions | None,
    simulator_url: str | None,
    control_socket: Path,
    gateway: Gateway,
    geo: Geo | None,
) -> AsyncIterator[None]:
    """What boot composes for a gateway process."""
    options = options or GatewayOptions(drain_s=20)
    clock = SystemClock()
    ids = IdSource(clock)
    worker_id, node_id = ids.new(), ids.new()
    pool = await create_pool(database.app_url, application_name="test gateway", max_size=4)
    reader = CatalogReader(pool, get_logger("catalog"), clock)
    health = Health(worker_id, clock, get_logger("health"))
    client = UpstreamClient(clock=clock)
    with tempfile.TemporaryDirectory(prefix="farebox-spool-") as spool:
        till = Till(
            database.app_url,
            pool,
            unit=policy.unit,
            node_id=node_id,
            spool_dir=Path(spool),
            ids=ids,
            clock=clock,
            logger=get_logger("till"),
        )
        router = Router(Seal(SECRET), health, get_logger("router"), simulator_url=simulator_url)
        application = GatewayApp(
            policy=policy,
            till=till,
            reader=reader,
            router=router,
            health=health,
            client=client,
            pool=pool,
            options=options,
            forwarder=ControlForwarder(control_socket, get_logger("forward")),
            logger=get_logger("gateway"),
            clock=clock,
            ids=ids,
            registry=gateway.registry,
            geo=geo,
        )
        await reader.start()
        await till.start()
        health.start(pool)
        application.start()
        listener = socket.create_server(("127.0.0.1", 0))
        server = GatewayServer(application, options)
        serving = asyncio.create_task(server.serve_on([listener]))
        async with asyncio.timeout(_START_LIMIT_S):
            while not server.started and not serving.done():
                await asyncio.sleep(0.001)
        assert not serving.done(), "the gateway's server ended as it began"
        gateway.port = listener.getsockname()[1]
        gateway.loop = asyncio.get_running_loop()
        gateway.application, gateway.server, gateway.till = application, server, till
        try:
            yield
        finally:
            application.begin_drain()
            server.stop()
            await serving
            await till.drain()
            await application.close()
            await till.close()
            await health.close()
            await reader.close()
            await client.close()
            await pool.close()
