"""What opens and closes this deployment's secrets, and the refusal to begin anew when its key was lost."""

from farebox.boot import store
from farebox.boot.config import Config
from farebox.boot.data_dir import DataDir
from farebox.domain.errors import CommandError
from farebox.kit.crypto import Seal
from farebox.storage.database import Connection


async def open_seal(connection: Connection, data_dir: DataDir, config: Config) -> Seal:
    """The seal; makes the deployment's key while nothing is sealed yet, and raises CommandError when it was lost.

    A new key in its place would open nothing: every call to a provider would fail, and a backup made afterwards would
    hide that the old key is missing.
    """
    if not data_dir.has_secret_key(config) and await store.has_sealed_keys(connection):
        raise CommandError(
            f"the database holds provider keys, and {data_dir.root / 'secret.key'}, which they are sealed with, is "
            "missing: restore it from a backup, or set FAREBOX_SECRET_KEY to what they were sealed with"
        )
    return data_dir.seal(config)
