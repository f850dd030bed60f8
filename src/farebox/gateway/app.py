"""Who handles which path: calls go through the pipeline, reads are answered here, the rest is the control process's.

Raw ASGI, one dictionary look-up per request.
"""

import asyncio
import contextlib
from typing import Any

import asyncpg
import msgspec

from farebox.catalog.reader import CatalogReader
from farebox.domain.errors import Refusal
from farebox.domain.policy import Policy
from farebox.gateway.answer import JSON, NO_STORE, Headers, base_headers, cors_headers, send_plain, send_refusal
from farebox.gateway.authenticate import Authenticator, Caller
from farebox.gateway.border import Border
from farebox.gateway.call_traces import CallTraces
from farebox.gateway.cors import Preflights
from farebox.gateway.count import Counts
from farebox.gateway.credits import read_credits
from farebox.gateway.deliveries import Deliveries
from farebox.gateway.dispatch import Dispatcher
from farebox.gateway.exchange import Receive, Scope, Send
from farebox.gateway.forward import ControlForwarder
from farebox.gateway.key import read_own_key
from farebox.gateway.metrics import GatewayMetrics
from farebox.gateway.models import list_models, show_model
from farebox.gateway.options import GatewayOptions
from farebox.gateway.paths import READS, READS_OF_ONE, looks_like_api, nearest
from farebox.gateway.pipeline import Pipeline, Stages
from farebox.gateway.receipts import read_receipt
from farebox.gateway.receive import Call, ClientGone, new_call, receive_body
from farebox.gateway.refusals import Refusals
from farebox.gateway.relay_plain import PlainRelay
from farebox.gateway.relay_stream import StreamingRelay
from farebox.gateway.running import RunningJobs
from farebox.gateway.samples import Samples
from farebox.gateway.store import is_ready
from farebox.kit.clock import Clock
from farebox.kit.geo import Geo
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.kit.metrics import Registry
from farebox.till.till import Till
from farebox.upstream.client import UpstreamClient
from farebox.upstream.health import Health
from farebox.upstream.route import Router

_MODELS, _JOBS, _CREDITS, _KEY = "/v1/models", "/v1/jobs/", "/v1/credits", "/v1/key"
_MODEL_LISTS = (_MODELS, "/v1beta/models")
_OURS = ("/v1/", "/v1beta/")
_PROBLEM = (b"content-type", b"application/problem+json")
_PRIVATE = "/metrics"  # bound to the admin listener, never to the public one


