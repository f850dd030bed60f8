"""The console's own checks, as part of all tests: its logic, its words, and its types of the API."""

import shutil
from pathlib import Path

import pytest
from tests.support import console_types
from tests.support.console import CONSOLE, hook, run_script

pytestmark = pytest.mark.timeout(300)


def test_the_logic_and_the_words_of_the_console_hold() -> None:
    """Vitest passes: amounts, streams, series; every string in four languages, none unsaid."""
    assert run_script("test").returncode == 0


def test_the_types_of_the_api_are_those_of_its_description() -> None:
    """The console compiles against the API as it stands: what it sends and reads is what the API takes and gives."""
    console_types.write_types()
    assert run_script("types").returncode == 0


def test_the_lock_file_records_no_addresses() -> None:
    """What is installed comes from whichever registry npm is configured with, checked by its hash."""
    lock = (CONSOLE / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_a_build_follows_its_sources(tmp_path: Path) -> None:
    """A changed source is a new build; documentation, tests and what was installed are none."""
    sources = tmp_path / "console"
    shutil.copytree(CONSOLE, sources, ignore=shutil.ignore_patterns("node_modules", "dist"))
    before = hook().digest(sources)
    (sources / "README.md").write_text("Other words.")
    (sources / "src" / "lib" / "more.test.ts").write_text("")
    (sources / "node_modules").mkdir()
    (sources / "node_modules" / "anything.js").write_text("")
    assert hook().digest(sources) == before
    (sources / "src" / "main.tsx").write_text("// changed")
    assert hook().digest(sources) != before
