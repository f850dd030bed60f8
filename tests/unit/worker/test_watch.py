"""When the sweeper may call somebody silent."""

from farebox.worker.sweeper import Watch


def test_clear_only_after_so_long_without_a_gap() -> None:
    """A late look, a missed one or a clock that jumps back starts the minute anew."""
    watch = Watch()
    assert not watch.is_clear(60)
    for now_s in range(0, 60, 5):
        watch.saw(now_s)
        assert not watch.is_clear(60)
    watch.saw(60)
    assert watch.is_clear(60)
    watch.saw(76)  # more than three looks late
    assert not watch.is_clear(60)
    for now_s in range(80, 137, 5):
        watch.saw(now_s)
    assert watch.is_clear(59)
    watch.missed()
    assert not watch.is_clear(0)
    watch.saw(140)
    watch.saw(139)
    assert not watch.is_clear(1)
