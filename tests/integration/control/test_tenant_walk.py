"""No tenant sees or touches what is another's: every route of /openapi.json is walked with another account's ids.

The routes are found in the document, not listed: one that tests/support/tenant_routes.py has not been told of fails.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.support.control import RunningControl, running_control
from tests.support.database_text import everything
from tests.support.described import Operation, operations
from tests.support.gateway import running_gateway
from tests.support.postgres import TestDatabase
from tests.support.tenant_routes import BODIES, CURSOR, IN_FIELD, IN_PATH, OWN, PERSONAL, PUBLIC_NAMES
from tests.support.tenants import OFFERS_ALL, Tenant, settle_in

from farebox.payments.settings import StripeSettings

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)")


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Without the debug mode of the loop: it does several hundred calls and reads the whole database between them."""
    return "asyncio"


@dataclass(frozen=True)
class House:
    """A running API with its description, and two accounts with rows of everything; it is `mine` that calls."""

    control: RunningControl
    document: dict[str, Any]
    mine: Tenant
    theirs: Tenant


@pytest.fixture(scope="module")
async def house(module_database: TestDatabase) -> AsyncIterator[House]:
    stripe = StripeSettings("sk_test", "whsec", "http://127.0.0.1:9")
    async with running_control(module_database, OFFERS_ALL, stripe=stripe) as control:
        theirs = await settle_in(control, await control.member())
        mine = await settle_in(control, await control.member())
        async with control.services.pool.acquire() as connection:
            # A second factor that is asked for would hide whether more would be.
            await connection.execute("UPDATE session SET proved_at = now()")
        document = (await control.public.get("/openapi.json")).json()
        yield House(control, document, mine, theirs)


async def test_no_route_knows_another_account(house: House, module_database: TestDatabase) -> None:
    """Whatever the role, an id of another account is answered like one that never was, and changes nothing."""
    mine, theirs = house.mine, house.theirs
    billing = await house.control.member("billing", account_id=mine.account_id)
    callers = {"owner": mine.owner.client, "developer": mine.member.client, "billing": billing.client}
    before = await everything(module_database)
    for operation in operations(house.document, "/api/"):
        nouns = _ids_of(operation)
        if not nouns:
            continue
        for role, client in callers.items():
            foreign = await _call(client, operation, theirs.ids)
            unknown = await _call(client, operation, {noun: str(uuid4()) for noun in theirs.ids})
            assert _plain(foreign) == _plain(unknown), (role, operation.label)
            if role == "owner" and operation.in_path:
                assert (foreign.status_code, foreign.json()["code"]) == (404, "not_found"), operation.label
        refused = await _call(house.control.public, operation, theirs.ids)
        assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in"), operation.label
        if PERSONAL & set(nouns.values()):
            colleague = await _call(theirs.member.client, operation, theirs.ids)
            assert colleague.status_code == 404, operation.label
    after = await everything(module_database)
    assert [table for table, rows in before.items() if rows - after[table]] == []
    came = {table: after[table] - rows for table, rows in before.items() if after[table] - rows}
    # Whoever writes to support may name what they like: it is a word of theirs, and opens nothing.
    assert came.keys() == {"audit", "support_request", "support_message"}
    assert not [row for rows in came.values() for row in rows if str(theirs.account_id) in row]
    assert (await theirs.owner.client.get("/api/session")).status_code == 200


async def test_no_list_shows_another_account(house: House) -> None:
    """No answer that needs no id holds an id or a word of the other account, wherever a page is asked to begin."""
    mine, theirs = house.mine, house.theirs
    # But for the job, which the walk above may have named in a request of ours.
    ids = {value for noun, value in theirs.ids.items() if noun != "job"}
    secrets = {theirs.words, theirs.owner.email, theirs.member.email, *ids}
    for operation in operations(house.document, "/api/"):
        if operation.method != "GET" or operation.in_path:
            continue
        cursors = ("key", "session") if CURSOR in operation.ids_in_query else ()
        for query in ({}, *({CURSOR: theirs.ids[noun]} for noun in cursors)):
            reply = await mine.owner.client.get(operation.path, params=query)
            assert reply.status_code in (200, 404), (operation.label, reply.text)
            assert not [each for each in secrets - set(query.values()) if each in reply.text], operation.label


