"""Answers as providers send them and as they should not."""

import asyncio
import gzip
import zlib

import pytest

from farebox.upstream.errors import (
    BodyTooLarge,
    BodyTruncated,
    ConnectionLost,
    DecompressionError,
    ProtocolError,
    UpstreamError,
)
from farebox.upstream.limits import Timeouts

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"


def answering(*pieces, close=True):
    """A provider that reads one request, sends these bytes and closes, or stays until the client has gone."""

    async def script(peer):
        await peer.request()
        await peer.send(*pieces)
        if not close:
            await peer.until_gone()

    return script


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (OK + b"content-length: 2\r\n\r\nhi", 200, b"hi"),
        (OK + b"content-length: 0\r\n\r\n", 200, b""),
        (CHUNKED + b"2\r\nhi\r\n6;a=b\r\n there\r\n0\r\n\r\n", 200, b"hi there"),
        (CHUNKED + b"2\r\nhi\r\n0\r\nx-trailer: y\r\nx-other: z\r\n\r\n", 200, b"hi"),
        (OK + b"connection: close\r\n\r\nhi", 200, b"hi"),
        (b"HTTP/1.0 200 OK\r\n\r\nhi", 200, b"hi"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n", 304, b""),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nlink: a\r\n\r\n" + OK + b"content-length: 2\r\n\r\nhi",
            200,
            b"hi",
        ),
        (OK + b"upgrade: h2c\r\nconnection: upgrade\r\ncontent-length: 2\r\n\r\nhi", 200, b"hi"),
        (b"HTTP/1.1 302 Found\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n", 302, b""),
    ],
    ids=[
        "length",
        "empty",
        "chunked",
        "trailers",
        "close",
        "1.0",
        "204",
        "304",
        "interim",
        "upgrade-offer",
        "redirect",
    ],
)
@pytest.mark.parametrize("is_drop_by_drop", [False, True])
def test_every_framing_gives_the_body_and_its_end(provider, client, get, run, answer, status, body, is_drop_by_drop):
    """However a body is framed and cut, the caller gets it whole and once; a redirect is only an answer."""
    pieces = [answer[at : at + 1] for at in range(len(answer))] if is_drop_by_drop else [answer]

    async def main():
        async with provider(answering(*pieces)) as there, client() as ours:
            assert await get(ours, there.endpoint()) == (status, body)
            assert there.connections == 1

    run(main())


