"""Structured logs: one event per line, never content, never secrets.

Callers pass an event name and plain fields. What may be a field is decided where it is logged; message content, keys
and addresses may not.
"""

import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

Logger = structlog.stdlib.BoundLogger

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure_logging(*, json: bool, level: str = "info", stream: TextIO | None = None) -> None:
    """Set the one way in which this process logs; called once by boot."""
    renderer: Any = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception_without_values,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _Patient(stream))),
        cache_logger_on_first_use=True,
    )
    # Libraries that log through the standard library say only what is wrong, in our form.
    logging.basicConfig(handlers=[_Libraries()], level=logging.WARNING)


class _Patient:
    """A stream that may be full or gone: a line that nobody can read is no reason to stop working.

    Without one of its own it writes to what is standard error by then: loggers outlive whoever redirected it.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            (self._stream or sys.stderr).write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            (self._stream or sys.stderr).flush()


class _Libraries(logging.Handler):
    """Records of the standard library's logging as events of ours.

    Of a message only its first line: asyncio puts what failed, with the text of its exception, into the next ones.
    """

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage().partition("\n")[0]
        error = record.exc_info[1] if record.exc_info else None
        level = max(logging.DEBUG, min(record.levelno // 10 * 10, logging.CRITICAL))
        get_logger(record.name).log(level, "library", text=text, exc_info=error)


def get_logger(name: str) -> Logger:
    logger: Logger = structlog.get_logger(component=name)
    return logger


def _exception_without_values(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its type and places in our code, not its text or local values: either may quote a request."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at"] = _places(error)
    return event


def _places(error: BaseException) -> list[str]:
    places: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/farebox/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-8:]
