"""`python -m bench.metronome`: a provider whose streams keep an absolute schedule.

Every content chunk says when it was due, in microseconds of the clock that all processes of a machine share. Whoever
receives it knows how late it is without having seen the ones before, and a chunk that was sent late by an overloaded
machine does not move the ones after it. It knows no faults and no plain answers: that is the simulator's.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from typing import cast

import httptools
import msgspec
import uvloop

_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n"
)
_REFUSAL = b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
_END = b"0\r\n\r\n"
_DONE = b"data: [DONE]\n\n"
_ENVELOPE = {
    "id": "chatcmpl-C4n0nicalBenchStream000000",
    "object": "chat.completion.chunk",
    "created": 1760000000,
    "model": "metronome",
    "service_tier": "default",
    "system_fingerprint": "fp_51a7c0ffee",
}
_PROMPT_TOKENS = 12
BACKLOG = 4096


class StreamOptions(msgspec.Struct):
    include_usage: bool = False


class ChatRequest(msgspec.Struct):
    """The two fields that decide what is sent."""

    stream: bool = False
    stream_options: StreamOptions | None = None


def _event(choices: list[object], **more: object) -> bytes:
    return b"data: " + msgspec.json.encode({**_ENVELOPE, "choices": choices, **more}) + b"\n\n"


def _content(text: str) -> bytes:
    return _event([{"index": 0, "delta": {"content": text}, "logprobs": None, "finish_reason": None}])


def _framed(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


_ROLE = _framed(
    _event([{"index": 0, "delta": {"role": "assistant", "content": ""}, "logprobs": None, "finish_reason": None}])
)
_STOP = _framed(_event([{"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}]))
# What is filled in is always sixteen digits long, so that the length of a chunk is known beforehand.
_TICK = _framed(_content(f"t{'0' * 16}")).replace(b"%", b"%%").replace(b"0" * 16, b"%016d")


def _tail(chunks: int, *, with_usage: bool) -> bytes:
    usage = {
        "prompt_tokens": _PROMPT_TOKENS,
        "completion_tokens": chunks,
        "total_tokens": _PROMPT_TOKENS + chunks,
    }
    return _STOP + (_framed(_event([], usage=usage)) if with_usage else b"") + _framed(_DONE) + _END


class Metronome(asyncio.Protocol):
    """One connection: requests one after the other, each a stream of `chunks` chunks, `gap_s` apart."""

    def __init__(self, chunks: int, gap_s: float, loop: asyncio.AbstractEventLoop) -> None:
        self._chunks = chunks
        self._gap_s = gap_s
        self._loop = loop
        self._parser = httptools.HttpRequestParser(self)
        self._decoder = msgspec.json.Decoder(ChatRequest)
        self._body = b""
        self._sent = 0
        self._first_s = 0.0
        self._tail = b""
        self._timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop registers no subclass

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._body = b""

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        request = self._decoder.decode(self._body)
        if not request.stream:
            self._transport.write(_REFUSAL)
            return
        wants_usage = request.stream_options is not None and request.stream_options.include_usage
        self._tail = _tail(self._chunks, with_usage=wants_usage)
        self._sent = 0
        # Streams that all tick at once would measure a burst, not a load.
        self._first_s = time.monotonic() + self._gap_s * random.random()
        self._transport.write(_HEAD + _ROLE)
        self._wait()

    def _wait(self) -> None:
        due_s = self._first_s + self._sent * self._gap_s
        self._timer = self._loop.call_later(max(0.0, due_s - time.monotonic()), self._tick, due_s)

    def _tick(self, due_s: float) -> None:
        self._timer = None
        self._transport.write(_TICK % int(due_s * 1e6))
        self._sent += 1
        if self._sent < self._chunks:
            self._wait()
        else:
            self._transport.write(self._tail)


async def _serve(chunks: int, gap_s: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Metronome(chunks, gap_s, loop), "127.0.0.1", 0, backlog=BACKLOG)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{port}"}) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    _arguments = argparse.ArgumentParser(prog="python -m bench.metronome")
    _arguments.add_argument("--chunks", type=int, required=True)
    _arguments.add_argument("--gap-ms", type=float, required=True)
    _given = _arguments.parse_args()
    uvloop.run(_serve(_given.chunks, _given.gap_ms / 1000))
