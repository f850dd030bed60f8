"""A directory of the machine for what the server's user must reach when the data directory is closed to it.

Only root needs it, and only root may write there: programs that run as another user come from it.
"""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from farebox.storage.errors import StorageError

SHARED_BASES = (Path("/var/lib/farebox"), Path("/var/opt/farebox"), Path("/opt/farebox"))


def usable_base(candidates: Sequence[Path]) -> Path:
    """The first candidate that exists or can be made, that everyone may enter and nobody but root may change."""
    for base in candidates:
        try:
            base.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError:
            continue
        if all(_is_safe(step.stat()) for step in (base.resolve(), *base.resolve().parents)):
            return base.resolve()
    raise StorageError(
        f"the data directory is closed to the user PostgreSQL runs as, and none of {', '.join(map(str, candidates))} "
        "can take its place: allow that user to enter the data directory, or start Farebox as an ordinary user"
    )


def _is_safe(found: os.stat_result) -> bool:
    return (
        found.st_uid == 0 and found.st_mode & stat.S_IXOTH != 0 and found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) == 0
    )
