"""`farebox init`: a policy file to begin with."""

from importlib.resources import files
from typing import Annotated

import typer

from farebox.boot.cli.options import Data, Json
from farebox.boot.cli.output import emit
from farebox.boot.config import data_dir_of, load_policy
from farebox.boot.data_dir import DataDir
from farebox.domain.errors import CommandError
from farebox.storage.privileges import write_file

app = typer.Typer(rich_markup_mode=None)

PROFILES = ("context-credits", "usd-aggregator", "credits-workspace", "discount-relay", "payg-simple")


@app.command()
def init(
    *,
    profile: Annotated[str, typer.Option(metavar="NAME", help=f"One of {', '.join(PROFILES)}.")],
    data: Data = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file that is there.")] = False,
    json: Json = False,
) -> None:
    """Write a commented farebox.toml with the rules of a profile into the data directory."""
    if profile not in PROFILES:
        raise typer.BadParameter(f"there is no profile {profile!r}: choose one of {', '.join(PROFILES)}")
    data_dir = DataDir(data_dir_of(data))
    data_dir.make()
    if data_dir.policy_file.exists() and not force:
        raise CommandError(f"{data_dir.policy_file} exists already: edit it, or replace it with --force")
    write_file(data_dir.policy_file, (files("farebox.boot.profiles") / f"{profile}.toml").read_bytes(), mode=0o644)
    load_policy(data_dir.policy_file)
    made = {"path": str(data_dir.policy_file), "profile": profile}
    emit(made, json=json, text=f"wrote {made['path']}: its first lines say what to look at, then start `farebox serve`")
