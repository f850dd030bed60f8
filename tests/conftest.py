"""What all tests share: a PostgreSQL, and async test functions that run on asyncio and may not block it.

An `async def test_…` just works (anyio's plugin runs it). Its loop is watched, and a callback that keeps the loop for
longer than half a second fails the test. A module under heavy load overrides `anyio_backend` with plain "asyncio".
"""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# The tests are no installed package: `tests.support` is found from the repository's root, however pytest is called.
sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.postgres import TestDatabase, TestPostgres
from tests.support.watched_loop import WatchedLoop, blocking_callbacks


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: object) -> None:
    """Marks every async test for anyio before anyio's own hook looks."""
    inner = obj.hypothesis.inner_test if hasattr(obj, "hypothesis") else obj
    is_async = isinstance(collector, (pytest.Module, pytest.Class)) and inspect.iscoroutinefunction(inner)
    if is_async and collector.istestfunction(obj, name) and not _is_marked(obj):
        pytest.mark.anyio(obj)
        pytest.mark.usefixtures("anyio_backend", "_loop_stays_free")(obj)


def _is_marked(obj: Any) -> bool:
    return any(mark.name == "anyio" for mark in getattr(obj, "pytestmark", ()))


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"loop_factory": WatchedLoop}


@pytest.fixture
def _loop_stays_free() -> Iterator[None]:
    with blocking_callbacks() as blocking:
        yield
    assert not blocking, f"the event loop was blocked: {blocking}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[TestPostgres]:
    """The one server of this process of the test run."""
    server = TestPostgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def database(postgres: TestPostgres) -> Iterator[TestDatabase]:
    """A fresh, migrated database for one test."""
    made = postgres.create()
    yield made
    postgres.drop(made)


@pytest.fixture(scope="module")
def module_database(postgres: TestPostgres) -> Iterator[TestDatabase]:
    """A fresh, migrated database for the tests of one module."""
    made = postgres.create()
    yield made
    postgres.drop(made)
