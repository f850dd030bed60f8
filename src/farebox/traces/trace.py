"""Leaving a trace: where something came from. Risk reads them; retention drops them by day."""

from typing import Literal
from uuid import UUID

import msgspec

from farebox.kit.ids import IdSource
from farebox.storage.database import Connection
from farebox.traces import store

TraceKind = Literal["call", "sign_up", "sign_in", "sign_in_failed", "recharge", "redemption", "key"]
_LONGEST_AGENT = 300
_LONGEST_DEVICE = 128


class Origin(msgspec.Struct, frozen=True):
    """Where a request came from. `address` None: not known; `country` '' likewise."""

    address: str | None = None
    country: str = ""
    agent: str = ""
    device: str = ""


async def leave_trace(
    connection: Connection,
    ids: IdSource,
    kind: TraceKind,
    origin: Origin,
    *,
    account_id: UUID | None = None,
    person_id: UUID | None = None,
    key_id: UUID | None = None,
) -> None:
    await store.insert(
        connection,
        ids.new(),
        account_id,
        person_id,
        key_id,
        kind,
        origin.address,
        origin.country,
        origin.agent[:_LONGEST_AGENT],
        origin.device[:_LONGEST_DEVICE],
    )
