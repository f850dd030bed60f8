"""What lies where in a data directory, and the records that say so.

    DATA/postgres/
      lock, users        file locks: who runs the server, who uses it meanwhile
      credentials.json   the passwords of the three roles
      place.json         where the cluster is if not here, and the socket directory if not here
      server.log         PostgreSQL's log
      cluster/           PostgreSQL's own data directory, the server user's
      run/               the socket, the server user's

`cluster/` and `run/` move to a shared base, below a random name, when root runs us and the server's user cannot enter
DATA. It must not know how a server is started.
"""

import os
import re
import secrets
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import msgspec

from farebox.storage.errors import DatabaseLost, StorageError
from farebox.storage.privileges import ServerUser, can_enter, make_directory, write_file
from farebox.storage.shared_base import usable_base

DATABASE = "farebox"
OWNER_ROLE = "farebox_owner"
APP_ROLE = "farebox_app"
ADMIN_ROLE = "farebox_admin"
PORT = 5432

# sockaddr_un holds 108 bytes with its closing zero; PostgreSQL also writes "<socket>.lock" but never binds that.
_LONGEST_SOCKET_PATH = 107
_SOCKET_NAME = f"/.s.PGSQL.{PORT}"
# Anything else would need quoting in postgresql.conf and in URLs, whose hosts are split at commas and colons.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


class Credentials(msgspec.Struct, frozen=True):
    """Generated on the first start; a cluster never exists without them."""

    admin: str
    owner: str
    app: str


class Urls(msgspec.Struct, frozen=True):
    """How to connect: `owner` for migrations, `app` for everything else, `admin` for what needs a superuser."""

    owner: str
    app: str
    admin: str


class Place(msgspec.Struct, frozen=True):
    """Where things are that are not in the data directory (None: they are), and whether the cluster has its roles."""

    home: str | None = None
    socket_dir: str | None = None
    provisioned: bool = False


class _Claim(msgspec.Struct, frozen=True):
    # Lies beside a cluster on a shared base and names the data directory that it belongs to.
    data_dir: str
    device: int
    inode: int


