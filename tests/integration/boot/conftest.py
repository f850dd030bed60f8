"""Commands of the command line, run in this process on a database of the test's own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.postgres import TestDatabase

from farebox.boot.cli.app import run


class Cli:
    """Runs commands; `ok` gives the JSON value of one that succeeds, `fails` the line of one that does not."""

    def __init__(self, data_dir: Path, read: Callable[[], tuple[str, str]]) -> None:
        self.data_dir = data_dir
        self._read = read

    def ok(self, *arguments: str) -> Any:
        status, out, err = self.run(*arguments, "--json")
        assert status == 0, err
        assert out.count("\n") == 1
        return json.loads(out)

    def fails(self, *arguments: str, status: int = 1) -> str:
        found, out, err = self.run(*arguments, "--json")
        assert (found, out) == (status, ""), (found, out, err)
        assert err.startswith("farebox: ")
        assert err.count("\n") == 1
        return err

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self._read()
        status = run([*arguments, "--data", str(self.data_dir)])
        out, err = self._read()
        return status, out, err


@pytest.fixture
def cli(
    database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Cli:
    """A command line on a fresh, migrated database."""
    monkeypatch.setenv("FAREBOX_DATABASE_URL", database.app_url)
    monkeypatch.setenv("FAREBOX_DATABASE_OWNER_URL", database.owner_url)
    return Cli(tmp_path / "data", lambda: tuple(capsys.readouterr()))
