"""`farebox serve`."""

import asyncio
import signal
from typing import Annotated

import typer

from farebox.boot.banner import print_banner, print_json
from farebox.boot.cli.options import Data
from farebox.boot.config import Given, load_config
from farebox.boot.serve import STOP_SIGNALS, serve
from farebox.kit.logging import configure_logging, get_logger

app = typer.Typer(rich_markup_mode=None)


@app.command()
def start(
    *,
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 unless told otherwise.")] = None,
    port: Annotated[int | None, typer.Option(metavar="N", help="Port; 8080 unless told otherwise, 0 for any.")] = None,
    workers: Annotated[int | None, typer.Option(metavar="N", help="Gateway processes.")] = None,
    admin_host: Annotated[str | None, typer.Option(help="Address of metrics and health; 127.0.0.1.")] = None,
    admin_port: Annotated[int | None, typer.Option(metavar="N", help="Its port: the next one, 0 for any.")] = None,
    json_ready: Annotated[bool, typer.Option("--json-ready", help="Print one JSON line when ready.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The same as --json-ready.")] = False,
) -> None:
    """Start everything and run until stopped: gateway, control, worker, simulator and, if needed, the database."""
    given = Given(data=data, host=host, port=port, workers=workers, admin_host=admin_host, admin_port=admin_port)
    config = load_config(given)
    configure_logging(json=config.log_json, level=config.log_level)
    announce = print_json if json or json_ready else print_banner
    try:
        asyncio.run(serve(config, get_logger("boot"), announce))
    finally:
        # All is done; a signal that comes while we exit must not make a clean end look like a killed one.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
