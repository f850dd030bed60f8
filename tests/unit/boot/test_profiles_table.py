"""docs/profiles.md names values that exist and tests that exist, and leaves no test of a profile out."""

import ast
import re
from pathlib import Path

import msgspec
import pytest

from farebox.boot.cli.init import PROFILES
from farebox.domain.policy import Policy

ROOT = Path(__file__).parents[3]
_TABLE = (ROOT / "docs/profiles.md").read_text()


def section_of(profile: str) -> str:
    _, mark, rest = _TABLE.partition(f"\n## {profile}\n")
    assert mark, f"docs/profiles.md has no section {profile}"
    return rest.partition("\n## ")[0]


def rows_of(section: str) -> list[list[str]]:
    """The cells of each row of the section's table."""
    lines = [line for line in section.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_rule_names_a_test_that_exists(profile: str):
    """And every test of the profile's file stands in the table."""
    section = section_of(profile)
    (path,) = re.findall(r"Walked through in `([^`]+)`", section)
    tree = ast.parse((ROOT / path).read_text())
    written = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
    named = [re.findall(r"`(test_\w+)`", cells[2]) for cells in rows_of(section)]
    assert all(named)
    assert {name for names in named for name in names} == written


@pytest.mark.parametrize("profile", PROFILES)
def test_every_value_of_the_table_is_one_of_the_policy(profile: str):
    """A value that was renamed is renamed in the table as well."""
    for cells in rows_of(section_of(profile)):
        for name in re.findall(r"`([a-z_]+(?:\.[a-z_]+)?)`", cells[1]):
            if name == "account_requests_per_minute":  # of a model, in the database
                continue
            found: type = Policy
            for part in name.split("."):
                fields = {field.name: field.type for field in msgspec.structs.fields(found)}
                assert part in fields, f"{name} is no value of the policy"
                found = fields[part]
