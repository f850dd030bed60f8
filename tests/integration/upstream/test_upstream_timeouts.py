"""What is not waited for and where is not connected to: timeouts of every stage, refused and tried addresses."""

import asyncio

import pytest
from tests.support.upstream import OK, serving

from farebox.kit.clock import FixedClock
from farebox.upstream.address import Resolver
from farebox.upstream.endpoint import parse_endpoint
from farebox.upstream.errors import (
    AddressRefused,
    ConnectError,
    ConnectTimeout,
    FirstByteTimeout,
    IdleTimeout,
)
from farebox.upstream.limits import Timeouts


class CountingClock(FixedClock):
    """Tells how often somebody asked for the time."""

    looks = 0

    def monotonic_s(self) -> float:
        self.looks += 1
        return super().monotonic_s()


@pytest.mark.parametrize("drops", [b"", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nx: y"])
def test_a_provider_that_does_not_answer_runs_into_the_first_timeout(provider, client, get, run, drops):
    """Neither silence nor half a header block holds a call for longer than first_byte_s."""

    async def main():
        async def script(peer):
            await peer.request()
            await peer.send(drops)
            await peer.until_gone()

        async with provider(script) as there, client() as ours:
            with pytest.raises(FirstByteTimeout) as caught:
                await get(ours, there.endpoint(), timeouts=Timeouts(5, 0.1, 5))
            assert caught.value.maybe_processed

    run(main())


def test_a_provider_that_stops_in_the_body_runs_into_the_idle_timeout(provider, client, get, run):
    """Silence within an answer holds a call for no longer than idle_s."""

    async def script(peer):
        await peer.request()
        await peer.send(OK + b"content-length: 10\r\n\r\nhi")
        await peer.until_gone()

    async def main():
        async with provider(script) as there, client() as ours:
            with pytest.raises(IdleTimeout):
                await get(ours, there.endpoint(), timeouts=Timeouts(5, 5, 0.1))

    run(main())


def test_framing_alone_does_not_keep_a_call_alive(provider, client, get, run):
    """A provider that drips chunk extensions sends no body, however busy the wire is."""

    async def main():
        async def drip(peer):
            await peer.request()
            await peer.send(OK + b"transfer-encoding: chunked\r\n\r\n5;")
            while True:
                await peer.send(b"x")
                await asyncio.sleep(0.02)

        async with provider(drip) as there, client() as ours:
            with pytest.raises(IdleTimeout):
                await get(ours, there.endpoint(), timeouts=Timeouts(5, 5, 0.1))

    run(main())


def test_a_slow_reader_is_not_a_slow_provider(provider, client, run):
    """The time in which nobody waits for bytes does not count as the provider's silence."""

    async def main():
        clock = CountingClock()
        async with provider(serving()) as there, client(clock=clock) as ours:
            response = await ours.send(there.endpoint(), b"POST", b"/", (), b"{}", Timeouts(5, 5, 1))
            clock.advance(100)
            looked = clock.looks
            # The pool's sweep has come by, and once more after the turn that it gives when it was held up.
            while clock.looks < looked + 3:
                await asyncio.sleep(0.01)
            assert await response.read(10) == b"hi"

    run(main())


def test_connecting_has_a_timeout_of_its_own(client, get, run):
    """A name server that hangs is given up after connect_s; the provider has seen nothing."""

    async def main():
        async def hang(host, port):
            await asyncio.sleep(2)
            return ["127.0.0.1"]

        clock = FixedClock()
        async with client(resolver=Resolver(clock, hang)) as ours:
            with pytest.raises(ConnectTimeout) as caught:
                await get(ours, parse_endpoint("http://slow.example"), timeouts=Timeouts(0.1, 5, 5))
            assert not caught.value.maybe_processed

    run(main())


def test_a_closed_port_is_a_connect_error(client, get, run, unused_port):
    """A refused connection is told apart from everything after it: the route may try the next channel."""

    async def main():
        async with client() as ours:
            with pytest.raises(ConnectError) as caught:
                await get(ours, parse_endpoint(f"http://127.0.0.1:{unused_port}", allow_private=True))
            assert not caught.value.maybe_processed

    run(main())


@pytest.fixture
def unused_port():
    import socket

    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "rebound.example"])
def test_private_addresses_are_not_connected_to(provider, client, get, run, host):
    """Neither an address nor a name that leads to one reaches the inside; no packet is sent there."""

    async def main():
        async def inside(host, port):
            return ["127.0.0.1"]

        async with provider(serving()) as there, client(resolver=Resolver(FixedClock(), inside)) as ours:
            with pytest.raises(AddressRefused):
                await get(ours, parse_endpoint(there.url(host=host)))
            assert there.connections == 0

    run(main())


def test_the_address_that_was_checked_is_the_one_connected_to(provider, client, get, run, monkeypatch):
    """A name server that gives a public address first and a private one later gains nothing: it is asked once."""

    async def main():
        answers = [["8.8.8.8"], ["127.0.0.1"]]

        async def rebinding(host, port):
            return answers.pop(0)

        tried = []
        loop = asyncio.get_running_loop()

        async with provider(serving()) as there, client(resolver=Resolver(FixedClock(), rebinding)) as ours:

            async def spy(address, port):
                tried.append(address)
                raise OSError("not in a test")

            monkeypatch.setattr("farebox.upstream.dial._connect_to", spy)
            with pytest.raises(ConnectError):
                await get(ours, parse_endpoint(there.url(host="rebinding.example")))
            assert tried == ["8.8.8.8"]
            assert there.connections == 0
        assert loop.is_running()

    run(main())


def test_the_next_address_is_tried_when_the_first_does_not_connect(provider, client, get, run):
    """One dead address of a name does not take the provider away."""

    async def main():
        async def two(host, port):
            return ["127.0.0.2", "127.0.0.1"]

        async with provider(serving()) as there, client(resolver=Resolver(FixedClock(), two)) as ours:
            endpoint = parse_endpoint(there.url(host="two.example"), allow_private=True)
            assert await get(ours, endpoint) == (200, b"hi")

    run(main())
