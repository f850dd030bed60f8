"""Every operator's route of /openapi.json asks for one scope, and for a fresh second factor where it is dangerous.

The routes are found in the document. What is dangerous is written down (tests/support/operator_routes.py): taking the
question away fails, and so does a route that changes something and was not thought about.
"""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.support.control import RunningControl, running_control
from tests.support.described import Operation, operations
from tests.support.operator_routes import DANGEROUS, ORDINARY, PREVIEWS
from tests.support.postgres import TestDatabase

from farebox.identity.scopes import SCOPES

_NEEDS = re.compile(r"needs the scope ([a-z:]+)\.$")


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Without the debug mode of the loop: it does a thousand calls, as fast as they go."""
    return "asyncio"


async def test_every_operators_route_asks_who_and_what_for(database: TestDatabase) -> None:
    """Customers find nothing there, nobody and false tokens get in, and all scopes but the one are not enough."""
    async with running_control(database) as control:
        document = (await control.public.get("/openapi.json")).json()
        walked = list(operations(document, "/admin/"))
        assert len(walked) > 100
        customer, nothing = await control.member(), await control.operator("none")
        wrong = {"authorization": f"Bearer {uuid4().hex}"}
        needed = {}
        for operation in walked:
            nobody = await _call(control.public, operation)
            assert _told(nobody) == (401, "not_signed_in"), operation.label
            assert _told(await _call(control.public, operation, headers=wrong)) == (401, "invalid_token"), (
                operation.label
            )
            assert _told(await _call(customer.client, operation)) == (404, "not_found"), operation.label
            refused = await _call(nothing.client, operation)
            assert _told(refused) == (403, "scope_missing"), operation.label
            found = _NEEDS.search(refused.json()["detail"])
            assert found is not None, refused.text
            needed[operation.label] = found[1]
        changing = {each.label for each in walked if each.method != "GET"}
        assert sorted(changing ^ (DANGEROUS | ORDINARY | PREVIEWS)) == [], "tell tests/support/operator_routes.py"
        assert {label for label in changing if needed[label].endswith(":read")} == PREVIEWS
        await _check_scopes(control, walked, needed)


async def _check_scopes(control: RunningControl, walked: list[Operation], needed: dict[str, str]) -> None:
    """All other scopes together do not open it, its own does; then the dangerous ones ask for the second factor."""
    asking = set()
    for scope in sorted(set(needed.values())):
        holder, other = await control.operator(scope, proved=False), await control.operator(*_all_but(scope))
        for operation in walked:
            if needed[operation.label] != scope:
                continue
            assert _told(await _call(other.client, operation)) == (403, "scope_missing"), operation.label
            code = _told(await _call(holder.client, operation))[1]
            assert code not in ("scope_missing", "not_signed_in"), operation.label
            if code == "second_factor_required":
                asking.add(operation.label)
    assert sorted(asking ^ DANGEROUS) == []


def _all_but(scope: str) -> list[str]:
    """All scopes that do not hold this one: writing holds reading."""
    writing = f"{scope.removesuffix(':read')}:write"
    return [each for each in SCOPES if each not in (scope, writing)]


async def _call(client: httpx.AsyncClient, operation: Operation, **options: Any) -> httpx.Response:
    path = operation.path.format(**{name: uuid4() for name in operation.in_path})
    # Who may not is refused before anything of a body is looked at.
    return await client.request(operation.method, path, json={} if operation.takes_body else None, **options)


def _told(reply: httpx.Response) -> tuple[int, str]:
    is_problem = reply.headers.get("content-type") == "application/problem+json"
    return reply.status_code, str(reply.json().get("code", "")) if is_problem else ""
