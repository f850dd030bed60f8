"""How a node lives and dies: restarts, crashes of its processes, drains, and starts that must be refused."""

import contextlib
import http.client
import json
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from tests.support.server import Server, eventually, farebox, running_server, start_server
from tests.support.simulator import running_simulator

pytestmark = pytest.mark.timeout(120)


def test_a_second_start_keeps_the_data_and_tells_no_secret(data_dir: Path):
    """Secrets are shown once; keys, balance and model are still there afterwards."""
    with running_server(data_dir) as server:
        first = server.ready
        charged = server.chat(first["api_key"]).headers["farebox-balance"]
    with running_server(data_dir) as server:
        assert set(server.ready) == {"url", "data_dir", "operator_email", "account_id", "model"}
        for name in ("operator_email", "account_id", "model"):
            assert server.ready[name] == first[name]
        assert server.cli("account", "show", first["account_id"])["balance"] == charged
        assert server.chat(first["api_key"]).status == 200
    assert server.process.returncode == 0
    verified = farebox("ledger", "verify", "--data", str(data_dir), "--json")
    assert (verified.returncode, json.loads(verified.stdout)["ok"]) == (0, True)


def test_a_second_server_on_the_same_directory_is_refused(data_dir: Path):
    """Two supervisors of one database would fight; the second says who is in its way."""
    with running_server(data_dir) as server:
        refused = farebox("serve", "--data", str(data_dir), "--port", "0", "--json-ready")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.startswith(f"farebox: {data_dir} is in use by another")
        assert str(server.process.pid) in refused.stderr
        assert server.chat(server.ready["api_key"]).status == 200


def test_a_port_that_is_taken_is_said_in_one_line(data_dir: Path):
    """The public port is needed; the admin listener is only warned about."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = farebox("serve", "--data", str(data_dir), "--port", port)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.startswith(f"farebox: 127.0.0.1:{port} cannot be listened on")
        assert refused.stderr.count("\n") == 1
        with running_server(data_dir, "--admin-port", port) as server:
            assert "admin_listener_off" in server.logged()
            assert server.chat(server.ready["api_key"]).status == 200


def test_killed_processes_come_back(data_dir: Path):
    """kill -9 of any child: the port never refuses, the next calls are served, the ledger is right."""
    with running_server(data_dir, "--workers", "2") as server:
        for role in ("gateway", "gateway", "control", "worker", "simulator"):
            victim = server.children(role)[0]
            count = len(server.children(role))
            victim.kill()
            eventually(lambda: _is_replaced(server, role, victim, count))  # noqa: B023 - called before the next round
            eventually(lambda: server.chat(server.ready["api_key"]).status == 200)
        assert eventually(lambda: server.request("GET", "/").status == 200)
        account = server.cli("account", "show", server.ready["account_id"])
        assert account["held"] == "0"
        assert server.cli("ledger", "verify")["ok"]


def _is_replaced(server: Server, role: str, victim: psutil.Process, count: int) -> bool:
    pids = [child.pid for child in server.children(role)]
    return len(pids) == count and victim.pid not in pids


def test_a_call_of_a_killed_worker_is_free(data_dir: Path):
    """kill -9 of a worker with a stream open: within seconds its hold is voided, and nobody is charged."""
    with running_simulator(chunks=600, gap_ms=100) as provider, running_server(data_dir) as server:
        _sell_slow_model(server, provider.base_url)
        account = server.ready["account_id"]
        with _streaming(server) as response:
            assert response.readline().startswith(b"data: ")
            assert server.cli("account", "show", account)["held"] != "0"
            server.children("gateway")[0].kill()
            eventually(lambda: server.cli("account", "show", account)["held"] == "0")
        assert server.cli("account", "show", account)["balance"] == "10"
        (job,) = server.cli("jobs", "list", "--account", account)
        assert (job["status"], job["outcome"], job["charge"]) == ("voided", "platform_error", "0")
        assert server.cli("ledger", "verify")["ok"]


def test_children_die_with_a_killed_supervisor(data_dir: Path):
    """Nobody serves from a data directory that the next start takes over; that start finds everything."""
    server = start_server(data_dir)
    children = psutil.Process(server.process.pid).children()
    ours = [child for child in children if "farebox.boot.process" in child.cmdline()]
    assert len(ours) == 4
    server.process.kill()
    server.stop()
    eventually(lambda: not any(child.is_running() for child in ours))
    with running_server(data_dir) as again:
        assert again.chat(server.ready["api_key"]).status == 200
        assert again.cli("ledger", "verify")["ok"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_running_streams_end_before_the_server_does(data_dir: Path, number: signal.Signals):
    """A deployment cuts nobody off: the stream is whole and charged, new connections are refused meanwhile."""
    with running_simulator(chunks=30, gap_ms=50) as provider, running_server(data_dir) as server:
        _sell_slow_model(server, provider.base_url)
        with _streaming(server) as response:
            assert response.readline().startswith(b"data: ")
            server.process.send_signal(number)
            eventually(lambda: _refuses_connections(server))
            body = response.read()
        assert body.endswith(b"data: [DONE]\n\n")
        assert server.stop() == 0
    jobs = json.loads(farebox("jobs", "list", "--data", str(data_dir), "--json").stdout)
    assert [(job["status"], job["outcome"], job["model"]) for job in jobs] == [("settled", "completed", "slow")]


def test_a_drain_that_takes_too_long_ends_all_the_same(data_dir: Path):
    """After FAREBOX_DRAIN_S the job is ended, free or charged by policy but never left open."""
    env = {"FAREBOX_DRAIN_S": "1"}
    with running_simulator(chunks=600, gap_ms=100) as provider, running_server(data_dir, env=env) as server:
        _sell_slow_model(server, provider.base_url)
        with _streaming(server) as response:
            assert response.readline().startswith(b"data: ")
            assert server.stop(limit_s=40) == 0
    shown = json.loads(farebox("account", "list", "--data", str(data_dir), "--json").stdout)
    assert [account["held"] for account in shown] == ["0"]
    verified = farebox("ledger", "verify", "--data", str(data_dir), "--json")
    assert json.loads(verified.stdout)["ok"]


def _sell_slow_model(server: Server, base_url: str) -> None:
    server.cli(
        *("channel", "add", "--name", "slow", "--kind", "openai-compatible"),
        *("--base-url", base_url, "--allow-private"),
    )
    server.cli("model", "add", "slow", "--route", "slow/sim-chat", "--input", "1", "--output", "2")
    eventually(lambda: server.request("GET", "/v1/models/slow", key=server.ready["api_key"]).status == 200)


class _streaming(contextlib.AbstractContextManager["http.client.HTTPResponse"]):  # noqa: N801 - reads as a verb
    """A stream of the slow model, begun."""

    def __init__(self, server: Server) -> None:
        parts = urlsplit(server.url)
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        body = {"model": "slow", "stream": True, "messages": [{"role": "user", "content": "Hello!"}]}
        headers = {"authorization": f"Bearer {server.ready['api_key']}", "content-type": "application/json"}
        self._connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
        self._response = self._connection.getresponse()

    def __enter__(self) -> http.client.HTTPResponse:
        assert self._response.status == 200
        return self._response

    def __exit__(self, *_: object) -> None:
        self._response.close()
        self._connection.close()


def _refuses_connections(server: Server) -> bool:
    parts = urlsplit(server.url)
    try:
        socket.create_connection((parts.hostname, parts.port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False
