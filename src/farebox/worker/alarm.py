"""An alarm: a case for operators while something is wrong with the deployment, and one mail to each of them about it.

It is rung once however often it is looked for; when what it tells of is over, its case closes by itself. Mail goes to
operators who may read cases.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec

from farebox.cases.case import CaseKind, close_case, find_open_case, open_case
from farebox.domain.errors import ActionRefused
from farebox.identity.operators import list_operators
from farebox.identity.scopes import permits
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.outbox.mail import queue_mail
from farebox.storage.database import Connection
from farebox.worker import alarm_store as store

_OVER = "over"


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong. `title` and `text` are for the mail; `facts` for the case, metadata only."""

    kind: CaseKind
    subject: str
    title: str
    text: str
    facts: dict[str, Any] = {}


class Alarms:
    """Rings and settles; every change is one transaction."""

    def __init__(self, ids: IdSource, logger: Logger) -> None:
        self._ids = ids
        self._logger = logger

    async def settle(self, connection: Connection, kind: CaseKind, prefix: str, on: Sequence[Alarm]) -> None:
        """Rings what is on, and closes the cases of the kind whose subject begins with `prefix` and is not."""
        for alarm in on:
            await self.ring(connection, alarm)
        for case_id in await store.open_besides(connection, kind, prefix, [alarm.subject for alarm in on]):
            # An operator may have been quicker.
            with suppress(ActionRefused):
                await close_case(connection, case_id, decision=_OVER)

    async def ring(self, connection: Connection, alarm: Alarm) -> bool:
        """Opens the case and tells operators; False when it is rung, or was closed by somebody within a day."""
        async with connection.transaction():
            known = await find_open_case(connection, alarm.kind, alarm.subject)
            if known is None and await store.is_known(connection, alarm.kind, alarm.subject, _OVER):
                return False
            case_id = await open_case(connection, self._ids, alarm.kind, alarm.subject, facts=alarm.facts)
            if known is not None:
                return False
            await self.tell(connection, alarm.title, alarm.text, occasion=str(case_id))
        self._logger.error("alarm", kind=alarm.kind, subject=alarm.subject)
        return True

    async def tell(self, connection: Connection, title: str, text: str, *, occasion: str) -> None:
        """One mail to each operator who reads cases; once per occasion."""
        for operator in await list_operators(connection):
            if permits(operator.scopes, "risk:read"):
                key = f"alarm:{occasion}:{operator.person_id}"
                facts = {"title": title, "text": text}
                await queue_mail(connection, self._ids, "operator_alarm", operator.person_id, facts, dedupe_key=key)