class GatewayApp:
    """The data plane of one worker as an ASGI application."""

    def __init__(
        self,
        *,
        policy: Policy,
        till: Till,
        reader: CatalogReader,
        router: Router,
        health: Health,
        client: UpstreamClient,
        pool: Any,
        options: GatewayOptions,
        forwarder: ControlForwarder,
        logger: Logger,
        clock: Clock,
        ids: IdSource,
        registry: Registry,
        geo: Geo | None = None,
    ) -> None:
        metrics = GatewayMetrics(registry)
        deliveries = Deliveries(till)
        dispatcher = Dispatcher(client, health, options, policy.routing, clock, metrics)
        self._policy = policy
        self._till = till
        self._pool = pool
        self._options = options
        self._reader = reader
        self._forwarder = forwarder
        self._logger = logger
        self._clock = clock
        self._ids = ids
        self._authenticator = Authenticator(pool, options, clock)
        # Where nobody is refused, nobody is looked up.
        self._border = Border(policy.region, geo) if policy.region.refused_countries else None
        self._preflights = Preflights(pool, clock)
        self._counts = Counts(pool, clock, options.token_counts_per_minute)
        self._refusals = Refusals(pool, clock, options.refusals_waiting, metrics)
        self._samples = Samples(pool)
        self._traces = CallTraces(pool, clock, geo)
        self._running = RunningJobs(clock)
        self._housework: list[asyncio.Task[None]] = []
        self._is_draining = False
        stages = Stages(
            authenticator=self._authenticator,
            border=self._border,
            till=till,
            reader=reader,
            router=router,
            plain=PlainRelay(dispatcher, deliveries, options),
            streaming=StreamingRelay(dispatcher, deliveries, options, clock),
            deliveries=deliveries,
            running=self._running,
            refusals=self._refusals,
            samples=self._samples,
            traces=self._traces,
            ids=ids,
        )
        self._pipeline = Pipeline(stages, policy, options, clock, metrics, logger)

    def start(self) -> None:
        """Begin the housework: deadlines and emergency stops of running jobs, rows of refused calls."""
        self._housework = [
            asyncio.create_task(self._running.watch(self._reader), name="running jobs"),
            asyncio.create_task(self._refusals.write_always(), name="refusals"),
            asyncio.create_task(self._samples.write_always(), name="samples"),
            asyncio.create_task(self._traces.write_always(), name="call traces"),
        ]

    def begin_drain(self) -> None:
        """Not ready any more: load balancers look at /readyz, and send new calls to who takes them."""
        self._is_draining = True

    async def close(self) -> None:
        """After the server has drained; the till is drained by whoever made it."""
        for task in self._housework:
            task.cancel()
        await asyncio.gather(*self._housework, return_exceptions=True)
        await self._refusals.write()
        await self._samples.write()
        await self._traces.write()
        await self._authenticator.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = new_call(self._ids.new(), scope, self._clock.monotonic_s())
        path = call.path
        if call.endpoint is not None and call.method == "POST":
            await self._pipeline.run(call, receive, send)
        elif path in ("/healthz", "/readyz"):
            await self._answer_probe(call, send)
        elif path.startswith(_OURS) or path == _PRIVATE or looks_like_api(path, call.method):
            await self._answer_ours(call, receive, send)
        else:
            await self._forward(call, scope, receive, send)

    async def _answer_ours(self, call: Call, receive: Receive, send: Send) -> None:
        headers = base_headers(call.id)
        if call.method == "OPTIONS" and b"access-control-request-method" in call.headers:
            headers += await self._preflights.headers_for(call.headers)
            await send_plain(send, 204, headers, b"")
            return
        try:
            takes = _check_read(call)
            if call.method == "OPTIONS":
                await send_plain(send, 204, [*headers, (b"allow", takes.encode())], b"")
                return
            caller = await self._authenticator.authenticate(call)
            headers += cors_headers(call.headers.get(b"origin"), caller.key.cors_origins)
            if call.wire.is_count and self._border is not None:
                self._border.check(caller.address)
            if call.wire.is_count:
                raw = await receive_body(call, receive, self._options.body_most_bytes)
                body = await self._counts.count(call, caller, raw, self._reader.snapshot)
            else:
                body = msgspec.json.encode(await self._read(call, caller))
        except ClientGone:
            return
        except Refusal as refusal:
            await send_refusal(send, refusal, headers, None, call.wire)
            return
        headers += (JSON, NO_STORE)
        await send_plain(send, 200, headers, body)

    async def _read(self, call: Call, caller: Caller) -> dict[str, Any]:
        path, pool, unit = call.path, self._pool, self._policy.unit
        if path.startswith(_JOBS):
            return await read_receipt(pool, caller, path.removeprefix(_JOBS))
        if path == _CREDITS:
            return await read_credits(pool, caller, unit)
        if path == _KEY:
            return await read_own_key(pool, caller, unit)
        shape = call.wire.codec.DIALECT
        snapshot, now_ms = self._reader.snapshot, self._clock.unix_ms()
        if path in _MODEL_LISTS:
            return await list_models(pool, caller, snapshot, now_ms, unit, shape=shape, query=call.query)
        name = path.partition("/models/")[2]
        return await show_model(pool, caller, snapshot, now_ms, unit, name, shape=shape)

    async def _answer_probe(self, call: Call, send: Send) -> None:
        """In the words of the admin listener: healthz is whether we live, readyz whether new calls should come."""
        headers: Headers = [*base_headers(call.id), NO_STORE]
        if call.method not in ("GET", "HEAD"):
            await send_plain(send, 405, [*headers, (b"allow", b"GET, HEAD")], b"")
        elif call.path == "/healthz":
            await send_plain(send, 200, [*headers, JSON], b'{"status":"ok"}')
        elif await self._takes_jobs():
            await send_plain(send, 200, [*headers, JSON], b'{"status":"ready"}')
        else:
            reason = "this node is draining" if self._is_draining else "the ledger cannot be reached"
            await send_plain(send, 503, [*headers, _PROBLEM], _not_ready(reason))

    async def _takes_jobs(self) -> bool:
        return not self._is_draining and self._till.takes_jobs and await self._can_ask_database()

    async def _can_ask_database(self) -> bool:
        with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            async with self._pool.acquire(timeout=2.0) as connection:
                return await is_ready(connection)
        return False

    async def _forward(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        target = scope["raw_path"] + (b"?" + call.query if call.query else b"")
        address = self._authenticator.address_of(call)
        client = None if address is None else str(address)
        try:
            await self._forwarder.forward(call, target, scope["headers"], receive, send, client=client)
        except ClientGone:
            return
        except Refusal as refusal:
            await send_refusal(send, refusal, base_headers(call.id), None, call.wire)


def _not_ready(reason: str) -> bytes:
    problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": f"Not ready: {reason}."}
    return msgspec.json.encode(problem)


def _check_read(call: Call) -> str:
    """What the endpoint takes; 404 or 405 before anybody is asked who they are."""
    takes_body = call.endpoint is not None or call.wire.is_count
    if not takes_body and ((call.path not in READS and not call.path.startswith(READS_OF_ONE)) or _is_no_method(call)):
        meant = nearest(call.path)
        advice = "the API is described at /openapi.json" if meant is None else f"you probably want {meant}"
        raise Refusal("not_found", f"There is no such endpoint; {advice}.")
    allowed = ("POST",) if takes_body else ("GET", "HEAD")
    takes = ", ".join((*allowed, "OPTIONS"))
    if call.method != "OPTIONS" and call.method not in allowed:
        raise Refusal("method_not_allowed", f"This endpoint takes {allowed[0]}.", headers={"allow": takes})
    return takes


def _is_no_method(call: Call) -> bool:
    """Whether a path is like those of Gemini's methods, and names none that we have."""
    return call.method == "POST" and ":" in call.path and call.path.startswith("/v1beta/models/")
