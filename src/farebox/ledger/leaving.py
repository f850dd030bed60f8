"""Credit that leaves an account other than by being spent: paid out, moved to another account, forfeited.

As in service.py each is one database transaction under the account's lock, with an idempotency key, and takes only what
open holds do not need. Paid out and moved is only what was bought, and what was given back of charges for it: credit
that was given away stays where it is. It must not know who decides, nor how money is paid out.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from farebox.domain.errors import LedgerError
from farebox.domain.money import format_amount
from farebox.kit.ids import IdSource
from farebox.ledger import leaving_store, posting, store
from farebox.ledger.leaving_store import Bought
from farebox.ledger.lots import by_kind, spending_order, take
from farebox.ledger.operation import Posted, check_amount, claim, digest_of, memo_of, post
from farebox.ledger.posting import LotKind, Paid
from farebox.storage.account_lock import ACCOUNT_LOCK_SQL, account_lock_keys
from farebox.storage.database import Connection

# The wash book's name of what no payment provider pays out.
BY_HAND = "payout"
GIVEN: tuple[LotKind, ...] = ("promo", "grant")
ALL: tuple[LotKind, ...] = ("promo", "grant", "paid", "adjustment")


class PaidOut(msgspec.Struct, frozen=True):
    """What was posted, and what is to be paid for it in the currency's minor unit."""

    posted: Posted
    paid_minor: int


