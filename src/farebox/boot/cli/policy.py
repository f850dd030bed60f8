"""`farebox policy`: the rules of the policy file, with the defaults of those that it leaves out."""

from typing import Annotated

import msgspec
import typer

from farebox.boot.cli.options import Data, Json
from farebox.boot.cli.output import emit
from farebox.boot.config import data_dir_of, load_policy
from farebox.boot.data_dir import DataDir
from farebox.domain.rules import Rule, rules_of

app = typer.Typer(rich_markup_mode=None)


@app.command()
def policy(
    *,
    changed: Annotated[bool, typer.Option("--changed", help="Only rules that differ from the default.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show every rule with its value, as the next `farebox serve` reads it."""
    found = rules_of(load_policy(DataDir(data_dir_of(data)).policy_file))
    told = [rule for rule in found if not (changed and rule.is_default)]
    emit([msgspec.to_builtins(rule) for rule in told], json=json, text="\n".join(map(_line, told)))


def _line(rule: Rule) -> str:
    name = f"{rule.section}.{rule.name}" if rule.section else rule.name
    line = f"{name} = {msgspec.json.encode(rule.value).decode()}"
    return line if rule.is_default else f"{line}  # changed"
