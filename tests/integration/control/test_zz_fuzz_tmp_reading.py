import asyncio, sys
from uuid import UUID
import pytest
from tests.support.calls import add_key, end_job
from tests.support.control import running_control
from farebox.control.access import COOKIE_HTTP

async def test_fuzz(database):
    async with running_control(database) as control:
        for who in ("member", "operator"):
            person = await (control.member() if who == "member" else control.operator())
            if who == "member":
                await control.credit(person.account_id, 10**12)
                async with control.services.pool.acquire() as c:
                    k = await add_key(c, control.services.ids, person.account_id)
                    for _ in range(30):
                        await end_job(c, control.services.ids.new(), person.account_id, k, charge_nano=5)
            secret = next(cookie.value for cookie in person.client.cookies.jar)
            regex = "^/api/(overview|jobs|usage|credits|ledger)" if who == "member" else "^/admin/(overview|accounts|jobs|reports)"
            p = await asyncio.create_subprocess_exec("/work/main/.venv/bin/schemathesis", "run", control.base_url + "/openapi.json",
                "--include-path-regex", regex, "--header", f"Cookie: {COOKIE_HTTP}={secret}", "--max-examples", "40",
                "--checks", "not_a_server_error,response_schema_conformance,content_type_conformance", "--no-color", "--phases", "examples,coverage,fuzzing", "--request-timeout", "20",
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd="/tmp/rd_fuzz")
            out, _ = await p.communicate()
            open(f"/tmp/rd_fuzz/{who}.out", "wb").write(out)
