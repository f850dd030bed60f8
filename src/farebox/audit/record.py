"""One line of the trail, and what may stand in it.

`before` and `after` hold names, states, amounts and ids. Personal and short-lived values (mail addresses, network
addresses, agents) stand in it as salted digests only, so that they can be erased elsewhere without breaking the chain.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

import msgspec

from farebox.audit import store
from farebox.kit.ids import IdSource
from farebox.storage.database import Connection

ActorKind = Literal["operator", "member", "token", "command", "system"]


class Actor(msgspec.Struct, frozen=True):
    """Who acts: a person by id, an admin token, the command line, or a duty of the system by name.

    `behind` is the person that a token acts for: whoever may not decide for themselves may not by a program either.
    """

    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    behind: UUID | None = None

    @property
    def person_id(self) -> UUID | None:
        return self.id if self.kind in ("operator", "member") else self.behind


COMMAND = Actor("command", name="cli")


def system(duty: str) -> Actor:
    return Actor("system", name=duty)


async def record(
    connection: Connection,
    ids: IdSource,
    actor: Actor,
    action: str,
    *,
    target: str = "",
    account_id: UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Writes one line, in the transaction of the change it tells of; `action` is noun.verb, such as account.freeze."""
    await store.insert(
        connection,
        ids.new(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        account_id=account_id,
        action=action,
        target=target,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
        reason=reason,
    )


def personal(value: str, salt: bytes) -> str:
    """A personal value as the trail may hold it; the same value gives the same digest in one deployment."""
    return hmac.digest(salt, value.strip().lower().encode(), hashlib.sha256).hex()[:32]
