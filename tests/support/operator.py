"""What an operator types to open a shop on a running node, and what the books must say afterwards."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from tests.support.load import Reply
from tests.support.server import Server, command, eventually

PROVIDER_KEY = "sk-upstream-7Qm2vXw9TzLr4KpB"
_KEY_VARIABLE = "TEST_PROVIDER_KEY"


@dataclass(frozen=True)
class Customer:
    """An account and its first key."""

    account_id: str
    key: str


class Operator:
    """Uses the command line on a node's data directory; `env` is for a node with a database of its own."""

    def __init__(self, server: Server, env: dict[str, str] | None = None) -> None:
        self.server = server
        self._env = env or {}

    @property
    def port(self) -> int:
        port = urlsplit(self.server.url).port
        assert port is not None
        return port

    def cli(self, *arguments: str) -> Any:
        """A command with --json; its value."""
        env = {**self._env, _KEY_VARIABLE: PROVIDER_KEY}
        done = command(*arguments, "--data", str(self.server.data_dir), "--json", env=env)
        assert done.returncode == 0, (arguments, done.stderr)
        return json.loads(done.stdout)

    def add_channel(self, name: str, base_url: str, *options: str) -> None:
        self.cli(
            *("channel", "add", "--name", name, "--kind", "openai-compatible", "--base-url", base_url),
            *("--allow-private", "--api-key-env", _KEY_VARIABLE, *options),
        )

    def sell(self, model: str, route: str, *prices: str) -> None:
        """Put a model on sale, by default at 1 and 2 units per million tokens, for `route` CHANNEL/MODEL."""
        self.cli("model", "add", model, "--route", route, *(prices or ("--input", "1", "--output", "2")))

    def customer(self, grant: str, *terms: str) -> Customer:
        arguments = ("--grant", grant) if grant != "0" else ()
        made = self.cli("account", "create", "--email", f"{uuid4().hex}@example.com", *arguments)
        return Customer(made["account_id"], self.key(made["account_id"], *terms))

    def key(self, account_id: str, *terms: str) -> str:
        return str(self.cli("key", "create", "--account", account_id, *terms)["api_key"])

    def account(self, account_id: str) -> Any:
        return self.cli("account", "show", account_id)

    def balance(self, account_id: str) -> Decimal:
        return Decimal(self.account(account_id)["balance"])

    def jobs(self, account_id: str, *filters: str) -> list[Any]:
        found = self.cli("jobs", "list", "--account", account_id, "--limit", "10000", *filters)
        assert len(found) < 10_000, "too many jobs for one list"
        return list(found)

    def until_nothing_is_held(self, account_id: str, *, limit_s: float = 40.0) -> None:
        """Waits until no job of the account is open."""

        def is_free() -> bool:
            account = self.account(account_id)
            return bool(account["held"] == "0" and account["open_jobs"] == 0)

        eventually(is_free, limit_s=limit_s)

    def check_ledger(self) -> None:
        report = self.cli("ledger", "verify")
        assert report["ok"], report["problems"][:10]


def check_books(operator: Operator, customer: Customer, granted: str, served: list[Reply]) -> list[Any]:
    """Everything served was charged once at its own price, and nothing else but what is marked delivery unknown.

    Gives the jobs of the account. The account must have had no other calls.
    """
    operator.until_nothing_is_held(customer.account_id)
    operator.check_ledger()
    jobs = operator.jobs(customer.account_id)
    by_id = {job["id"]: job for job in jobs}
    assert len(by_id) == len(jobs)
    assert len({reply.job_id for reply in served}) == len(served)
    for reply in served:
        job = by_id[reply.job_id]
        assert (job["status"], job["outcome"]) == ("settled", "completed"), job
        if reply.cost is not None:
            assert Decimal(job["charge"]) == Decimal(reply.cost), job
    delivered = {reply.job_id for reply in served}
    unknown = {job["id"] for job in operator.jobs(customer.account_id, "--delivery-unknown")}
    charged = {job["id"] for job in jobs if Decimal(job["charge"]) != 0}
    assert charged - delivered <= unknown, [by_id[each] for each in charged - delivered - unknown]
    spent = sum((Decimal(job["charge"]) for job in jobs), Decimal())
    assert operator.balance(customer.account_id) == Decimal(granted) - spent
    return jobs
