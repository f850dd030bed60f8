"""An address that webhooks can be sent to: it keeps what comes, and answers what it is told to."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Received(NamedTuple):
    """One request; header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


class WebhookSink:
    """`received` in the order of arrival; the next answers are taken from `statuses`, 200 when there are none."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.received: list[Received] = []
        self.statuses: list[int] = []
        self._lock = threading.Lock()

    def take(self, request: Received) -> int:
        """Keep a request; the status to answer."""
        with self._lock:
            self.received.append(request)
            return self.statuses.pop(0) if self.statuses else 200


@contextlib.contextmanager
def running_sink() -> Iterator[WebhookSink]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(sink.take(Received(self.path, headers, body)))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sink = WebhookSink(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
