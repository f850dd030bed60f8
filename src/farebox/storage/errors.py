"""What can be wrong with the database as such; every text is the one line an operator is to read.

CommandError (domain/errors.py)
└── StorageError
    ├── DataDirInUse       another Farebox process holds this data directory
    ├── DatabaseLost       the data directory names a database that is not there, or is not its own
    ├── ServerFailed       PostgreSQL would not start, or stopped by itself
    ├── DatabaseTooNew     the database was migrated by a newer Farebox
    └── DatabaseTooOld     the database waits for a start of this release, which migrates it
"""

from farebox.domain.errors import CommandError


class StorageError(CommandError):
    """Base of all that storage raises on purpose."""


class DataDirInUse(StorageError):
    """Another process runs on this data directory."""


class DatabaseLost(StorageError):
    """The database that belongs to this data directory is missing or belongs to another one."""


class ServerFailed(StorageError):
    """PostgreSQL ended when it should run; the text ends with the last lines of its log."""


class DatabaseTooNew(StorageError):
    """The schema is from a release that this one does not know."""


class DatabaseTooOld(StorageError):
    """The schema is from an earlier release; only a start of the server migrates it."""
