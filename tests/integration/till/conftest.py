"""Logs as they are in production: one line each, without a traceback drawn in a box, which takes half a second."""

from collections.abc import Iterator

import pytest
import structlog

from farebox.kit.logging import configure_logging


@pytest.fixture(autouse=True)
def production_logs() -> Iterator[None]:
    configure_logging(json=True)
    yield
    structlog.reset_defaults()
