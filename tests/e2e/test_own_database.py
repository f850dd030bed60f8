"""A database of the operator's own, and several nodes on it: what is decided on one is in force on all at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.operator import Operator
from tests.support.postgres import OwnPostgres, remove_data_dir
from tests.support.server import Server, farebox, running_server
from tests.support.simulator import SimulatorProcess, running_simulator

pytestmark = pytest.mark.timeout(150)

SECRET = {"FAREBOX_SECRET_KEY": "p5vXkqN3wz8TgYb1LrDc7HsJ2mFa9eUo"}


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[OwnPostgres]:
    server = OwnPostgres()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="module")
def provider() -> Iterator[SimulatorProcess]:
    with running_simulator() as started:
        yield started


@pytest.fixture(scope="module")
def env(own_postgres: OwnPostgres) -> dict[str, str]:
    return {**own_postgres.environment(), **SECRET}


@pytest.fixture(scope="module")
def first(module_data_dir: Path, env: dict[str, str]) -> Iterator[Server]:
    with running_server(module_data_dir, "--workers", "2", env=env) as server:
        yield server


@pytest.fixture(scope="module")
def second(first: Server, module_data_dir: Path, env: dict[str, str]) -> Iterator[Server]:
    """Another node with a data directory of its own, started when the first has made everything."""
    directory = module_data_dir.parent / "second"
    with running_server(directory, "--workers", "2", env=env) as server:
        yield server
    remove_data_dir(directory)


@pytest.fixture(scope="module")
def operator(first: Server, env: dict[str, str], provider: SimulatorProcess) -> Operator:
    operator = Operator(first, env)
    operator.add_channel("up", provider.base_url)
    operator.sell("shared", "up/sim-chat")
    return operator


def test_the_same_shop_on_both_nodes(operator: Operator, first: Server, second: Server):
    """One account, one key, one balance; the second node makes nothing anew and tells no secret."""
    assert set(second.ready) == {"url", "data_dir", "operator_email", "account_id", "model"}
    assert second.ready["account_id"] == first.ready["account_id"]
    assert not (second.data_dir / "postgres").exists()
    customer = operator.customer("1")
    left = [
        node.chat(customer.key, model="shared").headers["farebox-balance"] for node in (first, second, first, second)
    ]
    assert sorted(left, key=float, reverse=True) == left
    assert len(set(left)) == 4
    demo = [node.chat(first.ready["api_key"], model=first.ready["model"]).status for node in (first, second)]
    assert demo == [200, 200]
    operator.check_ledger()


def test_a_revoked_key_fails_on_the_other_nodes_very_next_call(operator: Operator, first: Server, second: Server):
    """Caches of keys make it fast and never right: every worker of both nodes refuses at once."""
    for _ in range(3):
        made = operator.cli("key", "create", "--account", first.ready["account_id"])
        for node in (first, second) * 4:
            assert node.chat(made["api_key"], model="shared").status == 200
        operator.cli("key", "revoke", made["key_id"])
        for node in (second, first) * 4:
            refused = node.chat(made["api_key"], model="shared")
            assert (refused.status, refused.json["error"]["code"]) == (401, "key_revoked")


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (("--model", "shared"), "emergency_stop"),
        # The only way to the model: it is the operator who has stopped it.
        (("--channel", "up"), "emergency_stop"),
        (("--all",), "emergency_stop"),
    ],
)
def test_a_stop_and_its_end_are_in_force_for_the_next_call(
    operator: Operator, first: Server, second: Server, provider: SimulatorProcess, target: tuple[str, ...], code: str
):
    """No provider is asked after an emergency stop, on any worker of any node; nor is anybody refused after its end."""
    key = first.ready["api_key"]
    operator.cli("stop", *target, "--reason", "test")
    try:
        provider.reset()
        for node in (second, first) * 4:
            refused = node.chat(key, model="shared")
            assert (refused.status, refused.json["error"]["code"]) == (503, code)
            assert int(refused.headers["retry-after"]) > 0
        assert provider.stats()["requests"] == 0
    finally:
        operator.cli("resume", *target)
    for node in (second, first) * 4:
        assert node.chat(key, model="shared").status == 200


def test_a_freeze_and_a_price_are_in_force_for_the_next_call(operator: Operator, first: Server, second: Server):
    """What is changed from one node holds for the next call on the other."""
    customer = operator.customer("1")
    assert second.chat(customer.key, model="shared").status == 200
    operator.cli("account", "freeze", customer.account_id, "--reason", "test")
    refused = second.chat(customer.key, model="shared")
    assert (refused.status, refused.json["error"]["code"]) == (403, "account_frozen")
    operator.cli("account", "unfreeze", customer.account_id, "--reason", "test")
    operator.cli("model", "price", "shared", "--input", "0", "--output", "0", "--per-request", "0.125")
    costs = {node.chat(customer.key, model="shared").headers["farebox-cost"] for node in (second, first) * 2}
    assert costs == {"0.125"}


def test_a_database_that_is_not_there_is_said_in_one_line(data_dir: Path):
    """No traceback, and not the password."""
    env = {"FAREBOX_DATABASE_URL": "postgresql://farebox:hunter2secret@127.0.0.1:9/farebox"}
    for command in (("serve", "--port", "0"), ("account", "list")):
        refused = farebox(*command, "--data", str(data_dir), env=env)
        assert refused.returncode == 1
        assert refused.stderr.startswith("farebox: the database cannot be reached"), refused.stderr
        assert refused.stderr.count("\n") == 1
        assert "hunter2secret" not in refused.stderr


def test_one_role_for_everything_will_do(data_dir: Path):
    """An operator with a single database role needs FAREBOX_DATABASE_URL only."""
    own = OwnPostgres()
    own.start()
    try:
        env = own.environment(one_role=True)
        with running_server(data_dir, env=env) as server:
            assert server.chat(server.ready["api_key"]).status == 200
            Operator(server, env).check_ledger()
    finally:
        own.remove()
