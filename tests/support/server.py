"""Start, call and stop `farebox serve`, and run other commands of the command line, as processes of their own."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psutil
from tests.support.command_line import command_line

FAREBOX = str(Path(sys.executable).with_name("farebox"))
_READY_LIMIT_S = 60.0
_STOP_LIMIT_S = 60.0

T = TypeVar("T")


def command_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a command: nothing of the operator's own Farebox, warnings as errors."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FAREBOX_")}
    return {**inherited, "PYTHONWARNINGS": "error", **(extra or {})}


def farebox(
    *arguments: str, env: Mapping[str, str] | None = None, timeout_s: float = 60.0
) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""
    return subprocess.run(
        [FAREBOX, *arguments],
        env=command_environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def command(*arguments: str, env: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """The same without the start of a program: for all that is not about the command itself."""
    return command_line().run(arguments, command_environment(env))


class Server:
    """A running node: `ready` is the JSON line of its start."""

    def __init__(self, process: "subprocess.Popen[str]", data_dir: Path, log: Path) -> None:
        self.process = process
        self.data_dir = data_dir
        self.log = log
        self.ready: dict[str, Any] = {}

    @property
    def url(self) -> str:
        return str(self.ready["url"])

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> "Answer":
        """One HTTP request on a connection of its own."""
        parts = urlsplit(self.url)
        sent = {**({"authorization": f"Bearer {key}"} if key else {}), **(headers or {})}
        if body is not None:
            sent.setdefault("content-type", "application/json")
        with contextlib.closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)) as connection:
            connection.request(method, path, None if body is None else json.dumps(body), sent)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())

    def chat(self, key: str, **fields: Any) -> "Answer":
        """A chat completion with the demo's model."""
        body = {"model": self.ready["model"], "messages": [{"role": "user", "content": "Hello!"}], **fields}
        return self.request("POST", "/v1/chat/completions", body, key=key)

    def cli(self, *arguments: str) -> Any:
        """A command on this node's data directory with --json; its value."""
        done = command(*arguments, "--data", str(self.data_dir), "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def children(self, role: str) -> list[psutil.Process]:
        """The live child processes of a role."""
        found = []
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if "farebox.boot.process" in child.cmdline() and role in child.cmdline():
                    found.append(child)
        return found

    def logged(self) -> str:
        return self.log.read_text()

    def stop(self, number: signal.Signals = signal.SIGTERM, limit_s: float = _STOP_LIMIT_S) -> int:
        """Ask the node to end; its exit status. Calling it twice does no harm."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            status = self.process.wait(limit_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            if self.process.stdout is not None:
                self.process.stdout.close()
        return status


class Answer:
    """An HTTP answer read to its end."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.body = body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def events(self) -> list[Any]:
        """The data events of a stream, without the closing [DONE]."""
        lines = [line.removeprefix("data: ") for line in self.body.decode().splitlines() if line.startswith("data: ")]
        return [json.loads(line) for line in lines if line != "[DONE]"]


def start_server(data_dir: Path, *options: str, env: Mapping[str, str] | None = None) -> Server:
    """A node on any free port that is ready to be called; AssertionError with its log when it does not come up."""
    log = data_dir.parent / f"{data_dir.name}.log"
    with log.open("a") as errors:
        process = subprocess.Popen(
            [FAREBOX, "serve", "--data", str(data_dir), "--port", "0", "--json-ready", *options],
            env=command_environment(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    server = Server(process, data_dir, log)
    # A start that hangs is ended, so that reading its line ends, too.
    watchdog = threading.Timer(_READY_LIMIT_S, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
    finally:
        watchdog.cancel()
    if not line:
        status = process.wait()
        process.stdout.close()
        raise AssertionError(f"farebox serve did not start (exit status {status}):\n{server.logged()}")
    server.ready = json.loads(line)
    return server


@contextlib.contextmanager
def running_server(data_dir: Path, *options: str, env: Mapping[str, str] | None = None) -> Iterator[Server]:
    server = start_server(data_dir, *options, env=env)
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """A port of loopback that nobody listens on yet."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def readiness(admin_port: int) -> tuple[int, str]:
    """What the admin listener says: 200 and 'ready', or 503 and why not."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", admin_port, timeout=10)) as connection:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        told = json.loads(response.read())
        return response.status, told.get("detail", told["status"])


def eventually(look: Callable[[], T], *, limit_s: float = 30.0) -> T:
    """The first true value of `look`, which is asked again and again until the deadline."""
    deadline = time.monotonic() + limit_s
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"still {found!r} after {limit_s} s")
        time.sleep(0.02)
