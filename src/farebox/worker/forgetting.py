"""Forgets what people began and left: half sign-ins, challenges, links, attempts, sessions that are long over."""

from farebox.identity import (
    challenge_store,
    invitation_store,
    password_link_store,
    pending_sign_in_store,
    session_store,
    throttle_store,
    verification_store,
)
from farebox.storage.database import Connection


async def forget_sign_ins(connection: Connection) -> None:
    """Nothing of it opens anything any more; all of it is over by its own time already."""
    await pending_sign_in_store.forget(connection)
    await challenge_store.forget(connection)
    await password_link_store.forget(connection)
    await verification_store.forget(connection)
    await invitation_store.forget(connection)
    await throttle_store.forget(connection)
    await session_store.forget(connection)
