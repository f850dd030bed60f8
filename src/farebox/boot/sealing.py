"""What opens and closes this deployment's secrets, and the refusal to go on with another key than sealed them.

A new key in place of a lost one, or a wrong one, would open nothing: every call to a provider would fail, and a backup
made afterwards would hide that the right key is missing. So the key seals a canary, and whoever comes has to open it.
"""

from farebox.boot import store
from farebox.boot.config import Config
from farebox.boot.data_dir import DataDir
from farebox.catalog.snapshot import channel_key_purpose
from farebox.domain.errors import CommandError
from farebox.kit.crypto import Seal, SealError
from farebox.storage.database import Connection

_CANARY = b"canary"


async def open_seal(connection: Connection, data_dir: DataDir, config: Config) -> Seal:
    """The seal; makes the key while nothing is sealed yet, and raises CommandError when it is lost or wrong."""
    if not data_dir.has_secret_key(config) and await store.has_sealed_keys(connection):
        raise CommandError(
            f"the database holds provider keys, and {data_dir.root / 'secret.key'}, which they are sealed with, is "
            "missing: restore it from a backup, or set FAREBOX_SECRET_KEY to what they were sealed with"
        )
    seal = data_dir.seal(config)
    if not await opens(connection, seal):
        raise CommandError(
            f"{'FAREBOX_SECRET_KEY' if config.secret_key is not None else data_dir.root / 'secret.key'} is not the key "
            "that the provider keys in this database were sealed with: restore that one (all nodes share it)"
        )
    return seal


async def opens(connection: Connection, seal: Seal) -> bool:
    """Whether this is the key of what is sealed in the database; while nothing is, any is, and leaves its canary."""
    canary = await store.load_canary(connection)
    if canary is not None and _opens(seal, canary, _CANARY):
        return True
    # A canary that does not open is proof enough; without one, what an earlier release has sealed has to do.
    if canary is not None and await store.has_sealed_keys(connection):
        return False
    oldest = await store.sealed_key(connection)
    if oldest is not None:
        key_id, sealed = oldest
        if not _opens(seal, sealed, channel_key_purpose(key_id)):
            return False
    await store.set_canary(connection, seal.seal(_CANARY, purpose=_CANARY))
    return True


def _opens(seal: Seal, sealed: bytes, purpose: bytes) -> bool:
    try:
        seal.open(sealed, purpose=purpose)
    except SealError:
        return False
    return True
