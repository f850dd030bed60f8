"""`farebox doctor`: what would keep this machine from serving well, found before a customer does."""

import asyncio
from typing import Any

import typer

from farebox.boot.checks import run_checks
from farebox.boot.cli.options import Data, Json
from farebox.boot.cli.output import emit
from farebox.boot.config import Given, load_config
from farebox.kit.logging import configure_logging

app = typer.Typer(rich_markup_mode=None)


@app.command()
def doctor(*, data: Data = None, json: Json = False) -> None:
    """Check data directory, database, schema, clock, disk and limits; exit status 1 when something must be done."""
    config = load_config(Given(data=data))
    configure_logging(json=config.log_json, level="warning")
    checks = asyncio.run(run_checks(config))
    found: dict[str, Any] = {
        "ok": all(check.ok for check in checks),
        "checks": [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks],
    }
    lines = [f"{'ok  ' if check.ok else 'FAIL'}  {check.name:<16} {check.detail}" for check in checks]
    emit(found, json=json, text="\n".join(lines))
    if not found["ok"]:
        raise typer.Exit(1)
