"""Support requests: a thread between a customer and the operators, with the time when the next answer is due.

A reply is stored and its mail queued in one transaction, so that what stands in the thread was also sent. Requests of
people who wrote by mail are filed by an operator; they are answered by mail, and in the console if their account is
known.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from farebox.aftersale import account_store
from farebox.aftersale import support_store as store
from farebox.aftersale.desk import Desk, note
from farebox.audit.record import Actor
from farebox.domain.calendar import due_after
from farebox.domain.errors import ActionRefused
from farebox.outbox.mail import queue_mail, queue_mail_to_address
from farebox.storage.database import Connection

SupportState = Literal["open", "answered", "closed"]
Author = Literal["customer", "operator"]
# Of one account, not closed; and in one thread. More is a flood, not a question.
MOST_OPEN = 20
MOST_MESSAGES = 200


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked, and by whom. `amount` is in the customer's own words, in whatever currency."""

    account_id: UUID | None
    person_id: UUID | None = None
    filed_by: UUID | None = None
    email: str
    language: str = "en"
    subject: str
    words: str
    payment_method: str = ""
    payment_reference: str = ""
    job_id: UUID | None = None
    amount: str = ""


class SupportRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request; `due_at` is when its next answer is due while it is open."""

    id: UUID
    account_id: UUID | None
    person_id: UUID | None
    filed_by: UUID | None
    email: str
    language: str
    subject: str
    payment_method: str
    payment_reference: str
    job_id: UUID | None
    amount: str
    state: SupportState
    created_at: datetime
    due_at: datetime
    closed_at: datetime | None


class Message(msgspec.Struct, frozen=True):
    """One message of a thread; plain text."""

    id: UUID
    author: Author
    words: str
    created_at: datetime


async def ask(connection: Connection, desk: Desk, question: Question, actor: Actor) -> SupportRequest:
    """A new open request with its first message."""
    async with connection.transaction():
        if question.account_id is not None:
            await account_store.lock_accounts(connection, question.account_id)
            if question.filed_by is None and await store.count_open(connection, question.account_id) >= MOST_OPEN:
                raise ActionRefused("too_many_open", "Close a request that is answered before you open another.")
        request_id = desk.ids.new()
        await store.insert(
            connection,
            request_id,
            question.account_id,
            question.person_id,
            question.filed_by,
            question.email,
            question.language,
            question.subject,
            question.payment_method,
            question.payment_reference,
            question.job_id,
            question.amount,
            await _due_at(connection, desk),
        )
        await store.insert_message(
            connection, desk.ids.new(), request_id, "customer", question.person_id, question.words
        )
        target = f"support:{request_id}"
        await note(connection, desk, actor, "support.ask", target, question.account_id, after={"state": "open"})
        return await show(connection, request_id)


async def show(connection: Connection, request_id: UUID, account_id: UUID | None = None) -> SupportRequest:
    """The request; ActionRefused (404) when there is none, or it is not this account's."""
    row = await store.load(connection, request_id)
    if row is None or account_id not in (None, row["account_id"]):
        raise _not_found()
    return SupportRequest(**row)


async def thread(connection: Connection, request_id: UUID) -> list[Message]:
    """The messages, the oldest first."""
    return [Message(**row) for row in await store.messages(connection, request_id)]


async def write(
    connection: Connection, desk: Desk, request_id: UUID, account_id: UUID, actor: Actor, words: str
) -> SupportRequest:
    """Another message of the customer: the request is open (again), and its answer due anew."""
    async with connection.transaction():
        request = await _lock(connection, request_id, account_id)
        due_at = request.due_at if request.state == "open" else await _due_at(connection, desk)
        await _add(connection, desk, request, "customer", actor, words)
        return await _changed(connection, desk, request, "open", actor, "support.write", due_at)


async def reply(
    connection: Connection, desk: Desk, request_id: UUID, actor: Actor, words: str, *, link: str, closes: bool = False
) -> SupportRequest:
    """An operator's answer, in the thread and by mail; `link` is where the customer reads on, '' for none."""
    async with connection.transaction():
        request = await _lock(connection, request_id, None)
        message_id = await _add(connection, desk, request, "operator", actor, words)
        facts = {"text": words, "subject": request.subject}
        key = f"support_reply:{message_id}"
        if request.person_id is not None:
            if link:
                facts["link"] = link
            await queue_mail(connection, desk.ids, "support_reply", request.person_id, facts, dedupe_key=key)
        elif request.email:
            await queue_mail_to_address(
                connection, desk.ids, "support_reply", request.email, request.language, facts, dedupe_key=key
            )
        state: SupportState = "closed" if closes else "answered"
        return await _changed(connection, desk, request, state, actor, "support.reply")


async def close(
    connection: Connection, desk: Desk, request_id: UUID, account_id: UUID | None, actor: Actor
) -> SupportRequest:
    """The end of a request; another message of the customer opens it again. Doing it again changes nothing."""
    async with connection.transaction():
        request = await _lock(connection, request_id, account_id)
        if request.state == "closed":
            return request
        return await _changed(connection, desk, request, "closed", actor, "support.close")


async def list_requests(
    connection: Connection,
    after: UUID | None,
    *,
    limit: int,
    account_id: UUID | None = None,
    state: SupportState | None = None,
    oldest_first: bool = False,
) -> list[SupportRequest]:
    """The newest or the oldest first, those that come after the cursor `after`."""
    rows = await store.page(
        connection, after, account_id=account_id, state=state, oldest_first=oldest_first, limit=limit
    )
    return [SupportRequest(**row) for row in rows]


async def _add(
    connection: Connection, desk: Desk, request: SupportRequest, author: Author, actor: Actor, words: str
) -> UUID:
    if await store.count_messages(connection, request.id) >= MOST_MESSAGES:
        raise ActionRefused("thread_full", "This request is too long: open a new one that names it.")
    message_id = desk.ids.new()
    person_id = actor.id if actor.kind in ("member", "operator") else None
    await store.insert_message(connection, message_id, request.id, author, person_id, words)
    return message_id


async def _changed(
    connection: Connection,
    desk: Desk,
    request: SupportRequest,
    state: SupportState,
    actor: Actor,
    action: str,
    due_at: datetime | None = None,
) -> SupportRequest:
    await store.set_state(connection, request.id, state, due_at)
    target = f"support:{request.id}"
    after = {"state": state}
    await note(connection, desk, actor, action, target, request.account_id, before=request.state, after=after)
    return await show(connection, request.id)


async def _lock(connection: Connection, request_id: UUID, account_id: UUID | None) -> SupportRequest:
    row = await store.lock(connection, request_id)
    if row is None or account_id not in (None, row["account_id"]):
        raise _not_found()
    return SupportRequest(**row)


async def _due_at(connection: Connection, desk: Desk) -> datetime:
    moment = await account_store.now(connection)
    return due_after(moment, desk.policy.support.due_business_days, desk.policy.calendar)


def _not_found() -> ActionRefused:
    return ActionRefused("not_found", "There is no such support request.", status=404)
