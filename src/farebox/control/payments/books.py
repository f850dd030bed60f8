"""What endpoints of payments work with, from the services of the process."""

from typing import Annotated

from fastapi import Depends

from farebox.control.services import Here
from farebox.payments.books import Books
from farebox.payments.events import Providers


async def _books(services: Here) -> Books:
    return Books(services.policy, services.ledger, services.ids)


async def _providers(services: Here) -> Providers:
    return services.payments


TheBooks = Annotated[Books, Depends(_books)]
TheProviders = Annotated[Providers, Depends(_providers)]
