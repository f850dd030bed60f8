"""Whether a disk has room. It must not know for what."""

import shutil
from pathlib import Path

_MIB = 1024**2

# PostgreSQL neither starts nor survives where it cannot write its log ahead: segments of 16 MiB, and a checkpoint.
SERVER_BYTES = 48 * _MIB
# Below it no new work is begun, so that there is room left to end what runs.
WORK_BYTES = 128 * _MIB


def has_room(directory: Path, least_bytes: int) -> bool:
    """Whether so much is free for us on the directory's disk; True when that cannot be known. May block."""
    try:
        return shutil.disk_usage(directory).free >= least_bytes
    except OSError:
        return True
