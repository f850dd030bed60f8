"""What people say of themselves when they sign up: their age, that their details are right, where they live."""

from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.domain.policy import Policy
from farebox.identity import statement_store as store
from farebox.storage.database import Connection


class Statements(msgspec.Struct, frozen=True):
    """`country` is ISO 3166-1 alpha-2, or '' where nothing is said."""

    of_age: bool = False
    accurate_details: bool = False
    country: str = ""


class AskedStatements(msgspec.Struct, frozen=True):
    """What the policy asks for; `least_age` 0 asks for nothing."""

    least_age: int
    accurate_details: bool
    country: bool


def asked(policy: Policy) -> AskedStatements:
    sign_up = policy.sign_up
    return AskedStatements(sign_up.least_age, sign_up.accurate_details, bool(policy.region.refused_countries))


def check(policy: Policy, said: Statements) -> None:
    """ActionRefused when something that is asked for was not said, or says that this person is not served."""
    wanted = asked(policy)
    if wanted.least_age and not said.of_age:
        raise _missing("of_age", f"Say that you are {wanted.least_age} or older.")
    if wanted.accurate_details and not said.accurate_details:
        raise _missing("accurate_details", "Say that your details are accurate.")
    if wanted.country and not said.country:
        raise _missing("country", "Say in which country you are.")
    if said.country in policy.region.refused_countries:
        raise ActionRefused("region_not_served", "This service is not offered in your country.", status=451)


async def keep(connection: Connection, policy: Policy, person_id: UUID, said: Statements) -> None:
    """Stores what was asked for and said."""
    wanted = asked(policy)
    if wanted.least_age:
        await store.put(connection, person_id, "of_age", str(wanted.least_age))
    if wanted.accurate_details:
        await store.put(connection, person_id, "accurate_details", "yes")
    if said.country:
        await store.put(connection, person_id, "country", said.country)


def _missing(field: str, message: str) -> ActionRefused:
    return ActionRefused("statement_missing", message, status=422, field=field)
