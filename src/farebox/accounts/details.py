"""What stands on an account's statements, and what the account is called."""

from typing import Any
from uuid import UUID

import msgspec

from farebox.accounts import details_store as store
from farebox.accounts.service import bounded, no_account
from farebox.storage.database import Connection


class Billing(msgspec.Struct, frozen=True):
    """Of the person or entity that pays; empty where nothing is said. `country` is ISO 3166-1 alpha-2."""

    name: str = ""
    tax_id: str = ""
    address: str = ""
    country: str = ""


class Details(msgspec.Struct, frozen=True):
    """An account's name, its contact's address, and its billing details."""

    name: str
    email: str
    billing: Billing


async def show_details(connection: Connection, account_id: UUID) -> Details:
    row = await store.load(connection, account_id)
    if row is None:
        raise no_account(account_id)
    return _details(row)


async def change_details(connection: Connection, account_id: UUID, name: str, billing: Billing) -> Details:
    """The details afterwards."""
    await store.set_name(connection, account_id, bounded(name))
    await store.put_billing(connection, account_id, billing.name, billing.tax_id, billing.address, billing.country)
    return await show_details(connection, account_id)


def _details(row: dict[str, Any]) -> Details:
    billing = Billing(row["billing_name"], row["tax_id"], row["address"], row["country"])
    return Details(row["name"], row["email"], billing)
