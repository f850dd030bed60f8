"""Calls to Creem's API over our own HTTP client."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, TypeVar

import httpx
import msgspec

from farebox.payments.creem.objects import Checkout, RefundAnswer, Transaction, TransactionList
from farebox.payments.provider import ProviderAway, ProviderRefused
from farebox.payments.settings import CreemSettings

_T = TypeVar("_T")
_PAGE = 100


class CreemApi:
    """Creem's objects by our words. Every call raises ProviderRefused or ProviderAway."""

    def __init__(self, settings: CreemSettings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http

    async def create_checkout(self, order: Mapping[str, Any]) -> Checkout:
        return await self._call("POST", "/v1/checkouts", Checkout, body=order)

    async def checkout(self, checkout_id: str) -> Checkout:
        return await self._call("GET", "/v1/checkouts", Checkout, query={"checkout_id": checkout_id})

    async def transaction(self, transaction_id: str) -> Transaction:
        return await self._call("GET", "/v1/transactions", Transaction, query={"transaction_id": transaction_id})

    async def transaction_of(self, order_id: str) -> Transaction:
        """The payment of an order that is bought once."""
        query = {"order_id": order_id, "page_size": "1"}
        found = await self._call("GET", "/v1/transactions/search", TransactionList, query=query)
        if not found.items:
            raise ProviderRefused("no_transaction")
        return found.items[0]

    async def transactions(self) -> AsyncIterator[tuple[Transaction, ...]]:
        """All payments, page by page: the list cannot be asked for a span of time."""
        page: int | None = 1
        while page is not None:
            query = {"page_number": str(page), "page_size": str(_PAGE)}
            found = await self._call("GET", "/v1/transactions/search", TransactionList, query=query)
            yield found.items
            page = found.pagination.next_page if found.items else None

    async def refund(self, transaction_id: str) -> RefundAnswer:
        """Give back what is left of a payment; there is no way to ask for less."""
        return await self._call("POST", "/v1/refunds", RefundAnswer, body={"transaction_id": transaction_id})

    async def _call(
        self,
        method: str,
        path: str,
        form: type[_T],
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> _T:
        try:
            response = await self._http.request(
                method,
                self._settings.api_base.rstrip("/") + path,
                json=body,
                params=query,
                headers={"x-api-key": self._settings.api_key},
            )
        except httpx.HTTPError as error:
            raise ProviderAway(f"Creem cannot be reached ({type(error).__name__}): repeat this later") from None
        if response.status_code == 429 or response.status_code >= 500:
            raise ProviderAway(f"Creem could not answer (status {response.status_code}): repeat this later")
        if not response.is_success:
            raise ProviderRefused(f"status_{response.status_code}")
        try:
            return msgspec.json.decode(response.content, type=form)
        except msgspec.DecodeError as error:
            raise ProviderAway(f"Creem answered in another form than expected: {error}") from None
