"""`farebox import`: what another gateway sold is sold here, at the same prices, and nothing is guessed."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tests.integration.boot.conftest import Cli

SECRET = "sk-imported-secret-0001"
OPTIONS = {
    "ModelRatio": {"gpt-x": 1.25, "own-model": 0.123456789, "unpriced-output": 3},
    "CompletionRatio": {"gpt-x": 4, "own-model": 2},
    "ModelPrice": {"painter": 0.04},
}


def channel(number: int, name: str, kind: int, models: str, **fields: Any) -> dict[str, Any]:
    plain = {"status": 1, "base_url": None, "weight": 0, "priority": 0, "model_mapping": "", "key": SECRET}
    return {"id": number, "name": name, "type": kind, "models": models} | plain | fields


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A database of new-api as its SQLite file."""
    place = tmp_path / "one-api.db"
    rows = [
        channel(1, "Main OpenAI", 1, "gpt-x,painter", priority=10, key=f"{SECRET}\n{SECRET}-2"),
        channel(2, "Main OpenAI", 8, "gpt-x,own-model,own-model", base_url="https://relay.example.com", weight=3),
        channel(3, "deep", 43, "deepseek-v4-flash,unpriced-output", status=2),
        channel(4, "claude", 14, "alias", model_mapping='{"alias": "claude-sonnet-5"}'),
        channel(5, "riddle", 33, "anything"),
    ]
    with sqlite3.connect(place) as made:
        made.execute(
            "CREATE TABLE channels (id, name, type, models, status, base_url, weight, priority, model_mapping, key)"
        )
        made.execute("CREATE TABLE options (key, value)")
        for row in rows:
            made.execute(
                f"INSERT INTO channels ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", [*row.values()]
            )
        made.executemany("INSERT INTO options VALUES (?, ?)", [(name, json.dumps(to)) for name, to in OPTIONS.items()])
    made.close()
    return place


def test_channels_models_and_prices_come_over(cli: Cli, source: Path):
    """Ratios become prices, higher priorities go first, keys make a pool, and what is not known is said."""
    done = cli.ok("import", "new-api", str(source))
    assert done["channels"] == ["Main-OpenAI", "Main-OpenAI-2", "deep", "claude"]
    models = {model["model"]: model for model in cli.ok("model", "list")}
    assert set(done["models"]) == set(models)
    assert models["gpt-x"]["pricing"] == {"input": "2.5", "output": "10"}
    assert models["gpt-x"]["routes"] == ["Main-OpenAI/gpt-x@0:1", "Main-OpenAI-2/gpt-x@10:3"]
    assert models["own-model"]["pricing"] == {"input": "0.246914", "output": "0.493828"}
    assert models["painter"]["pricing"] == {"up_to_any": "0.04"}
    assert models["deepseek-v4-flash"]["pricing"]["output"] == "1.2"
    said = " ".join(done["notes"])
    assert "unpriced-output" in said
    assert "riddle" in said
    channels = {each["name"]: each for each in cli.ok("channel", "list")}
    assert channels["Main-OpenAI"]["keys"] == 2
    assert channels["Main-OpenAI-2"]["base_url"] == "https://relay.example.com/v1"
    assert (channels["deep"]["enabled"], channels["deep"]["provider"]) == (False, "deepseek")
    assert SECRET not in json.dumps([done, list(models.values()), list(channels.values())])


def test_an_import_can_be_run_again(cli: Cli, source: Path):
    """What is there stays as it is; nothing is added twice."""
    cli.ok("import", "new-api", str(source))
    cli.ok("model", "price", "gpt-x", "--input", "7")
    again = cli.ok("import", "new-api", str(source))
    assert (again["channels"], again["models"]) == ([], [])
    assert {model["model"]: model for model in cli.ok("model", "list")}["gpt-x"]["pricing"]["input"] == "7"


def test_what_is_no_database_is_said_to_be_none(cli: Cli, tmp_path: Path):
    """A missing file, another file, a file without the tables: one line, and nothing is added."""
    other = tmp_path / "notes.txt"
    other.write_text("not a database, but long enough to be read as one" * 10)
    for place in (tmp_path / "missing.db", other):
        assert str(place) in cli.fails("import", "one-api", str(place))
    empty = tmp_path / "empty.db"
    sqlite3.connect(empty).close()
    assert "channels" in cli.fails("import", "new-api", str(empty))
    assert cli.ok("channel", "list") == []


CONFIG = f"""
model_list:
  - model_name: chat
    litellm_params:
      model: openai/gpt-x
      api_key: os.environ/IMPORTED_KEY
      input_cost_per_token: 0.0000025
      output_cost_per_token: 1e-05
  - model_name: chat
    litellm_params: {{model: openai/gpt-x-mini, api_key: os.environ/IMPORTED_KEY, order: 1, weight: 4}}
  - model_name: deep
    litellm_params: {{model: deepseek/deepseek-v4-flash, api_key: {SECRET}}}
  - model_name: own
    litellm_params: {{model: hosted_vllm/llama, api_base: "https://llama.example.com/v1"}}
    model_info: {{input_cost_per_token: 0, output_cost_per_token: 0}}
  - model_name: unpriced
    litellm_params: {{model: gpt-unheard-of, api_key: os.environ/IMPORTED_KEY}}
  - model_name: elsewhere
    litellm_params: {{model: sagemaker/llama}}
general_settings: {{master_key: {SECRET}}}
"""


def test_deployments_of_litellm_become_routes(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """One channel for each provider, address and key; prices per token become prices per million; order goes first."""
    monkeypatch.setenv("IMPORTED_KEY", SECRET + "-2")
    place = tmp_path / "config.yaml"
    place.write_text(CONFIG)
    done = cli.ok("import", "litellm", str(place))
    assert done["channels"] == ["openai", "deepseek", "hosted_vllm"]
    models = {model["model"]: model for model in cli.ok("model", "list")}
    assert set(models) == {"chat", "deep", "own"}
    assert models["chat"]["pricing"] == {"input": "2.5", "output": "10"}
    assert models["chat"]["routes"] == ["openai/gpt-x@0:1", "openai/gpt-x-mini@1:4"]
    assert models["deep"]["pricing"]["input"] == "0.3"
    assert models["own"]["pricing"] == {"input": "0", "output": "0"}
    channels = {each["name"]: each for each in cli.ok("channel", "list")}
    assert channels["hosted_vllm"]["base_url"] == "https://llama.example.com/v1"
    assert [channels[name]["keys"] for name in done["channels"]] == [1, 1, 0]
    assert all(name in " ".join(done["notes"]) for name in ("unpriced", "elsewhere"))
    assert SECRET not in json.dumps([done, models, channels])
    place.write_text(f"model_list: {{openai: {SECRET}}}")
    refused = cli.fails("import", "litellm", str(place))
    assert "model_list" in refused
    assert SECRET not in refused
