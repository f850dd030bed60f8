"""Scripts of providers and waits that the tests of the upstream client share."""

import asyncio

from farebox.upstream.limits import Timeouts

PATIENT = Timeouts(connect_s=5, first_byte_s=5, idle_s=5)
OK = b"HTTP/1.1 200 OK\r\n"
HI = OK + b"content-length: 2\r\n\r\nhi"


def serving(answer=HI, times=10**9):
    """A provider that answers so many requests on a connection, then closes it."""

    async def script(peer):
        for _ in range(times):
            await peer.request()
            await peer.send(answer)

    return script


async def until(condition):
    """Wait for a condition, with the runner's deadline as the bound."""
    while not condition():
        await asyncio.sleep(0.002)
