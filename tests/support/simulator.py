"""Start, steer and stop the simulated provider as a separate process on a port of its own."""

import contextlib
import hashlib
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any


class SimulatorProcess:
    """A running simulator: `url` for channels (without /v1), the rest for what tests want to know of it."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url
        self.base_url = url + "/v1"
        self.port = int(url.rsplit(":", 1)[1])

    def set(self, **changes: Any) -> None:
        """Lay `changes` over the running options."""
        self._call("POST", "/_simulate", changes)

    def reset(self) -> None:
        """Counters to zero and options back to those of the start."""
        self._call("POST", "/_simulate/reset", {})

    def options(self) -> dict[str, Any]:
        return self._call("GET", "/_simulate")

    def stats(self) -> dict[str, Any]:
        return self._call("GET", "/_simulate/stats")

    def bodies(self) -> list[dict[str, Any]]:
        """The last request bodies, when `record_bodies` is set."""
        return self._call("GET", "/_simulate/requests")

    def key_uses(self, key: str) -> int:
        """How many requests came with this API key."""
        return int(self.stats()["keys"].get(hashlib.sha256(key.encode()).hexdigest()[:16], 0))

    def wait_for(self, condition: Callable[[dict[str, Any]], bool], deadline_s: float = 30.0) -> dict[str, Any]:
        """The first statistics for which `condition` holds."""
        until = time.monotonic() + deadline_s
        while True:
            stats = self.stats()
            if condition(stats):
                return stats
            if time.monotonic() > until:
                raise AssertionError(f"the simulator did not get there in {deadline_s} s: {stats}")
            time.sleep(0.005)

    def stop(self) -> None:
        """End the process; calling it twice does no harm."""
        end(self.process)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request(method, path, None if body is None else json.dumps(body))
            response = connection.getresponse()
            answer = json.loads(response.read())
        assert response.status == 200, answer
        return answer


def start_simulator(*, port: int = 0, **options: Any) -> SimulatorProcess:
    """A simulator that is ready to answer; it ends by itself when the tests die."""
    return SimulatorProcess(*launch("--port", str(port), "--json-options", json.dumps(options)))


def launch(*arguments: str) -> "tuple[subprocess.Popen[str], str]":
    """A process of the simulator that is ready, and its URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "farebox.simulator", "--until-stdin-closes", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise AssertionError(f"the simulator did not start: exit status {process.wait()}")
    return process, json.loads(line)["url"]


def end(process: "subprocess.Popen[str]") -> None:
    """End a process of the simulator; calling it twice does no harm."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


@contextlib.contextmanager
def running_simulator(*, port: int = 0, **options: Any) -> Iterator[SimulatorProcess]:
    simulator = start_simulator(port=port, **options)
    try:
        yield simulator
    finally:
        simulator.stop()
