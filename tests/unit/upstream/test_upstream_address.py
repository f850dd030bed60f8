"""Which addresses a provider may have."""

import asyncio

import pytest

from farebox.kit.clock import FixedClock
from farebox.upstream.address import Resolver, is_local_name, refusal_of
from farebox.upstream.errors import AddressRefused, ConnectError


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_addresses_that_are_not_public_are_refused(address):
    """An endpoint cannot reach the machine, its network or its cloud's metadata, in whatever notation."""
    assert refusal_of(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.0.1.1", "223.255.255.255", "2606:4700::1111", "2a00::1"],
)
def test_public_addresses_are_allowed(address):
    """The guard does not stand in the way of real providers, also right beside a refused range."""
    assert refusal_of(address) is None


@pytest.mark.parametrize(
    ("host", "local"),
    [("localhost", True), ("a.localhost.", True), ("metadata.google.internal", True), ("internal.example.com", False)],
)
def test_local_names_are_known_without_resolving(host, local):
    """Behind a proxy, names that always mean the inside are still refused."""
    assert is_local_name(host) is local


class Names:
    """A name server that answers from a list and counts."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, host, port):
        self.asked += 1
        await asyncio.sleep(0)
        answer = self.answers[min(self.asked, len(self.answers)) - 1]
        if isinstance(answer, OSError):
            raise answer
        return answer


def test_only_the_public_ones_of_several_addresses_are_tried():
    """A name with a public and a private address never leads to the private one."""
    resolver = Resolver(FixedClock(), Names(["10.0.0.1", "8.8.8.8", "::1"]))
    assert asyncio.run(resolver.addresses("a.example", 443, allow_private=False)) == ("8.8.8.8",)


def test_a_name_with_private_addresses_only_is_refused():
    """A name is judged by where it leads."""
    resolver = Resolver(FixedClock(), Names(["10.0.0.1"]))
    with pytest.raises(AddressRefused, match="private") as caught:
        asyncio.run(resolver.addresses("a.example", 443, allow_private=False))
    assert caught.value.maybe_processed is False


def test_literal_addresses_are_judged_without_a_name_server():
    """A literal private address is refused too, and a literal public one costs no look-up."""
    names = Names(["8.8.8.8"])
    resolver = Resolver(FixedClock(), names)
    with pytest.raises(AddressRefused):
        asyncio.run(resolver.addresses("127.0.0.1", 80, allow_private=False))
    assert asyncio.run(resolver.addresses("1.1.1.1", 80, allow_private=False)) == ("1.1.1.1",)
    assert names.asked == 0


def test_allow_private_lets_the_operator_reach_the_own_network():
    """The guard is a default, not a wall, for those who run a model next door."""
    resolver = Resolver(FixedClock(), Names(["10.0.0.1"]))
    assert asyncio.run(resolver.addresses("a.example", 80, allow_private=True)) == ("10.0.0.1",)


def test_look_ups_are_shared_and_remembered_for_seconds():
    """A burst of connections asks once; after some seconds a moved provider is found again."""
    clock, names = FixedClock(), Names(["8.8.8.8"], ["9.9.9.9"])
    resolver = Resolver(clock, names, remember_s=5)

    async def ask():
        return await resolver.addresses("a.example", 443, allow_private=False)

    async def main():
        assert set(await asyncio.gather(*(ask() for _ in range(8)))) == {("8.8.8.8",)}
        assert names.asked == 1
        clock.advance(6)
        assert await ask() == ("9.9.9.9",)

    asyncio.run(main())


def test_a_remembered_answer_is_judged_for_each_endpoint():
    """What one endpoint may reach does not open the way for another that shares the name."""
    resolver = Resolver(FixedClock(), Names(["10.0.0.1"]))

    async def main():
        await resolver.addresses("a.example", 80, allow_private=True)
        with pytest.raises(AddressRefused):
            await resolver.addresses("a.example", 80, allow_private=False)

    asyncio.run(main())


def test_a_caller_that_goes_away_does_not_take_the_look_up_from_others():
    """Cancelling one call leaves its neighbours alone."""

    async def main():
        answered = asyncio.Event()

        async def slow(host, port):
            await answered.wait()
            return ["8.8.8.8"]

        resolver = Resolver(FixedClock(), slow)
        first, second = (
            asyncio.ensure_future(resolver.addresses("a.example", 443, allow_private=False)) for _ in range(2)
        )
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        answered.set()
        assert await second == ("8.8.8.8",)

    asyncio.run(main())


def test_a_name_that_cannot_be_resolved_is_a_connect_error():
    """A name server's failure is told apart from a provider's, and is asked again next time."""
    resolver = Resolver(FixedClock(), Names(OSError("no such name"), ["8.8.8.8"]))

    async def main():
        with pytest.raises(ConnectError):
            await resolver.addresses("a.example", 443, allow_private=False)
        assert await resolver.addresses("a.example", 443, allow_private=False) == ("8.8.8.8",)

    asyncio.run(main())


def test_address_families_take_turns():
    """A network with a broken IPv6 costs one failed try and not one per address."""
    resolver = Resolver(FixedClock(), Names(["2a00::1", "2a00::2", "8.8.8.8"]))
    found = asyncio.run(resolver.addresses("a.example", 443, allow_private=False))
    assert found == ("2a00::1", "8.8.8.8", "2a00::2")
