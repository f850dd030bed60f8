"""What /openapi.json says of the customers' API is true: each answer of a worker has a status and a shape of it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.gateway import MODEL, Gateway, Shop, running_gateway
from tests.support.media import sell_media
from tests.support.postgres import TestDatabase
from tests.support.schemathesis_run import Run, complaint
from tests.support.simulator import SimulatorProcess

from farebox.control.openapi import data_plane

_PATIENCE_S = 600.0


@pytest.fixture
def gateway(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> Iterator[Gateway]:
    """A worker with models of every kind and a key with credit for all that is asked."""
    shop.sell(provider.base_url, channel="chat")
    sell_media(shop, provider.base_url)
    with running_gateway(database, simulator_url=provider.url) as running:
        running.key = shop.key(shop.account("1000"))
        yield running


@pytest.mark.timeout(_PATIENCE_S + 60)
def test_every_answer_is_as_described(gateway: Gateway, tmp_path: Path) -> None:
    """For what is asked well and ill, in all dialects."""
    _try_all(gateway, tmp_path)


@pytest.mark.long
@pytest.mark.timeout(_PATIENCE_S + 60)
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_every_answer_is_as_described_whatever_the_seed(gateway: Gateway, tmp_path: Path, seed: int) -> None:
    """With every boundary of every field, and more of everything."""
    _try_all(gateway, tmp_path, seed=seed, phases="examples,coverage,fuzzing", most=50)


def _try_all(gateway: Gateway, directory: Path, **effort: Any) -> None:
    path = directory / "openapi.json"
    path.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "Farebox", "version": "1"}, **data_plane()}))
    job_id = gateway.chat().job_id
    ids = {"model": [MODEL], "/v1/models/": [MODEL], "/v1beta/models/": [MODEL], "/v1/jobs/": [job_id]}
    header = f"Authorization: Bearer {gateway.key}"
    run = Run(str(path), gateway.url, "/v1", header=header, ids=ids, **effort)
    done = subprocess.run(
        run.command(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=directory,
        env=run.environment(directory),
        timeout=_PATIENCE_S,
    )
    told = complaint(done.returncode, done.stdout)
    assert not told, told
