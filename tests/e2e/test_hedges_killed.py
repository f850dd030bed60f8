"""A worker that is killed while two providers work on one call: free for the customer, and no place stays taken."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.operator import Operator
from tests.support.server import Server, eventually, start_server
from tests.support.simulator import SimulatorProcess, running_simulator

pytestmark = pytest.mark.timeout(180)

MODEL = "sim-chat"
LATE_MS = 60_000
POLICY = """
[routing]
hedge = "after_ms"
hedge_after_ms = 200
"""


@pytest.fixture
def providers() -> Iterator[tuple[SimulatorProcess, SimulatorProcess]]:
    with running_simulator(ttft_ms=LATE_MS) as first, running_simulator(ttft_ms=LATE_MS) as second:
        yield first, second


def test_a_worker_killed_between_two_calls_leaves_nothing_behind(
    data_dir: Path, providers: tuple[SimulatorProcess, SimulatorProcess]
) -> None:
    """Both providers' calls end with it, its hold is voided, and the channel with room for one has it again."""
    first, second = providers
    data_dir.mkdir(mode=0o755)
    (data_dir / "farebox.toml").write_text(POLICY)
    server = start_server(data_dir, "--workers", "1")
    try:
        operator = Operator(server)
        operator.add_channel("first", first.base_url)
        operator.add_channel("second", second.base_url, "--concurrency", "1")
        operator.cli(
            *("model", "add", MODEL, "--input", "1", "--output", "2"),
            *("--route", f"first/{MODEL}", "--route", f"second/{MODEL}@1"),
        )
        customer = operator.customer("10")
        calling = threading.Thread(target=chat, args=(server, customer.key), daemon=True)
        calling.start()
        for provider in providers:
            provider.wait_for(lambda stats: stats["concurrent"] == 1, 20)
        (worker,) = server.children("gateway")
        worker.kill()
        for provider in providers:
            provider.wait_for(lambda stats: stats["concurrent"] == 0, 20)
        calling.join(20)
        operator.until_nothing_is_held(customer.account_id)
        (job,) = operator.jobs(customer.account_id)
        assert (job["status"], job["outcome"], job["charge"]) == ("voided", "platform_error", "0")
        assert str(operator.balance(customer.account_id)) == "10"

        second.set(ttft_ms=0)
        answers = eventually(lambda: [answer] if (answer := chat(server, customer.key)) == 200 else None, limit_s=30)
        assert answers == [200]
        newest, *_ = operator.jobs(customer.account_id)
        calls = operator.cli("jobs", "show", newest["id"])["provider_calls"]
        assert [(each["channel"], each["result"]) for each in calls] == [
            ("second", "completed"),
            ("first", "overtaken"),
        ]
        operator.check_ledger()
    finally:
        server.stop()


def chat(server: Server, key: str) -> int:
    """The status of a call; 0 while no worker listens."""
    body = {"model": MODEL, "messages": [{"role": "user", "content": "hello"}]}
    try:
        return server.request("POST", "/v1/chat/completions", body, key=key).status
    except (OSError, http.client.HTTPException):
        return 0
