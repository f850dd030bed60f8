"""One till in a process of its own, to be raced against others or killed. Its order is JSON in its argument.

race   admits `calls` calls at once, settles those that were admitted unless told to `keep` them, reports counts
load   `clients` clients admit and settle until the process is killed; each answer is a line in `log` before the
       client's next step: `a <job>` admitted, `s <job> <charge>` settled
"""

import asyncio
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.support.tills import a_till, call, ending

from farebox.till.operations import Admitted, Cap, Refused
from farebox.till.till import Till


async def main(order: dict[str, Any]) -> None:
    async with a_till(order["url"], Path(order["spool_dir"]), UUID(order["node_id"])) as till:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        await (race if order["mode"] == "race" else load)(till, order)


async def race(till: Till, order: dict[str, Any]) -> None:
    caps = [Cap(**cap) for cap in order.get("caps", ())]
    account_id, key_id = UUID(order["account_id"]), UUID(order["key_id"])
    calls = [call(account_id, key_id, order["price_nano"], *caps) for _ in range(order["calls"])]
    outcomes = await asyncio.gather(*map(till.admit, calls))
    codes = Counter(outcome.code if isinstance(outcome, Refused) else type(outcome).__name__ for outcome in outcomes)
    admitted = [made for made, outcome in zip(calls, outcomes, strict=True) if isinstance(outcome, Admitted)]
    if not order.get("keep"):
        await asyncio.gather(*(till.settle(ending(made, order["price_nano"])) for made in admitted))
    print(json.dumps(codes), flush=True)


async def load(till: Till, order: dict[str, Any]) -> None:
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    account_id, key_id = UUID(order["account_id"]), UUID(order["key_id"])

    async def client() -> None:
        while True:
            made = call(account_id, key_id)
            if not isinstance(await till.admit(made), Admitted):
                await asyncio.sleep(0.01)
                continue
            os.write(log, f"a {made.job_id}\n".encode())
            settled = await till.settle(ending(made))
            os.write(log, f"s {made.job_id} {settled.charge_nano}\n".encode())
            till.delivered(made.job_id)

    await asyncio.gather(*(client() for _ in range(order["clients"])))


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
