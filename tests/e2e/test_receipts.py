"""The arithmetic that a customer can do: every call against its receipt, and all receipts against the balance."""

import asyncio
import random
from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.support.load import Reply, call, chat
from tests.support.operator import Customer, Operator, check_books
from tests.support.server import running_server
from tests.support.simulator import SimulatorProcess, running_simulator

pytestmark = pytest.mark.timeout(120)

NANO = Decimal("0.000000001")


@pytest.fixture(scope="module")
def provider() -> Iterator[SimulatorProcess]:
    with running_simulator(cached_tokens=2, cache_write_tokens=1, reasoning_tokens=3) as started:
        yield started


@pytest.fixture(scope="module")
def operator(module_data_dir: Path, provider: SimulatorProcess) -> Iterator[Operator]:
    with running_server(module_data_dir, "--workers", "2") as server:
        operator = Operator(server)
        operator.add_channel("up", provider.base_url)
        operator.sell(
            *("odd", "up/sim-chat", "--input", "0.37", "--output", "1.910001", "--cached-input", "0.0371"),
            *("--cache-write", "0.4625", "--per-request", "0.000000003"),
        )
        operator.sell("whole", "up/sim-chat", "--input", "3", "--output", "15")
        operator.sell("vectors", "up/sim-embedding", "--input", "0.02", "--output", "0")
        yield operator


def _calls(dice: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """Calls of all kinds without an end: path and body."""
    while True:
        model = dice.choice(["odd", "whole"])
        text = "word " * dice.randint(1, 200)
        messages = [{"role": "user", "content": text}]
        tools = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
        asks = {"stream": True, "stream_options": {"include_usage": True}}
        yield "/v1/chat/completions", {"model": model, "messages": messages}
        yield "/v1/chat/completions", {"model": model, "messages": messages, "max_tokens": dice.randint(1, 12)}
        yield "/v1/chat/completions", {"model": model, "messages": messages, **asks}
        yield "/v1/chat/completions", {"model": model, "messages": messages, "stream": True}
        yield "/v1/chat/completions", {"model": model, "messages": messages, "tools": tools}
        yield "/v1/chat/completions", {"model": model, "messages": messages, "n": 3}
        yield "/v1/completions", {"model": model, "prompt": text}
        yield "/v1/completions", {"model": model, "prompt": [text, text], **asks}
        yield "/v1/embeddings", {"model": "vectors", "input": [text] * dice.randint(1, 5)}


def test_call_after_call(operator: Operator):
    """Balance before less charge is balance after; the lines, rounded up once, are the charge."""
    customer = operator.customer("5")
    calls = _calls(random.Random(7))
    balance = Decimal(5)
    for _ in range(36):
        path, body = next(calls)
        reply = asyncio.run(call(operator.port, customer.key, body, path=path))
        assert reply.is_served, reply.body
        receipt = _receipt(operator, customer, reply)
        _check_receipt(receipt)
        assert receipt["endpoint"] in path.replace("/", ".")
        charge = Decimal(receipt["charge"])
        assert charge > 0
        if reply.cost is not None:
            assert Decimal(reply.cost) == charge
        balance -= charge
        assert Decimal(receipt["balance_after"]) == balance
        if "farebox-balance" in reply.headers:
            assert Decimal(reply.headers["farebox-balance"]) == balance
    held = operator.server.request("GET", "/v1/credits", key=customer.key).json
    assert (Decimal(held["balance"]), held["held"], Decimal(held["spendable"])) == (balance, "0", balance)
    operator.check_ledger()


def test_fifty_calls_at_once(operator: Operator):
    """All kinds mixed, 50 at a time: each balance once, in one unbroken chain down to the last."""
    customer = operator.customer("5")
    calls = _calls(random.Random(11))

    async def ask() -> list[Reply]:
        some = [next(calls) for _ in range(50)]
        return await asyncio.gather(*(call(operator.port, customer.key, body, path=path) for path, body in some))

    replies = asyncio.run(ask()) + asyncio.run(ask())
    assert all(reply.is_served for reply in replies)
    jobs = check_books(operator, customer, "5", replies)
    assert len(jobs) == 100
    left = Decimal(5)
    for job in sorted(jobs, key=lambda job: Decimal(job["balance_after"]), reverse=True):
        _check_receipt(job)
        left -= Decimal(job["charge"])
        assert Decimal(job["balance_after"]) == left


def test_nobody_sees_the_jobs_of_others(operator: Operator):
    """404, the same as for a job that never was, whoever asks with whatever id."""
    mine, other = operator.customer("1"), operator.customer("1")
    reply = asyncio.run(call(operator.port, mine.key, chat("whole")))
    assert _receipt(operator, mine, reply)["id"] == reply.job_id
    never = "01a1f000-0000-7000-8000-000000000000"
    answers = [
        operator.server.request("GET", f"/v1/jobs/{job_id}", key=other.key)
        for job_id in (reply.job_id, never, reply.job_id.upper(), "x", "..%2f" + reply.job_id)
    ]
    assert {answer.status for answer in answers} == {404}
    assert {answer.json["error"]["code"] for answer in answers[:4]} == {"job_not_found"}
    assert answers[0].json["error"]["message"] == answers[1].json["error"]["message"]
    assert operator.server.request("GET", f"/v1/jobs/{reply.job_id}").status == 401


def _receipt(operator: Operator, customer: Customer, reply: Reply) -> Any:
    answer = operator.server.request("GET", f"/v1/jobs/{reply.job_id}", key=customer.key)
    assert answer.status == 200
    return answer.json


def _check_receipt(receipt: Any) -> None:
    """What anybody with a calculator can find."""
    assert (receipt["status"], receipt["outcome"], receipt["usage_source"]) == ("settled", "completed", "provider")
    assert receipt["charge_reason"] is None
    lines = receipt["lines"]
    assert len({line["class"] for line in lines}) == len(lines), "a class is priced twice"
    for line in lines:
        assert Decimal(line["amount"]) == line["quantity"] * _per_piece(line["unit_price"])
    total = sum((Decimal(line["amount"]) for line in lines), Decimal())
    assert Decimal(receipt["charge"]) == total.quantize(NANO, rounding=ROUND_CEILING)
    usage = receipt["usage"]
    quantities = {line["class"]: line["quantity"] for line in lines}
    assert (
        quantities.get("input", 0) + quantities.get("cached_input", 0) + quantities.get("cache_write", 0)
        == (usage["input_tokens"])
    )
    assert quantities.get("output", 0) + quantities.get("reasoning", 0) == usage["output_tokens"]


def _per_piece(unit_price: str) -> Decimal:
    return Decimal(unit_price)
