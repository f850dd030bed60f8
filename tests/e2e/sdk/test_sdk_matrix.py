"""Every official SDK before every kind of provider, feature by feature: what `tests.support.sdk.matrix` declares."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.support.gateway import Gateway, Shop
from tests.support.node import run_script
from tests.support.sdk.clients import ask
from tests.support.sdk.matrix import (
    CLIENTS,
    FEATURES,
    KINDS,
    NODE_CLIENTS,
    PYTHON_CLIENTS,
    Kind,
    errors_of,
    thinking_of,
    with_matrix,
)
from tests.support.sdk.question import ANSWER_SCHEMA, Question, Raised, Turn
from tests.support.simulator import SimulatorProcess

from farebox.domain.limits import Limits

# The first of them may have to install the packages of Node.js.
pytestmark = pytest.mark.timeout(300)

DOCUMENT = Path(__file__).parents[3] / "docs" / "dialects.md"
PAIRS = [(client, kind) for client in CLIENTS for kind in KINDS]
pairs = pytest.mark.parametrize(("client", "kind"), PAIRS, ids=[f"{client} - {kind}" for client, kind in PAIRS])
RESULTS = {"weather": "sunny", "clock": "noon"}
FORMS = ("plain", "stream")
# What fails: the model's name behind the kind's, whose key is used, the status and our code (none where the provider
# refuses in its own words); in the order of errors_of.
FAILURES: tuple[tuple[str, str, int, str], ...] = (
    ("-filtering", "usual", 400, ""),
    ("", "unknown", 401, "invalid_api_key"),
    ("", "broke", 402, "insufficient_credits"),
    ("-missing", "usual", 404, "model_not_found"),
    ("", "limited", 429, "rate_limit_exceeded"),
)
LEAVE_AFTER = 3


@dataclass(frozen=True)
class Asked:
    """One question of a cell, with the name that finds it again at the provider."""

    name: str
    client: str
    key: str
    question: Question


@pytest.fixture(scope="module")
def keys(gateway: Gateway, shop: Shop, account: UUID) -> dict[str, str]:
    """Keys by what becomes of calls with them."""
    return {
        "usual": gateway.key,
        "unknown": gateway.key[:-1] + ("A" if gateway.key[-1] != "A" else "B"),
        "broke": shop.key(shop.account("0")),
        "limited": shop.key(account, limits=Limits(tokens_per_minute=1)),
    }


Answers = Callable[[str, Kind, str], dict[str, Turn | Raised]]


@pytest.fixture(scope="module")
def answers(gateway: Gateway, keys: dict[str, str]) -> Answers:
    """Asks the questions of a cell. Those of all cells of Node.js are asked by one process, at the first of them."""
    of_node: dict[str, Any] = {}

    def answer(client: str, kind: Kind, feature: str) -> dict[str, Turn | Raised]:
        asked = questions(client, kind, feature, keys)
        if client in PYTHON_CLIENTS:
            return {
                form: ask(PYTHON_CLIENTS[client], gateway.url, entry.key, entry.question)
                for form, entry in asked.items()
            }
        if not of_node:
            of_node.update(_ask_node(gateway.url, keys))
        return {form: _answer_of(of_node[entry.name]) for form, entry in asked.items()}

    return answer


def _ask_node(url: str, keys: dict[str, str]) -> dict[str, Any]:
    asked = [
        {
            "id": entry.name,
            "client": NODE_CLIENTS[client],
            "url": url,
            "key": entry.key,
            "question": entry.question.fields,
        }
        for client in NODE_CLIENTS
        for kind in KINDS
        for feature in FEATURES
        for entry in questions(client, kind, feature, keys).values()
    ]
    found: dict[str, Any] = run_script("ask.js", asked)
    return found


def _answer_of(found: dict[str, Any]) -> Turn | Raised:
    return Raised(**found["raised"]) if "raised" in found else _turn(found["turn"])


def _turn(fields: dict[str, Any]) -> Turn:
    calls = [(name, arguments) for name, arguments in fields["calls"]]
    return Turn(**{**fields, "calls": calls, "then": fields["then"] and _turn(fields["then"])})


def questions(client: str, kind: Kind, feature: str, keys: dict[str, str]) -> dict[str, Asked]:
    """The questions of a cell by their form, or by the status that they are to fail with."""
    found: dict[str, Asked] = {}

    def add(form: str, key: str = "usual", said: str = "hello there", behaviour: str = "", **fields: Any) -> None:
        name = f"{client} {kind} {feature} {form}."
        question = Question(text=f"{name}\necho: {said}", model=kind + behaviour, **fields)
        found[form] = Asked(name, client, keys[key], question)

    match feature:
        case "plain" | "stream":
            add(feature, streams=feature == "stream")
        case "tools" | "parallel tools":
            tools = ("weather",) if feature == "tools" else ("weather", "clock")
            for form in FORMS:
                add(form, said="Paris", streams=form == "stream", tools=tools, results=RESULTS)
        case "image inline":
            add("plain", image=picture(client, kind))
        case "image URL":
            add("plain", image=f"https://pictures.example/{client}/{kind}.png".replace(" ", "-"))
        case "JSON schema":
            for form in FORMS:
                add(form, said="Paris", streams=form == "stream", schema=ANSWER_SCHEMA)
        case "thinking":
            fields: dict[str, Any] = {"behaviour": "-thinking", "thinks": True, "most": 4096}
            if thinking_of(client, kind).startswith("signed"):
                fields |= {"tools": ("weather",), "results": RESULTS}
            for form in FORMS:
                add(form, said="Paris", streams=form == "stream", **fields)
        case "errors":
            for behaviour, key, status, _ in FAILURES:
                add(str(status), key, behaviour=behaviour)
        case "cancel":
            add("stream", said="", behaviour="-endless", streams=True, most=50_000, leave_after=LEAVE_AFTER)
    return found


def picture(client: str, kind: str) -> str:
    """The base64 of bytes that begin like a PNG, other ones for each cell."""
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + f"{client} {kind}".encode()).decode()


def seen(provider: SimulatorProcess, client: str, kind: str, feature: str) -> list[dict[str, Any]]:
    """The requests of a cell as they reached the provider, each with how it ended, oldest first."""
    ends = {entry["number"]: entry["outcome"] for entry in provider.stats()["last"]}
    found = [{**entry, "outcome": ends[entry["number"]]} for entry in provider.bodies()]
    return [entry for entry in found if f"{client} {kind} {feature} " in json.dumps(entry["body"])]


@pairs
def test_plain(client: str, kind: Kind, answers: Answers) -> None:
    """The words, the end and the provider's count."""
    turn = answers(client, kind, "plain")["plain"]
    assert isinstance(turn, Turn), turn
    assert (turn.text, turn.stop, turn.calls) == ("hello there", "end", [])
    assert turn.input_tokens > 5
    assert turn.output_tokens == 2


