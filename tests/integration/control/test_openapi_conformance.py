"""What /openapi.json says is true: whatever is sent, each answer has a status, a type and a shape that stand there.

schemathesis makes the requests, well-formed and not, in processes of its own and over a real socket. Nothing is kept
from it: a route that is added is tried from then on.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.postgres import TestDatabase
from tests.support.schemathesis_run import Run, complaint
from tests.support.tenants import OFFERS_ALL, furnish, settle_in

from farebox.identity import session

# Of a machine on which much else runs; alone it takes a tenth.
_PATIENCE_S = 600.0
_LONG_S = 3_600.0
_ID_FIELDS = ("id", "person_id", "name", "version", "account_id")
_OPERATORS, _CUSTOMERS = "/admin/", "/(?!admin/|v1)"


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Without the debug mode of the loop: calls come as fast as they can."""
    return "asyncio"


@pytest.mark.timeout(_PATIENCE_S + 60)
async def test_every_answer_is_as_described(database: TestDatabase, tmp_path: Path) -> None:
    """For customers and operators with rows of everything, for a few requests of each operation."""
    await _try_all(database, tmp_path)


@pytest.mark.long
@pytest.mark.timeout(_LONG_S + 60)
@pytest.mark.parametrize("seed", [2, 3, 4])
async def test_every_answer_is_as_described_whatever_the_seed(
    database: TestDatabase, tmp_path: Path, seed: int
) -> None:
    """With every boundary of every field, and more of everything."""
    await _try_all(database, tmp_path, patience_s=_LONG_S, seed=seed, phases="examples,coverage,fuzzing", most=25)


async def _try_all(database: TestDatabase, directory: Path, *, patience_s: float = _PATIENCE_S, **effort: Any) -> None:
    async with running_control(database, OFFERS_ALL) as control:
        owner, staff = await control.member(), await control.operator()
        await settle_in(control, owner)
        await furnish(control, staff)
        document = (await control.public.get("/openapi.json")).json()
        ids, cookies = await _ids(document, owner, staff), await _cookies(control, document, owner, staff)
        runs = [
            Run(f"{control.base_url}/openapi.json", control.base_url, paths, cookies=cookies, ids=ids, **effort)
            for paths in (_OPERATORS, _CUSTOMERS)
        ]
        told = await asyncio.gather(*(_tried(run, directory, patience_s) for run in runs))
        assert not any(told), "\n".join(told)


async def _tried(run: Run, directory: Path, patience_s: float) -> str:
    process = await asyncio.create_subprocess_exec(
        *run.command(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=directory,
        env=run.environment(directory),
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), patience_s)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return complaint(process.returncode, output)


async def _cookies(
    control: RunningControl, document: dict[str, Any], owner: SignedIn, staff: SignedIn
) -> dict[str, str]:
    """A session for each operation."""
    cookies = {}
    async with control.services.pool.acquire() as connection:
        for path, methods in document["paths"].items():
            who = staff if path.startswith(_OPERATORS) else owner
            (name,) = who.client.cookies.keys()
            for method in methods:
                secret = await session.start(connection, control.services.ids, who.person_id, proved=who is staff)
                cookies[f"{method.upper()} {path}"] = f"{name}={secret}"
    return cookies


async def _ids(document: dict[str, Any], owner: SignedIn, staff: SignedIn) -> dict[str, list[str]]:
    """What lists show, by the path that goes on with it, and by the fields that name it."""
    ids: dict[str, list[str]] = {"account_id": [str(owner.account_id)]}
    for path in document["paths"]:
        before, brace, rest = path.partition("{")
        listed = before.rstrip("/")
        if not brace or "get" not in document["paths"].get(listed, {}) or before in ids:
            continue
        who = staff if path.startswith(_OPERATORS) else owner
        reply = await who.client.get(listed)
        items = reply.json().get("data", []) if reply.status_code == 200 else []
        found = [str(item[name]) for item in items for name in _ID_FIELDS if name in item][:5]
        ids[before] = found
        ids.setdefault(rest.partition("}")[0], found)
    return ids
