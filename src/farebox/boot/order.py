"""What the supervisor tells a child process, over a pipe: secrets travel in neither arguments nor the environment."""

import hashlib
from pathlib import Path
from typing import Literal
from uuid import UUID

import msgspec

from farebox.boot.config import Config

Role = Literal["gateway", "control", "worker", "simulator"]

CONTROL_SOCKET = "control.sock"
# A file of the run directory that is there from the moment in which the node begins to drain.
DRAIN_MARK = "draining"
# How long a call to a payment or identity provider may take.
OUTGOING_S = 20.0


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a child needs. Sockets are numbers of inherited file descriptors, bound by the supervisor."""

    role: Role
    name: str
    config: Config
    database_url: str
    secret_key: bytes
    run_dir: Path
    spool_dir: Path
    node_id: UUID
    simulator_url: str
    public_url: str
    listen_fd: int | None = None
    admin_fd: int | None = None

    def __repr__(self) -> str:
        return f"Order({self.name})"

    @property
    def control_socket(self) -> Path:
        return self.run_dir / CONTROL_SOCKET

    @property
    def drain_mark(self) -> Path:
        return self.run_dir / DRAIN_MARK

    @property
    def metrics_socket(self) -> Path:
        """Where this process answers with its counters."""
        return self.run_dir / f"metrics-{self.name}.sock"


def salt_of(secret_key: bytes) -> bytes:
    """What personal values are digested with: lasting, and of this deployment alone."""
    return hashlib.sha256(b"farebox salt v1:" + secret_key).digest()


def encode_order(order: Order) -> bytes:
    return msgspec.json.encode(order, enc_hook=_encode_path)


def decode_order(raw: bytes) -> Order:
    return msgspec.json.decode(raw, type=Order, dec_hook=_decode_path)


def _encode_path(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _decode_path(kind: type, value: object) -> Path:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError(kind.__name__)
