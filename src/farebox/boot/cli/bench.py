"""`farebox bench`: the benchmarks, which come with the source tree and not with the package."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

import farebox
from farebox.domain.errors import CommandError

app = typer.Typer(rich_markup_mode=None)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(
    context: typer.Context, *, json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False
) -> None:
    """Run `python -m bench` of the source tree that this command comes from, with all further arguments."""
    root = Path(farebox.__file__).parents[2]
    if not (root / "bench" / "__main__.py").exists():
        raise CommandError("the benchmarks are part of the source tree: clone it and run `make bench` there")
    arguments = [*context.args, "--json"] if json else context.args
    done = subprocess.run([sys.executable, "-m", "bench", *arguments], cwd=root, check=False)  # noqa: S603 - our own
    raise typer.Exit(done.returncode)
