"""One PostgreSQL cluster directory: made, and given a server.

All of it blocks and belongs in a thread. It must not know when a cluster may be run (embedded.py), nor what is in it.
"""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from farebox.storage.binaries import MAJOR_VERSION, Binaries
from farebox.storage.errors import ServerFailed, StorageError
from farebox.storage.layout import ADMIN_ROLE, cluster_tag
from farebox.storage.privileges import ServerUser, make_directory, sync_directory, write_file
from farebox.storage.settings import render

_LARGEST_LOG_BYTES = 16 * 1024 * 1024
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class Cluster:
    """The cluster at `directory`, whose processes run as `user`."""

    def __init__(self, directory: Path, user: ServerUser, binaries: Binaries, log: Path) -> None:
        self.directory = directory
        self.user = user
        self._binaries = binaries
        self._log_path = log

    @property
    def tag(self) -> str:
        return cluster_tag(self.directory)

    def initialise(self, admin_password: str) -> None:
        """A new, empty cluster; made aside and renamed, so that one with the final name is complete."""
        fresh = self.directory.with_name("cluster.new")
        password_file = self.directory.with_name("initdb.password")
        shutil.rmtree(fresh, ignore_errors=True)
        make_directory(fresh, 0o700, self.user)
        write_file(password_file, f"{admin_password}\n".encode(), self.user)
        try:
            self._run_initdb(fresh, password_file)
        finally:
            password_file.unlink()
        configuration = fresh / "postgresql.conf"
        includes = "\ninclude 'farebox.conf'\n"
        write_file(configuration, configuration.read_bytes() + includes.encode(), self.user)
        fresh.rename(self.directory)
        sync_directory(self.directory.parent)

    def spawn(self, socket_dir: Path, overrides: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Starts the postmaster; its socket answers later, when recovery is done."""
        self._require_version()
        write_file(self.directory / "farebox.conf", render(socket_dir, self.tag, overrides).encode(), self.user)
        # The name on the command line is how processes of this cluster are told from any others.
        command = [str(self._binaries.program("postgres")), "-D", str(self.directory), "-c", f"cluster_name={self.tag}"]
        with self._open_log() as log, _without_core_dumps():
            return subprocess.Popen(  # noqa: S603 - our own program and paths
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_ENVIRONMENT,
                umask=0o077,
                # Its own session: Ctrl-C in the terminal is for the supervisor, which stops PostgreSQL last.
                start_new_session=True,
                **self.user.process_options(),
            )

    def log_tail(self, lines: int = 10) -> str:
        """The end of the server's log, for the text of an error."""
        try:
            with self._log_path.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - 8192))
                return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""

    def _run_initdb(self, fresh: Path, password_file: Path) -> None:
        command = [
            str(self._binaries.program("initdb")),
            "-D",
            str(fresh),
            "-U",
            ADMIN_ROLE,
            f"--pwfile={password_file}",
        ]
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions"]
        result = subprocess.run(  # noqa: S603 - our own program and paths
            [*command, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=_ENVIRONMENT,
            umask=0o077,
            check=False,
            **self.user.process_options(),
        )
        if result.returncode != 0:
            tail = "\n".join(result.stdout.decode(errors="replace").splitlines()[-10:])
            raise ServerFailed(f"a new database could not be made in {fresh}:\n{tail}")

    def _require_version(self) -> None:
        version = (self.directory / "PG_VERSION").read_text().strip()
        if version != MAJOR_VERSION:
            raise StorageError(
                f"the database in {self.directory} is of PostgreSQL {version}, and this release brings "
                f"{MAJOR_VERSION}: dump it with the old release and load it with this one"
            )

    def _open_log(self) -> BinaryIO:
        if self._log_path.exists() and self._log_path.stat().st_size > _LARGEST_LOG_BYTES:
            self._log_path.replace(self._log_path.with_suffix(".log.1"))
        handle = os.open(self._log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        return os.fdopen(handle, "ab")


@contextmanager
def _without_core_dumps() -> Iterator[None]:
    # A dump of memory would hold what the log must not. Children inherit the limit, so it is ours while one starts.
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
