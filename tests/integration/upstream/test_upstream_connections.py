"""How connections are kept, given up and never mixed up."""

import asyncio

import pytest
from tests.support.upstream import HI, OK, PATIENT, serving, until

from farebox.kit.clock import FixedClock
from farebox.upstream.errors import (
    ConnectError,
    ConnectionLost,
    FirstByteTimeout,
    ProtocolError,
    UpstreamError,
)
from farebox.upstream.limits import Limits, Timeouts


def test_connections_are_reused_last_in_first_out(provider, client, get, run):
    """A sequence of calls needs one connection, and as many calls at once need as many."""

    async def main():
        async with provider(serving()) as there, client() as ours:
            for _ in range(5):
                assert await get(ours, there.endpoint()) == (200, b"hi")
            assert there.connections == 1
            await asyncio.gather(*(get(ours, there.endpoint()) for _ in range(4)))
            assert there.connections == 4

    run(main())


def test_no_more_than_the_bound_stay_idle(provider, client, get, run):
    """A burst does not leave its connections behind."""

    async def main():
        async with provider(serving()) as there, client(max_idle_per_endpoint=2) as ours:
            await asyncio.gather(*(get(ours, there.endpoint()) for _ in range(5)))
            await until(lambda: len(ours._pool._connections) == 2)

    run(main())


def test_idle_connections_do_not_grow_old(provider, client, get, run):
    """A connection that was idle for too long is closed by us before the other side surprises us."""

    async def main():
        clock = FixedClock()
        async with provider(serving()) as there, client(clock=clock, max_idle_s=30) as ours:
            await get(ours, there.endpoint())
            clock.advance(20)
            await get(ours, there.endpoint())
            assert there.connections == 1
            clock.advance(31)
            await until(lambda: not ours._pool._connections)
            await get(ours, there.endpoint())
            assert there.connections == 2

    run(main())


def test_a_server_that_closes_idle_connections_goes_unnoticed(provider, client, get, run):
    """A close that we have seen costs a new connection, not a failed call."""

    async def main():
        async with provider(serving(times=1)) as there, client() as ours:
            for number in range(3):
                assert await get(ours, there.endpoint()) == (200, b"hi")
                await until(lambda: not ours._pool._connections)
                assert there.connections == number + 1

    run(main())


@pytest.mark.parametrize("is_reset", [False, True])
def test_a_close_that_crosses_the_request_is_tried_once_more(provider, client, get, run, is_reset):
    """The race between our request and the server's close of an idle connection is invisible to the caller."""

    async def one_then_close_on_the_next(peer):
        await peer.request()
        await peer.send(HI)
        await peer.reader.read(1)
        if is_reset:
            peer.reset()

    async def main():
        async with provider(one_then_close_on_the_next) as there, client() as ours:
            for _ in range(3):
                assert await get(ours, there.endpoint()) == (200, b"hi")
            assert there.connections == 3

    run(main())


def test_a_fresh_connection_that_is_closed_is_not_tried_again(provider, client, get, run):
    """The request may have been acted on: only a reused connection excuses a second try, and only one."""

    async def read_and_close(peer):
        await peer.request()

    async def main():
        async with provider(serving(times=1), read_and_close) as there, client() as ours:
            await get(ours, there.endpoint())
            with pytest.raises(ConnectionLost) as caught:
                await get(ours, there.endpoint())
            assert (there.connections, caught.value.received_bytes) == (2, 0)
            assert caught.value.maybe_processed

    run(main())


def test_a_reused_connection_that_answered_a_byte_is_not_tried_again(provider, client, get, run):
    """A provider that began to answer has acted on the request."""

    async def answer_then_cut(peer):
        await peer.request()
        await peer.send(HI)
        await peer.request()
        await peer.send(b"HTTP/1.1 2")

    async def main():
        async with provider(answer_then_cut) as there, client() as ours:
            await get(ours, there.endpoint())
            with pytest.raises(ConnectionLost):
                await get(ours, there.endpoint())
            assert there.connections == 1

    run(main())


def test_a_reused_connection_that_kept_the_request_for_long_is_not_tried_again(provider, client, get, run):
    """A provider that worked on the request before it died would be paid twice for a second try."""

    async def main():
        clock = FixedClock()

        async def answer_then_think_then_die(peer):
            await peer.request()
            await peer.send(HI)
            await peer.request()
            clock.advance(3)

        async with provider(answer_then_think_then_die) as there, client(clock=clock) as ours:
            await get(ours, there.endpoint())
            with pytest.raises(ConnectionLost):
                await get(ours, there.endpoint())
            assert there.connections == 1

    run(main())


