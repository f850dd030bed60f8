"""What processes load: a start is fast and a gateway worker small because they leave out what they do not use."""

import subprocess
import sys

import pytest

HEAVY = ("fastapi", "pydantic", "sqlalchemy", "alembic", "typer", "pwdlib", "openai")


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("farebox.boot.roles.gateway", ()),
        ("farebox.boot.roles.worker", ()),
        ("farebox.boot.roles.simulator", ()),
        ("farebox.boot.roles.control", ("fastapi", "pydantic")),
        ("farebox.boot.cli.serve", ("typer",)),
        ("farebox.boot.cli.app", ("typer",)),
    ],
)
def test_nothing_heavy_is_loaded_without_need(module: str, allowed: tuple[str, ...]):
    """An import added in the wrong place would cost every start, and every worker its memory."""
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in HEAVY if name in loaded and name not in allowed] == []


def test_help_loads_no_database_driver():
    """`farebox --help` answers at once."""
    code = "import sys; from farebox.boot.cli.app import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr.split()
    assert not {"asyncpg", "msgspec", "uvloop", "cryptography"} & set(loaded)