class Leaving:
    """Operations on the ledger of one deployment; `unit` is its unit of account."""

    def __init__(self, unit: str, ids: IdSource) -> None:
        self._unit = unit
        self._ids = ids

    async def payable(self, connection: Connection, account_id: UUID, currency: str) -> tuple[int, int]:
        """How much can be paid out in a currency: credit in nano-units, and what it was paid with; as of now."""
        async with connection.transaction():
            purse = await store.lock_purse(connection, account_id)
            taken, bought = await _take_bought(connection, purse, purse.spendable_nano, currency)
            return sum(nano for _, nano in taken), _worth_minor(taken, bought)

    async def movable(self, connection: Connection, account_id: UUID) -> int:
        """How much credit can be moved to another account, in nano-units; as of now."""
        async with connection.transaction():
            purse = await store.lock_purse(connection, account_id)
            taken, _ = await _take_bought(connection, purse, purse.spendable_nano, None)
            return sum(nano for _, nano in taken)

    async def pay_out(
        self,
        connection: Connection,
        account_id: UUID,
        amount_nano: int,
        idempotency_key: str,
        *,
        currency: str,
        reference: str,
        operator: str,
    ) -> PaidOut:
        """Take credit that is paid out by hand; worth what was paid for it, never more.

        Until it has been paid, Ledger.restore under the same reference gives it back to where it was. Raises
        LedgerError when there is less that was bought in this currency, or a debt.
        """
        check_amount(amount_nano)
        digest = digest_of("payout", account_id, amount_nano, currency, reference)
        async with connection.transaction():
            purse = await store.lock_purse(connection, account_id)
            txn_id = self._ids.new()
            earlier = await claim(connection, purse, idempotency_key, txn_id, digest)
            if earlier is not None:
                paid_minor = await leaving_store.load_paid_out(connection, account_id, earlier.txn_id)
                return PaidOut(earlier, paid_minor)
            _check_no_debt(purse)
            taken, bought = await _take_bought(connection, purse, amount_nano, currency)
            _check_taken(taken, amount_nano, f" that was bought in {currency}")
            paid = Paid(BY_HAND, _worth_minor(taken, bought), currency)
            if not paid.minor:
                raise LedgerError("this is less than the smallest amount of money")
            memo = memo_of(reference=reference, operator=operator, key=idempotency_key) | {"paid_minor": paid.minor}
            postings = posting.pay_out(amount_nano, paid, self._unit)
            await post(connection, purse, txn_id, "payout", digest, memo, postings, self._unit)
            await store.update_lots(connection, account_id, [lot for lot, _ in taken])
            parts: list[tuple[UUID | None, int]] = [(lot.id, nano) for lot, nano in taken]
            await store.insert_takings(connection, account_id, txn_id, reference, parts)
            return PaidOut(Posted(txn_id, -amount_nano, purse.balance_nano), paid.minor)

    async def migrate(
        self,
        connection: Connection,
        account_id: UUID,
        to_account_id: UUID,
        amount_nano: int,
        idempotency_key: str,
        *,
        operator: str,
    ) -> Posted:
        """Move credit to another account: its lots keep origin, expiry and what was paid for them. Gives our side.

        A refund or dispute of the payment stays with the account that paid. Raises LedgerError when there is less that
        was bought, or a debt.
        """
        check_amount(amount_nano)
        if account_id == to_account_id:
            raise LedgerError("an account's balance cannot move to the account itself")
        digest = digest_of("migration", account_id, to_account_id, amount_nano)
        async with connection.transaction():
            await connection.execute(ACCOUNT_LOCK_SQL, account_lock_keys((account_id, to_account_id)))
            first, second = sorted((account_id, to_account_id))
            purses = {each: await store.lock_purse(connection, each) for each in (first, second)}
            purse, other = purses[account_id], purses[to_account_id]
            out_id, in_id = self._ids.new(), self._ids.new()
            earlier = await claim(connection, purse, f"{idempotency_key}:out", out_id, digest)
            if earlier is not None:
                return earlier
            await claim(connection, other, f"{idempotency_key}:in", in_id, digest)
            _check_no_debt(purse)
            taken, _ = await _take_bought(connection, purse, amount_nano, None)
            _check_taken(taken, amount_nano, " that was bought")
            memo = memo_of(operator=operator, key=idempotency_key)
            out, into = {"to": str(to_account_id)}, {"from": str(account_id), "migration": str(out_id)}
            leaving, coming = posting.migration_out(amount_nano), posting.migration_in(amount_nano)
            await post(connection, purse, out_id, "migration", digest, memo | out, leaving, self._unit)
            await store.update_lots(connection, account_id, [lot for lot, _ in taken])
            await post(connection, other, in_id, "migration", digest, memo | into, coming, self._unit)
            await self._add_lots(connection, other, in_id, taken)
            return Posted(out_id, -amount_nano, purse.balance_nano)

    async def forfeit(
        self,
        connection: Connection,
        account_id: UUID,
        idempotency_key: str,
        *,
        kinds: Iterable[LotKind] = ALL,
        reason: str,
        operator: str,
    ) -> Posted | None:
        """Take all credit of these kinds that open holds do not need; None when there is none."""
        wanted = sorted(kinds)
        digest = digest_of("forfeiture", account_id, wanted)
        async with connection.transaction():
            purse = await store.lock_purse(connection, account_id)
            lots = [lot for lot in await store.load_lots(connection, account_id, "") if lot.kind in wanted]
            taken = take(sorted(lots, key=spending_order), purse.spendable_nano)
            amount_nano = sum(nano for _, nano in taken)
            txn_id = self._ids.new()
            if not amount_nano:
                return None
            earlier = await claim(connection, purse, idempotency_key, txn_id, digest)
            if earlier is not None:
                return earlier
            memo = memo_of(operator=operator, key=idempotency_key, reason=reason)
            await post(
                connection, purse, txn_id, "forfeiture", digest, memo, posting.forfeiture(by_kind(taken)), self._unit
            )
            await store.update_lots(connection, account_id, [lot for lot, _ in taken])
            return Posted(txn_id, -amount_nano, purse.balance_nano)

    async def _add_lots(
        self, connection: Connection, purse: store.Purse, txn_id: UUID, taken: list[tuple[store.LotRow, int]]
    ) -> None:
        for lot, nano in taken:
            paid = None
            if lot.paid_minor is not None and lot.paid_currency is not None:
                paid = Paid("", lot.paid_minor * nano // lot.original_nano, lot.paid_currency)
            await store.insert_lot(
                connection,
                purse,
                lot_id=self._ids.new(),
                kind=lot.kind,
                txn_id=txn_id,
                original_nano=nano,
                remaining_nano=nano,
                expires_at=_moment(lot.expires_us),
                paid=paid,
                reference=lot.reference,
            )


async def _take_bought(
    connection: Connection, purse: store.Purse, amount_nano: int, currency: str | None
) -> tuple[list[tuple[store.LotRow, int]], Bought]:
    """Take from lots that were bought (in a currency) and have time left; what was given back of charges comes last."""
    bought = await leaving_store.load_bought(connection, purse.account_id, currency or "")
    now_us = int(purse.now.timestamp() * 1_000_000)
    lots = [
        lot
        for lot in await store.load_lots(connection, purse.account_id, "")
        if (lot.expires_us is None or lot.expires_us > now_us) and _is_bought(lot, bought, currency)
    ]
    lots.sort(key=lambda lot: (lot.kind != "paid", spending_order(lot)))
    return take(lots, min(amount_nano, purse.spendable_nano)), bought


def _is_bought(lot: store.LotRow, bought: Bought, currency: str | None) -> bool:
    if lot.kind == "adjustment":
        return currency is None or bought.original_nano > 0
    return lot.kind == "paid" and currency in (None, lot.paid_currency)


def _worth_minor(taken: list[tuple[store.LotRow, int]], bought: Bought) -> int:
    """What was paid for the parts that were taken; what came back of charges, at the average the account has paid."""
    worth = 0
    for lot, nano in taken:
        if lot.paid_minor is not None:
            worth += lot.paid_minor * nano // lot.original_nano
        else:
            worth += bought.paid_minor * nano // bought.original_nano
    return worth


def _moment(unix_us: int | None) -> datetime | None:
    # Not by way of a float, which has no room for microseconds.
    return None if unix_us is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=unix_us)


def _check_no_debt(purse: store.Purse) -> None:
    if purse.owed_nano:
        raise LedgerError(f"this account owes {format_amount(purse.owed_nano)}, which comes first")


def _check_taken(taken: list[tuple[store.LotRow, int]], amount_nano: int, what: str) -> None:
    found_nano = sum(nano for _, nano in taken)
    if found_nano < amount_nano:
        raise LedgerError(f"{format_amount(found_nano)} of credit{what} can leave, not {format_amount(amount_nano)}")
