"""The listener against raw bytes on real sockets: limits, slow clients, framing, pipelining, drain."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec
import pytest
import uvloop

from farebox.gateway.exchange import Application, Receive, Scope, Send
from farebox.gateway.options import GatewayOptions, HttpLimits
from farebox.gateway.server import GatewayServer

READ_S = 10.0


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the body it was sent; /stream answers in pieces without a length."""
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message["body"]
        more = message["more_body"]
    if scope["path"] == "/stream":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(3):
            await send({"type": "http.response.body", "body": b"piece", "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        return
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def serving(application: Application = echo, **limits: float) -> AsyncIterator[tuple[GatewayServer, int]]:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    options = GatewayOptions(http=HttpLimits(**limits), drain_s=5)
    server = GatewayServer(application, options)
    task = asyncio.create_task(server.serve_on([listener]))
    while not server.started:
        await asyncio.sleep(0)
    try:
        yield server, port
    finally:
        server.stop()
        await task


async def talk(port: int, *pieces: bytes, eof: bool = False) -> bytes:
    """Send the pieces and return everything that comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if eof:
            writer.write_eof()
        return await asyncio.wait_for(reader.read(), READ_S)
    finally:
        writer.close()


def run(check: Callable[[], Awaitable[None]]) -> None:
    uvloop.run(asyncio.wait_for(check(), 30))


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


AMBIGUOUS = {
    "length and chunked": b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked and length": b"transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n0\r\n\r\n",
    "two lengths": b"content-length: 2\r\ncontent-length: 3\r\n\r\nhi!",
    "the same length twice": b"content-length: 2\r\ncontent-length: 2\r\n\r\nhi",
    "a list of lengths": b"content-length: 2, 2\r\n\r\nhi",
    "a signed length": b"content-length: +2\r\n\r\nhi",
    "a coding before chunked": b"transfer-encoding: gzip, chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    "an unknown coding": b"transfer-encoding: xchunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    "space before the colon": b"transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded header": b"a: b\r\n c\r\n\r\n",
    "a bare line feed": b"a: b\n\r\n",
    "NUL in a value": b"a: b\0c\r\n\r\n",
}


@pytest.mark.parametrize("rest", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_ambiguous_framing_is_refused(rest: bytes) -> None:
    """Two ends can never disagree where a request ends: whatever is ambiguous gets 400 and the connection closes."""

    async def check() -> None:
        async with serving() as (_, port):
            answer = await talk(port, b"POST / HTTP/1.1\r\nhost: a\r\n" + rest)
            assert status_of(answer) == 400
            assert b"connection: close" in answer
            assert json.loads(answer.split(b"\r\n\r\n")[1])["error"]["code"] == "invalid_request"
            assert answer.count(b"HTTP/1.1 ") == 1

    run(check)


FLOODS = {
    "one long header": (b"GET / HTTP/1.1\r\nhost: a\r\na: " + b"x" * 70_000 + b"\r\n\r\n", 431),
    "a header without an end": (b"GET / HTTP/1.1\r\nhost: a\r\na: " + b"x" * 2_000_000, 431),
    "many headers": (b"GET / HTTP/1.1\r\nhost: a\r\n" + b"a: b\r\n" * 101 + b"\r\n", 431),
    "a long request line": (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n", 414),
    "trailers": (
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
        + b"a: %b\r\n" % (b"x" * 1000) * 100
        + b"\r\n",
        431,
    ),
}


@pytest.mark.parametrize(("flood", "status"), FLOODS.values(), ids=FLOODS.keys())
def test_header_floods_are_cut_off(flood: bytes, status: int) -> None:
    """No request can make the worker keep more than the header limits."""

    async def check() -> None:
        async with serving() as (_, port):
            assert status_of(await talk(port, flood)) == status

    run(check)


HOSTS = {
    "none": b"GET / HTTP/1.1\r\n\r\n",
    "two": b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
    "the same twice": b"GET / HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n",
    "two for HTTP/1.0": b"GET / HTTP/1.0\r\nhost: a\r\nhost: b\r\n\r\n",
    "a list": b"GET / HTTP/1.1\r\nhost: a, b\r\n\r\n",
    "with a path": b"GET / HTTP/1.1\r\nhost: a/b\r\n\r\n",
    "with a user": b"GET / HTTP/1.1\r\nhost: a@b\r\n\r\n",
}


@pytest.mark.parametrize("request_bytes", HOSTS.values(), ids=HOSTS.keys())
def test_exactly_one_host(request_bytes: bytes) -> None:
    """RFC 9112, 3.2: a request that could be meant for two hosts, or names none, is refused and the connection ends."""

    async def check() -> None:
        async with serving() as (_, port):
            answer = await talk(port, request_bytes)
            assert status_of(answer) == 400
            assert b"Host" in answer
            assert b"connection: close" in answer

    run(check)


def test_hosts_that_are_fine() -> None:
    """HTTP/1.0 without one, addresses with ports, and the empty one of an absolute target."""

    async def check() -> None:
        async with serving() as (_, port):
            for head in (
                b"GET / HTTP/1.0\r\n",
                b"GET / HTTP/1.1\r\nhost: [::1]:8080\r\n",
                b"GET / HTTP/1.1\r\nhost: 127.0.0.1:80\r\n",
                b"GET http://a/ HTTP/1.1\r\nhost:\r\n",
            ):
                assert status_of(await talk(port, head + b"connection: close\r\n\r\n")) == 200

    run(check)


NO_REQUESTS = {
    "HTTP/2 without asking": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "HTTP/1.2": b"GET / HTTP/1.2\r\nhost: a\r\n\r\n",
    "an unknown method": b"FOO / HTTP/1.1\r\nhost: a\r\n\r\n",
    "a space in the target": b"GET /a b HTTP/1.1\r\nhost: a\r\n\r\n",
    "a byte beyond ASCII in the target": b"GET /\xff HTTP/1.1\r\nhost: a\r\n\r\n",
    "a tunnel": b"CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n",
    "bare line feeds": b"GET / HTTP/1.1\nhost: a\n\n",
    "a chunk size that is none": b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhi\r\n",
    "a negative chunk size": b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n-2\r\nhi\r\n",
    "a chunk size beyond 64 bits": b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"
    + b"f" * 17
    + b"\r\nhi\r\n",
    "a chunk that is longer than it says": b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"
    b"2\r\nhii\r\n0\r\n\r\n",
    "a bare line feed after a chunk": b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n2\nhi\n0\n\n",
}


@pytest.mark.parametrize("sent", NO_REQUESTS.values(), ids=NO_REQUESTS.keys())
def test_what_is_no_request_gets_400(sent: bytes) -> None:
    """One 400 and a close, whatever it was."""

    async def check() -> None:
        async with serving() as (_, port):
            answer = await talk(port, sent)
            assert status_of(answer) == 400
            assert answer.count(b"HTTP/1.1 ") == 1

    run(check)


def test_chunk_extensions_are_skipped_up_to_a_bound() -> None:
    """RFC 9112, 7.1.1: unknown extensions are ignored; a flood of them ends the connection."""

    async def check() -> None:
        async with serving() as (_, port):
            head = b"POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
            answer = await talk(port, head + b'2;name="value"\r\nhi\r\n0;last\r\n\r\n')
            assert status_of(answer) == 200
            assert answer.endswith(b"hi")
            one_byte_chunks = b"1\r\nx\r\n" * 100_000
            answer = await talk(port, head, one_byte_chunks, b"0\r\n\r\n")
            assert status_of(answer) == 200
            for flood in ([b"2;" + b"x" * 50_000] + [b"x" * 50_000] * 10, [b"1;" + b"x" * 2000 + b"\r\nx\r\n"] * 500):
                answer = await talk(port, head, *flood)
                assert status_of(answer) == 400

    run(check)


@pytest.mark.parametrize("path", [b"/", b"/stream"])
def test_a_client_that_has_said_all_gets_its_answer(path: bytes) -> None:
    """A closed half is no absence (RFC 9112, 9.6): plain, streamed and pipelined answers arrive whole, then the end."""

    async def check() -> None:
        release = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await release.wait()
            await echo(scope, receive, send)

        async with serving(slow) as (_, port):
            asked = b"POST %b HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhi" % path
            answering = asyncio.create_task(talk(port, asked + asked + b"GET /unfin", eof=True))
            asyncio.get_running_loop().call_later(0.4, release.set)
            answer = await answering
            final = answer.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b"")
            assert answer != final, "nobody looked whether the client is still there"
            assert final.count(b"HTTP/1.1 200 OK") == 2
            assert final.count(b"connection: close") == 1
            assert final.endswith(b"hi" if path == b"/" else b"0\r\n\r\n")

    run(check)


def test_a_half_request_at_the_end_is_nobodys() -> None:
    """A client that leaves within a request gets nothing, and the connection is freed."""

    async def check() -> None:
        async with serving() as (_, port):
            for sent in (b"GET / HT", b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhi"):
                assert await talk(port, sent, eof=True) == b""

    run(check)


def test_pipelining_is_bounded() -> None:
    """Too many at once end the connection; those that were taken are answered in order, and the last one says so."""

    async def check() -> None:
        async with serving(pipelined_requests=4) as (_, port):
            requests = [
                b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\n%04d" % number for number in range(200)
            ]
            answer = await talk(port, b"".join(requests))
            bodies = [part[:4] for part in answer.split(b"\r\n\r\n")[1:]]
            assert len(bodies) >= 5
            assert bodies == [b"%04d" % number for number in range(len(bodies))]
            assert b"connection: close" in answer.rpartition(b"HTTP/1.1 ")[2]

    run(check)


def test_slow_clients_get_408() -> None:
    """A header or a body that does not arrive in time frees its connection."""

    async def check() -> None:
        async with serving(header_s=0.3, body_idle_s=0.3, linger_s=0.1) as (_, port):
            assert status_of(await talk(port, b"GET / HT")) == 408
            assert status_of(await talk(port, b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhi")) == 408
            assert await talk(port) == b""  # a connection that never says anything is closed without a word

    run(check)


def test_drip_fed_body_has_a_total_time() -> None:
    """Sending a byte now and then does not hold a connection for ever."""

    async def check() -> None:
        async with serving(body_idle_s=5.0, body_s=0.5, linger_s=0.1) as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 500\r\n\r\n")

            async def drip() -> None:
                while True:
                    writer.write(b"x")
                    await asyncio.sleep(0.05)

            dripping = asyncio.create_task(drip())
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), READ_S)
            dripping.cancel()
            writer.close()
            assert status_of(answer) == 408

    run(check)


def test_idle_connections_close() -> None:
    """A kept-alive connection without a next request is given up quietly."""

    async def check() -> None:
        async with serving(keep_alive_s=0.3) as (_, port):
            answer = await talk(port, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            assert status_of(answer) == 200
            assert answer.count(b"HTTP/1.1") == 1

    run(check)


def test_pipelined_requests_are_answered_in_order() -> None:
    """Requests sent without waiting get their own answers, in order, even when garbage follows them."""

    async def check() -> None:
        async with serving() as (_, port):
            requests = b"".join(
                b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\n%d" % number for number in range(5)
            )
            answer = await talk(port, requests + b"nonsense\r\n\r\n")
            bodies = [part[:1] for part in answer.split(b"\r\n\r\n")[1:]]
            assert bodies[:5] == [b"0", b"1", b"2", b"3", b"4"]

    run(check)


def test_expect_100_continue() -> None:
    """A client that asks first is told to go on, once."""

    async def check() -> None:
        async with serving() as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                b"POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 2\r\nconnection: close\r\n\r\n"
            )
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(b"hi")
            answer = await asyncio.wait_for(reader.read(), READ_S)
            writer.close()
            assert status_of(answer) == 200
            assert answer.endswith(b"hi")
            assert b"connection: close" in answer

    run(check)


def test_http_10_and_head() -> None:
    """HTTP/1.0 gets no chunks and a close; HEAD gets a header only."""

    async def check() -> None:
        async with serving() as (_, port):
            answer = await talk(port, b"GET /stream HTTP/1.0\r\n\r\n")
            assert b"transfer-encoding" not in answer
            assert answer.endswith(b"\r\n\r\npiecepiecepiece")
            head = await talk(port, b"HEAD /stream HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
            assert head.endswith(b"\r\n\r\n")

    run(check)


def test_early_answer_reaches_a_client_that_is_still_sending() -> None:
    """An answer before the body was read is not destroyed by a reset; the rest of the body is thrown away."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 413, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"no"})

    async def check() -> None:
        async with serving(refuse) as (_, port):
            head = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 30000000\r\n\r\n"
            answer = await talk(port, head, *([b"x" * 1_000_000] * 30), eof=True)
            assert status_of(answer) == 413
            assert b"connection: close" in answer
            assert answer.endswith(b"no")

    run(check)


def test_failing_application_answers_500_and_closes() -> None:
    """A bug in the application is an answer, not a client that waits for ever."""

    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("on purpose")

    async def check() -> None:
        async with serving(fail) as (_, port):
            answer = await talk(port, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            assert status_of(answer) == 500
            assert b"on purpose" not in answer

    run(check)


def test_client_that_leaves_is_noticed_at_once() -> None:
    """`on_gone` is called when the client closes, without a task that waits for it."""

    async def check() -> None:
        gone = asyncio.Event()
        begun = asyncio.Event()

        async def wait(scope: Scope, receive: Receive, send: Send) -> None:
            scope["farebox.exchange"].on_gone = gone.set
            begun.set()
            await gone.wait()

        async with serving(wait) as (_, port):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            await begun.wait()
            writer.close()
            await asyncio.wait_for(gone.wait(), 5)

    run(check)


def test_slow_reader_holds_the_application_back_and_is_given_up() -> None:
    """`send` waits for a client that does not read, and a client that never reads loses its connection."""

    async def check() -> None:
        sent = 0
        gone = asyncio.Event()

        async def flood(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal sent
            scope["farebox.exchange"].on_gone = gone.set
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while not gone.is_set():
                await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
                sent += 65536

        async with serving(flood, stalled_write_s=0.5) as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
            writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            await asyncio.wait_for(gone.wait(), READ_S)
            assert sent < 64 * 1024 * 1024
            writer.transport.abort()
            del reader

    run(check)


def test_drain_finishes_what_runs_and_takes_nothing_new() -> None:
    """Stopping waits for running answers, closes idle connections and the listening socket."""

    async def check() -> None:
        begun, release = asyncio.Event(), asyncio.Event()

        async def wait(scope: Scope, receive: Receive, send: Send) -> None:
            begun.set()
            await release.wait()
            await echo(scope, receive, send)

        async with serving(wait) as (server, port):
            running = asyncio.create_task(talk(port, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"))
            idle_reader, idle_writer = await asyncio.open_connection("127.0.0.1", port)
            await begun.wait()
            server.stop()
            assert await asyncio.wait_for(idle_reader.read(), READ_S) == b""
            idle_writer.close()
            with pytest.raises(ConnectionError):
                await asyncio.open_connection("127.0.0.1", port)
            release.set()
            answer = await running
            assert status_of(answer) == 200
            assert b"connection: close" in answer

    run(check)


def test_options_are_plain_values() -> None:
    """Options travel to workers as JSON."""
    options = GatewayOptions(trusted_proxies=("10.0.0.0/8",))
    assert msgspec.json.decode(msgspec.json.encode(options), type=GatewayOptions) == options
