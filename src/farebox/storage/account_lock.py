"""The lock that everything takes before it changes an account's money: one queue per account, first in, first out.

Till, recharges, refunds and sweeps all run the same first steps in one transaction: this statement with
`account_lock_keys(...)`, then, as statements of their own, the account rows by id and the key rows by id FOR UPDATE.
(The till holds the same locks for its session while it decides, reads rows without locking each, and writes one only
if it is still the version that it read: ADR 6 and 13.) One order everywhere means no deadlock; a statement of its own
means that what follows sees all that the holder before has committed. It must not know what is done under the lock.
"""

from collections.abc import Iterable
from uuid import UUID

# One argument: bigint[], in the order of locking. Rows of unnest come, and are locked, in the order of the array.
ACCOUNT_LOCK_SQL = "SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) AS key"

_LOW_64 = (1 << 64) - 1
_SIGN = 1 << 63


def account_lock_keys(account_ids: Iterable[UUID]) -> list[int]:
    """The argument of ACCOUNT_LOCK_SQL: distinct signed 64-bit keys in ascending order.

    The last 64 bits of a UUIDv7 are the random ones. Two accounts that shared them would only wait for each other.
    """
    low = {account_id.int & _LOW_64 for account_id in account_ids}
    return sorted(key - (key & _SIGN) * 2 for key in low)
