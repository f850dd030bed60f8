"""The shipped profiles are policy files of this release."""

from importlib.resources import files
from pathlib import Path

import pytest

from farebox.boot.cli.init import PROFILES
from farebox.boot.config import load_policy


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_loads(name: str):
    """`farebox init` never writes a file that `farebox serve` refuses."""
    policy = load_policy(Path(str(files("farebox.boot.profiles") / f"{name}.toml")))
    assert policy.unit == ("credit" if "credits" in name else "USD")
