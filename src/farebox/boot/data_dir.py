"""What lies where in a data directory, the database apart.

DATA/
  farebox.toml   the operator's business rules, if any (boot/config.py)
  serve.lock     held by a running `farebox serve`
  secret.key     what secrets at rest are sealed with, mode 600, unless FAREBOX_SECRET_KEY is set
  node.id        the name of this node: whose spool it is
  spool/         settlements that wait for the database (till/spool.py)
  ledger-heads.jsonl  hashes of the ledger's sealed blocks: copy it to where nobody can change it
  audit-heads.jsonl   the same of the audit trail
  run/           sockets between our processes, mode 700; elsewhere when this path is too long for a socket
  postgres/      the embedded database (storage/layout.py)
"""

import os
import secrets
import shutil
import stat
import tempfile
from pathlib import Path
from uuid import UUID

from farebox.boot.config import LEAST_SECRET_CHARACTERS, POLICY_FILE, Config
from farebox.domain.errors import CommandError
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.storage.errors import DataDirInUse
from farebox.storage.locks import FileLock
from farebox.storage.privileges import make_directory, write_file

# sockaddr_un holds 108 bytes with its closing zero; the longest name we put into run/ has fewer than 32.
_LONGEST_RUN_DIR = 107 - 32


class DataDir:
    """The files of one data directory; nothing is made before it is asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.spool = root / "spool"
        self.ledger_heads = root / "ledger-heads.jsonl"
        self.audit_heads = root / "audit-heads.jsonl"
        self.policy_file = root / POLICY_FILE
        self._lock = FileLock(root / "serve.lock")
        self._run: Path | None = None

    def make(self) -> None:
        """The directory itself, if missing."""
        try:
            if not self.root.exists():
                self.root.parent.mkdir(parents=True, exist_ok=True)
                # Root's is open for passing through, so that PostgreSQL's user reaches its own part of it.
                make_directory(self.root, 0o711 if os.geteuid() == 0 else 0o700)
        except OSError as error:
            raise CommandError(f"the data directory {self.root} cannot be made: {error.strerror}") from None
        if not os.access(self.root, os.W_OK | os.X_OK):
            raise CommandError(f"the data directory {self.root} cannot be written to by this user")

    def lock(self) -> None:
        """Claims the directory for this process's life; a second `farebox serve` on it is refused."""
        if self._lock.try_exclusive("serve"):
            return
        holder = self._lock.holder()
        who = f" (process {holder.pid})" if holder is not None else ""
        raise DataDirInUse(
            f"{self.root} is in use by another `farebox serve`{who}: stop that one first, or choose another "
            "directory with --data"
        )

    def unlock(self) -> None:
        self._lock.release()

    def make_spool(self) -> Path:
        make_directory(self.spool, 0o700)
        return self.spool

    def node_id(self) -> UUID:
        """The node's lasting name; made on first use."""
        path = self.root / "node.id"
        if not path.exists():
            write_file(path, f"{IdSource().new()}\n".encode(), keep=True)
        try:
            return UUID(path.read_text().strip())
        except ValueError:
            raise CommandError(f"{path} does not hold an id: restore it, or remove it if the spool is empty") from None

    def seal(self, config: Config) -> Seal:
        """What opens and closes the secrets of this deployment."""
        return Seal(self.secret_key(config))

    def has_secret_key(self, config: Config) -> bool:
        """Whether there is one, or the next that asks for it makes one."""
        return config.secret_key is not None or (self.root / "secret.key").exists()

    def secret_key(self, config: Config) -> bytes:
        """The configured key, else the generated one; never a default that everybody knows."""
        if config.secret_key is not None:
            return config.secret_key
        path = self.root / "secret.key"
        if not self.has_secret_key(config):
            write_file(path, f"{secrets.token_urlsafe(32)}\n".encode(), keep=True)
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise CommandError(f"{path} can be read by others (mode {mode:o}): run `chmod 600 {path}`")
        secret_key = path.read_bytes().strip()
        if len(secret_key) < LEAST_SECRET_CHARACTERS:
            raise CommandError(f"{path} is damaged: restore it, because no provider key can be opened without it")
        return secret_key

    def make_run_dir(self) -> Path:
        """An empty directory of mode 700 for sockets; belongs to this start and is removed with `remove_run_dir`."""
        near = self.root / "run"
        if len(os.fsencode(near)) <= _LONGEST_RUN_DIR:
            shutil.rmtree(near, ignore_errors=True)
            make_directory(near, 0o700)
            self._run = near
        else:
            self._run = Path(tempfile.mkdtemp(prefix="farebox-"))
        return self._run

    @property
    def run_dir(self) -> Path:
        """The directory made by `make_run_dir`."""
        assert self._run is not None, "the run directory has not been made"
        return self._run

    def remove_run_dir(self) -> None:
        if self._run is not None:
            shutil.rmtree(self._run, ignore_errors=True)
            self._run = None
