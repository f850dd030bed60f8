"""Logs tell where an error happened, not what a request said."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from contextlib import suppress

import pytest
import structlog

from farebox.kit.logging import _Libraries, configure_logging, get_logger


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    text = io.StringIO()
    configure_logging(json=True, stream=text)
    yield text
    structlog.reset_defaults()


def test_an_exception_is_logged_without_its_text(stream: io.StringIO) -> None:
    """Guarantee: an error that quotes message content does not carry it into the log."""
    try:
        raise ValueError("the customer's secret sentence")
    except ValueError:
        get_logger("test").error("failed", exc_info=True)
    line = stream.getvalue()
    assert "secret sentence" not in line
    event = json.loads(line)
    assert event["error"] == "ValueError"
    assert "test_logging.py" in event["at"][0]
    assert event["component"] == "test"


def test_what_libraries_log_has_our_form_and_no_content(stream: io.StringIO) -> None:
    """Guarantee: a task's exception that nobody fetched is told by asyncio without what it quotes."""

    async def fail() -> None:
        raise ValueError("the customer's secret sentence")

    async def forget() -> None:
        task = asyncio.ensure_future(fail())
        await asyncio.wait([task])

    libraries, handler = logging.getLogger("asyncio"), _Libraries()
    libraries.addHandler(handler)
    try:
        asyncio.run(forget())
    finally:
        libraries.removeHandler(handler)
    line = stream.getvalue()
    assert "secret sentence" not in line
    event = json.loads(line)
    assert (event["component"], event["level"], event["error"]) == ("asyncio", "error", "ValueError")
    assert event["text"] == "Task exception was never retrieved"


def test_a_log_that_cannot_be_written_stops_nobody() -> None:
    """Guarantee: on a full disk lines are lost, and whoever logs goes on."""
    with open("/dev/full", "w", encoding="utf-8") as full:
        configure_logging(json=True, stream=full)
        for _ in range(3):
            get_logger("test").error("disk_full", spool="x" * 5000)
        structlog.reset_defaults()
        with suppress(OSError):
            full.close()
