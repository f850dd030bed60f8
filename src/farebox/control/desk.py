"""What requests after the sale work with, as endpoints make it from their services."""

from farebox.aftersale.desk import Desk
from farebox.control.services import Services


def desk_of(services: Services) -> Desk:
    return Desk(services.policy, services.ledger, services.ids)
