"""Images and recordings on the running product: sold by the command line, never oversold, and light to pass through."""

import asyncio
import contextlib
import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.support.load import Reply, dialled
from tests.support.media import form, wav
from tests.support.operator import Customer, Operator, check_books
from tests.support.server import running_server
from tests.support.simulator import SimulatorProcess, running_simulator

pytestmark = pytest.mark.timeout(120)

MIB = 1024 * 1024
CALLS, PAID = 200, 20
PRICE = Decimal("0.04")
IMAGES = "/v1/images/generations"


@pytest.fixture(scope="module")
def provider() -> Iterator[SimulatorProcess]:
    with running_simulator() as started:
        yield started


@pytest.fixture(scope="module")
def operator(module_data_dir: Path, provider: SimulatorProcess) -> Iterator[Operator]:
    with running_server(module_data_dir, "--workers", "2") as server:
        operator = Operator(server)
        operator.add_channel("up", provider.base_url)
        operator.sell("painter", "up/sim-image", "--price", "image=0.02", "--price", f"image:*:high={PRICE}")
        operator.sell("listener", "up/sim-hearing", "--price", "audio-second=0.0001", "--max-seconds", "7200")
        operator.sell("speaker", "up/sim-speech", "--price", "character=15", "--cost", "character=12")
        operator.sell("judge", "up/sim-moderation", "--input", "0", "--output", "0", "--task", "moderations")
        yield operator


def test_what_the_command_line_sells(operator: Operator) -> None:
    """Prices by class, and what a model serves told by them; a price that was forgotten is bad usage."""
    listed = {model["model"]: model for model in operator.cli("model", "list")}
    assert listed["painter"]["pricing"] == {"input": "0", "output": "0", "image": "0.02", "image:*:high": "0.04"}
    assert listed["listener"]["tasks"] == ["transcriptions"]
    assert listed["listener"]["max_seconds"] == 7200
    assert listed["judge"]["tasks"] == ["moderations"]
    operator.cli("model", "price", "speaker", "--price", "character=30")
    assert {m["model"]: m for m in operator.cli("model", "list")}["speaker"]["pricing"]["character"] == "30"
    with pytest.raises(AssertionError, match="say --input and --output"):
        operator.cli("model", "add", "forgotten", "--route", "up/x")


def test_images_are_never_oversold(operator: Operator, provider: SimulatorProcess) -> None:
    """200 calls at once for an image each, on credit for exactly 20 of them: 20 are made, 180 times 402."""
    customer = operator.customer(str(PAID * PRICE))
    provider.reset()
    body = {"model": "painter", "prompt": "a fox", "quality": "high"}

    async def ask() -> list[Reply]:
        async with dialled(operator.port, CALLS) as lines:
            for line in lines:
                line.send(customer.key, body, path=IMAGES)
            return await asyncio.gather(*(line.receive() for line in lines))

    replies = asyncio.run(ask())
    assert Counter(reply.status for reply in replies) == {200: PAID, 402: CALLS - PAID}
    assert provider.stats()["requests"] == PAID
    check_books(operator, customer, str(PAID * PRICE), [reply for reply in replies if reply.is_served])
    assert operator.balance(customer.account_id) == 0


def test_a_large_upload_takes_little_memory(operator: Operator, provider: SimulatorProcess) -> None:
    """30 MB pass through a worker that grows by less than 8: the file is never kept."""
    customer = operator.customer("5")
    small = _transcribe(operator, customer, wav(5))
    assert small["usage"]["seconds"] == 5
    workers = operator.server.children("gateway")
    before = [worker.memory_info().rss for worker in workers]
    recording = wav(1_966)  # 31,456,044 bytes, half an hour
    with _peak_memory(workers) as peaks:
        answer = _transcribe(operator, customer, recording)
    assert answer["usage"]["seconds"] == 1_966
    grown = [peak - first for peak, first in zip(peaks, before, strict=True)]
    assert max(grown) < 8 * MIB, grown
    operator.check_ledger()


def _transcribe(operator: Operator, customer: Customer, sound: bytes) -> Any:
    """As the Python SDK sends it: fields first; at a client's pace, so that memory can be watched."""
    body, headers = form(("model", "listener"), ("file", ("talk.wav", sound)))
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", operator.port, timeout=60)) as connection:
        connection.putrequest("POST", "/v1/audio/transcriptions")
        for name, value in {
            **headers,
            "authorization": f"Bearer {customer.key}",
            "content-length": str(len(body)),
        }.items():
            connection.putheader(name, value)
        connection.endheaders()
        for at in range(0, len(body), MIB):
            connection.send(body[at : at + MIB])
        response = connection.getresponse()
        answer = response.read()
        assert response.status == 200, answer
        return json.loads(answer)


@contextlib.contextmanager
def _peak_memory(workers: list[psutil.Process]) -> Iterator[list[int]]:
    """The most memory that each worker has had while the block ran, looked at every few milliseconds."""
    peaks = [0] * len(workers)
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.is_set():
            for index, worker in enumerate(workers):
                peaks[index] = max(peaks[index], worker.memory_info().rss)
            time.sleep(0.002)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peaks
    finally:
        is_over.set()
        thread.join()
