"""Who signs up twice: the same mailbox under another spelling, or the same device.

What a hit means is the policy's (accounts_per_person). Devices are known from traces, and forgotten with them.
"""

from uuid import UUID

import msgspec

from farebox.identity import duplicates_store as store
from farebox.storage.database import Connection


class Lookalikes(msgspec.Struct, frozen=True):
    """Other accounts that may be the same person's; empty when there are none."""

    same_mailbox: tuple[UUID, ...] = ()
    same_device: tuple[UUID, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.same_mailbox or self.same_device)

    def facts(self) -> dict[str, list[str]]:
        """For a case: ids of accounts, by what they share."""
        return {
            name: [str(account_id) for account_id in found]
            for name, found in (("same_mailbox", self.same_mailbox), ("same_device", self.same_device))
            if found
        }


async def find_lookalikes(connection: Connection, person_id: UUID, account_id: UUID) -> Lookalikes:
    """Among people whose address is confirmed."""
    return Lookalikes(
        tuple(await store.by_mailbox(connection, person_id, account_id)),
        tuple(await store.by_device(connection, person_id, account_id)),
    )
