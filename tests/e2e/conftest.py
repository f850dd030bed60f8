"""What end-to-end tests share: data directories that PostgreSQL's user can enter, whoever runs the tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.postgres import remove_data_dir
from tests.support.scratch import scratch_dir


@pytest.fixture(scope="module")
def module_data_dir() -> Iterator[Path]:
    """A data directory that does not exist yet, for the tests of one module."""
    yield from _fresh_data_dir()


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data directory that does not exist yet."""
    yield from _fresh_data_dir()


def _fresh_data_dir() -> Iterator[Path]:
    # Not pytest's own, which lie below a directory that only their owner may enter.
    parent = scratch_dir("farebox-e2e-")
    yield parent / "data"
    remove_data_dir(parent / "data")
    shutil.rmtree(parent, ignore_errors=True)
