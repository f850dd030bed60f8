"""The first minutes with Farebox: start it, call it, follow the money (the README's promise)."""

import contextlib
import http.client
import socket
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psutil
import pytest
from tests.support.server import Server, eventually, running_server

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def admin_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def server(module_data_dir: Path, admin_port: int) -> Iterator[Server]:
    with running_server(module_data_dir, "--admin-port", str(admin_port)) as started:
        yield started


def test_the_first_start_tells_everything_that_a_script_needs(server: Server):
    """The JSON line has these keys, each on the start that made it."""
    assert set(server.ready) == {
        *("url", "data_dir", "operator_email", "operator_password"),
        *("account_id", "api_key", "test_key", "model"),
    }
    assert server.ready["data_dir"] == str(server.data_dir)
    assert server.ready["api_key"].startswith("fb_live_")
    assert server.ready["test_key"].startswith("fb_test_")


@pytest.mark.parametrize("stream", [False, True])
def test_a_call_is_answered_charged_and_receipted(server: Server, stream: bool):
    """balance before - charge = balance after, and the receipt's lines add up to the charge."""
    account, key = server.ready["account_id"], server.ready["api_key"]
    before = Decimal(server.cli("account", "show", account)["balance"])
    if stream:
        answer = server.chat(key, stream=True, stream_options={"include_usage": True})
        assert answer.body.endswith(b"data: [DONE]\n\n")
        cost = Decimal(answer.events[-1]["usage"]["cost"])
    else:
        answer = server.chat(key)
        cost = Decimal(answer.json["usage"]["cost"])
        assert answer.headers["farebox-cost"] == answer.json["usage"]["cost"]
    assert answer.status == 200
    assert cost > 0
    receipt = server.request("GET", f"/v1/jobs/{answer.headers['farebox-job-id']}", key=key).json
    assert (receipt["status"], receipt["outcome"], receipt["stream"]) == ("settled", "completed", stream)
    assert Decimal(receipt["charge"]) == cost
    assert sum(Decimal(line["amount"]) for line in receipt["lines"]) <= cost
    assert Decimal(receipt["balance_after"]) == before - cost
    shown = server.cli("account", "show", account)
    assert (Decimal(shown["balance"]), shown["held"]) == (before - cost, "0")
    newest = server.cli("jobs", "list", "--account", account, "--limit", "1")
    assert [job["id"] for job in newest] == [receipt["id"]]
    assert server.cli("jobs", "show", receipt["id"])["lines"] == receipt["lines"]


def test_a_test_key_costs_nothing(server: Server):
    """A customer can build against the simulator before paying."""
    before = server.cli("account", "show", server.ready["account_id"])["balance"]
    answer = server.chat(server.ready["test_key"])
    assert answer.status == 200
    assert server.cli("account", "show", server.ready["account_id"])["balance"] == before


def test_a_revoked_key_and_a_stop_are_in_force_for_the_next_call(server: Server):
    """Commands on a running server's database take effect at once, without a restart."""
    made = server.cli("key", "create", "--account", server.ready["account_id"])
    assert server.chat(made["api_key"]).status == 200
    server.cli("key", "revoke", made["key_id"])
    refused = server.chat(made["api_key"])
    assert (refused.status, refused.json["error"]["code"]) == (401, "key_revoked")
    server.cli("stop", "--model", server.ready["model"], "--reason", "test")
    refused = server.chat(server.ready["api_key"])
    assert (refused.status, refused.json["error"]["code"]) == (503, "emergency_stop")
    server.cli("resume", "--model", server.ready["model"])
    assert eventually(lambda: server.chat(server.ready["api_key"]).status == 200, limit_s=10)


def test_the_ledger_is_right(server: Server):
    """`farebox ledger verify` holds against a server that has been used."""
    assert server.chat(server.ready["api_key"]).status == 200
    report = server.cli("ledger", "verify")
    assert report == {"ok": True, "entries": report["entries"], "problems": []}
    assert report["entries"] >= 4
    exported = server.cli("ledger", "export", "--format", "csv")["content"]
    assert len(exported.splitlines()) >= report["entries"]


def test_the_public_port_serves_the_control_process_too(server: Server):
    """One port: the console with a strict policy, problem details for what is not there, no metrics."""
    page = server.request("GET", "/")
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    described = server.request("GET", "/openapi.json").json
    assert described["openapi"].startswith("3.")
    assert "/v1/chat/completions" in described["paths"]
    missing = server.request("GET", "/api/nothing")
    assert (missing.status, missing.headers["content-type"]) == (404, "application/problem+json")
    assert missing.json["status"] == 404
    assert server.request("GET", "/metrics").status == 404


def test_the_admin_listener_adds_up_all_processes(server: Server, admin_port: int):
    """Metrics of every process in one place, and readiness that means the database and a gateway answer."""
    assert server.chat(server.ready["api_key"], messages=[]).status == 400

    def get(path: str) -> tuple[int, str]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", admin_port, timeout=10)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()

    status, text = get("/metrics")
    assert status == 200
    assert "farebox_processes 4\n" in text
    assert 'farebox_gateway_answers_total{endpoint="chat.completions",status="400"}' in text
    assert 'farebox_process_resident_bytes{process="gateway-0"}' in text
    assert server.ready["account_id"] not in text
    assert get("/readyz")[0] == 200
    assert get("/healthz")[0] == 200
    assert get("/v1/models")[0] == 404


def test_no_secret_is_in_arguments_or_environments(server: Server):
    """Other users of the machine can read both of any process."""
    secrets = [
        (server.data_dir / "secret.key").read_text().strip(),
        server.ready["operator_password"],
        server.ready["api_key"],
        "postgresql://",
    ]
    processes = [server.process.pid, *(child.pid for child in psutil.Process(server.process.pid).children())]
    assert len(processes) >= 6
    for pid in processes:
        process = psutil.Process(pid)
        visible = " ".join([*process.cmdline(), *(f"{name}={value}" for name, value in process.environ().items())])
        assert not [secret for secret in secrets if secret in visible]


def test_files_of_the_data_directory_are_private(server: Server):
    """The secret key and the sockets are for the node alone."""
    assert (server.data_dir / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (server.data_dir / "run").stat().st_mode & 0o777 == 0o700
    assert (server.data_dir / "spool").stat().st_mode & 0o777 == 0o700


def test_nothing_is_logged_but_the_start(server: Server):
    """Calls leave no line in the log: neither content nor keys can be in it."""
    lines = [line for line in server.logged().splitlines() if "migrating" not in line]
    assert lines == []