@pytest.mark.parametrize(
    "answer",
    [
        HI + b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil",
        HI + b"x",
        OK + b"connection: close\r\ncontent-length: 2\r\n\r\nhi",
    ],
    ids=["second-answer", "junk", "close"],
)
def test_bytes_after_an_answer_never_become_the_next_answer(provider, client, get, run, answer):
    """A connection with leftovers, or one that was announced to close, is not used again."""

    async def main():
        async with provider(serving(answer)) as there, client() as ours:
            assert await get(ours, there.endpoint()) == (200, b"hi")
            assert await get(ours, there.endpoint()) == (200, b"hi")
            assert there.connections == 2

    run(main())


def test_bytes_on_an_idle_connection_end_it(provider, client, get, run):
    """An answer that nobody asked for is nobody's answer."""

    async def main():
        late = asyncio.Event()

        async def script(peer):
            await peer.request()
            await peer.send(HI)
            await late.wait()
            await peer.send(OK + b"content-length: 4\r\n\r\nevil")
            await peer.until_gone()

        async with provider(script, serving()) as there, client() as ours:
            await get(ours, there.endpoint())
            late.set()
            await until(lambda: not ours._pool._connections)
            assert await get(ours, there.endpoint()) == (200, b"hi")

    run(main())


def test_closing_an_unread_answer_cancels_it_at_the_provider(provider, client, run):
    """close() before the end is how a call is cancelled: the provider sees it, and the connection is gone."""

    async def main():
        gone = asyncio.Event()

        async def script(peer):
            await peer.request()
            await peer.send(OK + b"content-length: 10\r\n\r\nhi")
            await peer.until_gone()
            gone.set()

        async with provider(script) as there, client() as ours:
            response = await ours.send(there.endpoint(), b"POST", b"/", (), b"{}", PATIENT)
            response.close()
            await gone.wait()
            with pytest.raises(ConnectionLost):
                await response.next_chunk()

    run(main())


@pytest.mark.parametrize("stage", ["head", "body"])
def test_cancelling_a_task_cancels_the_call_at_the_provider(provider, client, get, run, stage):
    """A caller that goes away while it waits leaves no connection behind, and none that could be reused."""

    async def main():
        reached, gone = asyncio.Event(), asyncio.Event()

        async def script(peer):
            await peer.request()
            if stage == "body":
                await peer.send(OK + b"content-length: 10\r\n\r\nhi")
            reached.set()
            await peer.until_gone()
            gone.set()

        async with provider(script, serving()) as there, client() as ours:
            held = []

            async def call():
                held.append(await ours.send(there.endpoint(), b"POST", b"/", (), b"{}", PATIENT))
                while await held[0].next_chunk():
                    pass

            task = asyncio.ensure_future(call())
            await reached.wait()
            await until(lambda: stage == "head" or held)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            # Nobody has called close: going away is enough.
            await gone.wait()
            assert await get(ours, there.endpoint()) == (200, b"hi")
            assert there.connections == 2

    run(main())


def test_cancelling_while_connecting_leaves_no_socket(provider, client, get, run):
    """Also a call that never got a connection cleans up after itself."""

    async def main():
        async with provider(serving()) as there, client() as ours:
            for turns in range(12):
                task = asyncio.ensure_future(get(ours, there.endpoint()))
                for _ in range(turns):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            assert await get(ours, there.endpoint()) == (200, b"hi")

    run(main())


def test_closing_the_client_ends_running_calls(provider, client, get, run):
    """A shutdown does not leave a reader waiting for bytes that cannot come."""

    async def main():
        reached = asyncio.Event()

        async def script(peer):
            await peer.request()
            reached.set()
            await peer.until_gone()

        async with provider(script) as there, client() as ours:
            task = asyncio.ensure_future(get(ours, there.endpoint()))
            await reached.wait()
            await ours.close()
            with pytest.raises(ConnectionLost):
                await task
            with pytest.raises(ConnectError):
                await get(ours, there.endpoint())

    run(main())


def test_a_large_body_is_sent_at_the_sockets_pace(provider, client, get, run):
    """A body of many megabytes arrives whole and is not copied into a buffer at once."""
    body = bytes(range(256)) * 65536

    async def main():
        buffered = 0
        go_on = asyncio.Event()

        async def script(peer):
            await go_on.wait()
            _, received = await peer.request()
            assert received == body
            await peer.send(HI)

        async with provider(script) as there, client() as ours:
            task = asyncio.ensure_future(get(ours, there.endpoint(), body=body))
            await until(lambda: any(c._is_write_paused for c in ours._pool._connections))
            (connection,) = ours._pool._connections
            buffered = connection.transport.get_write_buffer_size()
            assert buffered < 1024 * 1024
            go_on.set()
            assert await task == (200, b"hi")

    run(main())