@pairs
def test_stream(client: str, kind: Kind, answers: Answers) -> None:
    """The same in pieces, put together by the SDK."""
    turn = answers(client, kind, "stream")["stream"]
    assert isinstance(turn, Turn), turn
    assert (turn.text, turn.stop, turn.calls) == ("hello there", "end", [])
    assert turn.pieces >= 2
    assert turn.output_tokens == 2
    assert turn.input_tokens > 5


@pytest.mark.parametrize("feature", ["tools", "parallel tools"])
@pairs
def test_tools_there_and_back(client: str, kind: Kind, feature: str, answers: Answers) -> None:
    """Calls with their arguments, one or two at a time; the results reach the provider under the right calls."""
    names = ["weather"] if feature == "tools" else ["weather", "clock"]
    for form, turn in answers(client, kind, feature).items():
        assert isinstance(turn, Turn), turn
        assert turn.stop == "tools", form
        assert turn.calls == [(name, {"city": "Paris"}) for name in names], form
        assert turn.then is not None
        assert turn.then.stop == "end", form
        for name in names:
            assert RESULTS[name] in turn.then.text, form


@pairs
def test_images(client: str, kind: Kind, answers: Answers, provider: SimulatorProcess) -> None:
    """Bytes arrive as they were; an address arrives as an address, which the provider is to fetch."""
    sent = {
        name: questions(client, kind, name, dict.fromkeys(("usual",), "")) for name in ("image inline", "image URL")
    }
    for feature, asked in sent.items():
        turn = answers(client, kind, feature)["plain"]
        assert isinstance(turn, Turn), turn
        assert turn.text == "hello there"
        (request,) = seen(provider, client, kind, feature)
        assert asked["plain"].question.image in json.dumps(request["body"])


