"""`python -m bench.peers`: installs what Farebox is compared with; and says how to start it once it is there.

wrk and nginx come from the system's packages; LiteLLM, Portkey and Lighthouse (of `python -m bench.console`) from their
registries into `bench/.cache`. Bifrost is left out: its npm package only downloads a binary from a server of its maker.
"""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

CACHE = Path(__file__).parent / ".cache"
_LITELLM, _PORTKEY, _LIGHTHOUSE = CACHE / "litellm", CACHE / "portkey", CACHE / "lighthouse"
_PORTKEY_PACKAGE = _PORTKEY / "node_modules" / "@portkey-ai" / "gateway"
_LIGHTHOUSE_PACKAGE = _LIGHTHOUSE / "node_modules" / "lighthouse"
_NO_SERVICES = "#!/bin/sh\nexit 101\n"
_POLICY = Path("/usr/sbin/policy-rc.d")


class PeerMissing(Exception):
    """It is not installed; the message says what to run."""


def litellm_command() -> tuple[tuple[str, ...], str]:
    """How to start LiteLLM's proxy, and its version."""
    command = _LITELLM / "bin" / "litellm"
    if not command.exists():
        raise PeerMissing("not installed: run `make bench-peers`")
    libraries = [str(path) for path in _LITELLM.glob("lib/python*/site-packages")]
    versions = [found.version for found in distributions(name="litellm", path=libraries)]
    return (str(command),), versions[0] if versions else "unknown"


def portkey_command() -> tuple[tuple[str, ...], str]:
    """How to start Portkey's gateway, and its version."""
    node, script = shutil.which("node"), _PORTKEY_PACKAGE / "build" / "start-server.js"
    if node is None or not script.exists():
        raise PeerMissing("not installed: run `make bench-peers`")
    version: str = json.loads((_PORTKEY_PACKAGE / "package.json").read_text())["version"]
    return (node, str(script)), version


def lighthouse_command() -> tuple[tuple[str, ...], str]:
    """How to start Lighthouse, which `python -m bench.console` measures with, and its version."""
    node, script = shutil.which("node"), _LIGHTHOUSE_PACKAGE / "cli" / "index.js"
    if node is None or not script.exists():
        raise PeerMissing("Lighthouse is not installed: run `make bench-peers`")
    version: str = json.loads((_LIGHTHOUSE_PACKAGE / "package.json").read_text())["version"]
    return (node, str(script)), version


def main() -> int:
    CACHE.mkdir(exist_ok=True)
    steps = {
        "wrk and nginx": _install_tools,
        "LiteLLM": _install_litellm,
        "Portkey": _install_portkey,
        "Lighthouse": _install_lighthouse,
    }
    failed = 0
    for name, install in steps.items():
        try:
            print(f"{name}: {install()}", flush=True)
        except (PeerMissing, subprocess.CalledProcessError, OSError) as error:
            failed += 1
            print(f"{name}: not installed: {error}", flush=True)
    print("Bifrost: left out, its npm package carries no program and would download one from its maker's server")
    return 1 if failed else 0


def _install_tools() -> str:
    wanted = [package for tool, package in (("wrk", "wrk"), ("nginx", "nginx-light")) if _found(tool) is None]
    if wanted:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise PeerMissing(f"install {' and '.join(wanted)} with the system's package manager")
        _apt_install(wanted)
    return ", ".join(str(_found(tool)) for tool in ("wrk", "nginx"))


def _found(tool: str) -> str | None:
    return shutil.which(tool) or shutil.which(tool, path="/usr/sbin:/usr/local/sbin")


def _apt_install(packages: list[str]) -> None:
    # Debian starts nginx as it installs it, on port 80; a policy of the machine's own stays as it is.
    ours = not _POLICY.exists()
    if ours:
        _POLICY.write_text(_NO_SERVICES)
        _POLICY.chmod(0o755)
    try:
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _run("apt-get", "-qq", "update", env=env)
        _run("apt-get", "-qq", "install", "--yes", "--no-install-recommends", *packages, env=env)
    finally:
        if ours:
            _POLICY.unlink()


def _install_litellm() -> str:
    if not (_LITELLM / "bin" / "litellm").exists():
        _run(sys.executable, "-m", "venv", str(_LITELLM))
        _run(str(_LITELLM / "bin" / "pip"), "install", "--quiet", "litellm[proxy]")
    return litellm_command()[1]


def _install_portkey() -> str:
    if not _PORTKEY_PACKAGE.exists():
        _npm_install(_PORTKEY, "@portkey-ai/gateway")
    return portkey_command()[1]


def _install_lighthouse() -> str:
    if not _LIGHTHOUSE_PACKAGE.exists():
        # What its packages would run is for fetching browsers: one is here.
        _npm_install(_LIGHTHOUSE, "lighthouse@12", "--ignore-scripts")
    return lighthouse_command()[1]


def _npm_install(folder: Path, *told: str) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise PeerMissing("it needs Node.js with npm")
    folder.mkdir(exist_ok=True)
    _run(npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), *told)


def _run(*command: str, env: dict[str, str] | None = None) -> None:
    subprocess.run(command, check=True, env=env)


if __name__ == "__main__":
    sys.exit(main())
