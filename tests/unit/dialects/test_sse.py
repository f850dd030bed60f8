"""The events of a stream do not depend on how the network cut it, and no event grows without bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farebox.dialects.sse import EventSplitter, event_data


def events(pieces: list[bytes]) -> tuple[list[bytes], bytes]:
    splitter = EventSplitter()
    found = [event for piece in pieces for event in splitter.feed(piece)]
    return found, splitter.rest()


@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"data: x", b": c", b"event: e"]), max_size=30), st.data())
def test_any_split_gives_the_same_events(pieces: list[bytes], data: st.DataObject) -> None:
    """Also between the two characters of a line end."""
    stream = b"".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    cut = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert events(cut) == events([stream]) == events([bytes([byte]) for byte in stream])


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_ends_an_event_at_once(line_end: bytes) -> None:
    """A finished event is not kept back for the byte that may follow it."""
    assert EventSplitter().feed(b"data: x" + line_end * 2) == [b"data: x"]


def test_data_names_and_comments_are_told_apart() -> None:
    """Comments and unknown fields are no data; several data lines are one value."""
    event = b': note\nevent: error\nid: 7\ndata: {"a":\ndata:1}\nretry: 5'
    assert event_data(event) == (b'{"a": 1}', b"error")


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_an_endless_event_is_given_up(size: int) -> None:
    """Memory stays bounded whatever a provider sends, and in whatever pieces."""
    splitter = EventSplitter(most_bytes=100)
    kept = [splitter.feed(b"x" * size) for _ in range(300)]
    assert (splitter.is_too_large, splitter.rest()) == (True, b"")
    assert not any(kept)


def test_a_large_event_is_given_up_even_in_one_piece() -> None:
    """The verdict, too, does not depend on how the network cut the stream."""
    splitter = EventSplitter(most_bytes=100)
    assert splitter.feed(b"a\n\n" + b"x" * 101 + b"\n\nb\n\n") == [b"a"]
    assert splitter.is_too_large
