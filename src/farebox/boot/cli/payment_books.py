"""What commands on payments work with: the books, and the providers whose credentials are set."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from farebox.boot.cli.session import Session
from farebox.boot.order import OUTGOING_S
from farebox.ledger.service import Ledger
from farebox.payments.books import Books
from farebox.payments.events import Providers
from farebox.payments.registry import providers_of


def books_of(session: Session) -> Books:
    policy = session.config.policy
    return Books(policy, Ledger(policy.unit, session.ids), session.ids)


@asynccontextmanager
async def open_providers(session: Session) -> AsyncIterator[Providers]:
    """The providers, for as long as their HTTP client is open."""
    async with httpx.AsyncClient(timeout=OUTGOING_S, follow_redirects=False) as http:
        yield providers_of(session.config.stripe, session.config.creem, http)
