"""Content codings undone within bounds."""

import gzip
import random
import zlib

import pytest

from farebox.upstream.decoding import Decoder
from farebox.upstream.errors import DecompressionError
from farebox.upstream.limits import Limits

TEXT = b"".join(b"data: %d\n\n" % number for number in range(100_000))


def bare_deflate(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def decoded(decoder, pieces):
    result = []
    for piece in pieces:
        chunk = decoder.decode(piece)
        while chunk:
            assert len(chunk) <= 256 * 1024
            result.append(chunk)
            chunk = decoder.decode(b"")
    decoder.finish()
    return b"".join(result)


def cut(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 7, 4096, 10**9])
@pytest.mark.parametrize(
    ("coding", "pack"),
    [(b"gzip", gzip.compress), (b"X-GZIP", gzip.compress), (b"deflate", zlib.compress), (b"deflate", bare_deflate)],
)
def test_what_was_packed_comes_out_however_it_was_cut(coding, pack, size):
    """Both codings, and both things that servers call deflate, decode to the same bytes in pieces of any size."""
    text = TEXT if size > 100 else TEXT[:20_000]
    assert decoded(Decoder(coding, Limits()), cut(pack(text), size)) == text


def test_sizes_around_a_full_piece_lose_nothing():
    """The tail that zlib holds back when its output buffer is exactly full still comes out."""
    source = random.Random(5)
    for extra in (-259, -258, -1, 0, 1, 2, 257, 258, 259):
        text = source.randbytes(1000) + b"a" * (256 * 1024 + extra - 1000)
        limits = Limits(decoded_ratio=10_000)
        assert decoded(Decoder(b"gzip", limits), [gzip.compress(text)]) == text


def test_what_came_is_decoded_as_far_as_it_goes():
    """A stream that pauses anywhere has given everything that its bytes so far mean."""
    packed = gzip.compress(b"".join(b"%d " % number for number in range(50_000)) + b"a" * 300_000)
    for cut_at in range(len(packed) - 400, len(packed) - 8):
        expected = zlib.decompressobj(31).decompress(packed[:cut_at])
        decoder = Decoder(b"gzip", Limits())
        result = decoder.decode(packed[:cut_at])
        while chunk := decoder.decode(b""):
            result += chunk
        assert result == expected


def test_members_of_gzip_follow_each_other():
    """A server that packs each event for itself is understood."""
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    assert decoded(Decoder(b"gzip", Limits()), cut(packed, 5)) == b"one two"


def test_a_flushed_event_is_seen_at_once():
    """Streaming stays streaming when the server packs it."""
    packer = zlib.compressobj(wbits=31)
    decoder = Decoder(b"gzip", Limits())
    assert decoder.decode(packer.compress(b"data: 1\n\n") + packer.flush(zlib.Z_SYNC_FLUSH)) == b"data: 1\n\n"


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, bare_deflate])
def test_a_packed_body_cut_short_is_an_error(pack):
    """Half a body is never taken for a whole one."""
    coding = b"gzip" if pack is gzip.compress else b"deflate"
    with pytest.raises(DecompressionError):
        decoded(Decoder(coding, Limits()), [pack(TEXT)[:-3]])


@pytest.mark.parametrize(
    "body",
    [b"not packed at all", gzip.compress(b"x")[:-8] + b"\0" * 8, gzip.compress(b"x") + b"garbage"],
    ids=["not packed", "wrong sum", "more behind it"],
)
def test_broken_gzip_is_an_error(body):
    """Wrong magic, wrong checksum and trailing garbage are told to the caller."""
    with pytest.raises(DecompressionError):
        decoded(Decoder(b"gzip", Limits()), [body])


def test_an_empty_body_needs_no_coding():
    """Servers that label an empty body as packed are common."""
    assert decoded(Decoder(b"gzip", Limits()), []) == b""


def test_a_bomb_is_stopped_by_its_ratio():
    """A small body cannot become a large one."""
    with pytest.raises(DecompressionError, match="suspicious"):
        decoded(Decoder(b"gzip", Limits()), [gzip.compress(b"\0" * 20_000_000)])


def test_a_large_body_is_stopped_by_its_size():
    """Output is bounded whatever the ratio."""
    with pytest.raises(DecompressionError, match="more than is allowed"):
        decoded(Decoder(b"gzip", Limits(decoded_bytes=100_000)), [gzip.compress(random.Random(1).randbytes(200_000))])


@pytest.mark.parametrize("coding", [b"br", b"zstd", b"gzip, gzip"])
def test_codings_that_we_do_not_know_are_refused(coding):
    """Bytes that nobody here can read are an error, not a body."""
    with pytest.raises(DecompressionError):
        Decoder(coding, Limits())
