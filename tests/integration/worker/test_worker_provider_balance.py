"""The operator's prepaid balance at a provider, asked of a server that answers as DeepSeek does."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.support.gateway import PROVIDER_KEY, SECRET, Shop
from tests.support.postgres import TestDatabase

from farebox.domain.policies.risk import AlarmPolicy
from farebox.kit.clock import SystemClock
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.storage.database import connect
from farebox.upstream.client import UpstreamClient
from farebox.worker.provider_balance import ProviderBalances


class Treasury:
    """Tells balances under one path; `said` is how it answers."""

    def __init__(self) -> None:
        self.said: tuple[int, bytes] = (200, b"")
        self.asked: list[tuple[str, str | None]] = []
        treasury = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                treasury.asked.append((self.path, self.headers["authorization"]))
                status, body = treasury.said
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base_url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def holds(self, *balances: tuple[str, Any]) -> None:
        rows = [{"currency": currency, "total_balance": amount} for currency, amount in balances]
        self.said = (200, json.dumps({"is_available": True, "balance_infos": rows}).encode())


@pytest.fixture
def treasury() -> Iterator[Treasury]:
    made = Treasury()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def shop(database: TestDatabase) -> Iterator[Shop]:
    made = Shop(database)
    yield made
    made.close()


def test_a_low_balance_rings_until_it_was_added_to(database: TestDatabase, shop: Shop, treasury: Treasury) -> None:
    """Below the mark in every currency; a provider that cannot be asked, or tells nonsense, changes nothing."""
    deepseek = shop.channel("deep", treasury.base_url, kind="openai-compatible", provider="deepseek")
    shop.channel("other", treasury.base_url, kind="openai-compatible", provider="somebody")

    def look(least: str | None = "10") -> list[tuple[str, str]]:
        async def work() -> None:
            connection = await connect(database.app_url, application_name="test")
            client = UpstreamClient(clock=SystemClock())
            policy = AlarmPolicy(provider_balance=least)
            duty = ProviderBalances(policy, client, Seal(SECRET), None, IdSource(), get_logger("test"))
            await duty.work(connection)
            await client.close()
            await connection.close()

        asyncio.run(work())
        rows = shop.rows("SELECT subject, facts->>'left' AS left FROM review_case WHERE status = 'open'")
        return [(row["subject"], row["left"]) for row in rows]

    low = [(f"channel:{deepseek}", "9.99 USD, 3 CNY")]
    treasury.holds(("USD", "10.00"))
    assert look() == []
    assert treasury.asked == [("/user/balance", f"Bearer {PROVIDER_KEY}")]
    treasury.holds(("USD", "9.99"), ("CNY", 3))
    assert look(None) == []
    assert look() == low
    for said in ((401, b"{}"), (200, b"not json"), (200, b'{"balance_infos": 5}'), (200, b'{"balance_infos": [{}]}')):
        treasury.said = said
        assert look() == low
    treasury.holds(("USD", "9.99"), ("CNY", "10"))
    assert look() == []
