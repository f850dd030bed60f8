"""A provider that sends what a test writes, when the test says so: for ends of streams that no simulation times."""

import contextlib
import json
import socket
from collections.abc import Iterator
from typing import Any

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
DEADLINE_S = 30.0


def chunk(*choices: Any, **members: Any) -> bytes:
    """One event of a chat completion's stream."""
    body = {"id": "chatcmpl-provider", "object": "chat.completion.chunk", "created": 1, "model": "up", **members}
    return b"data: " + json.dumps(body | {"choices": list(choices)}).encode() + b"\n\n"


def text(content: str) -> bytes:
    return chunk({"index": 0, "delta": {"content": content}, "finish_reason": None})


def finish(reason: str = "stop") -> bytes:
    return chunk({"index": 0, "delta": {}, "finish_reason": reason})


def usage(prompt: int, completion: int, reasoning: int = 0) -> bytes:
    counts = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return chunk(usage=counts | {"completion_tokens_details": {"reasoning_tokens": reasoning}})


DONE = b"data: [DONE]\n\n"


class ScriptedProvider:
    """One call at a time: `request` waits for it, `send` answers it, `close` and `reset` end it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(DEADLINE_S)
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"
        self.call: socket.socket | None = None

    def request(self) -> dict[str, Any]:
        """The body of the next call."""
        self.call, _ = self._listener.accept()
        self.call.settimeout(DEADLINE_S)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.call.recv(65536)
        head, _, body = received.partition(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
        )
        while len(body) < length:
            body += self.call.recv(65536)
        decoded: dict[str, Any] = json.loads(body)
        return decoded

    def send(self, *pieces: bytes) -> None:
        assert self.call is not None
        self.call.sendall(b"".join(pieces))

    def flood(self, piece: bytes, give_up_s: float) -> None:
        """Send the piece again and again until nobody takes it for so long; then break off, as providers do."""
        assert self.call is not None
        self.call.settimeout(give_up_s)
        with contextlib.suppress(TimeoutError):
            while True:
                self.call.sendall(piece)
        self.close()

    def is_left(self) -> bool:
        """Whether the gateway has closed the call: waits for that up to the deadline."""
        assert self.call is not None
        with contextlib.suppress(ConnectionError):
            return self.call.recv(1) == b""
        return True

    def close(self) -> None:
        if self.call is not None:
            self.call.close()
            self.call = None

    def stop(self) -> None:
        self.close()
        self._listener.close()


@contextlib.contextmanager
def scripted_provider() -> Iterator[ScriptedProvider]:
    provider = ScriptedProvider()
    try:
        yield provider
    finally:
        provider.stop()
