"""UUIDv7: the id tells the partition."""

import uuid

from farebox.kit.clock import FixedClock
from farebox.kit.ids import IdSource, first_id_at, unix_ms_of


def test_an_id_is_a_version_7_uuid_of_its_millisecond() -> None:
    """Guarantee: the time of a job can be read from its id alone."""
    clock = FixedClock(unix_ms=1_763_596_800_123)
    made = IdSource(clock).new()
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert unix_ms_of(made) == 1_763_596_800_123


def test_ids_never_repeat_within_a_millisecond() -> None:
    """Guarantee: 74 random bits tell the ids of one millisecond apart."""
    source = IdSource(FixedClock())
    assert len({source.new() for _ in range(10_000)}) == 10_000


def test_the_first_id_of_a_moment_bounds_all_ids_of_that_moment() -> None:
    """Guarantee: a partition that starts at a midnight holds every id made from then on, and none from before."""
    clock = FixedClock(unix_ms=1_763_596_800_000)
    bound = first_id_at(clock.unix_ms())
    assert all(IdSource(clock).new() >= bound for _ in range(100))
    clock.advance(-0.001)
    assert all(IdSource(clock).new() < bound for _ in range(100))