@pytest.mark.parametrize("is_error", [True, False])
def test_an_answer_before_the_request_was_all_sent_is_seen(provider, client, run, is_error):
    """An early refusal ends the sending and the connection; an early success still gets its whole request."""
    body = b"x" * (16 * 1024 * 1024)
    status = b"413 Too Large" if is_error else b"200 OK"

    async def main():
        received = 0

        async def script(peer):
            nonlocal received
            await peer.reader.readuntil(b"\r\n\r\n")
            await peer.send(b"HTTP/1.1 %b\r\ncontent-length: 2\r\n\r\nno" % status)
            while data := await peer.reader.read(65536):
                received += len(data)
                if received == len(body):
                    break

        async with provider(script) as there, client() as ours:
            response = await ours.send(there.endpoint(), b"POST", b"/", (), body, PATIENT)
            assert response.status == (413 if is_error else 200)
            assert await response.next_chunk() == b"no"
            if not is_error:
                await until(lambda: received == len(body))
            response.close()
            await until(lambda: not ours._pool._connections or not is_error)
            assert (received == len(body)) is not is_error

    run(main())


def test_a_request_that_was_cut_short_ends_its_connection(provider, client, run):
    """The rest of a request that was never sent cannot be taken from the next one."""

    async def main():
        async def refuse_then_read(peer):
            await peer.reader.readuntil(b"\r\n\r\n")
            await peer.send(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")
            await peer.until_gone()

        async with provider(refuse_then_read) as there, client() as ours:
            body = b"x" * (16 << 20)
            response = await ours.send(there.endpoint(), b"POST", b"/", (), body, PATIENT)
            (connection,) = ours._pool._connections
            await until(lambda: connection.transport.get_write_buffer_size() == 0)
            assert await response.next_chunk() is None
            await until(lambda: not ours._pool._connections)

    run(main())


def test_a_provider_that_does_not_read_runs_into_the_timeout(provider, client, get, run):
    """A body that nobody takes does not hold the call for ever."""

    async def main():
        over = asyncio.Event()

        async def deaf(peer):
            await over.wait()

        async with provider(deaf) as there, client() as ours:
            with pytest.raises(FirstByteTimeout):
                await get(ours, there.endpoint(), body=b"x" * (32 << 20), timeouts=Timeouts(5, 0.2, 5))
            over.set()

    run(main())


def test_a_server_that_speaks_first_is_an_error(provider, client, get, run):
    """A greeting is no answer to a request that was not read yet."""

    async def greet(peer):
        await peer.send(b"220 mail.example ESMTP\r\n")
        await peer.until_gone()

    async def main():
        async with provider(greet) as there, client() as ours:
            with pytest.raises((ConnectError, ProtocolError, ConnectionLost)):
                await get(ours, there.endpoint())

    run(main())


def test_random_cuts_and_cancellations_never_mix_answers(provider, client, run):
    """Under many calls that end in every way, each caller gets the answer to its own request or an error."""

    async def echo(peer):
        while True:
            _, body = await peer.request()
            number = int(body)
            answer = OK + b"content-length: %d\r\n\r\n" % len(body) + body
            if number % 5 == 1:
                await peer.send(answer[: len(answer) - 1 - number % 7])
                return
            if number % 5 == 2:
                await asyncio.sleep(0.01)
            await peer.send(answer)
            if number % 5 == 3:
                return

    async def main():
        async with provider(echo) as there, client(limits=Limits()) as ours:

            async def call(number):
                body = b"%08d" % number
                response = await ours.send(there.endpoint(), b"POST", b"/", (), body, PATIENT)
                try:
                    assert await response.read(100) == body
                finally:
                    response.close()

            async def caller(start):
                for number in range(start, 400, 8):
                    task = asyncio.ensure_future(call(number))
                    if number % 5 == 2:
                        await asyncio.sleep(0.001 * (number % 13))
                        task.cancel()
                    try:
                        await task
                    except (UpstreamError, asyncio.CancelledError):
                        assert number % 5 in (1, 2, 3)

            await asyncio.gather(*(caller(start) for start in range(8)))

    run(main())
