"""The simulator as a process: how it starts, ends and refuses."""

import json
import socket
import subprocess
import sys

from tests.support.simulator import running_simulator, start_simulator

COMMAND = [sys.executable, "-m", "farebox.simulator"]


def test_it_ends_with_its_parent():
    """A killed test run leaves no simulator behind: closing standard input ends it."""
    simulator = start_simulator()
    simulator.process.stdin.close()
    try:
        assert simulator.process.wait(timeout=10) == 0
    finally:
        simulator.stop()


def test_it_ends_on_sigterm_in_the_middle_of_answers():
    """Stopping does not wait for a stream that never ends."""
    simulator = start_simulator(fault="endless")
    request = b'{"model":"m","messages":[{"role":"user","content":"x"}],"stream":true}'
    head = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(request)
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as connection:
        connection.sendall(head + request)
        assert connection.recv(10)
        simulator.stop()
    assert simulator.process.returncode == 0


def test_bad_options_are_refused():
    """A wrong setting ends the start with status 2 and names the field."""
    ended = subprocess.run([*COMMAND, "--json-options", json.dumps({"ttft": "x"})], capture_output=True, text=True)
    assert ended.returncode == 2
    assert "ttft" in ended.stderr


def test_options_of_the_start_hold_and_come_back():
    """A reset brings back what the process was started with, not the defaults."""
    with running_simulator(status=503) as simulator:
        simulator.set(status=429)
        simulator.reset()
        assert simulator.options()["status"] == 503
