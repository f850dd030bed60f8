"""Errors of the control plane as problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from farebox.control.field_error import describe_field
from farebox.domain.errors import ActionRefused, CommandError, IdempotencyConflict, InvalidAmount, LedgerError
from farebox.kit.logging import Logger

MEDIA_TYPE = "application/problem+json"
_AWAY: tuple[type[Exception], ...] = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError)


def problem(status: int, detail: str, **extra: Any) -> JSONResponse:
    """An error answer; `extra` are further members of the problem."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **extra}
    return JSONResponse(content, status_code=status, media_type=MEDIA_TYPE)


def install(app: FastAPI, logger: Logger) -> None:
    """Gives all errors of an application this one shape."""

    async def on_http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        answer = problem(error.status_code, str(error.detail))
        answer.headers.update(error.headers or {})
        return answer

    async def on_validation(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        # Where and what is wrong, never the value that was sent.
        found = [describe_field(each) for each in error.errors()]
        return problem(422, "The request does not have the expected form.", code="invalid_request", errors=found)

    async def on_refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, ActionRefused)
        field = {} if error.field is None else {"field": error.field}
        values = {"values": error.values} if error.values else {}
        answer = problem(error.status, error.message, code=error.code, **field, **values)
        if error.retry_after_s is not None:
            answer.headers["retry-after"] = str(error.retry_after_s)
        return answer

    async def on_ledger(_: Request, error: Exception) -> JSONResponse:
        # The ledger's own words say what it refused, in amounts and ids only.
        code = "idempotency_mismatch" if isinstance(error, IdempotencyConflict) else "ledger_refused"
        return problem(409, str(error), code=code)

    async def on_command(_: Request, error: Exception) -> JSONResponse:
        return problem(422, str(error), code="invalid_request")

    async def on_away(_: Request, __: Exception) -> JSONResponse:
        answer = problem(503, "The database cannot be reached; nothing was changed. Try again.", code="unavailable")
        answer.headers["retry-after"] = "2"
        return answer

    async def on_failure(_: Request, error: Exception) -> JSONResponse:
        logger.error("control_failed", exc_info=error)
        return problem(500, "Something failed here. Try again; if it stays, tell the operator.", code="internal_error")

    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(ActionRefused, on_refused)
    app.add_exception_handler(LedgerError, on_ledger)
    app.add_exception_handler(CommandError, on_command)
    app.add_exception_handler(InvalidAmount, on_command)
    for away in _AWAY:
        app.add_exception_handler(away, on_away)
    app.add_exception_handler(Exception, on_failure)
