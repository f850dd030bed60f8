"""Everything that changes a balance but the charges of jobs: credit, adjustment, claw-back, expiry.

Each is one database transaction under the account's lock (storage/account_lock.py), within the caller's transaction if
there is one. Each has an idempotency key: the same key with the same input does nothing and says so, with other input
it raises IdempotencyConflict. It must not know HTTP, nor what payment providers send.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from farebox.domain.errors import LedgerError
from farebox.domain.money import format_amount
from farebox.kit.ids import IdSource
from farebox.ledger import posting, store
from farebox.ledger.lots import by_kind, expired, spending_order, take
from farebox.ledger.operation import Posted, check_amount, claim, digest_of, memo_of, post
from farebox.ledger.posting import LotKind, Paid
from farebox.storage.database import Connection

CreditKind = Literal["paid", "promo", "grant"]
_TXN_KIND: dict[CreditKind, str] = {"paid": "recharge", "promo": "promo", "grant": "grant"}
# A lot to be: its kind, its amount, when it expires.
_Part = tuple[LotKind, int, datetime | None]


class Ledger:
    """The ledger of one deployment; `unit` is its unit of account."""

    def __init__(self, unit: str, ids: IdSource) -> None:
        self._unit = unit
        self._ids = ids

    async def credit(
        self,
        connection: Connection,
        account_id: UUID,
        amount_nano: int,
        kind: CreditKind,
        idempotency_key: str,
        *,
        reference: str = "",
        paid: Paid | None = None,
        expires_at: datetime | None = None,
        operator: str | None = None,
    ) -> Posted:
        """Add credit as a new lot; an old debt is repaid from it first. Paid credit says what was paid."""
        check_amount(amount_nano)
        if kind == "paid":
            if paid is None:
                raise LedgerError("paid credit needs what was paid for it")
            _check_reference(reference)
            postings = posting.recharge(amount_nano, paid, self._unit)
        else:
            if paid is not None:
                raise LedgerError(f"nobody pays for credit of kind {kind}")
            postings = posting.given(amount_nano, kind)
        digest = digest_of("credit", account_id, amount_nano, kind, reference, paid, expires_at)
        async with connection.transaction():
            purse = await store.lock_purse(connection, account_id)
            txn_id = self._ids.new()
            earlier = await claim(connection, purse, idempotency_key, txn_id, digest)
            if earlier is not None:
                return earlier
            memo = memo_of(reference=reference, operator=operator, key=idempotency_key)
            await post(connection, purse, txn_id, _TXN_KIND[kind], digest, memo, postings, self._unit)
            parts: list[_Part] = [(kind, amount_nano, expires_at)]
            return await self._add_lots(connection, purse, txn_id, digest, parts, reference=reference, paid=paid)

    async def adjust(
        self,
        connection: Connection,
        account_id: UUID,
        job_id: UUID,
        amount_nano: int,
        idempotency_key: str,
        *,
        reason: str,
        operator: str,
    ) -> Posted:
        """Give back a part of a job's charge, never more than all of it; what was paid for comes back first.

        Promotional credit keeps its expiry: a correction does not turn it into credit that lasts. What has run out
        meanwhile is gone with the next sweep; whoever wants to be generous grants credit instead.
        """
        check_amount(amount_nano)
        digest = digest_of("adjustment", account_id, job_id, amount_nano)
        reference = f"job:{job_id}"
        async with connection.transaction():
            purse = await store.lock_purse(connection, account_id)
            txn_id = self._ids.new()
            earlier = await claim(connection, purse, idempotency_key, txn_id, digest)
            if earlier is not None:
                return earlier
            charged = await store.load_charge(connection, account_id, job_id)
            adjusted = await store.load_adjusted(connection, account_id, reference)
            left_nano = charged.total_nano - adjusted.total_nano
            if amount_nano > left_nano:
                raise LedgerError(
                    f"job {job_id} was charged {format_amount(charged.total_nano)}, of which "
                    f"{format_amount(left_nano)} can still be given back"
                )
            parts = _split(amount_nano, charged, adjusted)
            memo = memo_of(reference=reference, operator=operator, key=idempotency_key, reason=reason)
            postings = posting.adjustment(parts.earned_nano, parts.promo_nano, parts.grant_nano)
            await post(connection, purse, txn_id, "adjustment", digest, memo, postings, self._unit)
            lots: list[_Part] = [
                ("promo", parts.promo_nano, await store.load_promo_expiry(connection, account_id, job_id)),
                ("grant", parts.grant_nano, None),
                ("adjustment", parts.earned_nano, None),
            ]
            return await self._add_lots(connection, purse, txn_id, digest, lots, reference=reference, paid=None)

    async def claw_back(
        self,
        connection: Connection,
        account_id: UUID,
        amount_nano: int,
        idempotency_key: str,
        *,
        reference: str,
        paid: Paid | None,
        operator: str | None = None,
    ) -> Posted:
        """Take back what a payment has credited: from what open holds do not need, the remainder becomes a debt.

        The payment's own lots give first, then other paid ones, then the rest in the order of spending. Without `paid`
        it is a bonus, promotional credit of that reference. Raises LedgerError when more would be taken back than was
        credited.
        """
        check_amount(amount_nano)
        _check_reference(reference)
        digest = digest_of("claw_back", account_id, amount_nano, reference, paid)
        async with connection.transaction():
            purse = await store.lock_purse(connection, account_id)
            txn_id = self._ids.new()
            earlier = await claim(connection, purse, idempotency_key, txn_id, digest)
            if earlier is not None:
                return earlier
            lots = await store.load_lots(connection, account_id, reference)
            kind: LotKind = "promo" if paid is None else "paid"
            _mark_taken_back([lot for lot in lots if lot.kind == kind and lot.reference == reference], amount_nano)
            lots.sort(key=lambda lot: (lot.reference != reference, lot.kind != "paid", spending_order(lot)))
            from_balance_nano = min(amount_nano, purse.spendable_nano)
            debt_nano = amount_nano - from_balance_nano
            parts: list[tuple[UUID | None, int]] = [(lot.id, nano) for lot, nano in take(lots, from_balance_nano)]
            if debt_nano:
                parts.append((None, debt_nano))
            memo = memo_of(reference=reference, operator=operator, key=idempotency_key)
            if paid is None:
                postings = posting.revoke(from_balance_nano, debt_nano)
            else:
                postings = posting.claw_back(from_balance_nano, debt_nano, paid, self._unit)
            await post(connection, purse, txn_id, "claw_back", digest, memo, postings, self._unit)
            await store.update_lots(connection, account_id, lots)
            await store.insert_takings(connection, account_id, txn_id, reference, parts)
            return Posted(txn_id, -from_balance_nano, purse.balance_nano, debt_nano=debt_nano)

    async def restore(
        self,
        connection: Connection,
        account_id: UUID,
        amount_nano: int,
        idempotency_key: str,
        *,
        reference: str,
        paid: Paid | None,
        operator: str | None = None,
    ) -> Posted:
        """Give back what claw-backs under this reference have taken: to the lots that it came from.

        What had become a debt repays it; when it was repaid since, that part comes back as credit that is nobody's to
        refund. Raises LedgerError when less was taken.
        """
        check_amount(amount_nano)
        digest = digest_of("restore", account_id, amount_nano, reference, paid)
        async with connection.transaction():
            purse = await store.lock_purse(connection, account_id)
            txn_id = self._ids.new()
            earlier = await claim(connection, purse, idempotency_key, txn_id, digest)
            if earlier is not None:
                return earlier
            kind: LotKind = "promo" if paid is None else "paid"
            returned_nano = await _return_to_lots(connection, account_id, reference, kind, amount_nano)
            # The verification of lots wants to know what did not become a new one.
            told = memo_of(reference=reference, operator=operator, key=idempotency_key)
            memo = told | {"returned_nano": returned_nano}
            if paid is None:
                postings = posting.given(amount_nano, "promo")
            else:
                postings = posting.recharge(amount_nano, paid, self._unit)
            await post(connection, purse, txn_id, "restore", digest, memo, postings, self._unit)
            new: list[_Part] = [("adjustment", amount_nano - returned_nano, None)]
            added = await self._add_lots(connection, purse, txn_id, digest, new, reference="", paid=None)
            return msgspec.structs.replace(added, amount_nano=amount_nano)

    async def collect(self, connection: Connection, account_id: UUID) -> Posted | None:
        """Repay a debt from what open holds do not need; None when there is none, or nothing to repay it from."""
        async with connection.transaction():
            purse = await store.lock_purse(connection, account_id)
            amount_nano = min(purse.owed_nano, purse.spendable_nano)
            if not amount_nano:
                return None
            lots = sorted(await store.load_lots(connection, account_id, ""), key=spending_order)
            taken = take(lots, amount_nano)
            txn_id = self._ids.new()
            # No key: a debt that was repaid is not there to be repaid twice.
            digest = digest_of("repay", account_id, [(lot.id, part_nano) for lot, part_nano in taken])
            await post(connection, purse, txn_id, "repay", digest, {}, posting.repay(amount_nano), self._unit)
            await store.update_lots(connection, account_id, [lot for lot, _ in taken])
            return Posted(txn_id, -amount_nano, purse.balance_nano, repaid_nano=amount_nano)

    async def forgive(
        self,
        connection: Connection,
        account_id: UUID,
        amount_nano: int,
        idempotency_key: str,
        *,
        reason: str,
        operator: str,
    ) -> Posted:
        """Give up a part of a debt, never more than all of it."""
        check_amount(amount_nano)
        digest = digest_of("forgive", account_id, amount_nano)
        async with connection.transaction():
            purse = await store.lock_purse(connection, account_id)
            txn_id = self._ids.new()
            earlier = await claim(connection, purse, idempotency_key, txn_id, digest)
            if earlier is not None:
                return earlier
            if amount_nano > purse.owed_nano:
                raise LedgerError(f"this account owes {format_amount(purse.owed_nano)}, which is less")
            memo = memo_of(operator=operator, key=idempotency_key, reason=reason)
            await post(connection, purse, txn_id, "forgive", digest, memo, posting.forgive(amount_nano), self._unit)
            return Posted(txn_id, 0, purse.balance_nano, debt_nano=-amount_nano)

    async def expire_lots(self, connection: Connection, account_id: UUID) -> Posted | None:
        """Take what has expired and open holds do not need; None when there is nothing to take (now)."""
        async with connection.transaction():
            purse = await store.lock_purse(connection, account_id)
            lots = expired(await store.load_lots(connection, account_id, ""), int(purse.now.timestamp() * 1_000_000))
            taken = take(lots, purse.spendable_nano)
            if not taken:
                return None
            txn_id = self._ids.new()
            # No key: what has been taken is not there to be taken twice.
            digest = digest_of("expiry", account_id, [(lot.id, part_nano) for lot, part_nano in taken])
            memo = {"lots": [str(lot.id) for lot, _ in taken]}
            await post(connection, purse, txn_id, "expiry", digest, memo, posting.expiry(by_kind(taken)), self._unit)
            await store.update_lots(connection, account_id, [lot for lot, _ in taken])
            return Posted(txn_id, -sum(part_nano for _, part_nano in taken), purse.balance_nano)

    async def _add_lots(
        self,
        connection: Connection,
        purse: store.Purse,
        txn_id: UUID,
        digest: bytes,
        parts: list[_Part],
        *,
        reference: str,
        paid: Paid | None,
    ) -> Posted:
        amount_nano = sum(part_nano for _, part_nano, _ in parts)
        repaid_nano = unpaid_nano = min(purse.owed_nano, amount_nano)
        if repaid_nano:
            memo = {"credit": str(txn_id)}
            await post(
                connection, purse, self._ids.new(), "repay", digest, memo, posting.repay(repaid_nano), self._unit
            )
        for kind, original_nano, expires_at in parts:
            if not original_nano:
                continue
            absorbed_nano = min(unpaid_nano, original_nano)
            unpaid_nano -= absorbed_nano
            await store.insert_lot(
                connection,
                purse,
                lot_id=self._ids.new(),
                kind=kind,
                txn_id=txn_id,
                original_nano=original_nano,
                remaining_nano=original_nano - absorbed_nano,
                expires_at=expires_at,
                paid=paid,
                reference=reference,
            )
        return Posted(txn_id, amount_nano, purse.balance_nano, repaid_nano=repaid_nano)


def _split(amount_nano: int, charged: store.Parts, adjusted: store.Parts) -> store.Parts:
    earned_nano = min(amount_nano, charged.earned_nano - adjusted.earned_nano)
    grant_nano = min(amount_nano - earned_nano, charged.grant_nano - adjusted.grant_nano)
    return store.Parts(earned_nano, amount_nano - earned_nano - grant_nano, grant_nano)


def _mark_taken_back(own: list[store.LotRow], amount_nano: int) -> None:
    left_nano = sum(lot.original_nano - lot.taken_back_nano for lot in own)
    if amount_nano > left_nano:
        raise LedgerError(
            f"this payment has {format_amount(left_nano)} of credit left to take back, not {format_amount(amount_nano)}"
        )
    for lot in own:
        part_nano = min(amount_nano, lot.original_nano - lot.taken_back_nano)
        lot.taken_back_nano += part_nano
        amount_nano -= part_nano


async def _return_to_lots(
    connection: Connection, account_id: UUID, reference: str, kind: LotKind, amount_nano: int
) -> int:
    """Undo takings of so much altogether; what of it went back to lots, the remainder had been a debt."""
    undone: dict[UUID, int] = {}
    left_nano = amount_nano
    for taking in await store.load_takings(connection, account_id, reference):
        part_nano = min(taking.left_nano, left_nano)
        if not part_nano:
            break
        await store.restore_taking(connection, account_id, taking, part_nano)
        left_nano -= part_nano
        if taking.lot_id is not None:
            undone[taking.lot_id] = undone.get(taking.lot_id, 0) + part_nano
    if left_nano:
        raise LedgerError(f"{format_amount(left_nano)} more than was taken back cannot be restored")
    lots = await store.load_lots_by_id(connection, account_id, list(undone), reference)
    for lot in lots:
        lot.remaining_nano += undone.get(lot.id, 0)
        if lot.kind == kind and lot.reference == reference:
            part_nano = min(amount_nano, lot.taken_back_nano)
            lot.taken_back_nano -= part_nano
            amount_nano -= part_nano
    await store.update_lots(connection, account_id, lots)
    return sum(undone.values())


def _check_reference(reference: str) -> None:
    # Without one, a claw-back would take every payment that has none for its own.
    if not reference.strip():
        raise LedgerError("a payment needs its reference, so that a refund can find what it has credited")