class Layout:
    """The paths below one data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.resolve()
        self.root = self.data_dir / "postgres"
        self.lock = self.root / "lock"
        self.users = self.root / "users"
        self.log = self.root / "server.log"
        self._credentials = self.root / "credentials.json"
        self._place = self.root / "place.json"

    def make(self) -> None:
        """The directories of ours; one that the operator made keeps its mode."""
        # Open for passing through, so that the server's user can reach the cluster; every secret has its own mode.
        mode = 0o711 if os.geteuid() == 0 else 0o700
        if not self.data_dir.exists():
            self.data_dir.parent.mkdir(parents=True, exist_ok=True)
            make_directory(self.data_dir, mode)
        make_directory(self.root, mode)

    def place(self) -> Place:
        return msgspec.json.decode(self._place.read_bytes(), type=Place) if self._place.exists() else Place()

    def home(self) -> Path:
        """The directory that holds `cluster/` and, as a rule, `run/`."""
        recorded = self.place().home
        return self.root if recorded is None else Path(recorded)

    def cluster(self) -> Path:
        return self.home() / "cluster"

    def has_cluster(self) -> bool:
        return (self.cluster() / "PG_VERSION").exists()

    def socket_dir(self) -> Path:
        recorded = self.place().socket_dir
        return self.home() / "run" if recorded is None else Path(recorded)

    def record(self, place: Place) -> None:
        if place != self.place():
            write_file(self._place, msgspec.json.encode(place))

    def record_provisioned(self) -> None:
        """From now on others may use a server of this cluster as soon as it answers."""
        self.record(msgspec.structs.replace(self.place(), provisioned=True))

    def credentials(self) -> Credentials | None:
        if not self._credentials.exists():
            return None
        return msgspec.json.decode(self._credentials.read_bytes(), type=Credentials)

    def make_credentials(self) -> Credentials:
        made = Credentials(*(secrets.token_urlsafe(32) for _ in range(3)))
        write_file(self._credentials, msgspec.json.encode(made))
        return made

    def urls(self, credentials: Credentials) -> Urls:
        socket_dir = quote(str(self.socket_dir()))
        return Urls(
            owner=f"postgresql://{OWNER_ROLE}:{credentials.owner}@/{DATABASE}?host={socket_dir}&port={PORT}",
            app=f"postgresql://{APP_ROLE}:{credentials.app}@/{DATABASE}?host={socket_dir}&port={PORT}",
            admin=f"postgresql://{ADMIN_ROLE}:{credentials.admin}@/postgres?host={socket_dir}&port={PORT}",
        )

    # -- Choosing a place for a new cluster, and keeping the one that was chosen --

    def settle_home(self, user: ServerUser, bases: Sequence[Path]) -> bool:
        """Decides where the cluster is, once and for all; True when that is outside the data directory."""
        recorded = self.place()
        if recorded.home is not None:
            self._keep_claim(Path(recorded.home))
            return True
        if not user.drops or can_enter(self.root, user):
            return False
        if self.has_cluster():
            raise StorageError(
                f"the user {user.name}, who runs PostgreSQL, can no longer enter {self.root}: allow it again"
            )
        clusters = usable_base(bases) / "clusters"
        make_directory(clusters, 0o711)
        home = clusters / secrets.token_hex(8)
        make_directory(home, 0o711)
        self._claim(home)
        self.record(Place(home=str(home)))
        return True

    def settle_socket_dir(self, user: ServerUser, tag: str) -> None:
        """Makes the socket's directory: beside the cluster, or in a short place when that path is too long."""
        place = self.place()
        near = self.home() / "run"
        if _fits(near):
            make_directory(near, 0o700, user)
            self.record(msgspec.structs.replace(place, socket_dir=None))
            return
        if place.socket_dir is not None and _is_ours(Path(place.socket_dir), user, tag):
            return
        self.record(msgspec.structs.replace(place, socket_dir=str(_make_short_dir(user, tag))))

    def _claim(self, home: Path) -> None:
        found = self.root.stat()
        claim = _Claim(str(self.data_dir), found.st_dev, found.st_ino)
        write_file(home / "claim.json", msgspec.json.encode(claim))

    def _keep_claim(self, home: Path) -> None:
        # A data directory may be moved, and then takes its cluster along. A copy must not: two servers would want one
        # cluster, and what one of them writes the other would lose.
        if not (home / "claim.json").exists():
            raise DatabaseLost(
                f"the database of {self.data_dir} should be in {home}, and is not: restore it there, "
                f"or remove {self._place} to begin with an empty one"
            )
        claim = msgspec.json.decode((home / "claim.json").read_bytes(), type=_Claim)
        found = self.root.stat()
        if claim == _Claim(str(self.data_dir), found.st_dev, found.st_ino):
            return
        moved_here = (claim.device, claim.inode) == (found.st_dev, found.st_ino)
        other = Layout(Path(claim.data_dir))
        if (
            not moved_here
            and other.data_dir != self.data_dir
            and other.root.is_dir()
            and other.place().home == str(home)
        ):
            raise DatabaseLost(
                f"{self.data_dir} is a copy of {other.data_dir}, and the database stayed with the original, in {home}: "
                f"remove {self._place} to begin with an empty database here"
            )
        self._claim(home)


def cluster_tag(cluster: Path) -> str:
    """A name for a cluster directory that survives a move and differs in a copy; the server carries it in its title."""
    found = cluster.stat()
    return f"farebox-{found.st_dev:x}-{found.st_ino:x}"


def _fits(directory: Path) -> bool:
    path = f"{directory}{_SOCKET_NAME}"
    return len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH and _PLAIN_PATH.fullmatch(path) is not None


def _is_ours(directory: Path, user: ServerUser, tag: str) -> bool:
    try:
        found = directory.lstat()
    except OSError:
        return False
    private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700 and found.st_uid == user.uid
    return private and directory.name.startswith(f"{tag}-")


def _make_short_dir(user: ServerUser, tag: str) -> Path:
    for base in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")):  # noqa: S108
        if not base.is_dir() or not can_enter(base, user) or not _fits(base / f"{tag}-12345678"):
            continue
        # mkdtemp never takes a directory that was there before, and nobody else may enter the one it makes.
        directory = Path(tempfile.mkdtemp(prefix=f"{tag}-", dir=base))
        make_directory(directory, 0o700, user)
        return directory
    raise StorageError("no directory is short enough for PostgreSQL's socket: use a data directory with a shorter path")
