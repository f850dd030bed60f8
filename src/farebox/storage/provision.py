"""The roles and the database of an embedded cluster: an owner of the schema, and an application that owns nothing.

Run at every start over the administrator's connection, so that a start cut short is completed by the next.
"""

from farebox.storage.database import Connection
from farebox.storage.layout import APP_ROLE, DATABASE, OWNER_ROLE, Credentials

_ROLE_EXISTS = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)"
_DATABASE_EXISTS = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
# Statements that define things take no parameters: PostgreSQL itself quotes them.
_CREATE_ROLE = (
    "SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L', $1::text, $2::text)"
)
_CREATE_DATABASE = "SELECT format('CREATE DATABASE %I OWNER %I', $1::text, $2::text)"
_CLOSE_DATABASE = "SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $1::text)"
_OPEN_DATABASE = "SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', $1::text, $2::text)"


async def provision(admin: Connection, credentials: Credentials) -> None:
    """Makes what is missing of the two roles and the database."""
    for role, password in ((OWNER_ROLE, credentials.owner), (APP_ROLE, credentials.app)):
        if not await admin.fetchval(_ROLE_EXISTS, role):
            await admin.execute(await admin.fetchval(_CREATE_ROLE, role, password))
    if not await admin.fetchval(_DATABASE_EXISTS, DATABASE):
        await admin.execute(await admin.fetchval(_CREATE_DATABASE, DATABASE, OWNER_ROLE))
        await admin.execute(await admin.fetchval(_CLOSE_DATABASE, DATABASE))
        await admin.execute(await admin.fetchval(_OPEN_DATABASE, DATABASE, APP_ROLE))
