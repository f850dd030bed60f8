"""The listening sockets, bound once by the supervisor and inherited by its children."""

import socket
from pathlib import Path

import msgspec

from farebox.boot.config import Config
from farebox.boot.order import CONTROL_SOCKET
from farebox.domain.errors import CommandError
from farebox.kit.logging import Logger

_BACKLOG = 4096


class Listeners(msgspec.Struct, frozen=True):
    """All sockets of a node; `admin` is missing when its port was taken."""

    public: socket.socket
    admin: socket.socket | None
    control: socket.socket
    simulator: socket.socket

    @property
    def public_url(self) -> str:
        """Where a client on this machine reaches us."""
        return _url(self.public)

    @property
    def admin_url(self) -> str | None:
        return None if self.admin is None else _url(self.admin)

    @property
    def simulator_url(self) -> str:
        return _url(self.simulator)

    def close(self) -> None:
        for listener in (self.public, self.admin, self.control, self.simulator):
            if listener is not None:
                listener.close()


def bind_all(config: Config, run_dir: Path, logger: Logger) -> Listeners:
    """Binds everything; only the admin listener may be missing, with a warning."""
    public = _bind(config.host, config.port, "--port")
    try:
        return Listeners(
            public=public,
            admin=_bind_admin(config, public, logger),
            control=_bind_unix(run_dir / CONTROL_SOCKET),
            simulator=_bind("127.0.0.1", 0, "simulator"),
        )
    except BaseException:
        public.close()
        raise


def _bind_admin(config: Config, public: socket.socket, logger: Logger) -> socket.socket | None:
    port = config.admin_port
    if port is None:
        port = 0 if config.port == 0 else public.getsockname()[1] + 1
    try:
        return _bind(config.admin_host, port, "--admin-port")
    except CommandError as error:
        logger.warning("admin_listener_off", reason=str(error))
        return None


def _bind(host: str, port: int, option: str) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):
        raise CommandError(f"{host!r} is no address of this machine: choose one with --host") from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Answers are written whole, so waiting for more to send only delays them.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise CommandError(
            f"{host}:{port} cannot be listened on ({error.strerror}): choose another with {option}"
        ) from None
    listener.setblocking(False)
    return listener


def _bind_unix(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - read, not bound
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
