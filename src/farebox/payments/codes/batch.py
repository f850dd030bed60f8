"""Making codes, and making them void. Only whoever makes a batch ever sees its codes."""

import re
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from farebox.audit.record import Actor, record
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount
from farebox.payments import payment_store
from farebox.payments.books import Books
from farebox.payments.codes import code_store
from farebox.payments.codes.code import Batch, BatchKind, Code
from farebox.payments.codes.text import hash_of, hint_of, new_code
from farebox.storage.database import Connection

MOST_CODES = 10_000
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


class NewBatch(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be made. Codes that are sold say what one was sold for, in the minor unit of the currency."""

    kind: BatchKind
    codes: int
    amount_nano: int
    price_minor: int | None = None
    currency: str | None = None
    most_per_account: int | None = 1
    redeem_until: datetime | None = None
    credit_days: int = 0
    note: str = ""


class MadeCode(msgspec.Struct, frozen=True):
    """A code as it is shown, once."""

    id: UUID
    code: str


async def make_batch(
    connection: Connection, books: Books, wanted: NewBatch, actor: Actor, made_by: str, request_key: str | None = None
) -> tuple[Batch, list[MadeCode]]:
    """The batch and its codes, which nothing here remembers.

    The same `request_key` again is refused: what it made cannot be shown a second time.
    """
    now = await payment_store.now(connection)
    _check(wanted, now)
    codes = [MadeCode(books.ids.new(), new_code()) for _ in range(wanted.codes)]
    batch_id = books.ids.new()
    async with connection.transaction():
        await _insert(connection, _batch(batch_id, wanted, made_by, now), request_key)
        await code_store.insert_codes(
            connection, batch_id, [(made.id, hash_of(made.code), hint_of(made.code)) for made in codes]
        )
        await record(
            connection,
            books.ids,
            actor,
            "code_batch.make",
            target=f"code_batch:{batch_id}",
            after={
                "kind": wanted.kind,
                "codes": wanted.codes,
                "amount": format_amount(wanted.amount_nano),
                "price_minor": wanted.price_minor,
                "currency": wanted.currency,
            },
            reason=wanted.note,
        )
    return await load_batch(connection, batch_id), codes


async def void_batch(connection: Connection, books: Books, batch_id: UUID, actor: Actor, reason: str) -> Batch:
    """None of its codes can be redeemed from now on; what has been redeemed stays."""
    async with connection.transaction():
        before = await load_batch(connection, batch_id)
        if not await code_store.void_batch(connection, batch_id):
            raise ActionRefused("already_void", "This batch is void already.")
        await record(
            connection,
            books.ids,
            actor,
            "code_batch.void",
            target=f"code_batch:{batch_id}",
            after={"open_codes": before.codes - before.redeemed},
            reason=reason,
        )
        return await load_batch(connection, batch_id)


async def void_code(
    connection: Connection, books: Books, batch_id: UUID, code_id: UUID, actor: Actor, reason: str
) -> Code:
    """It cannot be redeemed from now on; one that has been is refused."""
    async with connection.transaction():
        before = await _load_code(connection, batch_id, code_id)
        if not await code_store.void_code(connection, code_id):
            state = (await _load_code(connection, batch_id, code_id)).state
            raise ActionRefused("not_open", f"This code is {state}: there is nothing to make void.")
        after = {"batch_id": str(batch_id), "hint": before.hint}
        await record(connection, books.ids, actor, "code.void", target=f"code:{code_id}", after=after, reason=reason)
        return await _load_code(connection, batch_id, code_id)


async def find_code(connection: Connection, typed: str) -> Code:
    """What has become of a code that a customer asks about; ActionRefused when it is none of ours."""
    code_id = await code_store.id_of_hash(connection, hash_of(typed))
    code = None if code_id is None else await code_store.load_code(connection, code_id)
    if code is None:
        raise ActionRefused("unknown_code", "There is no such code.", status=404, field="code")
    return code


async def load_batch(connection: Connection, batch_id: UUID) -> Batch:
    """ActionRefused (404) when there is none."""
    batch = await code_store.load_batch(connection, batch_id)
    if batch is None:
        raise ActionRefused("not_found", "There is no such batch of codes.", status=404)
    return batch


async def _load_code(connection: Connection, batch_id: UUID, code_id: UUID) -> Code:
    code = await code_store.load_code(connection, code_id)
    if code is None or code.batch_id != batch_id:
        raise ActionRefused("not_found", "There is no such code.", status=404)
    return code


def _check(wanted: NewBatch, now: datetime) -> None:
    if not 0 < wanted.codes <= MOST_CODES:
        raise _invalid("codes", f"A batch has 1 to {MOST_CODES} codes.")
    if wanted.amount_nano <= 0:
        raise _invalid("amount", "A code is worth more than nothing.")
    has_price, has_currency = wanted.price_minor is not None, wanted.currency is not None
    if (has_price, has_currency) != ((True, True) if wanted.kind == "sold" else (False, False)):
        raise _invalid("price_minor", "Say for how much of which currency a code was sold; promotional ones have none.")
    if wanted.currency is not None and not _CURRENCY.fullmatch(wanted.currency):
        raise _invalid("currency", "A currency is three capital letters, such as USD.")
    if wanted.redeem_until is not None and wanted.redeem_until <= now:
        raise _invalid("redeem_until", "The last moment to redeem these codes is over already.")


async def _insert(connection: Connection, batch: Batch, request_key: str | None) -> None:
    try:
        async with connection.transaction():
            await code_store.insert_batch(connection, batch, request_key)
    except asyncpg.UniqueViolationError:
        assert request_key is not None
        earlier = await code_store.made_before(connection, request_key)
        raise ActionRefused(
            "already_made",
            f"This request has made batch {earlier}. Its codes were shown then: if they are lost, void it and make"
            " another.",
        ) from None


def _batch(batch_id: UUID, wanted: NewBatch, made_by: str, now: datetime) -> Batch:
    terms = {name: getattr(wanted, name) for name in wanted.__struct_fields__}
    return Batch(id=batch_id, made_by=made_by, created_at=now, voided_at=None, redeemed=0, **terms)


def _invalid(field: str, message: str) -> ActionRefused:
    return ActionRefused("invalid_request", message, status=422, field=field)
