"""What is not the gateway's reaches the control process over its socket, and its answer comes back unchanged."""

import asyncio
import json
from pathlib import Path

from tests.support.gateway import running_gateway
from tests.support.postgres import TestDatabase


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A control process that answers with what it was sent, in chunks."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    lines = head.lower().split("\r\n")
    body = b""
    if "transfer-encoding: chunked" in lines:
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
    for line in lines:
        if line.startswith("content-length: "):
            body = await reader.readexactly(int(line[16:]))
    answer = json.dumps({"head": head, "body_bytes": len(body)}).encode()
    writer.write(b"HTTP/1.1 201 Created\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ntransfer-encoding: chunked\r\n\r\n")
    for start in range(0, len(answer), 100):
        piece = answer[start : start + 100]
        writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        await writer.drain()
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    writer.close()


def test_requests_are_forwarded_both_ways(database: TestDatabase, tmp_path: Path) -> None:
    """Path, query, body and cookies pass; forwarding headers are ours, whatever the client claims."""
    path = tmp_path / "control.sock"
    with running_gateway(database, control_socket=path) as gateway:
        starting = asyncio.run_coroutine_threadsafe(asyncio.start_unix_server(echo, path), gateway.loop)
        server = starting.result(10)
        headers = {"x-forwarded-for": "6.6.6.6", "x-request-id": "mine", "cookie": "session=s"}
        answer = gateway.call("POST", "/api/things?a=b", b"x" * 300_000, headers=headers)
        assert answer.status == 201
        seen = answer.json
        assert seen["head"].startswith("POST /api/things?a=b HTTP/1.1\r\n")
        assert seen["body_bytes"] == 300_000
        assert "x-forwarded-for: 127.0.0.1" in seen["head"]
        assert "6.6.6.6" not in seen["head"]
        assert "session=s" in seen["head"]
        assert answer.headers["x-request-id"].startswith("req_")

        async def stop() -> None:
            server.close()
            await server.wait_closed()

        asyncio.run_coroutine_threadsafe(stop(), gateway.loop).result(10)
        assert gateway.call("GET", "/").status == 503


def test_a_body_that_is_too_large_starts_nothing(database: TestDatabase, tmp_path: Path) -> None:
    """Nobody over there sees such a request: neither memory nor work is spent on it, and the client is told why."""
    path = tmp_path / "control.sock"
    with running_gateway(database, control_socket=path) as gateway:
        seen: list[str] = []

        async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.append("came")
            await echo(reader, writer)

        server = asyncio.run_coroutine_threadsafe(asyncio.start_unix_server(note, path), gateway.loop).result(10)
        refused = gateway.call("POST", "/api/keys/1/rotate", b"x" * 3_000_000)
        assert (refused.status, refused.json["error"]["code"]) == (413, "request_too_large")
        assert seen == []
        assert gateway.call("POST", "/api/keys/1/rotate", b"x").status == 201
        gateway.loop.call_soon_threadsafe(server.close)


def test_an_answer_before_the_body_was_read_arrives(database: TestDatabase, tmp_path: Path) -> None:
    """What was done over there is told: a body that nobody wanted loses no answer."""
    path = tmp_path / "control.sock"

    async def hasty(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        # As HTTP has it, an answer to HEAD tells the length of what it does not bring.
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n" + (b"" if head.startswith(b"HEAD") else b"{}"))
        await reader.read()  # kept alive, as the control process does; the gateway ends it
        writer.close()

    with running_gateway(database, control_socket=path) as gateway:
        server = asyncio.run_coroutine_threadsafe(asyncio.start_unix_server(hasty, path), gateway.loop).result(10)
        head = gateway.call("HEAD", "/")
        assert (head.status, head.body) == (200, b"")
        for size in (7, 100_000, 2_000_000):
            assert gateway.call("POST", "/api/keys/1/rotate", b"x" * size).status == 200
        gateway.loop.call_soon_threadsafe(server.close)
