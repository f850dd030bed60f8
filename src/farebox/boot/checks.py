"""What `farebox doctor` looks at, one check each: what was found, and whether something must be done."""

import os
import resource
import shutil
import stat
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from farebox.boot import store
from farebox.boot.config import Config
from farebox.boot.data_dir import DataDir
from farebox.boot.database import open_database
from farebox.boot.sealing import open_seal
from farebox.domain.errors import CommandError, FareboxError
from farebox.storage.database import Connection
from farebox.storage.layout import Layout
from farebox.storage.migrations.files import revisions
from farebox.till.spool import put_aside

_LEAST_FREE_BYTES = 2 * 1024**3
_LEAST_OPEN_FILES = 4096
_SLOW_FSYNC_MS = 20.0
_MOST_CLOCK_SKEW_S = 2.0
_FSYNC_ROUNDS = 20


class Check(msgspec.Struct, frozen=True):
    """One finding."""

    name: str
    ok: bool
    detail: str


async def run_checks(config: Config) -> list[Check]:
    """All checks; those that need what an earlier one missed are left out."""
    directory = _data_dir(config)
    checks = [directory, _secret_key(config), _open_files(), *_spool(DataDir(config.data_dir).spool)]
    if directory.ok:
        there = nearest_existing(config.data_dir)
        checks += [_disk(there), _fsync(there)]
    if config.database_url is None and not Layout(config.data_dir).has_cluster():
        return [*checks, Check("database", ok=True, detail="none yet: made on the first start")]
    return [*checks, *await _database(config)]


def nearest_existing(path: Path) -> Path:
    """The directory itself, or the one that it will be made in."""
    return next(each for each in (path, *path.parents) if each.exists())


def _data_dir(config: Config) -> Check:
    path = config.data_dir
    if not path.exists():
        parent = nearest_existing(path)
        writable = os.access(parent, os.W_OK | os.X_OK)
        detail = "does not exist yet: made on the first start" if writable else f"cannot be made in {parent}"
        return Check("data directory", ok=writable, detail=f"{path} {detail}")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o022:
        return Check("data directory", ok=False, detail=f"{path} can be changed by others (mode {mode:o})")
    if not os.access(path, os.W_OK | os.X_OK):
        return Check("data directory", ok=False, detail=f"{path} cannot be written to by this user")
    return Check("data directory", ok=True, detail=f"{path} (mode {mode:o})")


def _secret_key(config: Config) -> Check:
    if config.secret_key is not None:
        return Check("secret key", ok=True, detail="from FAREBOX_SECRET_KEY")
    path = config.data_dir / "secret.key"
    if not path.exists():
        return Check("secret key", ok=True, detail="none yet: made on the first start")
    try:
        DataDir(config.data_dir).secret_key(config)
    except CommandError as error:
        return Check("secret key", ok=False, detail=str(error))
    return Check("secret key", ok=True, detail=f"{path}: back it up apart from the database")


def _spool(path: Path) -> list[Check]:
    # Nothing puts them back by itself: each is an ending of a job that the ledger does not know.
    aside = put_aside(path)
    if not aside:
        return []
    names = ", ".join(each.name for each in aside)
    return [Check("spool", ok=False, detail=f"{path} holds settlements that could not be posted: {names}")]


def _disk(path: Path) -> Check:
    free = shutil.disk_usage(path).free
    return Check("disk", ok=free >= _LEAST_FREE_BYTES, detail=f"{free / 1024**3:.1f} GiB free")


def _fsync(path: Path) -> Check:
    # Every job waits for the disk twice; a disk that takes long makes every call slow.
    with tempfile.TemporaryFile(dir=path) as file:
        began_s = time.monotonic()
        for _ in range(_FSYNC_ROUNDS):
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
        each_ms = (time.monotonic() - began_s) * 1000 / _FSYNC_ROUNDS
    return Check("fsync", ok=each_ms <= _SLOW_FSYNC_MS, detail=f"{each_ms:.2f} ms each")


def _open_files() -> Check:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return Check("open files", ok=soft >= _LEAST_OPEN_FILES, detail=f"limit {soft} (hard {hard}); each call takes two")


async def _database(config: Config) -> list[Check]:
    where = "embedded" if config.database_url is None else "FAREBOX_DATABASE_URL"
    try:
        async with open_database(config) as connection:
            version = await store.server_version(connection)
            found = Check("database", ok=True, detail=f"PostgreSQL {version}, {where}")
            return [
                found,
                await _schema(connection),
                await _clock(connection),
                *await _opened(connection, config),
                *await _unfinished(connection),
            ]
    except FareboxError as error:
        return [Check("database", ok=False, detail=str(error))]


async def _schema(connection: Connection) -> Check:
    # A database of another release could not even be opened.
    found = await store.schema_revision(connection)
    return Check("schema", ok=found == revisions()[-1], detail=f"revision {found}")


async def _clock(connection: Connection) -> Check:
    theirs = await store.database_time(connection)
    skew_s = abs((datetime.now(UTC) - theirs).total_seconds())
    return Check("clock", ok=skew_s <= _MOST_CLOCK_SKEW_S, detail=f"{skew_s:.1f} s apart from the database's")


async def _opened(connection: Connection, config: Config) -> list[Check]:
    if not await store.has_sealed_keys(connection):
        return []
    try:
        await open_seal(connection, DataDir(config.data_dir), config)
    except CommandError as error:
        return [Check("sealed keys", ok=False, detail=str(error))]
    return [Check("sealed keys", ok=True, detail="the secret key opens them")]


async def _unfinished(connection: Connection) -> list[Check]:
    # Nothing is broken, and yet somebody may want to make good for it.
    unknown, written_off = await store.count_doubtful_jobs(connection)
    if not unknown and not written_off:
        return []
    detail = f"{unknown} charged and perhaps not delivered, {written_off} with a write-off: see `farebox jobs list`"
    return [Check("jobs", ok=True, detail=detail)]
