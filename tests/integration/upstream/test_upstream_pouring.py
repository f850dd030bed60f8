"""Body bytes given to a sink as they arrive, without a task that is woken for each."""

import asyncio
import gzip

import pytest
from tests.support.upstream import OK, PATIENT

from farebox.upstream.errors import BodyTruncated, IdleTimeout
from farebox.upstream.limits import Timeouts

CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"


def test_every_byte_goes_one_way_or_the_other(provider, client, run):
    """What a sink takes or refuses is its own; what comes after a refusal, and the end, is found by the reader."""

    async def main():
        go_on = asyncio.Event()

        async def script(peer):
            await peer.request()
            await peer.send(CHUNKED)
            for number in range(6):
                await peer.send(b"1\r\n%d\r\n" % number)
                await go_on.wait()
                go_on.clear()
            await peer.send(b"0\r\n\r\n")

        async with provider(script) as there, client() as ours:
            response = await ours.send(there.endpoint(), b"GET", b"/", (), b"", PATIENT)
            poured, read = [], []

            def sink(chunk):
                poured.append(chunk)
                go_on.set()
                return chunk not in (b"1", b"3")

            await response.pour(sink)
            assert poured == [b"0", b"1"]
            await response.pour(sink)
            assert poured == [b"0", b"1", b"2", b"3"]
            while (chunk := await response.next_chunk()) is not None:
                read.append(chunk)
                go_on.set()
            assert read == [b"4", b"5"]

    run(main())


def test_the_end_is_left_to_the_reader(provider, client, run):
    """Bytes that came together with the end are not poured: they, the end, and a failure are found where one reads."""

    async def main():
        async def whole(peer):
            await peer.request()
            await peer.send(CHUNKED + b"1\r\nx\r\n0\r\n\r\n")

        async def cut(peer):
            await peer.request()
            await peer.send(CHUNKED)

        async with provider(whole, cut) as there, client() as ours:
            response = await ours.send(there.endpoint(), b"GET", b"/", (), b"", PATIENT)
            poured = []
            await response.pour(lambda chunk: bool(poured.append(chunk)) or True)
            assert (poured, await response.next_chunk(), await response.next_chunk()) == ([], b"x", None)
            response = await ours.send(there.endpoint(), b"GET", b"/", (), b"", PATIENT)
            await response.pour(lambda chunk: True)
            with pytest.raises(BodyTruncated):
                await response.next_chunk()

    run(main())


def test_a_provider_that_falls_silent_runs_into_the_idle_timeout(provider, client, run):
    """Each piece gives the provider its time anew, and none gives it more."""

    async def main():
        async def script(peer):
            await peer.request()
            await peer.send(CHUNKED)
            await peer.send(b"1\r\nx\r\n")
            await peer.until_gone()

        async with provider(script) as there, client() as ours:
            response = await ours.send(there.endpoint(), b"GET", b"/", (), b"", Timeouts(5, 5, 0.2))
            await response.pour(lambda chunk: True)
            with pytest.raises(IdleTimeout):
                await response.next_chunk()

    run(main())


def test_cancelling_who_pours_cancels_the_call(provider, client, run):
    """A caller that goes away leaves no connection behind."""

    async def main():
        poured, gone = asyncio.Event(), asyncio.Event()

        async def script(peer):
            await peer.request()
            await peer.send(CHUNKED)
            await peer.send(b"1\r\nx\r\n")
            await peer.until_gone()
            gone.set()

        async with provider(script) as there, client() as ours:
            response = await ours.send(there.endpoint(), b"GET", b"/", (), b"", PATIENT)

            def sink(chunk):
                poured.set()
                return True

            pouring = asyncio.create_task(response.pour(sink))
            await asyncio.wait({pouring, asyncio.create_task(poured.wait())}, return_when=asyncio.FIRST_COMPLETED)
            pouring.cancel()
            await gone.wait()

    run(main())


def test_a_coded_body_is_read(provider, client, run):
    """What has to be decoded is not poured."""

    async def main():
        coded = gzip.compress(b"hello")

        async def script(peer):
            await peer.request()
            await peer.send(OK + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(coded) + coded)

        async with provider(script) as there, client() as ours:
            response = await ours.send(there.endpoint(), b"GET", b"/", (), b"", PATIENT)
            await response.pour(lambda chunk: pytest.fail("poured"))
            assert await response.read(100) == b"hello"

    run(main())
