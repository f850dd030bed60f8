"""SQL of names and billing details."""

from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

LOAD = """
SELECT contact.name, contact.email, coalesce(billing.name, '') AS billing_name, coalesce(tax_id, '') AS tax_id,
       coalesce(address, '') AS address, coalesce(country, '') AS country
FROM account_contact AS contact LEFT JOIN account_billing AS billing ON billing.account_id = contact.account_id
WHERE contact.account_id = $1
"""

SET_NAME = "UPDATE account_contact SET name = $2 WHERE account_id = $1"

PUT_BILLING = """
INSERT INTO account_billing (account_id, name, tax_id, address, country) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account_id) DO UPDATE
SET name = EXCLUDED.name, tax_id = EXCLUDED.tax_id, address = EXCLUDED.address, country = EXCLUDED.country
"""


async def load(connection: Connection, account_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOAD, account_id)
    return None if row is None else dict(row)


async def set_name(connection: Connection, account_id: UUID, name: str) -> None:
    await connection.execute(SET_NAME, account_id, name)


async def put_billing(
    connection: Connection, account_id: UUID, name: str, tax_id: str, address: str, country: str
) -> None:
    await connection.execute(PUT_BILLING, account_id, name, tax_id, address, country)
