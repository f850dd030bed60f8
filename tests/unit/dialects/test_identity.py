"""Members that tell who served go at any depth; what somebody said with the same names stays, byte for byte."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farebox.dialects.identity import IDENTITY, without_identity

_NAMES = st.sampled_from([*sorted(IDENTITY)[:6], "provider", "text", "a", "input", "arguments"])
_VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=8) | st.just('"provider":'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=12,
)
_OWN = ("input", "arguments")


def expected(value: object) -> object:
    if isinstance(value, dict):
        kept = {name: each for name, each in value.items() if name not in IDENTITY}
        return {name: each if name in _OWN else expected(each) for name, each in kept.items()}
    return [expected(each) for each in value] if isinstance(value, list) else value


@given(_VALUES, st.booleans())
def test_these_members_go_and_no_others(value: object, spaced: bool):
    """Whatever the nesting, spacing and neighbours; a text that quotes one is a text."""
    raw = json.dumps(value, separators=(", ", " : ") if spaced else (",", ":")).encode()
    assert json.loads(without_identity(raw)) == expected(value)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"type":"tool_use","input":{"provider":"x","region":"eu"}}',
        b'[{"functionCall":{"args":{"host":"h", "server" : 1e400}}}]',
        b'{"metadata":{"user_id":"mine"},"n":123456789012345678901234567890}',
        b'{"text":"\\"provider\\":1"}',
    ],
)
def test_own_words_stay(raw: bytes):
    """Arguments of tools, the client's metadata and numbers of any size pass as they came."""
    assert without_identity(raw) == raw


def test_a_key_twice_hides_nothing():
    """Neither of two equal members survives by being the other one."""
    found = without_identity(b'{"a":{"provider":"x","provider":"y","b":1}}')
    assert json.loads(found) == {"a": {"b": 1}}


def test_hostile_nesting_is_bounded():
    """What is nested too deeply to look into goes, in bounded time."""
    raw = b'{"a":' * 300 + b'{"provider":"hidden-name"}' + b"}" * 300
    began = time.thread_time()
    assert b"hidden-name" not in without_identity(raw)
    assert time.thread_time() - began < 0.5
