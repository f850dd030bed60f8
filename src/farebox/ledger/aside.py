"""Money that a payment provider has for us and that is nobody's credit: it waits for a decision, or to go back.

It belongs to no account, so the house itself stands for one in these transactions. Every payment is in the wash book
from the moment at which it is paid, by way of this or of Ledger.credit. It must not know why a payment is not credited.
"""

from farebox.kit.ids import IdSource
from farebox.ledger import posting, store
from farebox.ledger.operation import claim, digest_of, memo_of
from farebox.ledger.posting import Paid, Posting
from farebox.storage.database import Connection


class Aside:
    """Sets aside in the books of one deployment; `unit` is its unit of account."""

    def __init__(self, unit: str, ids: IdSource) -> None:
        self._unit = unit
        self._ids = ids

    async def put(self, connection: Connection, paid: Paid, idempotency_key: str, *, reference: str) -> None:
        """Set a payment aside, or a part of one; `reference` names it."""
        await self._post(connection, "set_aside", posting.set_aside(paid, self._unit), idempotency_key, reference)

    async def take(self, connection: Connection, paid: Paid, idempotency_key: str, *, reference: str) -> None:
        """The opposite: it becomes credit, which is posted next, or has gone back."""
        postings = tuple(Posting(p.book, -p.amount_nano, p.detail, p.unit) for p in posting.set_aside(paid, self._unit))
        await self._post(connection, "set_aside_ended", postings, idempotency_key, reference)

    async def _post(
        self, connection: Connection, kind: str, postings: tuple[Posting, ...], key: str, reference: str
    ) -> None:
        posting.check_balanced(postings)
        digest = digest_of(kind, reference, postings)
        async with connection.transaction():
            house = await store.house(connection)
            txn_id = self._ids.new()
            if await claim(connection, house, key, txn_id, digest) is None:
                memo = memo_of(reference=reference, key=key)
                await store.insert_txn(connection, house, txn_id, kind, digest, memo, postings, self._unit)
