"""What every action on payments works with, made once by boot and handed down."""

import msgspec

from farebox.audit.record import Actor, system
from farebox.domain.policy import Policy
from farebox.kit.ids import IdSource
from farebox.ledger.service import Ledger

# Who acts when a provider tells us something.
PAYMENTS: Actor = system("payments")


class Books(msgspec.Struct, frozen=True):
    """The rules, the ledger and ids."""

    policy: Policy
    ledger: Ledger
    ids: IdSource