def test_an_answer_to_head_has_no_body(provider, client, get, run):
    """The length that HEAD announces is not waited for."""

    async def main():
        async with provider(answering(OK + b"content-length: 5\r\n\r\n", close=False)) as there, client() as ours:
            assert await get(ours, there.endpoint(), method=b"HEAD", body=b"") == (200, b"")

    run(main())


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (OK + b"content-length: 5\r\n\r\nhi", BodyTruncated),
        (CHUNKED + b"5\r\nhi", BodyTruncated),
        (CHUNKED + b"2\r\nhi\r\n", BodyTruncated),
        (CHUNKED + b"2\r\nhi\r\n0\r\n", BodyTruncated),
        (CHUNKED + b"2\r\nhixx0\r\n\r\n", ProtocolError),
        (CHUNKED + b"zz\r\nhi\r\n0\r\n\r\n", ProtocolError),
        (CHUNKED + b"-2\r\nhi\r\n0\r\n\r\n", ProtocolError),
        (CHUNKED + b"ffffffffffffffffff\r\nhi\r\n0\r\n\r\n", ProtocolError),
        (CHUNKED + b"2;" + b"x" * 200_000 + b"\r\nhi\r\n0\r\n\r\n", ProtocolError),
        (CHUNKED + b"0\r\nx: " + b"y" * 200_000 + b"\r\n\r\n", ProtocolError),
        (CHUNKED + b"0\r\ncontent-length: 9\r\n\r\n", ProtocolError),
        (OK + b"\r\nhi", ProtocolError),
        (OK + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", ProtocolError),
        (OK + b"transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n0\r\n\r\n", ProtocolError),
        (OK + b"content-length: 2\r\ncontent-length: 3\r\n\r\nhi!", ProtocolError),
        (OK + b"content-length: +2\r\n\r\nhi", ProtocolError),
        (OK + b"transfer-encoding: xchunked\r\nconnection: close\r\n\r\nhi", ProtocolError),
        (OK + b"transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n", ProtocolError),
        (OK + b"x: " + b"y" * 20_000 + b"\r\ncontent-length: 0\r\n\r\n", ProtocolError),
        (OK + b"x: yyyyyyyyyyyy\r\n" * 300 + b"content-length: 0\r\n\r\n", ProtocolError),
        (OK + b"".join(b"x: %b\r\n" % (b"y" * 10_000) for _ in range(8)) + b"content-length: 0\r\n\r\n", ProtocolError),
        (OK + b"x: " + b"y" * 1_000_000, ProtocolError),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000, ProtocolError),
        (b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", ProtocolError),
        (OK + b"a: b\r\n folded\r\ncontent-length: 0\r\n\r\n", ProtocolError),
        (OK + b"a : b\r\ncontent-length: 0\r\n\r\n", ProtocolError),
        (b"HTTP/1.1 200 OK\ncontent-length: 0\n\n", ProtocolError),
        (b"SSH-2.0-OpenSSH_9.7\r\n", ProtocolError),
        (OK + b"content-le", ConnectionLost),
        (b"", ConnectionLost),
    ],
)
def test_an_answer_that_is_not_whole_or_not_clear_is_an_error(provider, client, get, run, answer, error):
    """A cut or ambiguous answer never ends like a clean one, and its connection is never used again."""

    async def main():
        async with (
            provider(answering(answer), answering(OK + b"content-length: 2\r\n\r\nok")) as there,
            client() as ours,
        ):
            with pytest.raises(error) as caught:
                await get(ours, there.endpoint())
            assert caught.value.maybe_processed
            assert await get(ours, there.endpoint()) == (200, b"ok")
            assert there.connections == 2

    run(main())


@pytest.mark.parametrize(
    "framing", [b"connection: close\r\n", b"content-length: 50\r\n", b"transfer-encoding: chunked\r\n"]
)
def test_a_reset_in_the_body_is_an_error_after_the_bytes_that_came(provider, client, run, framing):
    """What arrived before a cut is delivered, then the cut is told, also where a close would have been a clean end."""
    first = b"5\r\nhello\r\n" if b"chunked" in framing else b"hello"

    async def main():
        seen = asyncio.Event()

        async def script(peer):
            await peer.request()
            await peer.send(OK + framing + b"\r\n" + first)
            await seen.wait()
            peer.reset()

        async with provider(script) as there, client() as ours:
            response = await ours.send(there.endpoint(), b"POST", b"/", (), b"{}", Timeouts(5, 5, 5))
            assert await response.next_chunk() == b"hello"
            seen.set()
            with pytest.raises(ConnectionLost) as caught:
                await response.next_chunk()
            assert caught.value.after_headers
            response.close()
            with pytest.raises(ConnectionLost):
                await response.next_chunk()

    run(main())


def test_headers_are_given_in_lower_case_and_order(provider, client, run):
    """The caller compares names without care for their case and sees repeated headers."""
    answer = OK + b"Content-Length: 0\r\nX-A:  1 \r\nx-a: 2\r\n\r\n"

    async def main():
        async with provider(answering(answer)) as there, client() as ours:
            response = await ours.send(there.endpoint(), b"GET", b"/", (), b"", Timeouts(5, 5, 5))
            assert response.headers == [(b"content-length", b"0"), (b"x-a", b"1"), (b"x-a", b"2")]
            assert response.header(b"x-a") == b"1"
            assert response.header(b"x-b") is None
            assert await response.next_chunk() is None
            assert await response.next_chunk() is None
            response.close()
            response.close()

    run(main())


