"""Traces of calls in memory: one per key, place and hour, bounded under any number of addresses."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, ClassVar
from uuid import UUID, uuid4

from farebox.accounts.store import KeyRecord
from farebox.gateway.authenticate import Caller
from farebox.gateway.call_traces import MOST_OF_A_KEY, MOST_REMEMBERED, CallTraces
from farebox.kit.ids import unix_ms_of

NOON_MS = 1_800_000_000_000 // 3_600_000 * 3_600_000
HOUR_MS = 3_600_000


class _Clock:
    now_ms = NOON_MS

    def unix_ms(self) -> int:
        return self.now_ms

    def monotonic_s(self) -> float:
        return 0.0


class _Asked:
    """The part of a call that a trace is made of."""

    headers: ClassVar = {b"user-agent": b"sdk/1\x00" + b"x" * 999}


def _caller(address: str | IPv4Address | IPv6Address | None, key_id: UUID) -> Caller:
    record = KeyRecord(key_id, uuid4(), "live", b"", "fb_live_abcd", True, ())
    return Caller(record, ip_address(address) if isinstance(address, str) else address)


def _taken(traces: Any) -> list[Any]:
    return list(traces._waiting)


def test_one_trace_per_key_and_place_and_hour() -> None:
    """Again from there is nothing new; another key, network or hour is; IPv6 counts by its 64 bits."""
    clock, one, other = _Clock(), uuid4(), uuid4()
    traces: Any = CallTraces(None, clock, None)
    for address, key_id in (
        ("198.51.100.7", one),
        ("198.51.100.7", one),
        ("::ffff:198.51.100.7", one),
        ("198.51.100.8", one),
        ("198.51.100.7", other),
        ("2001:db8::1", one),
        ("2001:db8::2", one),
        ("2001:db8:0:1::1", one),
        (None, one),
        (None, one),
    ):
        traces.called(_Asked(), _caller(address, key_id))
    found = _taken(traces)
    assert [each.address for each in found] == [
        "198.51.100.7", "198.51.100.8", "198.51.100.7", "2001:db8::1", "2001:db8:0:1::1", None,
    ]  # fmt: skip
    assert {len(each.agent) for each in found} == {299}
    assert {unix_ms_of(each.id) for each in found} == {NOON_MS}
    clock.now_ms += HOUR_MS
    traces.called(_Asked(), _caller("198.51.100.7", one))
    assert len(_taken(traces)) == 7
    assert len({each.id for each in _taken(traces)}) == 7


def test_workers_name_the_same_trace_alike() -> None:
    """So that the second one to write it writes nothing."""
    clock, key_id = _Clock(), uuid4()
    first, second = CallTraces(None, clock, None), CallTraces(None, clock, None)
    first.called(_Asked(), _caller("198.51.100.7", key_id))  # type: ignore[arg-type]  # as much of a call as it reads
    clock.now_ms += HOUR_MS - 1
    second.called(_Asked(), _caller("198.51.100.7", key_id))  # type: ignore[arg-type]
    assert _taken(first)[0].id == _taken(second)[0].id
    assert _taken(first)[0].id.version == 7


def test_memory_is_bounded_under_many_addresses() -> None:
    """No key takes the room of the others, nor all together more than there is; the next hour begins anew."""
    clock = _Clock()
    traces: Any = CallTraces(None, clock, None)
    greedy = uuid4()
    for n in range(2 * MOST_OF_A_KEY):
        traces.called(_Asked(), _caller(IPv4Address(n), greedy))
    assert len(_taken(traces)) == MOST_OF_A_KEY
    traces.called(_Asked(), _caller("198.51.100.7", uuid4()))
    assert len(_taken(traces)) == MOST_OF_A_KEY + 1
    address = IPv4Address("198.51.100.7")
    for _ in range(MOST_REMEMBERED):
        traces.called(_Asked(), _caller(address, uuid4()))
    assert len(_taken(traces)) == MOST_REMEMBERED
    clock.now_ms += HOUR_MS
    traces.called(_Asked(), _caller(address, greedy))
    assert len(_taken(traces)) == MOST_REMEMBERED + 1