@pairs
def test_json_of_a_schema(client: str, kind: Kind, answers: Answers) -> None:
    """The answer's text is JSON as the schema wants it."""
    for form, turn in answers(client, kind, "JSON schema").items():
        assert isinstance(turn, Turn), turn
        value = json.loads(turn.text)
        assert (set(value), value["city"]) == ({"city", "warm"}, "Paris"), form


@pairs
def test_thinking(client: str, kind: Kind, answers: Answers, provider: SimulatorProcess) -> None:
    """Thoughts come with their signature, which the provider finds unchanged in the next turn; or as it has them."""
    for form, turn in answers(client, kind, "thinking").items():
        assert isinstance(turn, Turn), turn
        match thinking_of(client, kind):
            case "signed" | "signed, not shown" as signed:
                # The simulator refuses the next turn when the signature is missing or differs in one byte.
                assert bool(turn.thought) == (signed == "signed"), form
                assert turn.signatures, form
                assert turn.then is not None
                assert "sunny" in turn.then.text, form
            case "readable":
                assert (turn.thought, turn.text) == ("Paris", ""), form
            case "counted":
                assert (turn.text, turn.thought, turn.reasoning_tokens) == ("Paris", "", 7), form
    wishes = ("reasoning_effort", "reasoning", "thinking", "generationConfig")
    for request in seen(provider, client, kind, "thinking"):
        assert any(name in request["body"] for name in wishes)


@pairs
def test_errors(client: str, kind: Kind, answers: Answers) -> None:
    """Each failure raises the SDK's own exception for it, with our code."""
    raised = answers(client, kind, "errors")
    for (_, _, status, code), name in zip(FAILURES, errors_of(client), strict=True):
        found = raised[str(status)]
        assert isinstance(found, Raised), found
        assert (found.name, found.status) == (name, status)
        assert not code or found.code == code
        assert "simulated" not in found.message


@pairs
def test_cancel(client: str, kind: Kind, answers: Answers, provider: SimulatorProcess) -> None:
    """A client that leaves a stream ends the call at the provider, long before the answer's end."""
    turn = answers(client, kind, "cancel")["stream"]
    assert isinstance(turn, Turn), turn
    assert (turn.stop, turn.pieces) == ("left", LEAVE_AFTER)
    (request,) = seen(provider, client, kind, "cancel")
    number = request["number"]
    stats = provider.wait_for(lambda stats: stats["last"][number - 1]["outcome"] != "running")
    assert stats["last"][number - 1]["outcome"] == "closed_early"


def test_every_call_was_charged_once_at_the_providers_count(shop: Shop, provider: SimulatorProcess) -> None:
    """After all that: no hold is left, what was whole is charged as counted, what failed is free."""
    assert provider.stats()["requests"] > 0
    shop.wait_for(lambda: not shop.rows("SELECT FROM hold"))
    jobs = shop.rows("SELECT outcome, usage_source, charge_nano, input_tokens, output_tokens FROM job")
    for job in jobs:
        match job["outcome"]:
            case "completed":
                assert job["usage_source"] == "provider"
                assert job["charge_nano"] == job["input_tokens"] * 1000 + job["output_tokens"] * 2000 > 0
            case "client_disconnected":
                assert 0 < job["output_tokens"] < 5_000
            case outcome:
                assert (outcome, job["charge_nano"]) == ("refused", 0)


def test_the_documentation_shows_this_matrix() -> None:
    """After a change: `python -m tests.support.sdk.matrix docs/dialects.md`."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert with_matrix(text) == text


def test_every_feature_of_the_matrix_is_tested() -> None:
    """A column that nobody asks about would be a claim."""
    keys = dict.fromkeys(("usual", "unknown", "broke", "limited"), "")
    assert all(questions(client, kind, feature, keys) for client, kind in PAIRS for feature in FEATURES)
