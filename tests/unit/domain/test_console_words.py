"""The console has words for what the API names: actions of the trail, kinds of mail, scopes, states, signals."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any, get_args

from tests.support.console_types import description

from farebox.audit.record import ActorKind
from farebox.cases.case import CaseKind
from farebox.domain.job import UsageSource
from farebox.domain.policies.risk import SIGNALS
from farebox.identity.scopes import SCOPES
from farebox.notices.kinds import KINDS
from farebox.outbox.events import EVENT_KINDS
from farebox.traces.trace import TraceKind

_ROOT = Path(__file__).parents[3]
_SOURCES = _ROOT / "src" / "farebox"
_FEATURES = _ROOT / "console" / "src" / "features"
# The trail's business is what people and duties do; calls leave none, and events of payment providers have such names.
_NOT_TRAILED = {"dialects", "simulator", "gateway", "upstream", "stripe", "creem"}
# Not for people: languages, wire formats, words to be typed, and answers whose coming says it all.
_NO_WORDS_FOR = {
    *("en", "zh-CN", "zh-TW", "ja"),
    *("openai", "openai-compatible", "anthropic", "gemini", "public-key"),
    *("close this account", "confirmed", "see_your_mail", "hour", "totp", "backup_code", "passkey"),
}


def _keys(catalogue: Path) -> set[str]:
    return set(re.findall(r'^  "?([\w.]+)"?: \[', catalogue.read_text(), re.MULTILINE))


@cache
def _all_keys() -> frozenset[str]:
    """Every key of the console, and what is left of it without its prefix: state_paid says paid."""
    found = [path for path in _FEATURES.rglob("*.ts") if "satisfies Messages" in path.read_text()]
    keys = set().union(*(_keys(path) for path in found))
    return frozenset(keys | {key.partition("_")[2] for key in keys})


def _strings() -> set[str]:
    paths = [path for path in _SOURCES.rglob("*.py") if not _NOT_TRAILED & {*path.relative_to(_SOURCES).parts}]
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text()))]
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_action_of_the_trail_has_words() -> None:
    """Whatever noun.verb is written down by a noun that the console knows, it can say."""
    known = _keys(_FEATURES / "admin" / "audit" / "actions" / "messages.ts")
    named = {text for text in _strings() if re.fullmatch(r"[a-z_]+\.[a-z_]+", text)} - {*EVENT_KINDS}
    nouns = {key.removeprefix("action_").rpartition("_")[0] for key in known}
    files = {text for text in named if text.endswith((".csv", ".json", ".toml", ".key", ".conf"))}
    actions = {text for text in named - files if text.partition(".")[0] in nouns}
    assert len(actions) > 100
    assert sorted(action for action in actions if f"action_{action.replace('.', '_')}" not in known) == []


def test_every_kind_of_mail_and_every_scope_has_words() -> None:
    """The outbox and the lists of operators and tokens never fall back to a raw name."""
    mails = _keys(_FEATURES / "admin" / "notices" / "kinds" / "messages.ts")
    assert {f"kind_{kind}" for kind in KINDS} == mails
    scopes = _keys(_FEATURES / "admin" / "access" / "scopes" / "messages.ts")
    assert {f"scope_{scope.replace(':', '_')}" for scope in SCOPES} == scopes


def test_what_the_operators_pages_show_by_value_has_words() -> None:
    """Kinds of traces, actors, signals and sources of usage are strings in the API: their words are looked up."""
    values = _keys(_FEATURES / "admin" / "values" / "messages.ts")
    wanted = {*get_args(TraceKind), *get_args(ActorKind), *get_args(UsageSource), *SIGNALS}
    assert sorted(wanted - values) == []
    assert sorted(set(get_args(CaseKind)) - _keys(_FEATURES / "admin" / "review" / "kindMessages.ts")) == []


def test_every_value_of_the_api_has_words() -> None:
    """States, kinds and the like that the API's description names stand in some catalogue of the console."""
    named = _enums(description()["components"]["schemas"]) - _NO_WORDS_FOR - {""}
    assert sorted(named - _all_keys()) == []


def _enums(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*(_enums(each) for each in schema))
    if not isinstance(schema, dict):
        return set()
    # Refusals have tests of their own, and constants are marks of a shape.
    inner = set().union(*(_enums(each) for name, each in schema.items() if name != "Problem"))
    values = schema.get("enum")
    return inner | ({each for each in values if isinstance(each, str)} if isinstance(values, list) else set())