async def test_what_was_answered_to_one_is_not_repeated_to_another(house: House) -> None:
    """An Idempotency-Key is its sender's own."""
    by_hand = {"method": "manual", "amount": "30"}
    key = {"idempotency-key": uuid4().hex}
    for path, body, others_body in (
        ("/api/support", {"subject": "A", "message": "B"}, {"subject": "A", "message": "B"}),
        ("/api/recharges", by_hand | {"evidence": "one"}, by_hand | {"evidence": "two"}),
    ):
        first = await house.theirs.owner.client.post(path, json=body, headers=key)
        again = await house.theirs.owner.client.post(path, json=body, headers=key)
        assert first.status_code == again.status_code == 201, again.text
        assert first.json()["id"] == again.json()["id"]
        other = await house.mine.owner.client.post(path, json=others_body, headers=key)
        assert other.status_code == 201, other.text
        assert other.json()["id"] != first.json()["id"]


async def test_every_route_is_known_to_the_walk(house: House) -> None:
    """What takes an id says whose; what changes something without one was looked at by somebody."""
    found = list(operations(house.document, "/api/"))
    untold = [each.label for each in found if _ids_of(each) and each.takes_body and each.label not in BODIES]
    silent = {each.label for each in found if each.method != "GET" and not _ids_of(each)}
    assert untold == [], "tell tests/support/tenant_routes.py what their bodies need"
    assert sorted(silent - OWN) == [], "tell tests/support/tenant_routes.py what these act on"
    assert sorted((OWN - silent) | (BODIES.keys() - {each.label for each in found})) == [], "these are gone"
    assert [each.label for each in found if each.is_public and _ids_of(each)] == []


async def test_the_gateway_knows_no_other_accounts_jobs(house: House, module_database: TestDatabase) -> None:
    """The one id that its paths take besides models is a job's: another account's is answered like none."""
    named = {each.path for each in operations(house.document, "/v1") if each.in_path}
    assert {path for path in named if "{model}" not in path} == {"/v1/jobs/{job}"}
    made = await house.mine.owner.client.post("/api/keys", json={})
    await asyncio.to_thread(_ask_for_jobs, module_database, made.json()["secret"], house.theirs.ids)


def _ask_for_jobs(database: TestDatabase, key: str, ids: dict[str, str]) -> None:
    with running_gateway(database) as gateway:
        jobs = (ids["job"], ids["refusal"], str(uuid4()))
        answers = [gateway.call("GET", f"/v1/jobs/{job}", key=key) for job in jobs]
        assert {(answer.status, answer.code) for answer in answers} == {(404, "job_not_found")}
        assert len({_UUID.sub("ID", answer.json["error"]["message"]) for answer in answers}) == 1


def _ids_of(operation: Operation) -> dict[str, str]:
    """The nouns of the ids that it takes, by parameter; an id of an unknown noun ends the walk."""
    if operation.path in PUBLIC_NAMES:
        return {}
    nouns = {}
    for name in operation.in_path:
        nouns[name] = IN_PATH[operation.path.partition("{" + name)[0]]
    for name in operation.ids_in_fields:
        if name != CURSOR:
            nouns[name] = IN_FIELD[name]
    return nouns


async def _call(client: httpx.AsyncClient, operation: Operation, ids: dict[str, str]) -> httpx.Response:
    given = {name: ids[noun] for name, noun in _ids_of(operation).items()}
    body = BODIES.get(operation.label, {}) | {name: given[name] for name in operation.ids_in_body}
    query = {name: given[name] for name in operation.ids_in_query if name != CURSOR}
    path = operation.path.format(**{name: given[name] for name in operation.in_path})
    return await client.request(operation.method, path, params=query, json=body if operation.takes_body else None)


def _plain(reply: httpx.Response) -> tuple[int, str, str]:
    """What can be told from an answer, without ids and times."""
    return reply.status_code, reply.headers.get("content-type", ""), _TIME.sub("T", _UUID.sub("ID", reply.text))
