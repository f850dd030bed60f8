"""Whom PostgreSQL runs as, and files that only that user may touch.

PostgreSQL refuses to run as root, so root drops to a system user. That user's reach is judged by looking: no permission
of a directory that is not ours is ever changed. It must not know what the files are for.
"""

import os
import pwd
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from farebox.storage.errors import StorageError

_SYSTEM_USERS = ("postgres", "farebox", "nobody")


class ServerUser(msgspec.Struct, frozen=True):
    """The operating system user of the server processes; `drops` when we are root and it is not."""

    name: str
    uid: int
    gid: int
    drops: bool

    def process_options(self) -> dict[str, Any]:
        """Arguments of subprocess.Popen that start a program as this user."""
        if not self.drops:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def choose_user() -> ServerUser:
    """Ourselves, or for root the first system user there is."""
    if os.geteuid() != 0:
        return ServerUser(_name_of(os.geteuid()), os.geteuid(), os.getegid(), drops=False)
    for name in _SYSTEM_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return ServerUser(name, entry.pw_uid, entry.pw_gid, drops=True)
    raise StorageError(
        f"PostgreSQL does not run as root, and none of the users {', '.join(_SYSTEM_USERS)} exists: "
        "create one, or start Farebox as an ordinary user"
    )


def owner_of(directory: Path) -> ServerUser:
    """The user who owns an existing cluster, and therefore has to run it."""
    found = directory.stat()
    if os.geteuid() not in (0, found.st_uid):
        raise StorageError(
            f"the database in {directory} belongs to the user {_name_of(found.st_uid)}: start Farebox as that user"
        )
    if found.st_uid == 0:
        raise StorageError(f"the database in {directory} belongs to root, as whom PostgreSQL refuses to run")
    return ServerUser(_name_of(found.st_uid), found.st_uid, found.st_gid, drops=os.geteuid() == 0)


def can_enter(directory: Path, user: ServerUser) -> bool:
    """Whether the mode bits let the user walk to and into a directory (access lists only ever widen that)."""
    resolved = directory.resolve()
    return all(_allows(step.stat(), user, stat.S_IXUSR) for step in (resolved, *resolved.parents))


def can_run(program: Path, user: ServerUser) -> bool:
    """Whether the user can start a program, which includes reading it."""
    resolved = program.resolve()
    found = resolved.stat()
    readable = _allows(found, user, stat.S_IRUSR) and _allows(found, user, stat.S_IXUSR)
    return readable and can_enter(resolved.parent, user)


def make_directory(directory: Path, mode: int, owner: ServerUser | None = None) -> None:
    """A directory of ours with exactly this mode and owner, made if missing; never one behind a symbolic link."""
    directory.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if owner is not None and owner.drops and os.fstat(handle).st_uid != owner.uid:
            os.fchown(handle, owner.uid, owner.gid)
        if stat.S_IMODE(os.fstat(handle).st_mode) != mode:
            os.fchmod(handle, mode)
    finally:
        os.close(handle)


def write_file(
    path: Path, content: bytes, owner: ServerUser | None = None, mode: int = 0o600, *, keep: bool = False
) -> None:
    """Replaces a file at once and durably; a link planted at its name is replaced, not followed.

    With `keep`, a file that is there already stays: of several processes that make it at once, all find the first's.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            if owner is not None and owner.drops:
                os.fchown(file.fileno(), owner.uid, owner.gid)
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if keep:
            with suppress(FileExistsError):
                path.hardlink_to(fresh)
            fresh.unlink()
        else:
            fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Makes the names in a directory durable."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _allows(found: os.stat_result, user: ServerUser, owner_bit: int) -> bool:
    # The owner's bit moved to the group's or the others' place, as the kernel picks exactly one of the three.
    if user.uid == found.st_uid:
        return bool(found.st_mode & owner_bit)
    if user.gid == found.st_gid:
        return bool(found.st_mode & (owner_bit >> 3))
    return bool(found.st_mode & (owner_bit >> 6))


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
