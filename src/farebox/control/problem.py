"""Errors of the control plane as problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from farebox.kit.logging import Logger

MEDIA_TYPE = "application/problem+json"


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
        found = [{"at": [str(part) for part in each["loc"]], "message": each["msg"]} for each in error.errors()]
        return problem(422, "The request does not have the expected form.", errors=found)

    async def on_failure(_: Request, error: Exception) -> JSONResponse:
        logger.error("control_failed", exc_info=error)
        return problem(500, "Something failed here. Try again; if it stays, tell the operator.")

    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(Exception, on_failure)
