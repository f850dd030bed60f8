"""Directories for databases of tests: in memory where the machine has room."""

import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ENOUGH_BYTES = 2 << 30


def scratch_dir(prefix: str) -> Path:
    """A new, empty directory that every user may pass through, as PostgreSQL's must when root runs the tests.

    A database is a thousand files, and ext4 takes half a second to make them where a thousand were removed just before:
    it looks at each of those again. Memory also spares the disk, and what tests kill is processes, not the machine.
    """
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ENOUGH_BYTES
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=_MEMORY if roomy else None))
    made.chmod(0o711)
    return made
