"""The admin listener: metrics of all processes of the node, health and readiness. It is not for the open internet."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from farebox.control import problem
from farebox.kit.logging import Logger
from farebox.kit.metrics import Sample, render

_TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"
_ANSWER_LIMIT_S = 2.0
_MOST_BYTES = 16 * 1024 * 1024

Dump = list[Sample]
Check = Callable[[], Awaitable[bool]]


def create_operations(
    run_dir: Path, database_answers: Check, obstacle: Callable[[], str | None], logger: Logger
) -> FastAPI:
    """`run_dir` holds a socket per process that answers with its samples; `database_answers` may take its time.

    Ready is who takes new calls: not without the database, where each would get 503, nor with an `obstacle` of the
    node's own, told in a sentence. So a load balancer sends them to a node that can; whatever runs here goes on.
    """
    app = FastAPI(title="Farebox operations", docs_url=None, redoc_url=None, openapi_url=None)
    problem.install(app, logger)

    @app.get("/metrics")
    async def metrics() -> Response:
        dumps = await asyncio.gather(*(_ask(path) for path in _sockets(run_dir, "metrics-*.sock")))
        answered = [dump for dump in dumps if dump is not None]
        up: Dump = [("gauge", "farebox_processes", "Processes of this node that answer.", {}, len(answered))]
        return PlainTextResponse(render([up, *answered]), media_type=_TEXT_FORMAT)

    @app.get("/healthz")
    async def healthz() -> Response:
        return JSONResponse({"status": "ok"})

    @app.get("/readyz")
    async def readyz() -> Response:
        stands_in_the_way = await asyncio.to_thread(obstacle)
        if stands_in_the_way is not None:
            return problem.problem(503, f"Not ready: {stands_in_the_way}.")
        gateways, database = await asyncio.gather(_gateways_answer(run_dir), _within_limit(database_answers))
        if gateways and database:
            return JSONResponse({"status": "ready"})
        missing = "the database" if not database else "the gateway"
        return problem.problem(503, f"Not ready: {missing} does not answer.")

    return app


def _sockets(run_dir: Path, pattern: str) -> list[Path]:
    return sorted(run_dir.glob(pattern))


async def _gateways_answer(run_dir: Path) -> bool:
    dumps = await asyncio.gather(*(_ask(path) for path in _sockets(run_dir, "metrics-gateway-*.sock")))
    return any(dump is not None for dump in dumps)


async def _within_limit(check: Check) -> bool:
    try:
        return await asyncio.wait_for(check(), _ANSWER_LIMIT_S)
    except TimeoutError:
        return False


async def _ask(path: Path) -> Dump | None:
    """One process's samples; None when it does not answer: it may be just starting, or gone."""
    try:
        async with asyncio.timeout(_ANSWER_LIMIT_S):
            reader, writer = await asyncio.open_unix_connection(path, limit=_MOST_BYTES)
            try:
                raw = await reader.read()
            finally:
                writer.close()
        return msgspec.json.decode(raw, type=Dump)
    except (OSError, TimeoutError, msgspec.DecodeError):
        return None