@pytest.mark.parametrize(("coding", "pack"), [(b"gzip", gzip.compress), (b"deflate", zlib.compress)])
def test_a_server_that_packs_unasked_is_unpacked(provider, client, run, coding, pack):
    """The caller sees plain bytes, and no header that describes the packed ones."""
    text = b"data: {}\n\n" * 50_000
    packed = pack(text)
    answer = OK + b"content-encoding: %b\r\ncontent-length: %d\r\nx-a: 1\r\n\r\n" % (coding, len(packed)) + packed

    async def main():
        async with provider(answering(answer)) as there, client() as ours:
            response = await ours.send(there.endpoint(), b"GET", b"/", (), b"", Timeouts(5, 5, 5))
            assert response.headers == [(b"x-a", b"1")]
            assert await response.read(len(text)) == text

    run(main())


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(b"\0" * 50_000_000), gzip.compress(b"hello" * 1000)[:-9], b"plain text"],
    ids=["a bomb", "cut off", "not packed"],
)
def test_bombs_and_broken_packing_end_the_call(provider, client, get, run, packed):
    """Packed bytes cannot fill the memory and half of them are not a body; the call is broken off at once."""
    answer = OK + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed) + packed

    async def main():
        async with provider(answering(answer, close=False)) as there, client() as ours:
            with pytest.raises(DecompressionError):
                await get(ours, there.endpoint(), max_bytes=10**9)

    run(main())


def test_a_coding_that_we_do_not_know_is_an_error(provider, client, get, run):
    """Nobody is billed for bytes that cannot be read."""
    answer = OK + b"content-encoding: br\r\ncontent-length: 2\r\n\r\nhi"

    async def main():
        async with provider(answering(answer, close=False)) as there, client() as ours:
            with pytest.raises(DecompressionError):
                await get(ours, there.endpoint())

    run(main())


def test_a_body_above_the_readers_bound_breaks_the_call_off(provider, client, get, run):
    """An endless answer costs the bound and no more."""

    async def endless(peer):
        await peer.request()
        await peer.send(CHUNKED)
        while True:
            await peer.send(b"400\r\n" + b"x" * 1024 + b"\r\n")

    async def main():
        async with provider(endless) as there, client() as ours:
            with pytest.raises(BodyTooLarge):
                await get(ours, there.endpoint(), max_bytes=100_000)

    run(main())


def test_a_slow_reader_holds_the_provider_back(provider, client, run):
    """Unread bytes are bounded: the socket is not read while the caller does not take."""
    total = 64 * 1024 * 1024

    async def main():
        sent = 0

        async def flood(peer):
            nonlocal sent
            await peer.request()
            await peer.send(OK + b"content-length: %d\r\n\r\n" % total)
            while sent < total:
                await peer.send(b"x" * 65536)
                sent += 65536

        async with provider(flood) as there, client() as ours:
            response = await ours.send(there.endpoint(), b"GET", b"/", (), b"", Timeouts(5, 5, 5))
            stuck_at, turns = -1, 0
            while turns < 20:
                # The provider is stuck when many turns of the loop bring it no further.
                turns = turns + 1 if sent == stuck_at else 0
                stuck_at = sent
                await asyncio.sleep(0.005)
            assert sent < total / 2
            size = 0
            while (chunk := await response.next_chunk()) is not None:
                assert len(chunk) < 1024 * 1024
                size += len(chunk)
            assert size == total

    run(main())


def test_one_caller_at_a_time_is_enough_to_be_woken_per_piece(provider, client, run):
    """Each piece is handed on as it comes, not when the answer is complete."""

    async def main():
        go_on = asyncio.Event()

        async def script(peer):
            await peer.request()
            await peer.send(CHUNKED)
            for number in range(3):
                await peer.send(b"1\r\n%d\r\n" % number)
                await go_on.wait()
                go_on.clear()
            await peer.send(b"0\r\n\r\n")

        async with provider(script) as there, client() as ours:
            response = await ours.send(there.endpoint(), b"GET", b"/", (), b"", Timeouts(5, 5, 5))
            chunks = []
            while (chunk := await response.next_chunk()) is not None:
                chunks.append(chunk)
                go_on.set()
            assert chunks == [b"0", b"1", b"2"]

    run(main())


def test_errors_never_carry_content(provider, client, get, run):
    """The text of an error is safe to log, whatever the provider sent."""
    answer = OK + b"content-length: 2\r\nsecret-canary\r\n\r\nsecret-canary"

    async def main():
        async with provider(answering(answer)) as there, client() as ours:
            with pytest.raises(UpstreamError) as caught:
                await get(ours, there.endpoint())
            assert "canary" not in str(caught.value)

    run(main())
