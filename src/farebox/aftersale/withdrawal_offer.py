"""What an account could withdraw now: which kinds the rules allow, and how much of its credit could leave.

An offer promises nothing: what is asked for is judged anew when it is asked, and when it is approved.
"""

from uuid import UUID

import msgspec

from farebox.aftersale import account_store
from farebox.aftersale.desk import Desk
from farebox.domain.errors import ActionRefused
from farebox.domain.policies.money import RechargePolicy
from farebox.ledger.leaving import Leaving
from farebox.storage.database import Connection


class Payable(msgspec.Struct, frozen=True):
    """Credit that was bought in a currency, and what would be paid for it in the currency's minor unit."""

    currency: str
    amount_nano: int
    paid_minor: int


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What is allowed; how much can be paid out by currency, and moved to another account."""

    payout: bool
    migration: bool
    payable: tuple[Payable, ...] = ()
    movable_nano: int = 0


async def load_offer(connection: Connection, desk: Desk, account_id: UUID) -> Offer:
    """As of now; ActionRefused (404) when there is no such account."""
    standing = await account_store.load_standing(connection, account_id)
    if standing is None:
        raise ActionRefused("not_found", "There is no such account.", status=404)
    rules, leaving = desk.policy.withdrawal, Leaving(desk.policy.unit, desk.ids)
    payout, migration = (rules.allows(kind, standing.status) for kind in ("payout", "migration"))
    payable: list[Payable] = []
    for currency in _currencies(desk.policy.recharge) if payout else ():
        amount_nano, paid_minor = await leaving.payable(connection, account_id, currency)
        if paid_minor:
            payable.append(Payable(currency, amount_nano, paid_minor))
    return Offer(
        payout=payout,
        migration=migration,
        payable=tuple(payable),
        movable_nano=await leaving.movable(connection, account_id) if migration else 0,
    )


def _currencies(recharge: RechargePolicy) -> tuple[str, ...]:
    """All that credit is sold in, the deployment's own first."""
    return tuple(dict.fromkeys((recharge.currency, *(package.currency for package in recharge.packages))))
